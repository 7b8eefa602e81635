// Sends what is due from one mailbox: claim, render, transmit, record. At most one process does so per mailbox (lease), and whatever kills it,
// no mail is lost and none goes out twice (recover-interrupted-sends.ts).
import type { MailboxId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { acquireLease, releaseLease } from "../store/lease.ts";
import { type Mailbox, mailboxById } from "../store/mailbox.ts";
import type { Agent } from "./agent.ts";
import { type Claimed, claimMessages } from "./claim-messages.ts";
import { sendingConnections } from "./connections.ts";
import { keepLease, type LeaseKeeper } from "./lease-keeper.ts";
import { takeBackInterrupted } from "./recover-interrupted-sends.ts";
import { renderClaimed, type Written } from "./render-claimed.ts";
import { putBackClaimed, type SendCounts, type Sender, transmitMessages } from "./transmit-messages.ts";

export interface MailboxRef {
  readonly workspaceId: WorkspaceId;
  readonly mailboxId: MailboxId;
}

const NOTHING: SendCounts = { claimed: 0, sent: 0, deferred: 0, failed: 0, uncertain: 0, put_back: 0 };

/** Sends until nothing is due, the mailbox must wait, or the lease is lost. */
export async function sendBatch(agent: Agent, ref: MailboxRef): Promise<SendCounts> {
  const mailbox = await mailboxById(agent.db, ref.workspaceId, ref.mailboxId);
  if (!mailbox || !maySend(agent, mailbox)) return NOTHING;
  const lease = await acquireLease(agent.db, {
    ...ref,
    purpose: "send",
    holder: agent.processId,
    seconds: agent.settings.sending.lease_seconds,
  });
  if (!lease) return NOTHING;
  const keeper = keepLease(agent, lease);
  const sender = { mailbox, lease, connections: sendingConnections(agent, mailbox) };
  try {
    await takeBackInterrupted(agent, mailbox, lease);
    return await sendWhatIsDue(agent, sender, keeper);
  } finally {
    await sender.connections.close();
    keeper.stop();
    await releaseLease(agent.db, lease);
  }
}

function maySend(agent: Agent, mailbox: Mailbox): boolean {
  return (
    mailbox.state === "active" &&
    mailbox.sentUnknownSince === null &&
    (mailbox.backoffUntil === null || mailbox.backoffUntil <= agent.clock.now())
  );
}

/** While one claim is on the wire, the next is made and written: neither the database nor the server waits for the other. */
async function sendWhatIsDue(agent: Agent, sender: Sender, keeper: LeaseKeeper): Promise<SendCounts> {
  let total = NOTHING;
  let written = await claimAndWrite(agent, sender, keeper);
  while (written.claimed > 0) {
    if (written.putBack > 0) return added(total, await putBackWritten(agent, sender, written));
    const [sent, ahead] = await Promise.allSettled([
      transmitMessages(agent, sender, written.ready),
      written.full ? claimAndWrite(agent, sender, keeper, written.nextDueAt) : null,
    ]);
    if (sent.status === "rejected") throw sent.reason;
    const { counts, mailboxMaySend } = sent.value;
    total = added(total, { ...counts, claimed: written.claimed, failed: counts.failed + written.failed });
    if (ahead.status === "rejected") throw ahead.reason;
    if (!mailboxMaySend) return added(total, await putBackWritten(agent, sender, ahead.value));
    written = ahead.value && ahead.value.claimed > 0 ? ahead.value : await claimAndWrite(agent, sender, keeper);
  }
  return total;
}

interface WrittenClaim extends Written {
  readonly claimed: number;
  /** When the first of the mails becomes due that follow these. */
  readonly nextDueAt: Instant | null;
  /** There may be more. */
  readonly full: boolean;
}

/**
 * `unlessDueAt`: the moment at which a mail becomes due because of what is on the wire right now. From then on the next claim must wait until that is
 * recorded: it would give the slot to a mail of a lower turn.
 */
async function claimAndWrite(agent: Agent, sender: Sender, keeper: LeaseKeeper, unlessDueAt: Instant | null = null): Promise<WrittenClaim> {
  const isEarly = unlessDueAt === null || agent.clock.now() < unlessDueAt;
  const goesOn = !keeper.lost() && !agent.stopping() && isEarly;
  const { ids, nextDueAt } = goesOn ? await claimMessages(agent, sender.mailbox, sender.lease) : NOTHING_DUE;
  const written = ids.length === 0 ? NOTHING_WRITTEN : await renderClaimed(agent, sender.mailbox, sender.lease, ids);
  return { ...written, claimed: ids.length, nextDueAt, full: ids.length >= agent.settings.sending.batch };
}

const NOTHING_DUE: Claimed = { ids: [], nextDueAt: null };
const NOTHING_WRITTEN: Written = { ready: [], failed: 0, putBack: 0 };

/** What was claimed for a mailbox that must wait now. */
async function putBackWritten(agent: Agent, { lease }: Sender, written: WrittenClaim | null): Promise<SendCounts> {
  if (!written) return NOTHING;
  const { claimed, failed, putBack, ready } = written;
  return { ...NOTHING, claimed, failed, put_back: putBack + (await putBackClaimed(agent, lease, ready)) };
}

function added(a: SendCounts, b: SendCounts): SendCounts {
  return {
    claimed: a.claimed + b.claimed,
    sent: a.sent + b.sent,
    deferred: a.deferred + b.deferred,
    failed: a.failed + b.failed,
    uncertain: a.uncertain + b.uncertain,
    put_back: a.put_back + b.put_back,
  };
}
