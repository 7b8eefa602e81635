import fc from "fast-check";
import { expect, test } from "vitest";
import { processorTime } from "../../test/support/processor-time.ts";
import { embeddedHeaders, fieldOf, headerOf, partsOfType } from "../core/inbound-mail.ts";
import { parseMail } from "./parse.ts";

const parse = (text: string) => parseMail(Buffer.from(text.replaceAll("\n", "\r\n")));

const REPLY = `Return-Path: <ann@example.org>
Delivered-To: sales+tok3n@our.example
X-Original-To: sales@our.example
From: =?utf-8?q?Ann_B=C3=B6hm?= <ann@example.org>
To: Sales <sales+tok3n@our.example>, team@our.example
Cc: boss@example.org
Subject: =?utf-8?B?UmU6IEdyw7zDn2U=?=
Message-ID: <r1@example.org>
In-Reply-To: <m1@our.example>
References: <m0@our.example>
 <m1@our.example>
Date: Tue, 24 Nov 2026 10:00:00 +0100
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=alt

--alt
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Sch=F6n, gern.
--alt
Content-Type: text/html; charset=utf-8

<p>Schön, <b>gern</b>.</p>
--alt--
`;

test("a reply's addresses, ids, subject and words are read as a person would read them", async () => {
  const mail = await parse(REPLY);
  expect(mail).toMatchObject({
    messageId: "<r1@example.org>",
    inReplyTo: ["<m1@our.example>"],
    references: ["<m0@our.example>", "<m1@our.example>"],
    from: { address: "ann@example.org", name: "Ann Böhm" },
    sender: null,
    to: [{ address: "sales+tok3n@our.example", name: "Sales" }, { address: "team@our.example" }],
    cc: [{ address: "boss@example.org" }],
    deliveredTo: ["sales+tok3n@our.example", "sales@our.example"],
    returnPath: "ann@example.org",
    subject: "Re: Grüße",
    date: new Date("2026-11-24T09:00:00Z"),
  });
  expect(mail.text.trim()).toBe("Schön, gern.");
  expect(mail.html).toContain("<b>gern</b>");
  expect(mail.parts.map((part) => part.contentType)).toEqual(["text/plain", "text/html"]);
  expect(mail.parts[0]?.parameters.get("charset")).toBe("iso-8859-1");
});

test("a mail with only HTML gets its text from the HTML, without link targets", async () => {
  const mail = await parse('Content-Type: text/html\n\n<div>Hello<br>there</div><a href="https://x.example">click</a><img src="cid:1">');
  expect(mail.text.split("\n").map((line) => line.trim())).toEqual(["Hello", "there", "click"]);
});

test("an alternative whose plain part is blank speaks through its HTML", async () => {
  const mail = await parse(
    "Content-Type: multipart/alternative; boundary=b\n\n--b\n\n \n--b\nContent-Type: text/html\n\n<p>Yes</p>\n--b--\n",
  );
  expect(mail.text.trim()).toBe("Yes");
});

test("a letter around a picture keeps both halves, an attached text stays out", async () => {
  const mail = await parse(
    `Content-Type: multipart/mixed; boundary=b

--b

first
--b
Content-Type: image/png
Content-Transfer-Encoding: base64

AAAA
--b

second
--b
Content-Type: text/plain
Content-Disposition: attachment; filename=notes.txt

secret
--b--
`,
  );
  expect(mail.text.split(/\s+/).filter(Boolean)).toEqual(["first", "second"]);
  expect(mail.parts.map((part) => [part.contentType, part.disposition, part.text === null])).toEqual([
    ["text/plain", null, false],
    ["image/png", null, true],
    ["text/plain", null, false],
    ["text/plain", "attachment", false],
  ]);
});

test("a forwarded mail's words are not the sender's, its headers can be read", async () => {
  const mail = await parse(
    "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee below\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <inner@x.example>\nSubject: inner\n\ninner words\n--b--\n",
  );
  expect(mail.text.trim()).toBe("See below");
  expect(embeddedHeaders(mail).map((fields) => fieldOf(fields, "message-id"))).toEqual(["<inner@x.example>"]);
});

test("the groups of a delivery status are read in any container and any encoding", async () => {
  const status = "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822;\n ann@example.org\nAction: failed\nStatus: 5.1.1\n";
  const mail = await parse(
    `Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: Message/Delivery-Status\nContent-Transfer-Encoding: base64\n\n${Buffer.from(status).toString("base64")}\n--b--\n`,
  );
  const [report] = partsOfType(mail, ["message/delivery-status"]);
  expect(report?.fieldGroups.map((fields) => fieldOf(fields, "final-recipient"))).toEqual([null, "rfc822; ann@example.org"]);
});

test("an empty return path is told from a missing one", async () => {
  expect((await parse("Return-Path: <>\n\nx")).returnPath).toBe("");
  expect((await parse("Subject: x\n\nx")).returnPath).toBeNull();
});

test("leading blank lines and bare carriage returns do not hide the headers", async () => {
  expect((await parse("\n\nSubject: one\n\nx")).subject).toBe("one");
  const old = await parseMail(Buffer.from("Subject: two\rFrom: a@b.example\r\rbody"));
  expect([old.subject, old.from?.address, old.text.trim()]).toEqual(["two", "a@b.example", "body"]);
});

test("a Message-ID without brackets gets them, a date that is none becomes null", async () => {
  const mail = await parse("Message-ID: bare@x.example\nDate: yesterday\n\nx");
  expect([mail.messageId, mail.date]).toEqual(["<bare@x.example>", null]);
});

test("what is nested too deeply is still a mail with headers and some text", async () => {
  const deep = Array.from({ length: 2_000 }, (_, level) => `Content-Type: multipart/mixed; boundary=b${level}\n\n--b${level}\n`).join("");
  const mail = await parse(`Subject: deep\n${deep}`);
  expect(mail.subject).toBe("deep");
  expect(mail.text).not.toBe("");
});

const HUGE: readonly (readonly [string, () => Buffer])[] = [
  ["attachment", () => Buffer.from(`Subject: s\nContent-Transfer-Encoding: base64\n\n${`${"A".repeat(76)}\n`.repeat(650_000)}`)],
  ["short lines", () => Buffer.from(`Subject: s\n\n${"hi\n".repeat(16_000_000)}`)],
  ["part boundaries", () => Buffer.from(`Subject: s\nContent-Type: multipart/mixed; boundary=x\n\n${"--x\n\n\n".repeat(7_000_000)}`)],
  ["header", () => Buffer.from(`Subject: s\nX: ${"y".repeat(50_000_000)}`)],
  ["HTML tags", () => Buffer.from(`Subject: s\nContent-Type: text/html\n\n${"<div><a href=".repeat(3_000_000)}`)],
];

test.each(HUGE)("50 MB of %s are read within bounded time and memory", async (_, build) => {
  const raw = build();
  const spent = processorTime();
  const mail = await parseMail(raw);
  expect(spent()).toBeLessThan(15_000); // about 1 s
  expect(mail.subject).toBe("s");
  expect(mail.text.length).toBeLessThanOrEqual(512 * 1024);
  expect(mail.parts.length).toBeLessThanOrEqual(200);
});

test("HTML that nests without an end is read as far as a person's goes, and quickly", async () => {
  const before = process.cpuUsage();
  for (let mail = 0; mail < 5; mail += 1)
    expect((await parse(`Content-Type: text/html\n\n<p>Hello.</p>${"<div><b>".repeat(60_000)}`)).text).toMatch(/^\s*Hello\./);
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(3); // seconds: about 0.1; the whole would be 5 to 10
  const flat = await parse(`Content-Type: text/html\n\n${"<div><b>x</b><br></div><p>y".repeat(3_000)}the end`);
  expect(flat.text).toContain("the end");
});

test("no bytes make it throw", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
      const mail = await parseMail(bytes);
      expect(mail.text.length).toBeLessThanOrEqual(4_000);
    }),
  );
});

test("no soup of headers makes it throw, and each header that is there is found", async () => {
  const name = fc.constantFrom(
    "From",
    "To",
    "Content-Type",
    "Message-ID",
    "References",
    "Return-Path",
    "Date",
    "Content-Transfer-Encoding",
  );
  const value = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom("multipart/mixed; boundary=x", "<>", "=?utf-8?b?/////w==?=", "message/rfc822"),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(name, value), { maxLength: 20 }), fc.string(), async (headers, body) => {
      const block = headers.map(([key, text]) => `${key}: ${text.replace(/[\r\n]/g, " ")}\r\n`).join("");
      const mail = await parseMail(Buffer.from(`X-Mark: here\r\n${block}\r\n${body}\r\n--x\r\n${body}`));
      expect(headerOf(mail, "x-mark")).toBe("here");
      for (const [key] of headers) expect(mail.headers.has(key.toLowerCase())).toBe(true);
    }),
  );
});
