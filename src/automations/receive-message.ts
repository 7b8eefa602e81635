// What happens when a message arrives in a mailbox that we read. One transaction per message.
import { createHash } from "node:crypto";
import { parseEmailAddress } from "../core/email-address.ts";
import type { InboundMail } from "../core/inbound-mail.ts";
import type { InboundMessageId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { readOptOut } from "../core/opt-out-token.ts";
import { unsubscribeRequest } from "../core/unsubscribe-request.ts";
import { classify, type MailClass } from "../core/verdict.ts";
import { visibleReply } from "../core/visible-reply.ts";
import type { FetchedMessage } from "../mail/inbox-pool.ts";
import { parseMail } from "../mail/parse.ts";
import type { Queryable, Tx } from "../store/database.ts";
import { type NewInbound, storeInbound, storeInboundBody, type Verdict } from "../store/inbound.ts";
import { advanceCursor } from "../store/inbox.ts";
import { type Mailbox, listMailboxes } from "../store/mailbox.ts";
import { messagesByMessageId } from "../store/message.ts";
import type { Agent } from "./agent.ts";
import { applyVerdict } from "./apply-verdict.ts";
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

export type Receipt = { readonly stored: false } | { readonly stored: true; readonly id: InboundMessageId; readonly verdict: Verdict };

export async function receiveMessage(agent: Agent, mailbox: Mailbox, fetched: FetchedMessage, at: Instant): Promise<Receipt> {
  const mail = await parseMail(fetched.raw);
  return agent.db.transaction(async (tx) => {
    const judged = await judge(agent, tx, mailbox, fetched, mail, at);
    const id = await storeOnce(tx, judged);
    await advanceCursor(tx, { ...placeOf(judged), stored: id !== null });
    if (!id) return { stored: false };
    await applyVerdict(agent, tx, { ...judged, id });
    agent.log.info({ event: "message.received", inbound: id, mailbox: mailbox.id, verdict: judged.verdict, match: judged.match.kind });
    return { stored: true, id, verdict: judged.verdict };
  });
}

function placeOf({ workspaceId, mailbox, fetched }: Judged) {
  return { workspaceId, mailboxId: mailbox.id, folder: fetched.folder, uidValidity: fetched.uidValidity, uid: fetched.uid };
}

async function judge(agent: Agent, q: Queryable, mailbox: Mailbox, fetched: FetchedMessage, mail: InboundMail, at: Instant): Promise<Judged> {
  const { workspaceId } = mailbox;
  const ownAddresses = new Set((await listMailboxes(q, workspaceId)).map((one) => one.identityKey));
  const judgedByItself = classify(mail, { ownAddresses, receivedAt: at });
  const judged: MailClass = fetched.role === "sent" ? { kind: "own", why: ["in the Sent folder"] } : judgedByItself;
  const match = await matchInbound(q, mail, judged, { workspaceId, at, days: agent.settings.receiving.match_days });
  const newText = visibleReply(mail);
  const optOut = judged.kind === "human" || judged.kind === "auto_reply" ? optOutIn(agent, judged, mail, newText) : null;
  const ownMessage = mail.messageId !== null && (await messagesByMessageId(q, workspaceId, [mail.messageId])).length > 0;
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

/** A mail that is tied to nothing leaves only its fingerprint: a person's mailbox is private. */
async function storeOnce(tx: Tx, judged: Judged): Promise<InboundMessageId | null> {
  const { workspaceId, mail, match, fetched, receivedAt } = judged;
  const disposition = dispositionOf(judged);
  const isOurs = disposition.disposition !== "ignored";
  const message = disposition.disposition === "matched" && match.kind === "matched" ? match.message : null;
  const id = await storeInbound(tx, workspaceId, {
    ...placeOf(judged),
    fingerprint: createHash("sha256").update(fetched.raw).digest(),
    receivedAt,
    sentDate: isOurs ? mail.date : null,
    messageId: isOurs ? mail.messageId : null,
    fromAddress: isOurs ? (mail.from?.address ?? null) : null,
    fromName: isOurs ? (mail.from?.name ?? null) : null,
    subject: isOurs ? storable(mail.subject) : null,
    verdict: judged.verdict,
    verdictWhy: isOurs ? judged.class.why.map(storable) : [],
    ...disposition,
    matchMethod: message && match.kind === "matched" ? match.method : null,
    answeredMessageId: message?.id ?? null,
    enrollmentId: message?.enrollmentId ?? null,
    campaignId: message?.campaignId ?? null,
    leadId: message?.leadId ?? null,
    suggestedLeadId: match.kind === "none" ? match.suggestedLeadId : null,
    visibleText: isOurs && (judged.verdict === "reply" || judged.verdict === "unsubscribe_request") ? storable(judged.newText) : null,
  });
  if (id && isOurs) await storeInboundBody(tx, workspaceId, id, receivedAt, fetched.raw);
  return id;
}

/** PostgreSQL stores no NUL in text. */
function storable(text: string): string {
  return text.replaceAll("\0", "").toWellFormed();
}

function dispositionOf({ verdict, match, ownMessage }: Judged): Pick<NewInbound, "disposition" | "dispositionReason"> {
  if (ownMessage) return { disposition: "ignored", dispositionReason: "copy_of_our_own_message" };
  if (match.kind === "matched") return { disposition: "matched", dispositionReason: match.method };
  if (verdict === "unsubscribe_request") return { disposition: "unmatched", dispositionReason: "opt_out_without_thread" };
  if (verdict === "reply") return { disposition: "unmatched", dispositionReason: "sender_is_a_lead" };
  return { disposition: "ignored", dispositionReason: "not_ours" };
}

/** The identity key of who wrote it; null for none we could write to. */
export function senderKey(mail: InboundMail): string | null {
  return parseEmailAddress(mail.from?.address ?? "")?.identityKey ?? null;
}
