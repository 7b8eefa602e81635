// Puts written mails onto the wire: in groups of one per open connection, each group marked and checked again in one statement before its first
// byte, and its outcomes recorded in one transaction.
import { AgentError } from "../core/errors.ts";
import type { MessageId } from "../core/ids.ts";
import { openSmtp, type SmtpSession } from "../mail/smtp.ts";
import { sqlState } from "../store/database.ts";
import { stopEnrollments } from "../store/enrollment.ts";
import { holdsLease, type Lease } from "../store/lease.ts";
import { type Mailbox, pauseMailbox } from "../store/mailbox.ts";
import type { MailboxPause } from "../store/mailbox-pause.ts";
import { markTransmitting } from "../store/message-outcome.ts";
import { putBack } from "../store/message-recall.ts";
import type { FrozenMessage } from "../store/message-text.ts";
import type { Agent } from "./agent.ts";
import { smtpAccess, withLogin } from "./mailbox-access.ts";
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

const OUTCOMES = ["sent", "deferred", "failed", "uncertain", "put_back"] as const;

export async function transmitMessages(
  agent: Agent,
  mailbox: Mailbox,
  lease: Lease,
  messages: readonly FrozenMessage[],
): Promise<Transmitted> {
  const total = { claimed: 0, sent: 0, deferred: 0, failed: 0, uncertain: 0, put_back: 0 };
  const connections = new Connections(agent, mailbox);
  const waiting = [...messages];
  let mailboxMaySend = true;
  try {
    while (waiting.length > 0 && mailboxMaySend && !agent.stopping()) {
      const sessions = await connections.open(Math.min(waiting.length, agent.settings.sending.connections_per_mailbox));
      const group = waiting.splice(0, sessions.length);
      const outcomes = await transmitGroup(agent, mailbox, lease, group, sessions);
      const recorded = await untilRecorded(agent, () => recordOutcomes(agent, mailbox, lease, outcomes));
      mailboxMaySend = recorded.mailboxMaySend;
      for (const key of OUTCOMES) total[key] += recorded.counts[key];
    }
  } catch (error) {
    if (!(error instanceof AgentError) || error.code.startsWith("database_")) throw error;
    mailboxMaySend = false;
    await stopMailbox(agent, mailbox, error);
  } finally {
    await connections.close();
    const ids = waiting.map((one) => one.id);
    const putBackNow = await agent.db.transaction((tx) => putBack(tx, lease, "claimed", ids, agent.clock.now()));
    total.put_back += putBackNow.length;
  }
  return { counts: total, mailboxMaySend };
}

/** Marks the group, then sends what passed the check. What did not was cancelled or put back by the statement itself. */
async function transmitGroup(
  agent: Agent,
  mailbox: Mailbox,
  lease: Lease,
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
  const mark = () =>
    agent.db.transaction(async (tx) => {
      if (!(await holdsLease(tx, lease)))
        throw new AgentError("lease_lost", "Another process sends from this mailbox now.", { retryable: true });
      const now = agent.clock.now();
      const marked = await markTransmitting(
        tx,
        lease,
        group.map((one) => one.id),
        now,
      );
      const suppressed = marked.flatMap((one) => (one.reason === "suppressed" ? one.enrollmentId : []));
      await stopEnrollments(tx, { workspaceId: lease.workspaceId, ids: suppressed, state: "removed", reason: "suppressed" }, now);
      return marked;
    });
  const marked = await mark().catch((error: unknown) => {
    if (sqlState(error) === SUPPRESSED) return mark();
    throw error;
  });
  for (const { id, state, reason } of marked) {
    if (state !== "transmitting") agent.log.info({ event: `message.${state}`, message: id, reason });
  }
  return new Set(marked.flatMap((one) => (one.state === "transmitting" ? one.id : [])));
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

/** The open connections of one mailbox; those that broke are replaced. */
class Connections {
  readonly #agent: Agent;
  readonly #mailbox: Mailbox;
  #sessions: SmtpSession[] = [];

  constructor(agent: Agent, mailbox: Mailbox) {
    this.#agent = agent;
    this.#mailbox = mailbox;
  }

  /** `wanted` usable connections, or fewer (at least one) where the server allows no more. Throws when there is none. */
  async open(wanted: number): Promise<readonly SmtpSession[]> {
    this.#sessions = this.#sessions.filter((session) => session.usable);
    while (this.#sessions.length < wanted) {
      try {
        this.#sessions.push(await withLogin((refused) => smtpAccess(this.#agent, this.#mailbox, refused), openSmtp));
      } catch (error) {
        if (this.#sessions.length > 0) break;
        throw error;
      }
    }
    return this.#sessions.slice(0, wanted);
  }

  async close(): Promise<void> {
    await Promise.all(this.#sessions.map((session) => session.close()));
  }
}
