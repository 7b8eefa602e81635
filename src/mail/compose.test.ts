import fc from "fast-check";
import MailComposer from "nodemailer/lib/mail-composer";
import { expect, test } from "vitest";
import type { OutgoingFields } from "../core/outgoing-message.ts";
import { composeFields } from "../core/outgoing-message.ts";
import { composeMime } from "./compose.ts";
import { parseMail } from "./parse.ts";

const fields: OutgoingFields = {
  messageId: "<0123456789abcdef0123456789abcdef@team.example>",
  date: new Date("2026-03-02T09:30:00Z"),
  from: { name: "Anna Berger", address: "anna@team.example" },
  replyTo: null,
  to: "lee@lead.example",
  subject: "Repairs at Acme",
  inReplyTo: null,
  references: [],
  headers: [
    [
      "List-Unsubscribe",
      `<https://mail.team.example/u/${"T".repeat(88)}>, <mailto:anna@team.example?subject=unsubscribe%20${"T".repeat(88)}>`,
    ],
    ["List-Unsubscribe-Post", "List-Unsubscribe=One-Click"],
    ["Feedback-ID", "c:s:step:d"],
    ["x-marketing-agent-message", "<0123456789abcdef0123456789abcdef@team.example>"],
  ],
  text: "Hi Lee,\n\nhow are the ovens?\n",
  html: null,
};
const made = (more: Partial<OutgoingFields> = {}) => composeMime({ ...fields, ...more });
const parsed = (more: Partial<OutgoingFields> = {}) => parseMail(made(more));
/** Line ends and the blank ones at the end are the transport's. */
const written = (text: string | null) => text?.replaceAll("\r\n", "\n").trimEnd();
const linesOf = (raw: Buffer) => raw.toString("utf8").split("\r\n");

test("a plain mail, byte by byte", () => {
  expect(made().toString("utf8").replaceAll("\r\n", "\n")).toMatchInlineSnapshot(`
    "From: Anna Berger <anna@team.example>
    To: lee@lead.example
    Subject: Repairs at Acme
    Date: Mon, 02 Mar 2026 09:30:00 +0000
    Message-ID: <0123456789abcdef0123456789abcdef@team.example>
    List-Unsubscribe: <https://mail.team.example/u/TTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTT>,
     <mailto:anna@team.example?subject=unsubscribe%20TTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTT>
    List-Unsubscribe-Post: List-Unsubscribe=One-Click
    Feedback-ID: c:s:step:d
    X-Marketing-Agent-Message: <0123456789abcdef0123456789abcdef@team.example>
    MIME-Version: 1.0
    Content-Type: text/plain; charset=utf-8
    Content-Transfer-Encoding: quoted-printable

    Hi Lee,

    how are the ovens?
    "
  `);
});

test("the same fields have the same bytes", () => {
  expect(made({ html: "<p>Hi</p>" })).toEqual(made({ html: "<p>Hi</p>" }));
});

test("every field reads back as it was", async () => {
  const mail = await parsed({
    inReplyTo: "<b@team.example>",
    references: ["<a@team.example>", "<b@team.example>"],
    replyTo: "answers@team.example",
  });
  expect(mail).toMatchObject({
    messageId: fields.messageId,
    inReplyTo: ["<b@team.example>"],
    references: ["<a@team.example>", "<b@team.example>"],
    from: fields.from,
    to: [{ address: "lee@lead.example", name: "" }],
    replyTo: [{ address: "answers@team.example", name: "" }],
    subject: fields.subject,
    date: fields.date,
    html: null,
  });
  for (const [name, value] of fields.headers) expect(mail.headers.get(name.toLowerCase())).toEqual([value]);
  expect(mail.parts.map((part) => part.contentType)).toEqual(["text/plain"]);
});

test("with HTML both stand side by side, the plain text first", async () => {
  const mail = await parsed({ html: "<p>Grüße & \u{1f680}</p>\n" });
  expect(mail.headers.get("content-type")?.[0]).toMatch(/^multipart\/alternative; boundary="=_[0-9a-f]{24}"$/);
  expect(mail.parts.map((part) => part.contentType)).toEqual(["text/plain", "text/html"]);
  expect(mail.html?.trim()).toBe("<p>Grüße & \u{1f680}</p>");
  expect(mail.text.trim()).toBe(fields.text.trim());
});

test("names of all scripts and punctuations survive, and domains become A-labels", async () => {
  for (const name of ['Jürgen "JJ" Groß, Dr.', "Berger, Anna (Sales) <x@y.example>", "山田 太郎", "\u{1f680}".repeat(40), ""]) {
    const mail = await parsed({ from: { name, address: "anna@bücher.example" } });
    expect(mail.from?.address).toBe("anna@xn--bcher-kva.example");
    expect(mail.from?.name).toBe(name);
  }
  expect((await parsed({ to: "lee@bücher.example" })).to).toEqual([{ address: "lee@xn--bcher-kva.example", name: "" }]);
});

test("an address with a comma stays one recipient", async () => {
  const mail = await parsed({ to: "a@b.example,evil@x.example" });
  expect(mail.to).toHaveLength(1);
});

test("a subject that looks encoded is shown as it was written", async () => {
  expect((await parsed({ subject: "=?utf-8?Q?x?= and =?broken" })).subject).toBe("=?utf-8?Q?x?= and =?broken");
});

test("text of a script beyond Latin is base64, which is shorter there", async () => {
  const text = "Здравствуйте, как дела?\n".repeat(50);
  expect(made({ text }).toString()).toContain("Content-Transfer-Encoding: base64");
  expect(written((await parsed({ text })).text)).toBe(written(text));
});

test("there is no Bcc, and a header that we did not ask for cannot come from a value", async () => {
  const evil = "x\r\nBcc: evil@x.example\r\n\r\nbody";
  const mail = await parsed({
    subject: evil,
    from: { name: evil, address: "anna@team.example" },
    headers: [["Feedback-ID", evil]],
    messageId: `<${evil}@x>`,
  });
  expect(mail.headers.has("bcc")).toBe(false);
  expect(mail.text.trim()).toBe(fields.text.trim());
});

const word = fc.oneof(
  fc.constantFrom(
    "\r\n",
    "\n",
    "\r",
    "\n.\n",
    "--",
    "=_",
    "=?utf-8?B?",
    "?=",
    "From ",
    "Bcc: evil@x.example\n",
    "\u2028",
    "ä",
    "山",
    "\u{1f680}",
    "\t",
    " ",
  ),
  fc.string({ unit: "binary", maxLength: 200 }),
);
const anything = fc.array(word, { maxLength: 12 }).map((words) => words.join(""));
const NAMES = ["from", "to", "subject", "date", "message-id", "mime-version", "content-type"];

test("whatever a lead's values are: lines stay short, headers stay ours, texts come back", async () => {
  const input = {
    messageId: fields.messageId,
    at: fields.date,
    replyTo: null,
    to: fields.to,
    thread: [],
    postalAddress: null,
    optOut: { url: null, mailto: "mailto:a@team.example" },
    language: null,
    feedbackId: null,
  };
  await fc.assert(
    fc.asyncProperty(anything, anything, anything, fc.boolean(), async (subject, name, text, withHtml) => {
      const from = { name, address: "anna@team.example" };
      const outgoing = composeFields({
        ...input,
        from,
        subject: `s ${subject}`,
        text: `t ${text}`,
        html: withHtml ? `<p>${text}</p>` : null,
      });
      if (!outgoing) throw new Error("has a subject");
      const raw = composeMime(outgoing);
      for (const line of linesOf(raw)) {
        expect(line.length).toBeLessThanOrEqual(998);
        expect(line).not.toMatch(/[\r\n\0]/);
      }
      const mail = await parseMail(raw);
      const expected = [...NAMES, "list-unsubscribe", "x-marketing-agent-message", ...(withHtml ? [] : ["content-transfer-encoding"])];
      expect([...mail.headers.keys()].toSorted()).toEqual(expected.toSorted());
      expect([...mail.headers.values()].every((values) => values.length === 1)).toBe(true);
      expect(mail.subject).toBe(outgoing.subject);
      expect(written(mail.text)).toBe(written(outgoing.text));
      expect(written(mail.html)).toBe(written(outgoing.html));
    }),
    { numRuns: 300 },
  );
});

/** The header fields of a mail as they stand in it, unfolded. */
function fieldsOf(raw: Buffer): Map<string, string> {
  const [header = ""] = raw.toString("utf8").split("\r\n\r\n", 1);
  const lines = header.replace(/\r\n[\t ]/g, " ").split("\r\n");
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]));
}

/** What nodemailer's own composer makes of the same fields. */
function nodemailersOf({ from, to, replyTo, subject, date, messageId, inReplyTo, references, headers, text, html }: OutgoingFields) {
  const composer = new MailComposer({
    from: { name: from.name ?? "", address: from.address },
    to: { name: "", address: to },
    ...(replyTo === null ? {} : { replyTo: { name: "", address: replyTo } }),
    subject,
    date: new Date(date),
    messageId,
    ...(inReplyTo === null ? {} : { inReplyTo }),
    references: [...references],
    headers: headers.map(([key, value]) => ({ key, value })),
    text,
    ...(html === null ? {} : { html }),
  });
  return composer.compile().build();
}

test.each<[string, Partial<OutgoingFields>]>([
  ["plain", {}],
  ["with a name that needs quotes", { from: { name: 'Anna "A." Berger, Sales', address: "anna@team.example" } }],
  ["with a name beyond ASCII", { from: { name: "Jürgen Groß", address: "anna@team.example" } }],
  ["without a name", { from: { name: null, address: "anna@team.example" } }],
  ["from and to international domains", { from: { name: "Anna", address: "anna@bücher.example" }, to: "Lee@MÜLLER.example" }],
  [
    "with a subject beyond ASCII",
    { subject: "Grüße an die Bäckerei – and a long subject that has to be folded somewhere, sooner or later" },
  ],
  [
    "with a long subject",
    { subject: "A long subject of plain words that has to be folded somewhere, sooner or later, or it does not fit" },
  ],
  [
    "with a thread",
    { inReplyTo: "<b@team.example>", references: ["<a@team.example>", "<b@team.example>"], replyTo: "answers@team.example" },
  ],
])("a mail %s has the headers that nodemailer gives it", async (_what, more) => {
  const outgoing = { ...fields, ...more };
  const [ours, theirs] = [fieldsOf(made(more)), fieldsOf(await nodemailersOf(outgoing))];
  for (const name of ["content-transfer-encoding", "content-type"]) theirs.delete(name);
  for (const [name, value] of theirs) expect([name, ours.get(name)]).toEqual([name, value]);
});
