import fc from "fast-check";
import { expect, test } from "vitest";
import { parseMail } from "../mail/parse.ts";
import { answeredCandidates, normalizeSubject } from "./thread.ts";

const parse = (text: string) => parseMail(Buffer.from(text));

test("candidates come in the order of their authority, references newest first, each value once", async () => {
  const mail = await parse(
    `In-Reply-To: <m3@our.example>
References: <m1@our.example> <m2@our.example> <m3@our.example>
Delivered-To: sales+77777777777777777777@our.example
To: sales+77777777777777777777@our.example, other+88888888888888888888@elsewhere.example
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: message/rfc822

Message-ID: <replaced@relay.example>
X-Marketing-Agent-Message: 0197-ours
To: lead@example.org

x
--b--
`,
  );
  expect(answeredCandidates(mail, { ownDomains: new Set(["our.example"]) })).toEqual([
    { method: "in_reply_to", value: "<m3@our.example>" },
    { method: "references", value: "<m2@our.example>" },
    { method: "references", value: "<m1@our.example>" },
    { method: "plus_address", value: "77777777777777777777" },
    { method: "quoted_original", value: "<replaced@relay.example>" },
    { method: "quoted_original", value: "0197-ours" },
  ]);
});

test("without known domains every plus-token is a candidate", async () => {
  const mail = await parse(`To: a+${"1".repeat(20)}@x.example, a+news@x.example\nX-Original-To: b+${"2".repeat(20)}@y.example\n\nx`);
  expect(answeredCandidates(mail).map((candidate) => candidate.value)).toEqual(["2".repeat(20), "1".repeat(20)]);
});

test("a flood of references gives a bounded number of candidates, the newest ones", async () => {
  const mail = await parse(`References: ${Array.from({ length: 5_000 }, (_, at) => `<${at}@x.example>`).join("\r\n ")}\n\nx`);
  const candidates = answeredCandidates(mail);
  expect(candidates).toHaveLength(100);
  expect(candidates[0]?.value).toBe("<4999@x.example>");
});

test.each([
  "Re: Our offer",
  "RE : Our offer",
  "AW: WG: Our  offer",
  "Re[2]: Our offer",
  "Re(3): Fwd: Our offer",
  "SV: VS: Our offer",
  "TR : Our offer",
  "回复：Our offer",
  "返信: RE: our offer",
  "Odp: Our offer",
  "Ynt: Our offer",
  "Ответ: Our offer",
])("%s belongs to the same conversation", (subject) => {
  expect(normalizeSubject(subject)).toBe("our offer");
});

test.each(["Regarding: prices", "Reply: yes", "12: the year", "Ready: set"])("%s keeps its first word", (subject) => {
  expect(normalizeSubject(subject)).toBe(subject.toLowerCase());
});

test("a subject is normal after one pass, if it has no more than 30 prefixes", () => {
  const mark = fc.constantFrom("Re: ", "AW:", "Fwd : ", "回复：", "Re[2]: ", "sv:");
  fc.assert(
    fc.property(fc.array(mark, { maxLength: 15 }), fc.string({ unit: "grapheme" }), (marks, subject) => {
      const once = normalizeSubject(marks.join("") + subject);
      expect(normalizeSubject(once)).toBe(once);
      expect(once).toBe(normalizeSubject(subject));
    }),
  );
});
