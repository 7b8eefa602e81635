import fc from "fast-check";
import { expect, test } from "vitest";
import { withoutAttachedData } from "./attached-data.ts";
import { parseMail } from "./parse.ts";

const cut = (mail: string) => Buffer.from(withoutAttachedData(Buffer.from(mail, "latin1"))).toString("latin1");
const base64 = (text: string) =>
  `${(
    Buffer.from(text)
      .toString("base64")
      .match(/.{1,76}/g) ?? []
  ).join("\n")}\n`;

function mixed(...parts: readonly string[]): string {
  return `Subject: s\nContent-Type: multipart/mixed; boundary="=_b"\n\n${parts.map((part) => `--=_b\n${part}\n`).join("")}--=_b--\n`;
}

const PDF = "Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n";
const DATA = base64("%PDF ".repeat(2_000));

test("an attachment keeps its header and loses its data", () => {
  const text = "Content-Type: text/plain\n\nHello.";
  expect(cut(mixed(text, PDF + DATA, text))).toBe(mixed(text, PDF, text).replace(`${PDF}\n`, PDF));
});

test.each([
  ["with CRLF", mixed(PDF + DATA).replaceAll("\n", "\r\n")],
  ["with a folded type, in capitals, the encoding first", mixed(`CONTENT-TRANSFER-ENCODING: BASE64\nCONTENT-TYPE:\n image/png\n\n${DATA}`)],
  ["that is the whole mail", `Subject: s\n${PDF}${DATA}`],
  ["that ends without a line end", `Subject: s\n${PDF}${DATA.trimEnd()}`],
])("also one %s", (_how, mail) => {
  expect(cut(mail).length).toBeLessThan(400);
});

test.each([
  ["a text", mixed(`Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${DATA}`)],
  ["a mail", mixed(`Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n${DATA}`)],
  ["a part without a type, which is text", mixed(`Content-Transfer-Encoding: base64\n\n${DATA}`)],
  ["a part of two types", mixed(`Content-Type: text/plain\n${PDF}${DATA}`)],
  ["words that a person wrote below such a header", mixed(`${PDF}Hello, I have no time.\n\nKim`)],
])("%s stays as it is", (_what, mail) => {
  expect(cut(mail)).toBe(mail);
});

test("whatever is attached, the mail reads as it would with less data", async () => {
  const part = fc.oneof(
    fc
      .string({ unit: "grapheme" })
      .map((text) => `Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${base64(text)}`),
    fc.nat(3_000).map((size) => PDF + base64("x".repeat(size))),
    fc.string().map((text) => `Content-Type: text/plain\n\n${text.replaceAll(/\r|--/g, "")}`),
    fc.nat(300).map((size) => `${PDF}${base64("x".repeat(size))}and no base64: ${size}`),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 5 }), async (parts) => {
      const mail = await parseMail(Buffer.from(mixed(...parts)));
      const short = await parseMail(Buffer.from(mixed(...parts.map((one) => (one.startsWith(PDF) ? PDF : one)))));
      expect(mail).toEqual(short);
    }),
  );
});

test("a mail of nothing but such headers takes no longer than it has to", () => {
  const before = process.cpuUsage();
  cut(PDF.repeat(80_000));
  cut("Content-Transfer-Encoding: base64\n".repeat(150_000));
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(3); // seconds: about 0.1; every header looked at would be 8
});
