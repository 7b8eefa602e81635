import { expect, test } from "vitest";
import { answeredCandidates } from "../core/thread.ts";
import { classify } from "../core/verdict.ts";
import { visibleReply } from "../core/visible-reply.ts";
import { parseMail } from "../mail/parse.ts";
import { writeAbsenceNotice, writeAnswer } from "./answer-mail.ts";
import { type Language, type MailProgram, type Person, personAt, type Topic } from "./people.ts";
import { wordsAbout } from "./people-words.ts";
import { readReceivedMail } from "./received-mail.ts";

const PROGRAMS: readonly MailProgram[] = ["gmail", "iphone", "outlook", "thunderbird"];
const LANGUAGES: readonly Language[] = ["en", "de"];
const TOPICS: readonly Topic[] = [
  ...(["says_yes", "asks_for_prices", "objects", "not_now", "declines", "opts_out", "wrong_person", "refers", "says_thanks"] as const),
];
const AT = new Date("2026-03-03T10:30:00Z");
const OURS = [
  "From: Anna Berger <anna@team.example>",
  "To: sabine.krueger@kornblume.example",
  "Subject: Re: Repairs at =?utf-8?q?B=C3=A4ckerei_Kornblume?=",
  "Date: Tue, 03 Mar 2026 08:12:00 +0000",
  "Message-ID: <two@team.example>",
  "References: <one@team.example>",
  "Content-Type: text/plain; charset=utf-8",
  "",
  "Hi Sabine,",
  "",
  "when an oven stops, who hears about it first? This is a line of more than seventy-six characters, as letters have them.",
  "",
  "Anna",
  "",
  "If you would rather not hear from me, reply STOP.",
];
const received = await readReceivedMail(Buffer.from(OURS.join("\r\n")));

function everybody(): Person[] {
  const people: Person[] = [];
  for (const program of PROGRAMS)
    for (const language of LANGUAGES)
      for (const wording of [0, 0.4, 0.8]) people.push(personAt(1, "sabine.krueger@kornblume.example", { program, language, wording }));
  return people;
}

test("whatever anybody writes with any program, their words can be told from ours, and it threads", async () => {
  for (const person of everybody())
    for (const topic of TOPICS) {
      const mail = await parseMail((await writeAnswer(person, topic, received, AT)).raw);
      expect(classify(mail, { ownAddresses: new Set(), receivedAt: AT }).kind).toBe("human");
      expect(mail.inReplyTo).toEqual(["<two@team.example>"]);
      expect(mail.references).toEqual(["<one@team.example>", "<two@team.example>"]);
      expect(mail.subject).toMatch(/^(?:Re|AW): Repairs at Bäckerei Kornblume$/);
      expect(mail.date).toEqual(AT);
      expect(mail.text).toContain("If you would rather not hear from me");
      const words = visibleReply(mail);
      expect(words).toContain(wordsAbout(topic, person));
      expect(words).not.toMatch(/oven|rather not hear|2026|Anna Berger|iPhone/);
    }
});

test("the same answer is the same mail, and no two answers share a Message-ID", async () => {
  const person = personAt(1, "ann@b.example", { program: "gmail" });
  const [first, again] = [await writeAnswer(person, "declines", received, AT), await writeAnswer(person, "declines", received, AT)];
  expect(first.raw.equals(again.raw)).toBe(true);
  const other = await writeAnswer({ ...person, address: "jan@b.example" }, "declines", received, AT);
  const ids = await Promise.all([first, other].map(async ({ raw }) => (await parseMail(raw)).messageId));
  expect(new Set(ids).size).toBe(2);
});

test("a vacation notice is known as one, with the day of return, which is a workday", async () => {
  for (const language of LANGUAGES)
    for (const days of [3, 4, 5, 6, 7, 8, 9]) {
      const { raw } = await writeAbsenceNotice(personAt(1, "ann.vogel@b.example", { language }), days, received, AT);
      const mail = await parseMail(raw);
      const verdict = classify(mail, { ownAddresses: new Set(), receivedAt: AT });
      const returnDate = verdict.kind === "auto_reply" ? (verdict.autoReply.returnDate ?? "") : "";
      expect(verdict).toMatchObject({ kind: "auto_reply", autoReply: { kind: "out_of_office" } });
      expect([1, 2, 3, 4, 5]).toContain(new Date(returnDate).getUTCDay());
      expect(answeredCandidates(mail)[0]).toEqual({ method: "in_reply_to", value: "<two@team.example>" });
    }
});
