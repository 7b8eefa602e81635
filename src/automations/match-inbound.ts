// What does a mail that came in belong to? The thread headers are authoritative; what is weaker is marked so, and a mere guess is only suggested.
import { parseEmailAddress } from "../core/email-address.ts";
import type { LeadId, MailboxId, WorkspaceId } from "../core/ids.ts";
import type { InboundMail } from "../core/inbound-mail.ts";
import { after, DAY, type Instant } from "../core/instant.ts";
import { matchPlusAddress, plusTokenOf } from "../core/reply-address.ts";
import { answeredCandidates, normalizeSubject, recipientsOf } from "../core/thread.ts";
import type { MailClass } from "../core/verdict.ts";
import type { Queryable } from "../store/database.ts";
import type { MatchMethod } from "../store/inbound.ts";
import { leadByAddress } from "../store/lead.ts";
import type { Mailbox } from "../store/mailbox.ts";
import { type Message, messagesByMessageId, messagesTo } from "../store/message.ts";
import { messageIdsSentFrom } from "../store/outgoing-mail.ts";

export type Match =
  | { readonly kind: "matched"; readonly method: MatchMethod; readonly message: Message }
  /** Nothing of ours is answered; `suggestedLeadId` is a lead with that address: for a person to confirm, never acted on. */
  | { readonly kind: "none"; readonly suggestedLeadId: LeadId | null };

export interface MatchOptions {
  readonly workspaceId: WorkspaceId;
  readonly at: Instant;
  /** Mail older than this is only matched by thread headers, days. */
  readonly days: number;
  /** All of the workspace. */
  readonly mailboxes: readonly Mailbox[];
  /** Makes the tokens of reply addresses. */
  readonly replyKey: Uint8Array;
}

export async function matchInbound(q: Queryable, mail: InboundMail, judged: MailClass, options: MatchOptions): Promise<Match> {
  const byThread = await answeredMessage(q, mail, options);
  const failed = judged.kind === "bounce" ? judged.bounce : judged.kind === "complaint" ? judged.complaint : null;
  if (failed) {
    const match = (await reportedMessage(q, failed, options)) ?? byThread;
    return match && isRecent(match.message, options) ? match : { kind: "none", suggestedLeadId: null };
  }
  return byThread ?? (await matchBySender(q, mail, judged, options));
}

type Found = Extract<Match, { kind: "matched" }>;

/** The first candidate, in order of authority, that is a mail of ours which went out (or may have). */
async function answeredMessage(q: Queryable, mail: InboundMail, options: MatchOptions): Promise<Found | null> {
  const { workspaceId } = options;
  const candidates = answeredCandidates(mail);
  const ids = candidates.flatMap(({ method, value }) => (method === "plus_address" ? [] : [value]));
  const ours = ids.length === 0 ? [] : await messagesByMessageId(q, workspaceId, ids);
  const findOurs = (...methods: readonly MatchMethod[]): Found | null => {
    for (const { value, method } of candidates) {
      const message = methods.includes(method) ? ours.find((one) => one.messageId === value) : undefined;
      if (message) return { kind: "matched", method, message };
    }
    return null;
  };
  return findOurs("in_reply_to", "references") ?? (await messageOfReplyAddress(q, mail, options)) ?? findOurs("quoted_original");
}

/** So many of our latest mails are tried against the token of a reply address; one HMAC takes a microsecond or two. */
const TRIED_OF_SENDER = 100;
const TRIED_OF_MAILBOX = 10_000;

/**
 * Tokens are made again from the mails that may be meant, and compared: nothing else could have made them. First what went to the sender of this
 * mail, then what the mailbox of that address sent lately: somebody may answer from another address, and a program reports from its own.
 */
async function messageOfReplyAddress(q: Queryable, mail: InboundMail, options: MatchOptions): Promise<Found | null> {
  const { workspaceId, replyKey, mailboxes } = options;
  const ownDomains = new Set(mailboxes.map((one) => domainOf(one.identityKey)));
  const addresses = recipientsOf(mail).filter((address) => plusTokenOf(address, ownDomains) !== null);
  if (addresses.length === 0) return null;
  const sender = parseEmailAddress(mail.from?.address ?? "")?.identityKey;
  const written = sender === undefined ? [] : await messagesTo(q, workspaceId, sender, new Date(0), TRIED_OF_SENDER);
  const messageId =
    matchPlusAddress(
      replyKey,
      addresses,
      written.map((one) => one.messageId),
    ) ?? matchPlusAddress(replyKey, addresses, await messageIdsSentFrom(q, workspaceId, sendersAt(addresses, options), TRIED_OF_MAILBOX));
  const [message] = messageId === null ? [] : await messagesByMessageId(q, workspaceId, [messageId]);
  return message ? { kind: "matched", method: "plus_address", message } : null;
}

/** The mailboxes whose answers arrive at one of these addresses, whatever stands behind the plus. */
function sendersAt(addresses: readonly string[], { mailboxes }: MatchOptions): MailboxId[] {
  const keys = new Set(addresses.map((address) => parseEmailAddress(address.replace(/\+[^@]*(?=@)/, ""))?.identityKey));
  const named = new Set(mailboxes.filter((one) => keys.has(one.identityKey)).map((one) => one.id));
  return mailboxes.flatMap(({ id, replyMailboxId }) => (named.has(id) || (replyMailboxId && named.has(replyMailboxId)) ? [id] : []));
}

function domainOf(identityKey: string): string {
  return identityKey.slice(identityKey.lastIndexOf("@") + 1);
}

/** Bounces can be forged, and relays replace Message-IDs: they are tied to what this workspace wrote to that address lately. */
async function reportedMessage(
  q: Queryable,
  report: { readonly originalMessageId: string | null; readonly recipients: readonly string[] },
  { workspaceId, at, days }: MatchOptions,
): Promise<Found | null> {
  const [original] = report.originalMessageId ? await messagesByMessageId(q, workspaceId, [report.originalMessageId]) : [];
  if (original) return { kind: "matched", method: "quoted_original", message: original };
  for (const recipient of report.recipients) {
    const key = parseEmailAddress(recipient)?.identityKey;
    const [message] = key === undefined ? [] : await messagesTo(q, workspaceId, key, after(at, -days * DAY), 1);
    if (message) return { kind: "matched", method: "original_recipient", message };
  }
  return null;
}

function isRecent(message: Message, { at, days }: MatchOptions): boolean {
  return message.createdAt >= after(at, -days * DAY);
}

/**
 * Without thread headers: a person's answer by subject and address; an automatic one (they often lack both) by address alone. Weaker, and
 * recorded as such.
 */
async function matchBySender(q: Queryable, mail: InboundMail, judged: MailClass, options: MatchOptions): Promise<Match> {
  const key = parseEmailAddress(mail.from?.address ?? "")?.identityKey;
  if (key === undefined) return { kind: "none", suggestedLeadId: null };
  const { workspaceId, at, days } = options;
  const written = await messagesTo(q, workspaceId, key, after(at, -days * DAY), 20);
  const subject = normalizeSubject(mail.subject);
  const sameSubject = written.find((message) => subject !== "" && normalizeSubject(message.subject ?? "") === subject);
  if (sameSubject) return { kind: "matched", method: "subject_and_address", message: sameSubject };
  const [latest] = written;
  if (judged.kind === "auto_reply" && latest) return { kind: "matched", method: "address", message: latest };
  const lead = await leadByAddress(q, workspaceId, key);
  return { kind: "none", suggestedLeadId: lead?.id ?? null };
}
