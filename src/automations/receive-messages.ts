// What happens when messages arrive in a mailbox that we read. One transaction for each that is tied to something of ours.
import type { InboundMessageId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { FetchedMessage } from "../mail/inbox-pool.ts";
import type { Tx } from "../store/database.ts";
import { flushLater } from "../store/flush-later.ts";
import { type NewInbound, storeInbound, storeInboundBody, storeStrangers, type Verdict } from "../store/inbound.ts";
import { advanceCursor } from "../store/inbox.ts";
import { listMailboxes, type Mailbox } from "../store/mailbox.ts";
import type { Agent } from "./agent.ts";
import { applyVerdict } from "./apply-verdict.ts";
import { type Examined, examineInbound, type Judged, judgeInbound, verdictOfStranger } from "./judge-inbound.ts";
import { ledgerMayLackMails, recogniseSent } from "./recognise-sent.ts";
import { strangersAmong } from "./strangers.ts";

export type Receipt = { readonly stored: false } | { readonly stored: true; readonly id: InboundMessageId; readonly verdict: Verdict };

/** Mails of one folder, in their order, and what they are judged by. */
export interface ExaminedMails {
  readonly agent: Agent;
  readonly mailbox: Mailbox;
  /** All of the workspace. */
  readonly mailboxes: readonly Mailbox[];
  readonly ledgerMayLackMails: boolean;
  readonly mails: readonly Examined[];
}

/** What costs time is found out here, before any transaction, and while earlier mails are taken in. */
export async function examineMessages(
  agent: Agent,
  mailbox: Mailbox,
  messages: readonly FetchedMessage[],
  at: Instant,
): Promise<ExaminedMails> {
  const mailboxes = await listMailboxes(agent.db.hot, mailbox.workspaceId);
  const mails: Examined[] = [];
  for (const message of messages) mails.push(await examineInbound(agent, mailbox, message, { mailboxes, at }));
  return { agent, mailbox, mailboxes, ledgerMayLackMails: await ledgerMayLackMails(agent.db.hot, mailbox), mails };
}

/**
 * Takes mails in, in their order: strangers, from which nothing follows, are stored together with the next mail that is none. Each transaction also moves
 * the cursor over its mails; afterwards it is told what became of them. A crash of the database may take back the last of them, and their places in the
 * folder with them: they are read again. That a folder was read to its end is only said behind them (ADR 19).
 */
export async function* receiveMessages(examined: ExaminedMails): AsyncGenerator<readonly Receipt[], void, void> {
  const { agent, mailbox, mailboxes, mails } = examined;
  const strangers = examined.ledgerMayLackMails
    ? new Set<Examined>()
    : await strangersAmong(agent.db.hot, mailbox.workspaceId, mails, mailboxes);
  for (const { before, last } of upToEachFamiliar(mails, strangers)) yield receiveTogether(examined, before, last);
}

interface Run {
  readonly before: readonly Examined[];
  /** Null where the strangers are the last. */
  readonly last: Examined | null;
}

function upToEachFamiliar(mails: readonly Examined[], strangers: ReadonlySet<Examined>): Run[] {
  const runs: Run[] = [];
  let before: Examined[] = [];
  for (const mail of mails) {
    if (strangers.has(mail)) before.push(mail);
    else {
      runs.push({ before, last: mail });
      before = [];
    }
  }
  return before.length > 0 ? [...runs, { before, last: null }] : runs;
}

async function receiveTogether(circumstances: ExaminedMails, before: readonly Examined[], last: Examined | null): Promise<Receipt[]> {
  const { agent, mailbox } = circumstances;
  const receipts = await agent.db.hot.transaction(async (tx) => {
    await flushLater(tx);
    const taken = await receiveStrangers(tx, before);
    if (last) taken.push(await receiveFamiliar(circumstances, tx, last));
    const newest = last ?? before.at(-1);
    if (newest)
      await advanceCursor(tx, { ...placeOf(newest), seen: taken.length, stored: taken.filter((receipt) => receipt.stored).length });
    return taken;
  });
  for (const receipt of receipts) {
    if (receipt.stored) agent.log.info({ event: "message.received", inbound: receipt.id, mailbox: mailbox.id, verdict: receipt.verdict });
  }
  return receipts;
}

/** Each is stored once: what has a known content, in this batch or before, is not. */
async function receiveStrangers(tx: Tx, strangers: readonly Examined[]): Promise<Receipt[]> {
  const [first] = strangers;
  if (!first) return [];
  const { workspaceId, receivedAt } = first;
  const mails = strangers.map((one) => ({ uid: one.fetched.uid, fingerprint: one.fingerprint, verdict: verdictOfStranger(one) }));
  const ids = await storeStrangers(tx, workspaceId, { ...placeOf(first), receivedAt }, mails);
  return mails.map(({ uid, verdict }) => {
    const id = ids.get(uid);
    return id === undefined ? { stored: false } : { stored: true, id, verdict };
  });
}

async function receiveFamiliar({ agent, mailboxes, ...about }: ExaminedMails, tx: Tx, examined: Examined): Promise<Receipt> {
  const found = { ...examined, at: examined.receivedAt };
  const recognised = about.ledgerMayLackMails && (await recogniseSent(agent, tx, found));
  const judged = await judgeInbound(agent, tx, examined, { mailboxes, recognised });
  const id = await storeOnce(tx, judged);
  if (!id) return { stored: false };
  await applyVerdict(agent, tx, { ...judged, id });
  return { stored: true, id, verdict: judged.verdict };
}

function placeOf({ workspaceId, mailbox, fetched }: Examined) {
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
    fingerprint: judged.fingerprint,
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
