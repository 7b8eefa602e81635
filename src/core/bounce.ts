// Did a mail of ours fail, for whom and how badly? And: is this a complaint (RFC 5965)? Bounces can be forged: the caller acts only on what it sent.
import { classOfFailure, type FailureClass } from "./failure-class.ts";
import { readFieldGroups } from "./header-fields.ts";
import { embeddedHeaders, type Fields, fieldOf, headerOf, type InboundMail, messageIdsIn, partsOfType } from "./inbound-mail.ts";
import { addressesIn, isDaemon, readProseBounce } from "./prose-bounce.ts";

export interface Bounce {
  /** Who was not reached: the Original-Recipient, else the Final-Recipient, else whom the words name. Empty when nobody is named. */
  readonly recipients: readonly string[];
  /** The Action of RFC 3464 §2.3.3; "failed" for bounces in prose. */
  readonly action: string;
  /** Enhanced status code (RFC 3463), from the server's words when the report only says x.0.0. */
  readonly status: string | null;
  readonly class: FailureClass;
  /** What the server said, shortened. Hostile text. */
  readonly reason: string;
  readonly originalMessageId: string | null;
  readonly why: readonly string[];
}

export interface Complaint {
  /** RFC 5965 §7.3, lower case: abuse, fraud, virus, opt-out, other … */
  readonly feedbackType: string;
  readonly recipients: readonly string[];
  readonly originalMessageId: string | null;
  readonly why: readonly string[];
}

const STATUS_TYPES = ["message/delivery-status", "message/global-delivery-status"];
const MAX_RECIPIENTS = 50;

/** A failed delivery, by delivery-status part in any container, else in prose. Null for everything else, delay and success notices included. */
export function readBounce(mail: InboundMail): Bounce | null {
  const reports = recipientReports(mail);
  if (reports.length === 0) return proseBounce(mail);
  const failed = reports.filter(isFailure);
  return failed.length === 0 ? null : reportedBounce(mail, failed);
}

/** Whether the mail reports on a delivery, whatever the outcome: "delayed" and "relayed" are no bounces, and no human's words either. */
export function isDeliveryReport(mail: InboundMail): boolean {
  return recipientReports(mail).length > 0;
}

/** The per-recipient groups (RFC 3464 §2.3). Where a relay lost the MIME structure they stand in the text; a person may quote one there, too. */
function recipientReports(mail: InboundMail): readonly Fields[] {
  const parts = partsOfType(mail, STATUS_TYPES);
  const groups = parts.flatMap((part) => part.fieldGroups).filter(namesRecipient);
  const lost = isDaemon(mail) || mail.returnPath === "";
  if (groups.length > 0 || !lost || !/^final-recipient:/im.test(mail.text)) return groups;
  return readFieldGroups(mail.text).filter((fields) => fields.has("final-recipient") && fields.has("action"));
}

function namesRecipient(fields: Fields): boolean {
  return fields.has("final-recipient") || fields.has("original-recipient") || (fields.has("action") && fields.has("status"));
}

/** Action decides; a reporter that forgot it is judged by its status. */
function isFailure(fields: Fields): boolean {
  const action = actionOf(fields);
  if (action !== null) return action === "failed" || action === "failure";
  return /^\s*[45]\./.test(fieldOf(fields, "status") ?? "");
}

function actionOf(fields: Fields): string | null {
  return /[a-z]+/.exec((fieldOf(fields, "action") ?? "").toLowerCase())?.[0] ?? null;
}

function reportedBounce(mail: InboundMail, failed: readonly Fields[]): Bounce {
  const verdicts = failed.map((fields) => judgeReport(fields, mail));
  // One of several failures that is not the address's fault keeps all of them from being suppressed.
  const first = verdicts.find((verdict) => verdict.class !== "hard") ?? verdicts[0];
  const recipients = failed.flatMap(recipientsOf).slice(0, MAX_RECIPIENTS);
  return {
    recipients: distinct(recipients.length > 0 ? recipients : fallbackRecipients(mail)),
    action: "failed",
    status: first?.status ?? null,
    class: first?.class ?? "soft",
    reason: first?.reason ?? "",
    originalMessageId: originalMessageId(mail),
    why: ["delivery-status part: Action failed", ...(first ? [first.why] : [])],
  };
}

function judgeReport(fields: Fields, mail: InboundMail) {
  const diagnostic = diagnosticOf(fields);
  const stated = enhancedCode(fieldOf(fields, "status") ?? "");
  const told = informative(stated) ?? informative(enhancedCode(diagnostic));
  // Without a diagnostic the reason stands in the prose (OpenSMTPD, Exim's own delivery errors). A telling status stands for itself: the notice
  // around it may hold disclaimers about viruses and policies.
  const words = diagnostic.length > 12 || told !== null ? diagnostic : `${diagnostic} ${mail.text.slice(0, 3_000)}`;
  const status = told ?? informative(enhancedCode(words)) ?? stated ?? replyClass(diagnostic);
  return { ...classOfFailure(status, words), status, reason: shortened(words) };
}

function diagnosticOf(fields: Fields): string {
  return (fields.get("diagnostic-code") ?? [])
    .join(" ")
    .replace(/^[A-Za-z0-9_-]{1,20}\s*;\s*/, "")
    .slice(0, 4_000);
}

/** Never half of a surrogate pair at the end: it is evidence, and the database keeps none in JSON. */
function shortened(words: string): string {
  return words.trim().slice(0, 500).toWellFormed();
}

/** "5.1.1" in "550 5.1.1 <x>: unknown" or "550-5.1.1"; not a part of an IP address or version. */
function enhancedCode(text: string): string | null {
  const found = /(?:^|[^\d.])([245]\.\d{1,2}\.\d{1,3})(?![\d.]*\d)/.exec(text);
  return found?.[1] ?? null;
}

/** x.0.0 says nothing beyond its class; MTAs such as Exim write it for every failure. */
function informative(code: string | null): string | null {
  return code === null || /^\d\.0\.0$/.test(code) ? null : code;
}

/** The class that an SMTP reply code proves: 550 → 5.0.0. */
function replyClass(text: string): string | null {
  const digit = /(?:^|[^\d.])([45])[0-5]\d(?=[ -]|$)/.exec(text)?.[1];
  return digit ? `${digit}.0.0` : null;
}

/** What was written to; where that leads (Final-Recipient) only when the report does not say, or says a host-local name. */
function recipientsOf(fields: Fields): readonly string[] {
  const [original, final] = ["original-recipient", "final-recipient"].map((name) => addressesIn(stripType(fieldOf(fields, name) ?? ""))[0]);
  const written = original !== undefined && /@.+\./.test(original) ? original : (final ?? original);
  return written === undefined ? [] : [written];
}

/** "rfc822; ann@example.org" → the address (RFC 3464 §2.1.2). */
function stripType(value: string): string {
  return value.replace(/^[^;]{0,30};/, "");
}

function fallbackRecipients(mail: InboundMail): readonly string[] {
  const named = (mail.headers.get("x-failed-recipients") ?? []).flatMap(addressesIn);
  if (named.length > 0) return named;
  const written = embeddedHeaders(mail).flatMap((fields) => addressesIn(fieldOf(fields, "to") ?? ""));
  return written.length === 1 ? written : [];
}

function proseBounce(mail: InboundMail): Bounce | null {
  const found = readProseBounce(mail);
  if (!found) return null;
  const status = informative(enhancedCode(found.words)) ?? replyClass(found.words);
  const judged = classOfFailure(status, found.words);
  const recipients = found.recipients.length > 0 ? found.recipients : fallbackRecipients(mail);
  return {
    recipients: distinct(recipients).slice(0, MAX_RECIPIENTS),
    action: "failed",
    status,
    class: judged.class,
    reason: shortened(found.words),
    originalMessageId: originalMessageId(mail),
    why: [...found.why, judged.why],
  };
}

/**
 * The mail a report is about: the embedded original, else what the report says it answers (Exim writes only References), else a Message-ID line in
 * its text.
 */
function originalMessageId(mail: InboundMail): string | null {
  const embedded = embeddedHeaders(mail).flatMap((fields) => messageIdsIn(fieldOf(fields, "message-id") ?? ""));
  const quoted = /^[>\s]{0,8}message-id:\s{0,5}(<[^<>\s]{1,990}>)/im.exec(mail.text.slice(0, 262_144))?.[1];
  return embedded[0] ?? mail.inReplyTo[0] ?? mail.references.at(-1) ?? quoted ?? null;
}

function distinct(addresses: readonly string[]): readonly string[] {
  return [...new Map(addresses.map((address) => [address.toLowerCase(), address])).values()];
}

/** Reports that accuse nobody: a filter's correction, and a forgery seen at a receiver (RFC 6591). */
const NO_COMPLAINT = new Set(["not-spam", "auth-failure", "dmarc"]);

/** A recipient's complaint, sent by the recipient's provider (RFC 5965). */
export function readComplaint(mail: InboundMail): Complaint | null {
  const report = partsOfType(mail, ["message/feedback-report"]).flatMap((part) => part.fieldGroups)[0];
  if (!report) return null;
  const feedbackType = (fieldOf(report, "feedback-type") ?? "other").trim().toLowerCase();
  if (NO_COMPLAINT.has(feedbackType)) return null;
  const named = ["original-rcpt-to", "removal-recipient"].flatMap((name) => report.get(name) ?? []).flatMap(addressesIn);
  const written = embeddedHeaders(mail).flatMap((fields) => addressesIn(fieldOf(fields, "to") ?? ""));
  return {
    feedbackType,
    recipients: distinct(named.length > 0 ? named : written).slice(0, MAX_RECIPIENTS),
    originalMessageId: originalMessageId(mail),
    why: [`feedback-report part: ${feedbackType.slice(0, 40)}`, `from ${(headerOf(mail, "from") ?? "").slice(0, 100)}`],
  };
}
