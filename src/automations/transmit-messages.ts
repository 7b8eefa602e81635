// Puts written mails onto the wire: in groups of one per open connection, each group marked and checked again in one statement before its first
// byte, and what was accepted recorded in one statement after its last.
import { AgentError } from "../core/errors.ts";
import type { EnrollmentId, MessageId } from "../core/ids.ts";
import type { SmtpSession } from "../mail/smtp.ts";
import { sqlState } from "../store/database.ts";
import { stopEnrollments } from "../store/enrollment.ts";
import { holdsLease, type Lease } from "../store/lease.ts";
import { type Mailbox, pauseMailbox } from "../store/mailbox.ts";
import type { MailboxPause } from "../store/mailbox-pause.ts";
import { type Marked, markTransmitting } from "../store/message-outcome.ts";
import { cancelUnsent, putBack } from "../store/message-recall.ts";
import type { FrozenMessage } from "../store/message-text.ts";
import type { Agent } from "./agent.ts";
import type { Lane, SendingConnections } from "./connections.ts";
import { backOff } from "./mailbox-backoff.ts";
import { TOKEN_PAUSES } from "./mailbox-tokens.ts";
import { type Outcome, recordOutcomes } from "./record-outcomes.ts";
import { untilRecorded } from "./until-recorded.ts";

export type SendCounts = Readonly<Record<"claimed" | "sent" | "deferred" | "failed" | "uncertain" | "put_back", number>>;

export interface Transmitted {
  readonly counts: SendCounts;
  /** False when the mailbox was paused or must wait: nothing more is claimed from it now. */
  readonly mailboxMaySend: boolean;
}

/** Who sends, and under which lease. */
export interface Sender {
  readonly mailbox: Mailbox;
  readonly lease: Lease;
  readonly connections: SendingConnections;
}

const OUTCOMES = ["sent", "deferred", "failed", "uncertain", "put_back"] as const;

/** What is left to do, shared by the lanes. */
interface Work {
  readonly waiting: FrozenMessage[];
  readonly counts: Record<keyof SendCounts, number>;
  mailboxMaySend: boolean;
}

export async function transmitMessages(agent: Agent, sender: Sender, messages: readonly FrozenMessage[]): Promise<Transmitted> {
  const work: Work = {
    waiting: [...messages],
    counts: { claimed: 0, sent: 0, deferred: 0, failed: 0, uncertain: 0, put_back: 0 },
    mailboxMaySend: true,
  };
  try {
    const ended = await Promise.allSettled(sender.connections.lanes.map((lane) => sendInLane(agent, sender, lane, work)));
    for (const end of ended) if (end.status === "rejected") await laneFailed(agent, sender.mailbox, end.reason, work);
  } finally {
    work.counts.put_back += await putBackClaimed(agent, sender.lease, work.waiting);
  }
  return { counts: work.counts, mailboxMaySend: work.mailboxMaySend };
}

/** Claimed mails that will not be sent now wait again. Returns how many. */
export async function putBackClaimed(agent: Agent, lease: Lease, messages: readonly { readonly id: MessageId }[]): Promise<number> {
  if (messages.length === 0) return 0;
  const ids = messages.map((one) => one.id);
  const back = await agent.db.transaction((tx) => putBack(tx, lease, "claimed", ids, agent.clock.now()));
  return back.length;
}

/** One group after the other. While the mails of one lane are on the wire, the other's are marked or recorded. */
async function sendInLane(agent: Agent, sender: Sender, lane: Lane, work: Work): Promise<void> {
  try {
    while (work.waiting.length > 0 && work.mailboxMaySend && !agent.stopping()) {
      const group = work.waiting.splice(0, lane.size);
      const sessions = await lane.open(group.length).catch((error: unknown) => {
        work.waiting.unshift(...group);
        throw error;
      });
      work.waiting.unshift(...group.splice(sessions.length));
      if (group.length === 0) return;
      const outcomes = await transmitGroup(agent, sender, group, sessions);
      const recorded = await untilRecorded(agent, () => recordOutcomes(agent, sender.mailbox, sender.lease, outcomes));
      if (!recorded.mailboxMaySend) work.mailboxMaySend = false;
      for (const key of OUTCOMES) work.counts[key] += recorded.counts[key];
    }
  } catch (error) {
    work.mailboxMaySend = false;
    throw error;
  }
}

/** Marks the group, then sends what passed the check. What did not was cancelled or put back. */
async function transmitGroup(
  agent: Agent,
  { mailbox, lease }: Sender,
  group: readonly FrozenMessage[],
  sessions: readonly SmtpSession[],
): Promise<Outcome[]> {
  await agent.onSendPhase("before_mark");
  const marked = await markGroup(agent, lease, group);
  await agent.onSendPhase("marked");
  const passed = group.filter((one) => marked.has(one.id));
  const outcomes = await Promise.all(
    passed.map(async (message, index): Promise<Outcome> => {
      const session = sessions[index] as SmtpSession;
      return { id: message.id, outcome: await session.transmit({ from: mailbox.email, to: message.recipient }, message.raw) };
    }),
  );
  await agent.onSendPhase("transmitted");
  return outcomes;
}

/** SQLSTATE of the trigger that refuses suppressed addresses: a suppression was committed after the statement's snapshot. */
const SUPPRESSED = "MA001";

async function markGroup(agent: Agent, lease: Lease, group: readonly FrozenMessage[]): Promise<ReadonlySet<MessageId>> {
  const ids = group.map((one) => one.id);
  const mark = () => markTransmitting(agent.db.hot, lease, ids, agent.clock.now());
  const marked = await mark().catch((error: unknown) => {
    if (sqlState(error) === SUPPRESSED) return mark();
    throw error;
  });
  if (marked.length === 0 && !(await agent.db.hot.transaction((tx) => holdsLease(tx, lease))))
    throw new AgentError("lease_lost", "Another process sends from this mailbox now.", { retryable: true });
  await endSuppressed(
    agent,
    lease,
    marked.flatMap((one) => (one.state === "claimed" ? one.enrollmentId : [])),
  );
  for (const one of marked) logUnmarked(agent, one);
  return new Set(marked.flatMap((one) => (one.state === "transmitting" ? one.id : [])));
}

/** An address that is suppressed ends the enrollment; in the same transaction its mail is cancelled. */
async function endSuppressed(agent: Agent, { workspaceId }: Lease, ids: readonly EnrollmentId[]): Promise<void> {
  if (ids.length === 0) return;
  const now = agent.clock.now();
  await agent.db.transaction(async (tx) => {
    await stopEnrollments(tx, { workspaceId, ids, state: "removed", reason: "suppressed" }, now);
    await cancelUnsent(tx, workspaceId, ids, "suppressed", now);
  });
}

function logUnmarked(agent: Agent, { id, state, reason }: Marked): void {
  if (state === "transmitting") return;
  agent.log.info({ event: `message.${state === "claimed" ? "cancelled" : state}`, message: id, reason });
}

/** What a lane met: trouble of the mailbox stops it or makes it wait; for what the database cannot do somebody else tries again. */
async function laneFailed(agent: Agent, mailbox: Mailbox, error: unknown, work: Work): Promise<void> {
  if (!(error instanceof AgentError) || error.code.startsWith("database_")) throw error;
  work.mailboxMaySend = false;
  await stopMailbox(agent, mailbox, error);
}

/** The connection could not be opened: nothing left this machine. Passing trouble makes the mailbox wait, everything else stops it. */
async function stopMailbox(agent: Agent, mailbox: Mailbox, error: AgentError): Promise<void> {
  agent.log.warn({ event: "mailbox.not_sending", mailbox: mailbox.id, code: error.code, err: error });
  if (error.code === "lease_lost") return;
  const now = agent.clock.now();
  const reason = PAUSES[error.code];
  if (reason && !error.retryable) await pauseMailbox(agent.db, mailbox.workspaceId, mailbox.id, reason, error.message, now);
  else await backOff(agent, agent.db, mailbox);
}

const PAUSES: Readonly<Partial<Record<AgentError["code"], MailboxPause>>> = {
  smtp_auth: "smtp_auth",
  smtp_tls: "tls",
  smtp_rejected: "sender_refused",
  secret_key_missing: "smtp_auth",
  ...TOKEN_PAUSES,
};
