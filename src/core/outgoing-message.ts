// What does an outgoing mail say besides its author's words? Its identity, its thread, and how to opt out of it.
import type { Instant } from "./instant.ts";
import { keyedHash } from "./keyed-hash.ts";
import { optOutWords } from "./opt-out-line.ts";
import { escapeHtml } from "./template.ts";
import { normalizeSubject, OWN_MESSAGE_HEADER } from "./thread.ts";

/** RFC 5322 §2.1.1 allows lines of 998 octets; 250 characters without a space stay below, and nobody reads more of a subject. */
const MAX_LINE = 250;
/** The first mail, which programs group by, and the latest. */
const MAX_REFERENCES = 20;

export interface NamedAddress {
  readonly name: string | null;
  readonly address: string;
}

/** A mail that went out to the lead, or its answer. */
export interface ThreadMail {
  /** Of an answer: hostile text. */
  readonly messageId: string;
  /** Null where it is not known, and for answers: nothing of what strangers wrote is repeated. */
  readonly subject: string | null;
  /** Of an answer: the Message-ID of the mail of ours that it answers. */
  readonly answers?: string | null;
}

export interface OutgoingInput {
  /** With its angle brackets. */
  readonly messageId: string;
  readonly at: Instant;
  readonly from: NamedAddress;
  /** Where answers are read, when that is not `from`. */
  readonly replyTo: string | null;
  readonly to: string;
  /** Rendered; null for a follow-up in the thread of the mail before it. */
  readonly subject: string | null;
  readonly text: string;
  /** Null: plain text only. */
  readonly html: string | null;
  /** What went out before and what was answered, oldest first. */
  readonly thread: readonly ThreadMail[];
  readonly postalAddress: string | null;
  readonly optOut: {
    /** An https address; null where there is none: then people answer STOP. */
    readonly url: string | null;
    readonly mailto: string;
  };
  /** Of the opt-out line; null for English. */
  readonly language: string | null;
  /** See `feedbackId`; null for none. */
  readonly feedbackId: string | null;
}

/** Everything a mail consists of, decoded. mail/compose.ts makes bytes of it. */
export interface OutgoingFields {
  readonly messageId: string;
  readonly date: Instant;
  readonly from: NamedAddress;
  readonly replyTo: string | null;
  readonly to: string;
  readonly subject: string;
  readonly inReplyTo: string | null;
  /** Oldest first. */
  readonly references: readonly string[];
  /** The other header fields, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly text: string;
  readonly html: string | null;
}

/**
 * The Message-ID of a step to a lead: the same one whenever it is asked for, even after a restore, so that a mail can never go out under two.
 * Without the key nobody can tell or make one (128 bits of HMAC-SHA256). `domain` must be an A-label.
 */
export function deriveMessageId(
  key: Uint8Array,
  intent: { readonly enrollmentId: string; readonly visit: number; readonly lineage: string },
  domain: string,
): string {
  const named = JSON.stringify([intent.enrollmentId, intent.visit, intent.lineage]);
  return `<${keyedHash(key, named).toString("hex", 0, 16)}@${domain}>`;
}

/** What Gmail's complaint rates are counted by: `campaign:sequence:type:sender`, the last part stable for the sender. Nothing in it names a lead. */
export function feedbackId(campaign: string, sequence: string, type: string, sender: string): string {
  return [campaign, sequence, type, sender].map((part) => part.replace(/[^A-Za-z0-9.-]/g, "")).join(":");
}

/** What the mail says, with everything that the law and the big providers ask for. Null when it has no subject: neither its own nor a thread's. */
export function composeFields(input: OutgoingInput): OutgoingFields | null {
  const place = placeInThread(input.subject, input.thread);
  if (!place) return null;
  return {
    messageId: input.messageId,
    date: input.at,
    from: { name: input.from.name === null ? null : singleLine(input.from.name), address: input.from.address },
    replyTo: input.replyTo,
    to: input.to,
    ...place,
    headers: [
      ...listHeaders(input.optOut),
      ...(input.feedbackId === null ? [] : ([["Feedback-ID", input.feedbackId]] as const)),
      [OWN_MESSAGE_HEADER, input.messageId],
    ],
    text: withFooter(tidyText(input.text), input),
    html: input.html === null ? null : withHtmlFooter(tidyText(input.html), input),
  };
}

/** RFC 2369 and RFC 8058: one click needs https, and a mail program that offers it sends a POST. */
function listHeaders({ url, mailto }: OutgoingInput["optOut"]): (readonly [string, string])[] {
  if (url === null) return [["List-Unsubscribe", `<${mailto}>`]];
  return [
    ["List-Unsubscribe", `<${url}>, <${mailto}>`],
    ["List-Unsubscribe-Post", "List-Unsubscribe=One-Click"],
  ];
}

/** A subject of its own begins a new thread; without one the mail answers the last mail, ours or theirs, under the subject of that mail's thread. */
function placeInThread(
  subject: string | null,
  mails: readonly ThreadMail[],
): Pick<OutgoingFields, "subject" | "inReplyTo" | "references"> | null {
  const own = subject === null ? "" : singleLine(subject);
  if (own !== "") return { subject: own, inReplyTo: null, references: [] };
  const thread = threadOfLast(mails);
  const named = thread.find((mail) => mail.subject !== null)?.subject;
  const ids = [...new Set(thread.map((mail) => mail.messageId))];
  const last = ids.at(-1);
  if (!last || !named) return null;
  const references = ids.length <= MAX_REFERENCES ? ids : [...ids.slice(0, 1), ...ids.slice(1 - MAX_REFERENCES)];
  return { subject: singleLine(`Re: ${named.replace(/^(?:\s*re\s*:)+\s*/i, "")}`), inReplyTo: last, references };
}

/**
 * The mails of the thread that the last one belongs to, oldest first: ours that share its subject (one whose subject is not known belongs to its
 * neighbours), and what answers them. People change subjects, and gateways mark them, so an answer belongs to what it answers, whatever it is called.
 */
function threadOfLast(mails: readonly ThreadMail[]): readonly ThreadMail[] {
  const ours = mails.filter((mail) => !isAnswer(mail));
  const idsOfOurs = new Set(ours.map((mail) => mail.messageId));
  const usable = mails.filter((mail) => !isAnswer(mail) || (isThreadable(mail.messageId) && !idsOfOurs.has(mail.messageId)));
  const answered = usable.findLast((mail) => !isAnswer(mail) || idsOfOurs.has(mail.answers ?? ""));
  const current = ours.findIndex((mail) => mail.messageId === (answered?.answers ?? answered?.messageId));
  const subjects = subjectsOf(ours);
  const members = new Set(ours.flatMap((mail, index) => (subjects[index] === subjects[current] ? mail.messageId : [])));
  return usable.filter((mail) => members.has(mail.answers ?? mail.messageId));
}

function isAnswer({ answers }: ThreadMail): boolean {
  return (answers ?? null) !== null;
}

/** Without reply marks; the one before it, else the one behind it, stands in for one that is not known. */
function subjectsOf(ours: readonly ThreadMail[]): readonly (string | null)[] {
  let known = ours.find((mail) => mail.subject !== null)?.subject ?? null;
  return ours.map(({ subject }) => {
    known = subject ?? known;
    return known === null ? null : normalizeSubject(known);
  });
}

/** A Message-ID of a stranger that can stand in our header: one `<left@right>` of visible ASCII (RFC 5322 §3.6.4), not longer than a line. */
function isThreadable(messageId: string): boolean {
  return messageId.length <= MAX_LINE && /^<[!-;=?A-~]+@[!-;=?A-~]+>$/.test(messageId);
}

/** One line without control characters, so that no value of a lead can begin another header field; cut where a line would be too long. */
function singleLine(text: string): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return line.length <= MAX_LINE ? line : Array.from(line).slice(0, MAX_LINE).join("");
}

/** Line feeds only, and no control characters, which servers refuse or cut at. */
function tidyText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, "\n")
    .replace(/[^\P{Cc}\t\n]/gu, "");
}

function withFooter(text: string, { postalAddress, optOut, language }: OutgoingInput): string {
  const words = optOutWords(language);
  const line = optOut.url === null ? words.replyStop : `${words.unsubscribe}: ${optOut.url}`;
  const footer = [postalAddress === null ? "" : tidyText(postalAddress), line].filter((part) => part !== "");
  return `${text.trimEnd()}\n\n${footer.join("\n")}\n`;
}

const SMALL_PRINT = "margin-top:24px;font-size:12px;line-height:1.5;color:#666666";

/** Before the end of the body, where the author wrote a whole page. */
function withHtmlFooter(html: string, { postalAddress, optOut, language }: OutgoingInput): string {
  const words = optOutWords(language);
  const address = postalAddress === null ? "" : `${escapeHtml(tidyText(postalAddress)).replaceAll("\n", "<br>\n")}<br>\n`;
  const line =
    optOut.url === null ? escapeHtml(words.replyStop) : `<a href="${escapeHtml(optOut.url)}">${escapeHtml(words.unsubscribe)}</a>`;
  const footer = `<div style="${SMALL_PRINT}">\n${address}${line}\n</div>\n`;
  const end = [...html.matchAll(/<\/body\s{0,20}>/gi)].at(-1)?.index;
  return end === undefined ? `${html.trimEnd()}\n${footer}` : `${html.slice(0, end)}${footer}${html.slice(end)}`;
}
