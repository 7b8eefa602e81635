// What came in? Everything that can be found out about a mail before anything is changed.
import { parseEmailAddress } from "../core/email-address.ts";
import type { WorkspaceId } from "../core/ids.ts";
import type { InboundMail } from "../core/inbound-mail.ts";
import type { Instant } from "../core/instant.ts";
import { readOptOut } from "../core/opt-out-token.ts";
import { unsubscribeRequest } from "../core/unsubscribe-request.ts";
import { classify, type MailClass } from "../core/verdict.ts";
import { visibleReply } from "../core/visible-reply.ts";
import type { FetchedMessage } from "../mail/inbox-pool.ts";
import type { Queryable } from "../store/database.ts";
import type { Verdict } from "../store/inbound.ts";
import { listMailboxes, type Mailbox } from "../store/mailbox.ts";
import { messagesByMessageId } from "../store/message.ts";
import type { Agent } from "./agent.ts";
import { type Match, matchInbound } from "./match-inbound.ts";

/** A mail with all that was found out about it, before anything is changed. */
export interface Judged {
  readonly workspaceId: WorkspaceId;
  readonly mailbox: Mailbox;
  readonly fetched: FetchedMessage;
  readonly mail: InboundMail;
  readonly class: MailClass;
  readonly match: Match;
  readonly verdict: Verdict;
  /** The new text the person wrote: no quote, no signature. */
  readonly newText: string;
  readonly optOut: OptOutRequest | null;
  /** The Message-ID is one of ours: a copy in the Sent folder, or a mail to ourselves. */
  readonly ownMessage: boolean;
  readonly receivedAt: Instant;
}

export interface OptOutRequest {
  readonly source: "reply" | "mailto";
  readonly evidence: object;
  /** Names the mail whose recipient opts out, wherever the request comes from. */
  readonly token?: string;
}

/** @param recognised it is known to be a mail of ours, whether or not the ledger knows its Message-ID */
export async function judgeInbound(
  agent: Agent,
  q: Queryable,
  mailbox: Mailbox,
  fetched: FetchedMessage,
  mail: InboundMail,
  { at, recognised }: { readonly at: Instant; readonly recognised: boolean },
): Promise<Judged> {
  const { workspaceId } = mailbox;
  const mailboxes = await listMailboxes(q, workspaceId);
  const ownAddresses = new Set(mailboxes.map((one) => one.identityKey));
  const judgedByItself = classify(mail, { ownAddresses, receivedAt: at });
  const judged: MailClass = fetched.role === "sent" ? { kind: "own", why: ["in the Sent folder"] } : judgedByItself;
  const match = await matchInbound(q, mail, judged, {
    workspaceId,
    at,
    days: agent.settings.receiving.match_days,
    mailboxes,
    replyKey: agent.keys.replyAddress,
  });
  const newText = visibleReply(mail);
  const optOut = judged.kind === "human" || judged.kind === "auto_reply" ? optOutIn(agent, judged, mail, newText) : null;
  const ownMessage = recognised || (mail.messageId !== null && (await messagesByMessageId(q, workspaceId, [mail.messageId])).length > 0);
  return {
    workspaceId,
    mailbox,
    fetched,
    mail,
    class: judged,
    match,
    newText,
    optOut,
    ownMessage,
    receivedAt: at,
    verdict: verdictOf(judged, match, optOut),
  };
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
