// What goes over the wire for one mail.
import { once } from "node:events";
import fc from "fast-check";
import DataStream from "nodemailer/lib/smtp-connection/data-stream.js";
import { describe, expect, test } from "vitest";
import { extensionsOf, mailCommand, mailData, rcptCommand } from "./smtp-commands.ts";

const NONE = { pipelining: false, size: null, eightBitMime: false, smtpUtf8: false };
const ALL = { pipelining: true, size: 1_000, eightBitMime: true, smtpUtf8: true };
const PLAIN = { from: "ann@team.example", to: "lead@bakery.example" };
const ASCII = Buffer.from("Subject: Hi\r\n\r\nHow are you?\r\n");
const BEYOND = Buffer.from("Subject: Hi\r\n\r\nWie läuft's?\r\n");

describe("extensions", () => {
  test("are whole keywords at the beginning of a line", () => {
    expect(extensionsOf("250-mail.test\n250-PIPELINING\n250-size 1000\n250-8BITMIME\n250 SMTPUTF8")).toEqual(ALL);
    expect(extensionsOf("250-mail.test PIPELINING\n250-PIPELININGX\n250 X-SIZE 1000")).toEqual(NONE);
  });

  test("may name no most size", () => {
    expect(extensionsOf("250-mail.test\n250 SIZE").size).toBe(0);
    expect(extensionsOf("250-mail.test\n250 SIZE 0").size).toBe(0);
  });

  test("are none after HELO", () => {
    expect(extensionsOf("250 mail.test")).toEqual(NONE);
  });
});

describe("commands", () => {
  test("say nothing that the server did not offer", () => {
    expect(mailCommand({ ...PLAIN, to: "müller@bakery.example" }, BEYOND, NONE)).toBe("MAIL FROM:<ann@team.example>\r\n");
  });

  test("say what the mail needs", () => {
    expect(mailCommand(PLAIN, ASCII, ALL)).toBe(`MAIL FROM:<ann@team.example> SIZE=${ASCII.length}\r\n`);
    expect(mailCommand({ ...PLAIN, to: "müller@bakery.example" }, BEYOND, ALL)).toBe(
      `MAIL FROM:<ann@team.example> SMTPUTF8 BODY=8BITMIME SIZE=${BEYOND.length}\r\n`,
    );
  });

  test("name international domains by their ASCII names", () => {
    expect(rcptCommand({ ...PLAIN, to: "lead@müller.example" })).toBe("RCPT TO:<lead@xn--mller-kva.example>\r\n");
    expect(mailCommand({ ...PLAIN, to: "lead@müller.example" }, ASCII, { ...NONE, smtpUtf8: true })).not.toContain("SMTPUTF8");
  });
});

async function nodemailers(raw: Buffer): Promise<Buffer> {
  const stream = new DataStream();
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.end(raw);
  await once(stream, "end");
  return Buffer.concat(chunks);
}

const mail = fc
  .array(fc.oneof(fc.constantFrom("\r\n", "\r\n.", "\n", "\r", ".", "..", "\r\n.\r\n", "ä"), fc.string({ maxLength: 8 })), {
    maxLength: 12,
  })
  .map((pieces) => Buffer.from(pieces.join("")));
const ordinaryMail = fc
  .array(fc.string({ maxLength: 20 }).map((line) => line.replace(/[\r\n]/g, "")))
  .map((lines) => Buffer.from(`${lines.join("\r\n")}\r\n`));

describe("a mail's data", () => {
  test("is what nodemailer makes of it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          mail,
          ordinaryMail,
          fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        ),
        async (raw) => {
          expect(mailData(raw).toString("latin1")).toBe((await nodemailers(raw)).toString("latin1"));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test.each(["\n.\r\nMAIL FROM:<x@y.example>", "\r.\r\nMAIL", "\r\n.\rMAIL", "\n.\nMAIL", "\r.\rMAIL"])(
    "holds no other last dot, whatever line ends a server knows: %j",
    (smuggled) => {
      const data = mailData(Buffer.from(`Subject: Hi\r\n\r\nHello${smuggled}`)).toString();
      expect(data.split(/\r\n|\r|\n/).filter((line) => line === ".")).toHaveLength(1);
      expect(data.endsWith("\r\n.\r\n")).toBe(true);
    },
  );
});
