// Writes the mails that were claimed, signs them and freezes their bytes. What cannot be written (a value is missing) fails visibly and stops its
// enrollment; what cannot be signed goes back, and the mailbox stops.
import { AgentError } from "../core/errors.ts";
import type { MessageId } from "../core/ids.ts";
import { stopEnrollments } from "../store/enrollment.ts";
import type { Lease } from "../store/lease.ts";
import { type Mailbox, mailboxById, pauseMailbox } from "../store/mailbox.ts";
import { recordFailed } from "../store/message-outcome.ts";
import { putBack } from "../store/message-recall.ts";
import {
  type ClaimedMessage,
  campaignTexts,
  claimedMessages,
  type FrozenMessage,
  freezeBodies,
  frozenMessages,
  type RenderedMessage,
  subjectsElsewhere,
  variantTexts,
} from "../store/message-text.ts";
import type { Agent } from "./agent.ts";
import { noteIgnoredOutcome } from "./ignored-outcome.ts";
import { type MessageSender, renderMessage, type Unwritten } from "./render-message.ts";
import { signRendered } from "./sign-mail.ts";

export interface Written {
  readonly ready: readonly FrozenMessage[];
  readonly failed: number;
  /** Went back into the queue: the mailbox was stopped, because its mail could not be signed. */
  readonly putBack: number;
}

/** Written now, not frozen yet. */
type Fresh = RenderedMessage & FrozenMessage;

/**
 * What is ready for the wire, in the order of the slots, with the bytes that stand in the database: of a message that an earlier attempt, or a
 * successor, has written these are not the ones that we would write now.
 */
export async function renderClaimed(agent: Agent, mailbox: Mailbox, lease: Lease, ids: readonly MessageId[]): Promise<Written> {
  const sender = await senderOf(agent, mailbox);
  const fresh: Fresh[] = [];
  let failed = 0;
  for (const message of await unwritten(agent, lease, ids)) {
    const result = renderMessage(agent.keys, agent.settings.http.public_url ?? null, sender, message, agent.clock.now());
    if (result.ok) fresh.push({ ...result.rendered, recipient: message.recipient });
    else if (await failUnwritten(agent, lease, message, result)) failed += 1;
  }
  const signed = await signedOrStopped(agent, mailbox, fresh);
  if (!signed) return { ready: [], failed, putBack: await putAllBack(agent, lease, ids) };
  return { ready: await frozen(agent, lease, ids, signed), failed, putBack: 0 };
}

/** Null: the mailbox was stopped. Its other mails would be unsigned, too. */
async function signedOrStopped(agent: Agent, mailbox: Mailbox, fresh: readonly Fresh[]): Promise<Fresh[] | null> {
  try {
    return await signRendered(agent, agent.db, mailbox, fresh);
  } catch (error) {
    if (!(error instanceof AgentError && error.code === "dkim_signing_failed")) throw error;
    agent.log.error({ event: "mailbox.not_signing", mailbox: mailbox.id, code: error.code, err: error });
    await pauseMailbox(agent.db, mailbox.workspaceId, mailbox.id, "unsigned", error.message, agent.clock.now());
    return null;
  }
}

async function putAllBack(agent: Agent, lease: Lease, ids: readonly MessageId[]): Promise<number> {
  return (await agent.db.transaction((tx) => putBack(tx, lease, "claimed", ids, agent.clock.now()))).length;
}

/** In the order of `ids`: the bytes that were written now (as they were signed), where they could be frozen, and of the others those that stand there. */
async function frozen(agent: Agent, lease: Lease, ids: readonly MessageId[], written: readonly Fresh[]): Promise<FrozenMessage[]> {
  const { hot } = agent.db;
  const ours = await freezeBodies(hot, lease, written);
  const others = ids.filter((id) => !ours.has(id));
  const before = others.length === 0 ? [] : await frozenMessages(hot, lease, others);
  const ready = new Map([...written.filter((one) => ours.has(one.id)), ...before].map((one) => [one.id, one]));
  for (const { id } of written) if (!ready.has(id)) await noteIgnoredOutcome(agent, agent.db, lease, id, "written");
  return ids.flatMap((id) => ready.get(id) ?? []);
}

/** Those that have no bytes yet, with their words. */
async function unwritten(agent: Agent, lease: Lease, ids: readonly MessageId[]): Promise<ClaimedMessage[]> {
  const { hot } = agent.db;
  const messages = (await claimedMessages(hot, lease, ids)).filter((message) => !message.frozen);
  const variants = await variantTexts(
    hot,
    lease.workspaceId,
    messages.map((one) => one.variantId),
  );
  const campaigns = await campaignTexts(
    hot,
    lease.workspaceId,
    messages.map((one) => one.campaignId),
  );
  const worded = messages.flatMap((message) => {
    const [variant, campaign] = [variants.get(message.variantId), campaigns.get(message.campaignId)];
    return variant && campaign ? { ...message, variant, campaign } : [];
  });
  return withSubjectsElsewhere(agent, lease, worded);
}

/** A follow-up without a subject of its own and with no mail of ours before it: another tool sent that. */
async function withSubjectsElsewhere(agent: Agent, lease: Lease, messages: readonly ClaimedMessage[]): Promise<ClaimedMessage[]> {
  const isBare = (one: ClaimedMessage) => one.variant.subject === null && one.thread.length === 0;
  const bare = messages.filter(isBare).map((one) => one.id);
  if (bare.length === 0) return [...messages];
  const subjects = await subjectsElsewhere(agent.db.hot, lease.workspaceId, bare);
  return messages.map((one) => (isBare(one) ? { ...one, variant: { ...one.variant, subject: subjects.get(one.id) ?? null } } : one));
}

/** The answers to a relay's mail are read in another mailbox. */
export async function senderOf(agent: Agent, mailbox: Mailbox): Promise<MessageSender> {
  const { workspaceId, replyMailboxId } = mailbox;
  const replies = replyMailboxId && (await mailboxById(agent.db, workspaceId, replyMailboxId));
  return { ...mailbox, replyTo: replies ? replies.email : null, plusAddress: agent.settings.sending.reply_plus_address };
}

/** False when it is no longer ours: then nothing follows. */
async function failUnwritten(agent: Agent, lease: Lease, message: ClaimedMessage, problem: Unwritten): Promise<boolean> {
  const { workspaceId, id, enrollmentId } = message;
  const now = agent.clock.now();
  const failed = await agent.db.transaction(async (tx) => {
    const reply = { code: null, enhanced: null, response: problem.message };
    if (!(await recordFailed(tx, lease, id, { reason: problem.code, reply }, now))) return false;
    if (!enrollmentId) return true;
    const detail = { message: id, variable: problem.variable ?? null, explanation: problem.message };
    await stopEnrollments(tx, { workspaceId, ids: [enrollmentId], state: "failed", reason: problem.code, detail }, now);
    return true;
  });
  if (failed) agent.log.warn({ event: "message.not_written", message: id, code: problem.code, variable: problem.variable });
  else await noteIgnoredOutcome(agent, agent.db, lease, id, "not_written");
  return failed;
}
