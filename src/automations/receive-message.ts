// What happens when a message arrives in a mailbox that we read. One transaction per message.
import { createHash } from "node:crypto";
import type { InboundMessageId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { FetchedMessage } from "../mail/inbox-pool.ts";
import { parseMail } from "../mail/parse.ts";
import type { Tx } from "../store/database.ts";
import { type NewInbound, storeInbound, storeInboundBody, type Verdict } from "../store/inbound.ts";
import { advanceCursor } from "../store/inbox.ts";
import type { Mailbox } from "../store/mailbox.ts";
import type { Agent } from "./agent.ts";
import { applyVerdict } from "./apply-verdict.ts";
import { type Judged, judgeInbound } from "./judge-inbound.ts";
import { recogniseSent } from "./recognise-sent.ts";

export type Receipt = { readonly stored: false } | { readonly stored: true; readonly id: InboundMessageId; readonly verdict: Verdict };

export async function receiveMessage(agent: Agent, mailbox: Mailbox, fetched: FetchedMessage, at: Instant): Promise<Receipt> {
  const mail = await parseMail(fetched.raw);
  return agent.db.transaction(async (tx) => {
    const recognised = await recogniseSent(agent, tx, { mailbox, fetched, mail, at });
    const judged = await judgeInbound(agent, tx, mailbox, fetched, mail, { at, recognised });
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
