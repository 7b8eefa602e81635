// What came in? Everything that can be found out about a mail before anything is changed.
import { createHash } from "node:crypto";
import { parseEmailAddress } from "../core/email-address.ts";
import type { WorkspaceId } from "../core/ids.ts";
import type { InboundMail } from "../core/inbound-mail.ts";
import type { Instant } from "../core/instant.ts";
import { readOptOut } from "../core/opt-out-token.ts";
import { unsubscribeRequest } from "../core/unsubscribe-request.ts";
import { classify, type MailClass } from "../core/verdict.ts";
import { visibleReply } from "../core/visible-reply.ts";
import type { FetchedMessage } from "../mail/inbox-pool.ts";
import { parseMail } from "../mail/parse.ts";
import type { Queryable } from "../store/database.ts";
import type { Verdict } from "../store/inbound.ts";
import type { Mailbox } from "../store/mailbox.ts";
import { messagesByMessageId } from "../store/message.ts";
import type { Agent } from "./agent.ts";
import { type Match, matchInbound } from "./match-inbound.ts";

/** A mail and what it says by itself, whatever we have sent to whom. */
export interface Examined {
  readonly workspaceId: WorkspaceId;
  readonly mailbox: Mailbox;
  readonly fetched: FetchedMessage;
  readonly mail: InboundMail;
  /** SHA-256 of the content. */
  readonly fingerprint: Buffer;
  readonly class: MailClass;
  /** The new text the person wrote: no quote, no signature. */
  readonly newText: string;
  readonly optOut: OptOutRequest | null;
  readonly receivedAt: Instant;
}

/** With all that was found out about it, before anything is changed. */
export interface Judged extends Examined {
  readonly match: Match;
  readonly verdict: Verdict;
  /** The Message-ID is one of ours: a copy in the Sent folder, or a mail to ourselves. */
  readonly ownMessage: boolean;
}

export interface OptOutRequest {
  readonly source: "reply" | "mailto";
  readonly evidence: object;
  /** Names the mail whose recipient opts out, wherever the request comes from. */
  readonly token?: string;
}

/** @param mailboxes all of the workspace */
export async function examineInbound(
  agent: Agent,
  mailbox: Mailbox,
  fetched: FetchedMessage,
  { mailboxes, at }: { readonly mailboxes: readonly Mailbox[]; readonly at: Instant },
): Promise<Examined> {
  const mail = await parseMail(fetched.raw);
  const ownAddresses = new Set(mailboxes.map((one) => one.identityKey));
  const judgedByItself = classify(mail, { ownAddresses, receivedAt: at });
  const judged: MailClass = fetched.role === "sent" ? { kind: "own", why: ["in the Sent folder"] } : judgedByItself;
  const newText = visibleReply(mail);
  const optOut = judged.kind === "human" || judged.kind === "auto_reply" ? optOutIn(agent, judged, mail, newText) : null;
  const fingerprint = createHash("sha256").update(fetched.raw).digest();
  return { workspaceId: mailbox.workspaceId, mailbox, fetched, mail, fingerprint, class: judged, newText, optOut, receivedAt: at };
}

/**
 * @param mailboxes all of the workspace
 * @param recognised it is known to be a mail of ours, whether or not the ledger knows its Message-ID
 */
export async function judgeInbound(
  agent: Agent,
  q: Queryable,
  examined: Examined,
  { mailboxes, recognised }: { readonly mailboxes: readonly Mailbox[]; readonly recognised: boolean },
): Promise<Judged> {
  const { workspaceId, mail, optOut, receivedAt } = examined;
  const match = await matchInbound(q, mail, examined.class, {
    workspaceId,
    at: receivedAt,
    days: agent.settings.receiving.match_days,
    mailboxes,
    replyKey: agent.keys.replyAddress,
  });
  const ownMessage = recognised || (mail.messageId !== null && (await messagesByMessageId(q, workspaceId, [mail.messageId])).length > 0);
  return { ...examined, match, ownMessage, verdict: verdictOf(examined.class, match, optOut) };
}

/** Of a mail that is tied to nothing of ours (strangers.ts). */
export function verdictOfStranger(stranger: Examined): Verdict {
  return verdictOf(stranger.class, { kind: "none", suggestedLeadId: null }, stranger.optOut);
}

/** A mail to the mailto address names its token in the subject; a person asks in words. An automatic answer only counts with a token. */
function optOutIn(agent: Agent, judged: MailClass, mail: InboundMail, newText: string): OptOutRequest | null {
  const [, token] = /^\s*unsubscribe\s+([A-Za-z0-9_-]{20,400})\s*$/i.exec(mail.subject) ?? [];
  if (token !== undefined && readOptOut(agent.keys.optOut, token)) return { source: "mailto", evidence: { rule: "mailto token" }, token };
  if (judged.kind !== "human" || isNewsletter(mail)) return null;
  const asked = unsubscribeRequest({ newText, subject: mail.subject });
  return asked && { source: "reply", evidence: { rule: asked.rule, words: asked.evidence } };
}

/** A newsletter's own "Unsubscribe" line asks nothing of us. */
function isNewsletter(mail: InboundMail): boolean {
  return mail.headers.has("list-unsubscribe") || mail.headers.has("list-id");
}

function verdictOf(judged: MailClass, match: Match, optOut: OptOutRequest | null): Verdict {
  if (optOut) return "unsubscribe_request";
  if (judged.kind !== "human") return judged.kind;
  return match.kind === "matched" || match.suggestedLeadId !== null ? "reply" : "unrelated";
}

/** The identity key of who wrote it; null for none we could write to. */
export function senderKey(mail: InboundMail): string | null {
  return parseEmailAddress(mail.from?.address ?? "")?.identityKey ?? null;
}
