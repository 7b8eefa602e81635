// However an SMTP server's words arrive, its replies are the same.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_REPLY_BYTES, type Reply, ReplyReader } from "./smtp-reply.ts";

/** What is read of these bytes when they come in pieces of these lengths, the last one again and again. */
function read(
  bytes: Buffer,
  lengths: readonly number[] = [bytes.length],
): { replies: Reply[]; rest: { hasMore: boolean; unfinished: string } } {
  const reader = new ReplyReader();
  const replies: Reply[] = [];
  for (let [at, piece] = [0, 0]; at < bytes.length; piece += 1) {
    const length = lengths[Math.min(piece, lengths.length - 1)] ?? bytes.length;
    reader.add(bytes.subarray(at, at + length));
    at += length;
    for (let reply = reader.next(); reply !== null; reply = reader.next()) replies.push(reply);
  }
  return { replies, rest: { hasMore: reader.hasMore, unfinished: reader.unfinished } };
}

const repliesOf = (text: string) => read(Buffer.from(text)).replies;

const words = fc.string({ unit: "binary", maxLength: 60 }).map((text) => text.replace(/[\r\n]/g, ""));
const code = fc.integer({ min: 200, max: 599 });
const lineEnd = fc.constantFrom("\r\n", "\n");
const goodReply = fc.tuple(code, fc.array(fc.tuple(words, lineEnd), { minLength: 1, maxLength: 4 })).map(([number, lines]) => {
  const shown = lines.map(([text], index) => `${number}${index < lines.length - 1 ? "-" : " "}${text}`);
  return { bytes: shown.map((line, index) => line + (lines[index]?.[1] ?? "")).join(""), reply: { code: number, text: shown.join("\n") } };
});
const anything = fc.oneof(
  goodReply.map(({ bytes }) => bytes),
  fc.constantFrom("\r\n", "\n", "25", "250-", "250", "\r", " ", "354 go\r\n", "HTTP/1.1 400 Bad Request\r\n", "2500 x\r\n", "\0\xff"),
  words,
);
const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 });

describe("replies", () => {
  test("are read as they were said, in whatever pieces", () => {
    fc.assert(
      fc.property(fc.array(goodReply, { maxLength: 6 }), lengths, (said, pieces) => {
        const { replies, rest } = read(Buffer.from(said.map(({ bytes }) => bytes).join("")), pieces);
        expect(replies).toEqual(said.map(({ reply }) => reply));
        expect(rest).toEqual({ hasMore: false, unfinished: "" });
      }),
    );
  });

  test("and nonsense are the same in whatever pieces they come", () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 8 }), lengths, (said, pieces) => {
        const bytes = Buffer.from(said.join(""));
        const whole = read(bytes);
        expect(read(bytes, pieces)).toEqual(whole);
        expect(whole.replies.slice(0, -1).every((reply) => reply.code !== 0)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("of several lines have one code", () => {
    expect(repliesOf("250-one\r\n250-two\r\n250 three\r\n")).toEqual([{ code: 250, text: "250-one\n250-two\n250 three" }]);
    expect(repliesOf("250-one\r\n550 two\r\n250 three\r\n")).toMatchObject([{ code: 0 }]);
    expect(repliesOf("250-one\r\n\r\n250 three\r\n")).toMatchObject([{ code: 0 }]);
  });

  test("may lack words, or the blank before them", () => {
    expect(repliesOf("250\r\n354\n250ok\r\n").map((reply) => reply.code)).toEqual([250, 354, 250]);
  });

  test("have empty lines between them that say nothing", () => {
    expect(repliesOf("\r\n250 ok\r\n\n \r\n250 ok\r\n").map((reply) => reply.code)).toEqual([250, 250]);
  });

  test.each(["hello", "25 ok", "2500 ok", "-250", " 250 ok", "HTTP/1.1 400 Bad Request"])("are not %j, nor anything after it", (line) => {
    expect(repliesOf(`${line}\r\n250 ok\r\n`)).toEqual([{ code: 0, text: line }]);
  });

  test("are UTF-8, or else Latin-1", () => {
    expect(repliesOf("550 größe\r\n")).toEqual([{ code: 550, text: "550 größe" }]);
    expect(read(Buffer.from("550 größe\r\n", "latin1"), [1]).replies).toEqual([{ code: 550, text: "550 größe" }]);
  });

  test("that are too long are none, and take no more memory", () => {
    const atMost = `250-${"x".repeat(MAX_REPLY_BYTES / 2 - 6)}\r\n250 ${"x".repeat(MAX_REPLY_BYTES / 2 - 6)}\r\n`;
    const tooLong = [
      `250 ${"x".repeat(MAX_REPLY_BYTES)}\r\n`,
      `250-and\r\n`.repeat(MAX_REPLY_BYTES / 8),
      `2${atMost}`,
      "2".repeat(MAX_REPLY_BYTES + 1),
    ];
    expect(repliesOf(atMost)).toMatchObject([{ code: 250 }]);
    for (const text of tooLong) {
      for (const pieces of [[text.length], [1_000]]) expect(read(Buffer.from(text), pieces).replies).toMatchObject([{ code: 0 }]);
    }
  });
});

describe("what is left", () => {
  test.each([
    ["250 ok\r\n", false, ""],
    ["250 ok\r\n\r\n \r", false, ""],
    ["250 ok\r\n2", true, "2"],
    ["250-ok\r\n", true, ""],
    ["550-no\r\n550 5.7.1 sp", true, "550 5.7.1 sp"],
  ])("of %j", (text, hasMore, unfinished) => {
    expect(read(Buffer.from(text)).rest).toEqual({ hasMore, unfinished });
  });
});
