// Which enrollments are due, and in whose mailbox? What a sender takes, and what it leaves for later.

import type { CompanyReason } from "../core/company-guard.ts";
import type { EnrollmentId, MailboxId, MessageId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { QuotaKind } from "../core/quota.ts";
import { CHECKED, type Queryable, type Tx } from "./database.ts";
import { ENROLLMENT_COLUMNS, type Enrollment } from "./enrollment.ts";

export interface DueEnrollment extends Enrollment {
  /** Until when the mailbox left the lead's mail domain alone, once; null for never. */
  readonly domainFreeSince: Instant | null;
}

/** False while the mailbox is paused. While it is true nobody pauses it before this transaction ends. */
export async function mailboxSends(tx: Tx, workspaceId: WorkspaceId, mailboxId: MailboxId): Promise<boolean> {
  const { rowCount } = await tx.query("select from mailbox where workspace_id = $1 and id = $2 and state = 'active' for share", [
    workspaceId,
    mailboxId,
  ]);
  return rowCount === 1;
}

/** Due work of one mailbox and priority over all running campaigns, locked; what another sender holds is skipped. */
export async function takeDue(
  tx: Tx,
  due: { workspaceId: WorkspaceId; mailboxId: MailboxId; priority: 0 | 1; now: Instant; limit: number },
): Promise<DueEnrollment[]> {
  const { rows } = await tx.query<DueEnrollment>(
    `select ${ENROLLMENT_COLUMNS},
       (select ended.until from recipient_domain_pause ended where ended.workspace_id = e.workspace_id and ended.mailbox_id = e.mailbox_id
         and ended.domain = lead.email_domain) as "domainFreeSince"
     from campaign c cross join lateral (
       select * from enrollment waiting
       where waiting.workspace_id = c.workspace_id and waiting.campaign_id = c.id and waiting.mailbox_id = $2
         and waiting.pause_epoch = c.pause_epoch and waiting.priority = $3 and waiting.state = 'active'
         and waiting.pending_message_id is null and waiting.next_at <= $4
         and not exists (
           select from recipient_domain_pause paused join lead on lead.id = waiting.lead_id
           where paused.workspace_id = waiting.workspace_id and paused.mailbox_id = waiting.mailbox_id
             and paused.domain = lead.email_domain and paused.until > $4)
       order by waiting.next_at, waiting.lead_id limit $5
       for update skip locked) e
     join lead on lead.id = e.lead_id
     where c.workspace_id = $1 and c.state = 'active'
     order by e.next_at, e.lead_id limit $5`,
    [due.workspaceId, due.mailboxId, due.priority, due.now, due.limit],
  );
  return rows;
}

/**
 * Mailboxes that have something to send at `now`, in all workspaces: due enrollments, or messages that wait for another attempt. Every running
 * campaign is asked, not only those whose pool the mailbox is in: a lead keeps its mailbox when that one leaves the pool. The order within the limit
 * is there for the planner: without it the first row was looked for in the whole table, and where there is none every row was read.
 */
export async function mailboxesWithDueWork(q: Queryable, now: Instant): Promise<{ workspaceId: WorkspaceId; mailboxId: MailboxId }[]> {
  const { rows } = await q.query<{ workspaceId: WorkspaceId; mailboxId: MailboxId }>(
    `select mailbox.workspace_id as "workspaceId", mailbox.id as "mailboxId" from mailbox
     where mailbox.state = 'active' and mailbox.sent_unknown_since is null and (mailbox.backoff_until is null or mailbox.backoff_until <= $1) and (
       exists (
         select from campaign c cross join generate_series(0, 1) as priority
         cross join lateral (
           select from enrollment e
           where e.workspace_id = c.workspace_id and e.campaign_id = c.id and e.mailbox_id = mailbox.id and e.pause_epoch = c.pause_epoch
             and e.priority = priority.priority and e.state = 'active' and e.pending_message_id is null and e.next_at <= $1
           order by e.next_at limit 1) due
         where c.workspace_id = mailbox.workspace_id and c.state = 'active')
       or exists (
         select from message m where m.mailbox_id = mailbox.id
           and m.phase = 'waiting' and (m.next_attempt_at is null or m.next_attempt_at <= $1)))`,
    [now],
  );
  return rows;
}

export type Postponement = QuotaKind | CompanyReason;

/** Moves due times without changing anything else: a slot came outside the window, or it waits for something else (`because`). Only enrollments of that version move. */
export async function setNextAt(
  tx: Tx,
  workspaceId: WorkspaceId,
  moves: readonly { id: EnrollmentId; version: number; nextAt: Instant | null; because: Postponement | null }[],
): Promise<void> {
  if (moves.length === 0) return;
  await tx.query(
    `update enrollment e set next_at = move.next_at, postponed_because = move.because, postponed_until = move.next_at
     from unnest($2::uuid[], $3::integer[], $4::timestamptz[], $5::text[]) as move (id, version, next_at, because)
     where e.id = move.id and (e.workspace_id = $1) ${CHECKED} and e.version = move.version`,
    [
      workspaceId,
      moves.map((move) => move.id),
      moves.map((move) => move.version),
      moves.map((move) => move.nextAt),
      moves.map((move) => move.because),
    ],
  );
}

/** Ties claimed messages to their enrollments, so that nothing else is claimed for them. */
export async function setPending(
  tx: Tx,
  workspaceId: WorkspaceId,
  pending: readonly { enrollmentId: EnrollmentId; messageId: MessageId }[],
): Promise<void> {
  await tx.query(
    `update enrollment e set pending_message_id = pending.message_id
     from unnest($2::uuid[], $3::uuid[]) as pending (enrollment_id, message_id)
     where e.id = any($2) and (e.workspace_id = $1) ${CHECKED} and e.id = pending.enrollment_id`,
    [workspaceId, pending.map((one) => one.enrollmentId), pending.map((one) => one.messageId)],
  );
}
