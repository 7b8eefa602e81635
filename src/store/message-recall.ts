// How does a mail come back that has not gone out? Put back by its own sender, taken from a dead one, cancelled, or sent again on a person's word.
import type { EnrollmentId, MailboxId, MessageId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { REFUND } from "./budget-refund.ts";
import { CHECKED, type Queryable, type Tx } from "./database.ts";
import type { Lease } from "./lease.ts";

/**
 * Puts messages back into the queue, their budget refunded: `claimed` ones never left this machine, `transmitting` ones were refused for a reason of
 * the mailbox, which costs them no attempt. Only those of our lease: a sender that lost it while asleep must not touch its successor's. Gives those
 * that it put back.
 */
export async function putBack(
  tx: Tx,
  lease: Lease,
  from: "claimed" | "transmitting",
  ids: readonly MessageId[],
  at: Instant,
): Promise<MessageId[]> {
  const { rows } = await tx.query<{ id: MessageId }>(
    `with gone as (
       select workspace_id, id, mailbox_id, budget_day, quota_periods from message
       where id = any($2) and (workspace_id = $1) ${CHECKED} and state = $3 and fence = $4 for update),
     ${REFUND}
     update message m set state = 'queued', budget_day = null, attempts = m.attempts - ($3 = 'transmitting')::integer, updated_at = $5
     from gone g where m.id = g.id returning m.id`,
    [lease.workspaceId, ids, from, lease.fence, at],
  );
  return rows.map((row) => row.id);
}

/** Under an older fence ($3 is ours) than the lease that we hold, back to the last one that left nothing in flight. */
const UNDER_OLDER_FENCES = `mailbox_id = $2 and (workspace_id = $1) ${CHECKED} and fence < $3 and fence >= (
  select settled_fence from mailbox_lease where workspace_id = $1 and mailbox_id = $2 and purpose = 'send')`;

/** Puts claims back that a process left behind when it died: those of an older fence than the lease we hold. Returns how many. */
export async function putBackInterrupted(tx: Tx, lease: Lease, at: Instant): Promise<number> {
  const { rowCount } = await tx.query(
    `with gone as (
       select workspace_id, id, mailbox_id, budget_day, quota_periods from message
       where ${UNDER_OLDER_FENCES} and state = 'claimed' for update),
     ${REFUND}
     update message m set state = 'queued', budget_day = null, updated_at = $4 from gone g where m.id = g.id`,
    [lease.workspaceId, lease.mailboxId, lease.fence, at],
  );
  return rowCount ?? 0;
}

/** Of mails that a process had on the wire when it died nobody knows whether they went out. Returns how many. */
export async function doubtInterrupted(tx: Tx, lease: Lease, at: Instant): Promise<number> {
  const { rowCount } = await tx.query(
    `update message set state = 'uncertain', reason = 'interrupted', smtp_response = null, updated_at = $4
     where ${UNDER_OLDER_FENCES} and state = 'transmitting'`,
    [lease.workspaceId, lease.mailboxId, lease.fence, at],
  );
  return rowCount ?? 0;
}

/** Says that nothing is in flight under an older fence than ours: in the transaction that took it back. False when the lease is somebody else's now. */
export async function settleFences(tx: Tx, { workspaceId, mailboxId, purpose, fence }: Lease): Promise<boolean> {
  const { rowCount } = await tx.query(
    "update mailbox_lease set settled_fence = $4 where workspace_id = $1 and mailbox_id = $2 and purpose = $3 and fence = $4",
    [workspaceId, mailboxId, purpose, fence],
  );
  return rowCount === 1;
}

/** Mailboxes with messages in flight whose sender is gone: all of an older lease, and those of one that is over. */
export async function mailboxesWithInterrupted(q: Queryable): Promise<{ workspaceId: WorkspaceId; mailboxId: MailboxId }[]> {
  const { rows } = await q.query<{ workspaceId: WorkspaceId; mailboxId: MailboxId }>(
    `select l.workspace_id as "workspaceId", l.mailbox_id as "mailboxId" from mailbox_lease l
     where l.purpose = 'send' and exists (
       select from message m where m.mailbox_id = l.mailbox_id and m.fence >= l.settled_fence
         and (m.fence < l.fence or l.expires_at <= clock_timestamp()) and m.state in ('claimed', 'transmitting'))`,
  );
  return rows;
}

/** Cancels what is not on the wire yet, for enrollments that were stopped. In the transaction of the stop, so a sender either sees it or was faster. */
export async function cancelUnsent(
  tx: Tx,
  workspaceId: WorkspaceId,
  enrollmentIds: readonly EnrollmentId[],
  reason: string,
  at: Instant,
): Promise<number> {
  const { rowCount } = await tx.query(
    `with gone as (
       select workspace_id, id, mailbox_id, budget_day, quota_periods, enrollment_id from message
       where enrollment_id = any($2) and (workspace_id = $1) ${CHECKED} and state in ('queued', 'claimed', 'deferred') for update),
     ${REFUND},
     freed as (
       update enrollment e set pending_message_id = null from gone g
       where e.id = g.enrollment_id and e.pending_message_id = g.id)
     update message m set state = 'cancelled', reason = $3, next_attempt_at = null, budget_day = null, updated_at = $4
     from gone g where m.id = g.id`,
    [workspaceId, enrollmentIds, reason, at],
  );
  return rowCount ?? 0;
}

/** Cancels one message that is not on the wire yet; false when it is, was, or never will be. */
export async function cancelMessage(tx: Tx, workspaceId: WorkspaceId, id: MessageId, reason: string, at: Instant): Promise<boolean> {
  const { rowCount } = await tx.query(
    `with gone as (
       select workspace_id, id, mailbox_id, budget_day, quota_periods, enrollment_id from message
       where id = $2 and (workspace_id = $1) ${CHECKED} and state in ('queued', 'claimed', 'deferred') for update),
     ${REFUND},
     freed as (
       update enrollment e set pending_message_id = null from gone g
       where e.id = g.enrollment_id and e.pending_message_id = g.id)
     update message m set state = 'cancelled', reason = $3, next_attempt_at = null, budget_day = null, updated_at = $4
     from gone g where m.id = g.id`,
    [workspaceId, id, reason, at],
  );
  return rowCount === 1;
}

/** A person decided that an uncertain message shall go out again: the same row, bytes and Message-ID. */
export async function sendAgain(tx: Tx, workspaceId: WorkspaceId, id: MessageId, at: Instant): Promise<boolean> {
  const { rowCount } = await tx.query(
    `with gone as (
       select workspace_id, id, mailbox_id, budget_day, quota_periods from message where id = $2 and (workspace_id = $1) ${CHECKED} and state = 'uncertain' for update),
     ${REFUND}
     update message m set state = 'queued', reason = null, budget_day = null, updated_at = $3 from gone g
     where m.id = g.id`,
    [workspaceId, id, at],
  );
  return rowCount === 1;
}
