// Sends what is due from one mailbox: claim, render, transmit, record. At most one process does so per mailbox (lease), and whatever kills it,
// no mail is lost and none goes out twice (recover-interrupted-sends.ts).
import type { MailboxId, MessageId, WorkspaceId } from "../core/ids.ts";
import { acquireLease, type Lease, releaseLease } from "../store/lease.ts";
import { type Mailbox, mailboxById } from "../store/mailbox.ts";
import type { Agent } from "./agent.ts";
import { claimMessages } from "./claim-messages.ts";
import { keepLease, type LeaseKeeper } from "./lease-keeper.ts";
import { takeBackInterrupted } from "./recover-interrupted-sends.ts";
import { renderClaimed } from "./render-claimed.ts";
import { type SendCounts, transmitMessages } from "./transmit-messages.ts";

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
  try {
    await takeBackInterrupted(agent, mailbox, lease);
    return await sendWhatIsDue(agent, mailbox, lease, keeper);
  } finally {
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

async function sendWhatIsDue(agent: Agent, mailbox: Mailbox, lease: Lease, keeper: LeaseKeeper): Promise<SendCounts> {
  let total = NOTHING;
  for (;;) {
    const claimed = keeper.lost() || agent.stopping() ? [] : await claimMessages(agent, mailbox, lease);
    if (claimed.length === 0) return total;
    const { counts, mailboxMaySend } = await sendClaimed(agent, mailbox, lease, claimed);
    total = added(total, { ...counts, claimed: claimed.length });
    if (!mailboxMaySend) return total;
  }
}

async function sendClaimed(
  agent: Agent,
  mailbox: Mailbox,
  lease: Lease,
  ids: readonly MessageId[],
): Promise<{ counts: SendCounts; mailboxMaySend: boolean }> {
  const { ready, failed, putBack } = await renderClaimed(agent, mailbox, lease, ids);
  if (putBack > 0) return { counts: { ...NOTHING, failed, put_back: putBack }, mailboxMaySend: false };
  const result = await transmitMessages(agent, mailbox, lease, ready);
  return { counts: { ...result.counts, failed: result.counts.failed + failed }, mailboxMaySend: result.mailboxMaySend };
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
