// What does the server's answer to a mail mean, and whose trouble is it: the address's, the message's, or the mailbox's? Decided by stage, reply
// code, enhanced code (RFC 3463) and words. Every doubt spares the address: only proof that it does not exist suppresses it.
import { classOfFailure, type JudgedFailure } from "./failure-class.ts";
import { anyOf } from "./phrases.ts";

export interface SmtpReply {
  readonly code: number;
  /** RFC 3463, such as "5.1.1"; null when the server gave none. */
  readonly enhanced: string | null;
  /** The whole reply. Hostile text. */
  readonly response: string;
}

/** The command that was refused; `dot` is the end of the mail itself. */
export type SmtpStage = "mail" | "rcpt" | "data" | "dot";

/** What happened on the wire, before anybody judges it. */
export type SmtpOutcome =
  | { readonly kind: "accepted"; readonly reply: SmtpReply }
  | { readonly kind: "refused"; readonly stage: SmtpStage; readonly reply: SmtpReply }
  /** The connection broke before the server asked for the mail: it cannot have accepted it. */
  | { readonly kind: "lost"; readonly stage: "before_data" }
  /** It broke after that: the server may or may not have accepted the mail (RFC 1047). */
  | { readonly kind: "uncertain"; readonly response: string | null };

export type SendVerdict =
  | { readonly kind: "sent" }
  /**
   * Try the same row again later; this uses up one of the message's attempts. So does a connection that breaks in the middle of it, as it may be the
   * message that breaks it: a server that is away is met before, when the connection is opened, and that costs the message nothing.
   */
  | { readonly kind: "deferred"; readonly reason: DeferReason }
  | { readonly kind: "failed"; readonly reason: FailReason; readonly suppress: boolean }
  | { readonly kind: "uncertain"; readonly reason: "connection_lost_after_data" }
  /** The message goes back into the queue with its attempts; the mailbox waits a while or stops (`pause`): over a daily limit until the next day, else for a person. */
  | { readonly kind: "mailbox"; readonly reason: MailboxTrouble; readonly pause: boolean };

export type DeferReason = "connection_lost" | "greylisted" | "mailbox_full" | "temporary_failure";
/** `address`: it does not exist. `refused_by_policy`: of the recipient's side. `message`: its size or form. `refused`: permanent, for no clear reason. */
export type FailReason = "address" | "refused_by_policy" | "message" | "refused";
export type MailboxTrouble = "smtp_auth" | "sender_refused" | "daily_limit" | "throttled";

export function judgeSmtp(outcome: SmtpOutcome): SendVerdict {
  switch (outcome.kind) {
    case "accepted":
      return { kind: "sent" };
    case "lost":
      return deferred("connection_lost");
    case "uncertain":
      return { kind: "uncertain", reason: "connection_lost_after_data" };
    case "refused":
      return judgeRefusal(refusalOf(outcome.stage, outcome.reply));
    default:
      return outcome satisfies never;
  }
}

interface Refusal {
  readonly stage: SmtpStage;
  readonly code: number;
  readonly enhanced: string | null;
  /** Lower case, single spaces, shortened. */
  readonly said: string;
  /** What the words alone say. */
  readonly words: JudgedFailure;
}

function refusalOf(stage: SmtpStage, { code, enhanced, response }: SmtpReply): Refusal {
  const said = response.slice(0, 4_000).toLowerCase().replace(/\s+/g, " ");
  return { stage, code, enhanced: informative(enhanced), said, words: classOfFailure(null, said) };
}

/** "x.y.0" is "other or undefined" (RFC 3463 §3): the words decide. Only the subjects 6 (content) and 7 (policy) tell enough. */
function informative(enhanced: string | null): string | null {
  return enhanced === null || /\.[0-589]\.0$/.test(enhanced) ? null : enhanced;
}

function judgeRefusal(refusal: Refusal): SendVerdict {
  return accountTrouble(refusal) ?? (refusal.code < 500 ? judgeTemporary(refusal) : judgePermanent(refusal));
}

/** Troubles of the account, with whatever class of code they are told. */
function accountTrouble({ code, said, enhanced }: Refusal): SendVerdict | null {
  if (LOGIN_CODES.has(code)) return pause("smtp_auth");
  if (enhanced === "5.4.5" || (DAILY_LIMIT.test(said) && !SHORTER_LIMIT.test(said))) return pause("daily_limit");
  return null;
}

/** RFC 4954 §4.7, §6: authentication required, mechanism too weak, credentials invalid, encryption required. */
const LOGIN_CODES = new Set([530, 534, 535, 538]);

/** Limits of the account for a day: Gmail's 5.4.5, Exchange's SubmissionQuotaExceeded under 5.2.0 or 5.2.2, hosting companies' own words. */
const DAILY_LIMIT = anyOf(
  String.raw`
    daily (?:\w{1,30} ){0,3}(?:sending|message|mail|e-?mail|submission|outgoing|relay|smtp) (?:limit|quota)
    (?:sending|submission|outgoing) (?:limit|quota)s? (?:has been |was |is )?(?:exceeded|reached)
    submissionquotaexceeded
    (?:reached|exceeded) (?:your|the) daily (?:\w{1,30} ){0,3}(?:limit|quota)
  `,
  "u",
);
const SHORTER_LIMIT = /hour|minute/u;

function judgeTemporary({ stage, code, enhanced, said, words }: Refusal): SendVerdict {
  if (GREYLISTED.test(said)) return deferred("greylisted");
  if (enhanced === "4.2.2") return deferred("mailbox_full");
  if (THROTTLE_CODES.has(code) || (enhanced !== null && THROTTLE_STATUS.has(enhanced))) return BACK_OFF;
  // 4.2.x is the recipient's own limit.
  if (words.why === "rate limit" && !enhanced?.startsWith("4.2.")) return BACK_OFF;
  if (enhanced === "4.7.1") return deferred("greylisted");
  // Nothing but the mail's size distinguishes one MAIL FROM of a mailbox from the next.
  if (stage === "mail" && enhanced !== "4.3.4") return BACK_OFF;
  return deferred(words.why === "mailbox full" ? "mailbox_full" : "temporary_failure");
}

const BACK_OFF: SendVerdict = { kind: "mailbox", reason: "throttled", pause: false };

const GREYLISTED = /gr[ea]y-? ?list/u;
/** Closing down or too busy (421), too many sessions (432, Exchange), authentication does not work just now (454). */
const THROTTLE_CODES = new Set([421, 432, 454]);
/** Server full or closing, congestion, security reasons unnamed, Gmail's rate limit. */
const THROTTLE_STATUS = new Set(["4.3.1", "4.3.2", "4.4.5", "4.7.0", "4.7.28"]);

function judgePermanent(refusal: Refusal): SendVerdict {
  const { enhanced, words } = refusal;
  if (isMessageTrouble(refusal)) return failed("message");
  if (isSenderRefused(refusal)) return pause("sender_refused");
  if (enhanced === "5.2.2") return deferred("mailbox_full");
  if (enhanced?.startsWith("5.7.")) return failed("refused_by_policy");
  if (isNoSuchAddress(refusal)) return { kind: "failed", reason: "address", suppress: true };
  if (words.why === "mailbox full") return deferred("mailbox_full");
  if (words.why === "rate limit") return BACK_OFF;
  return failed(words.class === "blocked" ? "refused_by_policy" : "refused");
}

/** Size (5.3.4, 5.2.3; 552 unless it says that the mailbox is full) and form (5.6.x). Also at MAIL FROM, where SIZE= is judged (RFC 1870 §6.1). */
function isMessageTrouble({ code, enhanced, words }: Refusal): boolean {
  if (enhanced === "5.3.4" || enhanced === "5.2.3" || enhanced?.startsWith("5.6.")) return true;
  return words.why === "message too large" || (code === 552 && enhanced === null && words.why !== "mailbox full");
}

/** The server does not take mail from us as this sender: whatever it refuses now, it will refuse for the next recipient, too. */
function isSenderRefused({ stage, enhanced, said }: Refusal): boolean {
  return stage === "mail" || (enhanced !== null && SENDER_STATUS.has(enhanced)) || SENDER_WORDS.test(said);
}

/** The sender's own address (5.1.7, 5.1.8), not allowed to send as it (5.7.60, Exchange), unauthenticated domain (5.7.26 Gmail, 5.7.515 Microsoft). */
const SENDER_STATUS = new Set(["5.1.7", "5.1.8", "5.7.26", "5.7.60", "5.7.515"]);
/** Postfix answers MAIL FROM only at RCPT TO (smtpd_delay_reject); "relaying denied" means that the account may not send to anybody outside. */
const SENDER_WORDS = anyOf(
  String.raw`
    sender address rejected
    sender verify failed
    not owned by user
    relay(?:ing)?(?: access)? (?:denied|not (?:permitted|allowed))
  `,
  "u",
);

/** Only these prove that there is no such address, and only while the words do not say otherwise ("5.1.1 mailbox full"). */
const NO_SUCH_ADDRESS = new Set(["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"]);

/** Without a telling code, 550 and clear words prove it, too; 5.4.4 is a domain that does not exist, where it says so. */
function isNoSuchAddress({ code, enhanced, said, words }: Refusal): boolean {
  if (enhanced === null) return code === 550 && words.class === "hard";
  if (enhanced === "5.4.4") return words.why === "unknown domain";
  return NO_SUCH_ADDRESS.has(enhanced) && classOfFailure(enhanced, said).class === "hard";
}

function deferred(reason: DeferReason): SendVerdict {
  return { kind: "deferred", reason };
}

function failed(reason: Exclude<FailReason, "address">): SendVerdict {
  return { kind: "failed", reason, suppress: false };
}

function pause(reason: Exclude<MailboxTrouble, "throttled">): SendVerdict {
  return { kind: "mailbox", reason, pause: true };
}
