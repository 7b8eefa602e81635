// The bytes of what people answer: as Gmail, an iPhone, Outlook and Thunderbird write them, with the mail they answer below.
import { createHash } from "node:crypto";
import { DateTime } from "luxon";
import MailComposer from "nodemailer/lib/mail-composer";
import { after, DAY, type Instant } from "../core/instant.ts";
import type { Person, Topic } from "./people.ts";
import { absenceWords, wordsAbout } from "./people-words.ts";
import type { ReceivedMail } from "./received-mail.ts";

const ZONE = "Europe/Berlin";
const FROM_PHONE = { en: "Sent from my iPhone", de: "Von meinem iPhone gesendet" };

export interface WrittenMail {
  readonly from: string;
  readonly to: string;
  readonly raw: Buffer;
}

/** Somebody's answer to a mail. About an opt-out, some press the button of their mail program instead. */
export function writeAnswer(person: Person, topic: Topic, mail: ReceivedMail, at: Instant): Promise<WrittenMail> {
  if (topic === "opts_out" && mail.unsubscribe && pressesButton(person)) return pressButton(person, mail.unsubscribe, mail, at);
  const words = wordsAbout(topic, person);
  const subject = `${mark(person)}: ${mail.subject.replace(/^(?:(?:re|aw):\s*)+/i, "")}`;
  return compose(person, mail, at, { ...threaded(mail), to: mail.answerTo, subject, ...bodies(person, words, mail) });
}

/** A vacation responder's notice, marked as RFC 3834 §3.1 asks. Its envelope sender is null (§3.3). */
export function writeAbsenceNotice(person: Person, days: number, mail: ReceivedMail, at: Instant): Promise<WrittenMail> {
  const back = workday(DateTime.fromJSDate(after(at, days * DAY), { zone: ZONE }));
  const { subject, text } = absenceWords(person, mail.subject, dayOf(back, person));
  const headers = { "Auto-Submitted": "auto-replied (vacation)", Precedence: "bulk", "X-Auto-Response-Suppress": "All" };
  return compose(person, mail, at, { ...threaded(mail), to: mail.from.address, subject, text: `${text}\n${signOff(person)}`, headers });
}

function pressesButton({ wording, program }: Person): boolean {
  return program !== "thunderbird" && (wording * 7) % 1 < 0.3;
}

/** Such a mail names no mail that it answers: only its subject and its recipient say what is meant. */
function pressButton(
  person: Person,
  button: { readonly address: string; readonly subject: string },
  mail: ReceivedMail,
  at: Instant,
): Promise<WrittenMail> {
  const text = `This mail was sent by a mail program, to unsubscribe from "${mail.subject}".`;
  return compose(person, mail, at, { to: button.address, subject: button.subject, text });
}

interface Content {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  readonly inReplyTo?: string;
  readonly references?: string[];
  readonly headers?: Record<string, string>;
}

/** The same answer to the same mail has the same Message-ID and boundary; only its date depends on when it is written. */
async function compose(person: Person, mail: ReceivedMail, at: Instant, content: Content): Promise<WrittenMail> {
  const hash = createHash("sha256")
    .update(JSON.stringify([person.address, content.subject, mail.messageId]))
    .digest("hex");
  const composer = new MailComposer({
    ...content,
    from: { name: person.name ?? "", address: person.address },
    messageId: `<${hash.slice(0, 32)}@${person.address.slice(person.address.lastIndexOf("@") + 1)}>`,
    date: DateTime.fromJSDate(at, { zone: ZONE }).toRFC2822() ?? "",
    baseBoundary: hash.slice(32, 48),
    newline: "\r\n",
  });
  return { from: person.address, to: content.to, raw: await composer.compile().build() };
}

/** RFC 5322 §3.6.4: the parent's References and its Message-ID. */
function threaded({ messageId, references }: ReceivedMail): Pick<Content, "inReplyTo" | "references"> {
  return messageId === null ? {} : { inReplyTo: messageId, references: [...references, messageId] };
}

function mark({ language, program }: Person): string {
  return language === "de" && program !== "iphone" && program !== "gmail" ? "AW" : "Re";
}

function bodies(person: Person, words: string, mail: ReceivedMail): Pick<Content, "text" | "html"> {
  const above = `${greeting(person, mail)}${words}`;
  switch (person.program) {
    case "iphone":
      return { text: `${words}\n\n${FROM_PHONE[person.language]}\n\n${attribution(person, mail)}\n\n${quoted(mail.text)}\n` };
    case "thunderbird":
      return { text: `${above}\n${signOff(person)}\n\n${attribution(person, mail)}\n${quoted(mail.text)}\n` };
    case "outlook":
      return withHtml(`${above}\n${signOff(person)}`, `\n\n${headerBlock(person, mail)}\n\n${mail.text}`, outlookQuote(person, mail));
    case "gmail":
      return withHtml(`${above}\n${signOff(person)}`, `\n\n${attribution(person, mail)}\n\n${quoted(mail.text)}`, gmailQuote(person, mail));
    default:
      return person.program satisfies never;
  }
}

function withHtml(own: string, quoteText: string, quoteHtml: string): Pick<Content, "text" | "html"> {
  return { text: `${own}${quoteText}\n`, html: `<div dir="ltr">${toHtml(own)}</div><br>${quoteHtml}\n` };
}

function greeting({ language }: Person, { from }: ReceivedMail): string {
  const first = from.name.split(" ")[0];
  if (!first) return "";
  return `${language === "de" ? "Hallo" : "Hi"} ${first},\n\n`;
}

function signOff({ language, name }: Person): string {
  return `\n${language === "de" ? "Viele Grüße" : "Best regards"}${name === null ? "" : `\n${name}`}`;
}

/** "On Tue, Mar 3, 2026 at 9:12 AM Anna Berger <anna@team.example> wrote:", as the person's program says it. */
function attribution(person: Person, mail: ReceivedMail): string {
  const who = `${mail.from.name} <${mail.from.address}>`.trim();
  const on = sentAt(person, mail);
  if (person.language === "de") {
    if (person.program === "thunderbird") return `Am ${on.toFormat("dd.MM.yy")} um ${on.toFormat("HH:mm")} schrieb ${mail.from.name}:`;
    return `Am ${on.toFormat("ccc., d. LLLL yyyy")} um ${on.toFormat("HH:mm")} Uhr schrieb ${who}:`;
  }
  if (person.program === "iphone") return `On ${on.toFormat("LLL d, yyyy")}, at ${on.toFormat("h:mm a")}, ${who} wrote:`;
  return `On ${on.toFormat("ccc, LLL d, yyyy")} at ${on.toFormat("h:mm a")} ${who} wrote:`;
}

function headerBlock(person: Person, mail: ReceivedMail): string {
  const who = `${mail.from.name} <${mail.from.address}>`.trim();
  const on = sentAt(person, mail);
  if (person.language === "de")
    return `Von: ${who}\nGesendet: ${on.toFormat("cccc, d. LLLL yyyy HH:mm")}\nAn: ${mail.to}\nBetreff: ${mail.subject}`;
  return `From: ${who}\nSent: ${on.toFormat("cccc, LLLL d, yyyy h:mm a")}\nTo: ${mail.to}\nSubject: ${mail.subject}`;
}

function gmailQuote(person: Person, mail: ReceivedMail): string {
  const head = `<div dir="ltr" class="gmail_attr">${toHtml(attribution(person, mail))}<br></div>`;
  return `<div class="gmail_quote">${head}<blockquote class="gmail_quote">${toHtml(mail.text)}</blockquote></div>`;
}

function outlookQuote(person: Person, mail: ReceivedMail): string {
  return `<div style="border:none;border-top:solid #E1E1E1 1.0pt">${toHtml(headerBlock(person, mail))}</div><div>${toHtml(mail.text)}</div>`;
}

function quoted(text: string): string {
  return text
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => (line === "" ? ">" : `> ${line}`))
    .join("\n");
}

function toHtml(text: string): string {
  const escaped = text.trimEnd().replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return escaped.replace(/\r?\n/g, "<br>\n");
}

function sentAt({ language }: Person, { date }: ReceivedMail): DateTime {
  return DateTime.fromJSDate(date ?? new Date(0), { zone: ZONE, locale: language === "de" ? "de-DE" : "en-US" } as object);
}

/** "Monday, 9 March 2026", "Montag, 9. März 2026". */
function dayOf(day: DateTime, { language }: Person): string {
  return language === "de" ? day.setLocale("de-DE").toFormat("cccc, d. LLLL yyyy") : day.setLocale("en-GB").toFormat("cccc, d LLLL yyyy");
}

function workday(day: DateTime): DateTime {
  return day.weekday <= 5 ? day : day.plus({ days: 8 - day.weekday });
}
