// What became of a group of mails on the wire: recorded in one transaction, each with its consequence for message, lead and mailbox.
import { parseEmailAddress } from "../core/email-address.ts";
import type { MessageId } from "../core/ids.ts";
import { after, HOUR, MINUTE } from "../core/instant.ts";
import { type Backoff, nextAttempt } from "../core/retry.ts";
import { dayAfter, localDay, startOfDay } from "../core/sending-window.ts";
import type { Settings } from "../core/settings.ts";
import { judgeSmtp, type SendVerdict, type SmtpOutcome } from "../core/smtp-verdict.ts";
import type { Tx } from "../store/database.ts";
import { stopEnrollments } from "../store/enrollment.ts";
import { backOffMailbox, endBackOff, type Mailbox, pauseMailbox, pauseRecipientDomain } from "../store/mailbox.ts";
import {
  type Message,
  messageById,
  policyRefusals,
  putBack,
  recordDeferred,
  recordFailed,
  recordSent,
  recordUncertain,
  type SmtpReply,
} from "../store/message.ts";
import type { Agent } from "./agent.ts";
import { handleBounce } from "./handle-bounce.ts";
import { backOff } from "./mailbox-backoff.ts";
import { sentRecords } from "./sent-records.ts";

/** A mail, and what became of it on the wire. */
export interface Outcome {
  readonly id: MessageId;
  readonly outcome: SmtpOutcome;
}

export interface Recorded {
  readonly counts: Readonly<Record<"sent" | "deferred" | "failed" | "uncertain" | "put_back", number>>;
  readonly mailboxMaySend: boolean;
}

export async function recordOutcomes(agent: Agent, mailbox: Mailbox, outcomes: readonly Outcome[]): Promise<Recorded> {
  const judged = outcomes.map((one) => ({ ...one, verdict: judgeSmtp(one.outcome) }));
  const accepted = judged.filter((one) => one.verdict.kind === "sent");
  const counts = { sent: 0, deferred: 0, failed: 0, uncertain: 0, put_back: 0 };
  let mailboxMaySend = true;
  await agent.db.transaction(async (tx) => {
    const now = agent.clock.now();
    const records = accepted.map(({ id, outcome }) => ({ id, response: replyOf(outcome).response ?? "" }));
    await recordSent(tx, mailbox.workspaceId, await sentRecords(tx, mailbox.workspaceId, records), now);
    for (const { id, outcome, verdict } of judged) {
      const message = verdict.kind === "sent" ? null : await messageById(tx, mailbox.workspaceId, id);
      const count = message ? await recordOther(agent, tx, mailbox, message, verdict, replyOf(outcome)) : "sent";
      counts[count] += 1;
      if (verdict.kind === "mailbox") mailboxMaySend = false;
    }
  });
  if (accepted.length > 0) await endBackOff(agent.db, mailbox.workspaceId, mailbox.id);
  await agent.onSendPhase("recorded");
  for (const { id, verdict } of judged)
    agent.log.info({
      event: `message.${verdict.kind === "mailbox" ? "put_back" : verdict.kind}`,
      message: id,
      mailbox: mailbox.id,
      verdict,
    });
  return { counts, mailboxMaySend };
}

function replyOf(outcome: SmtpOutcome): SmtpReply {
  const nothing = { code: null, enhanced: null, response: null };
  if (outcome.kind === "accepted" || outcome.kind === "refused") return outcome.reply;
  return outcome.kind === "uncertain" ? { ...nothing, response: outcome.response } : nothing;
}

async function recordOther(
  agent: Agent,
  tx: Tx,
  mailbox: Mailbox,
  message: Message,
  verdict: SendVerdict,
  reply: SmtpReply,
): Promise<keyof Recorded["counts"]> {
  const now = agent.clock.now();
  const { workspaceId, id } = message;
  switch (verdict.kind) {
    case "deferred":
      return defer(agent, tx, message, verdict.reason, reply);
    case "failed":
      await failMessage(agent, tx, mailbox, message, verdict, reply);
      return "failed";
    case "uncertain":
      await recordUncertain(tx, workspaceId, id, verdict.reason, reply.response, now);
      return "uncertain";
    case "mailbox":
      await putBack(tx, workspaceId, [id], now);
      await stopMailbox(agent, tx, mailbox, verdict, reply);
      return "put_back";
    case "sent":
      return "sent";
    default:
      return verdict satisfies never;
  }
}

/** A day's limit ends with the day; a throttle after a while; everything else needs a person. */
async function stopMailbox(
  agent: Agent,
  tx: Tx,
  mailbox: Mailbox,
  verdict: Extract<SendVerdict, { kind: "mailbox" }>,
  reply: SmtpReply,
): Promise<void> {
  const { workspaceId, id, limits } = mailbox;
  const now = agent.clock.now();
  if (verdict.reason === "throttled") return backOff(agent, tx, mailbox);
  if (verdict.reason === "daily_limit")
    return backOffMailbox(tx, workspaceId, id, startOfDay(dayAfter(localDay(now, limits.zone)), limits.zone));
  await pauseMailbox(tx, workspaceId, id, verdict.reason, reply.response ?? verdict.reason, now);
}

/** The same row is tried again, later and later, and given up in the end. */
async function defer(agent: Agent, tx: Tx, message: Message, reason: string, reply: SmtpReply): Promise<"deferred" | "failed"> {
  const now = agent.clock.now();
  const again = nextAttempt(backoffOf(agent.settings), message.attempts, now, message.id);
  if (again) {
    await recordDeferred(tx, message.workspaceId, message.id, reason, reply, again, now);
    return "deferred";
  }
  await recordFailed(tx, message.workspaceId, message.id, "retries_exhausted", reply, now);
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
  mailbox: Mailbox,
  message: Message,
  verdict: Extract<SendVerdict, { kind: "failed" }>,
  reply: SmtpReply,
): Promise<void> {
  const now = agent.clock.now();
  const { workspaceId, id } = message;
  await recordFailed(tx, workspaceId, id, verdict.reason, reply, now);
  if (verdict.suppress) {
    const failure = { class: "hard" as const, status: reply.enhanced, reason: reply.response ?? "", inboundMessageId: null };
    await handleBounce(tx, { ...message, messageId: id }, failure, now);
    return;
  }
  await stopFailed(tx, message, verdict.reason, reply, now);
  if (verdict.reason === "refused_by_policy") await leaveDomainAlone(agent, tx, mailbox, message, reply);
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
