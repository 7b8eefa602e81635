// What became of a group of mails on the wire. What the server took comes first and in one statement, a transaction of its own: nothing that goes
// wrong with the others may undo it. The others are recorded message by message, each with its consequence for message, lead and mailbox.
import { parseEmailAddress } from "../core/email-address.ts";
import type { MessageId } from "../core/ids.ts";
import { after, HOUR, MINUTE } from "../core/instant.ts";
import { type Backoff, nextAttempt } from "../core/retry.ts";
import { dayAfter, localDay, startOfDay } from "../core/sending-window.ts";
import type { Settings } from "../core/settings.ts";
import { judgeSmtp, type SendVerdict, type SmtpOutcome } from "../core/smtp-verdict.ts";
import type { Queryable, Tx } from "../store/database.ts";
import { stopEnrollments } from "../store/enrollment.ts";
import type { Lease } from "../store/lease.ts";
import { backOffMailbox, endBackOff, type Mailbox, pauseMailbox, pauseRecipientDomain } from "../store/mailbox.ts";
import { type Message, messageById, policyRefusals } from "../store/message.ts";
import { recordDeferred, recordFailed, recordSent, recordUncertain, type SentRecord, type SmtpReply } from "../store/message-outcome.ts";
import { putBack } from "../store/message-recall.ts";
import type { Agent } from "./agent.ts";
import { handleBounce } from "./handle-bounce.ts";
import { noteIgnoredOutcome } from "./ignored-outcome.ts";
import { backOff } from "./mailbox-backoff.ts";
import { noteSent, owesCopies } from "./note-sent.ts";
import { sentRecords } from "./sent-records.ts";

/** A mail, and what became of it on the wire. */
export interface Outcome {
  readonly id: MessageId;
  readonly outcome: SmtpOutcome;
}

type Count = "sent" | "deferred" | "failed" | "uncertain" | "put_back";

export interface Recorded {
  readonly counts: Readonly<Record<Count, number>>;
  readonly mailboxMaySend: boolean;
}

type Refused = Exclude<SendVerdict, { kind: "sent" }>;

export async function recordOutcomes(agent: Agent, mailbox: Mailbox, lease: Lease, outcomes: readonly Outcome[]): Promise<Recorded> {
  const counts = { sent: 0, deferred: 0, failed: 0, uncertain: 0, put_back: 0 };
  const judged = outcomes.map((one) => ({ ...one, verdict: judgeSmtp(one.outcome) }));
  counts.sent = await recordAccepted(
    agent,
    mailbox,
    lease,
    judged.filter((one) => one.verdict.kind === "sent"),
  );
  const errors: unknown[] = [];
  for (const { id, outcome, verdict } of judged) {
    if (verdict.kind === "sent") continue;
    try {
      const count = await recordRefused(agent, mailbox, lease, id, verdict, replyOf(outcome));
      if (count) counts[count] += 1;
    } catch (error) {
      errors.push(error);
    }
  }
  await agent.onSendPhase("recorded");
  if (errors.length > 0) throw errors[0];
  return { counts, mailboxMaySend: !judged.some((one) => one.verdict.kind === "mailbox") };
}

/** Returns how many it turned into sent: see recordSent for what a late 250 meets. */
async function recordAccepted(agent: Agent, mailbox: Mailbox, lease: Lease, accepted: readonly Outcome[]): Promise<number> {
  if (accepted.length === 0) return 0;
  const responses = accepted.map(({ id, outcome }) => ({ id, response: replyOf(outcome).response ?? "" }));
  const records = await sentRecords(agent.db.hot, mailbox.workspaceId, responses);
  const sent = new Set(await recordAndOweCopies(agent, mailbox, records));
  if (mailbox.backoffUntil) await endBackOff(agent.db, mailbox.workspaceId, mailbox.id);
  for (const { id } of accepted) {
    if (sent.has(id)) agent.log.info({ event: "message.sent", message: id, mailbox: mailbox.id });
    else await noteIgnoredOutcome(agent, agent.db, lease, id, "sent");
  }
  return sent.size;
}

/** One statement where no copies are owed, and one transaction where they are. */
function recordAndOweCopies(agent: Agent, mailbox: Mailbox, records: readonly SentRecord[]): Promise<MessageId[]> {
  const { hot } = agent.db;
  const record = (q: Queryable) => recordSent(q, mailbox.workspaceId, records, agent.clock.now());
  if (!owesCopies(mailbox)) return record(hot);
  return hot.transaction(async (tx) => {
    const recorded = await record(tx);
    await noteSent(agent, tx, mailbox, recorded);
    return recorded;
  });
}

/** What it became; null when it was no longer ours: then nothing follows for the lead or the mailbox either. */
async function recordRefused(
  agent: Agent,
  mailbox: Mailbox,
  lease: Lease,
  id: MessageId,
  verdict: Refused,
  reply: SmtpReply,
): Promise<Count | null> {
  const count = await agent.db.transaction(async (tx) => {
    const message = await messageById(tx, mailbox.workspaceId, id);
    return message && recordOther(agent, tx, { mailbox, lease, message, reply }, verdict);
  });
  if (count) agent.log.info({ event: `message.${count}`, message: id, mailbox: mailbox.id, verdict });
  else await noteIgnoredOutcome(agent, agent.db, lease, id, verdict.kind);
  return count;
}

function replyOf(outcome: SmtpOutcome): SmtpReply {
  const nothing = { code: null, enhanced: null, response: null };
  if (outcome.kind === "accepted" || outcome.kind === "refused") return outcome.reply;
  return outcome.kind === "uncertain" ? { ...nothing, response: outcome.response } : nothing;
}

/** A mail that was not taken, the lease under which it was on the wire, and what the server said. */
interface Refusal {
  readonly mailbox: Mailbox;
  readonly lease: Lease;
  readonly message: Message;
  readonly reply: SmtpReply;
}

async function recordOther(agent: Agent, tx: Tx, refusal: Refusal, verdict: Refused): Promise<Count | null> {
  const now = agent.clock.now();
  const { lease, message, reply } = refusal;
  switch (verdict.kind) {
    case "deferred":
      return defer(agent, tx, refusal, verdict);
    case "failed":
      return failMessage(agent, tx, refusal, verdict);
    case "uncertain": {
      const doubt = { reason: verdict.reason, response: reply.response };
      return (await recordUncertain(tx, lease, message.id, doubt, now)) ? "uncertain" : null;
    }
    case "mailbox": {
      const [queued] = await putBack(tx, lease, "transmitting", [message.id], now);
      if (!queued) return null;
      await stopMailbox(agent, tx, refusal, verdict);
      return "put_back";
    }
    default:
      return verdict satisfies never;
  }
}

/** A day's limit ends with the day; a throttle after a while; everything else needs a person. */
async function stopMailbox(
  agent: Agent,
  tx: Tx,
  { mailbox, reply }: Refusal,
  verdict: Extract<SendVerdict, { kind: "mailbox" }>,
): Promise<void> {
  const { workspaceId, id, limits } = mailbox;
  const now = agent.clock.now();
  if (verdict.reason === "throttled") return backOff(agent, tx, mailbox);
  if (verdict.reason === "daily_limit")
    return backOffMailbox(tx, workspaceId, id, startOfDay(dayAfter(localDay(now, limits.zone)), limits.zone));
  await pauseMailbox(tx, workspaceId, id, verdict.reason, reply.response ?? verdict.reason, now);
}

/** The same row is tried again, later and later, and given up in the end. */
async function defer(
  agent: Agent,
  tx: Tx,
  { lease, message, reply }: Refusal,
  { reason }: Extract<SendVerdict, { kind: "deferred" }>,
): Promise<Count | null> {
  const now = agent.clock.now();
  const again = nextAttempt(backoffOf(agent.settings), message.attempts, now, message.id);
  if (again) {
    const deferral = { reason, reply, nextAttemptAt: again };
    return (await recordDeferred(tx, lease, message.id, deferral, now)) ? "deferred" : null;
  }
  if (!(await recordFailed(tx, lease, message.id, { reason: "retries_exhausted", reply }, now))) return null;
  await stopFailed(tx, message, "retries_exhausted", reply, now);
  return "failed";
}

function backoffOf({ sending }: Settings): Backoff {
  return {
    firstMs: sending.retry_first_minutes * MINUTE,
    factor: sending.retry_factor,
    maxMs: sending.retry_max_hours * HOUR,
    attempts: sending.retry_attempts,
  };
}

async function failMessage(
  agent: Agent,
  tx: Tx,
  { mailbox, lease, message, reply }: Refusal,
  verdict: Extract<SendVerdict, { kind: "failed" }>,
): Promise<Count | null> {
  const now = agent.clock.now();
  if (!(await recordFailed(tx, lease, message.id, { reason: verdict.reason, reply }, now))) return null;
  if (verdict.suppress) {
    const failure = { class: "hard" as const, status: reply.enhanced, reason: reply.response ?? "", inboundMessageId: null };
    await handleBounce(tx, { ...message, messageId: message.id }, failure, now);
    return "failed";
  }
  await stopFailed(tx, message, verdict.reason, reply, now);
  if (verdict.reason === "refused_by_policy") await leaveDomainAlone(agent, tx, mailbox, message, reply);
  return "failed";
}

async function stopFailed(tx: Tx, message: Message, reason: string, reply: SmtpReply, at: Date): Promise<void> {
  if (!message.enrollmentId) return;
  const detail = { message: message.id, response: reply.response };
  await stopEnrollments(tx, { workspaceId: message.workspaceId, ids: [message.enrollmentId], state: "failed", reason, detail }, at);
}

/** Several recipients of one domain refused this mailbox by policy within an hour: more mail would only make it worse. */
async function leaveDomainAlone(agent: Agent, tx: Tx, mailbox: Mailbox, message: Message, reply: SmtpReply): Promise<void> {
  const domain = parseEmailAddress(message.recipient)?.domain;
  const now = agent.clock.now();
  const { refusals_before_domain_pause, domain_pause_hours } = agent.settings.sending;
  if (!domain) return;
  const refusals = await policyRefusals(tx, mailbox.workspaceId, mailbox.id, domain, after(now, -HOUR));
  if (refusals < refusals_before_domain_pause) return;
  await pauseRecipientDomain(
    tx,
    mailbox.workspaceId,
    mailbox.id,
    domain,
    after(now, domain_pause_hours * HOUR),
    reply.response ?? "policy",
  );
  agent.log.warn({ event: "recipient_domain.paused", mailbox: mailbox.id, domain, refusals });
}
