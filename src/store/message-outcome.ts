// What became of a mail on the wire? Marked before its first byte; afterwards only the sender under whose lease it was marked records a refusal or a
// doubt, so that a process which was frozen and thaws changes nothing that its successor did. That a server took it is a fact, whoever says so.
import type { EnrollmentId, MessageId, StepId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { REFUND } from "./budget-refund.ts";
import { CHECKED, type Queryable, type Tx } from "./database.ts";
import { HELD, type Lease } from "./lease.ts";

export interface Marked {
  readonly id: MessageId;
  readonly enrollmentId: EnrollmentId;
  /** Still claimed: the address is suppressed, which ends the enrollment, and that cancels its mail. */
  readonly state: "transmitting" | "queued" | "cancelled" | "claimed";
  readonly reason: string | null;
}

/**
 * Marks claimed messages as being on the wire, if nothing has happened since the claim. What fails the check is put back (the campaign or the
 * mailbox was paused, the enrollment is held, the recipient's domain is left alone) or cancelled (it was stopped), with its budget refunded.
 * Says what became of each; of none when the lease was lost. Rows are locked, so a stop that commits first wins, and one that commits later finds
 * them on the wire.
 */
export async function markTransmitting(q: Queryable, lease: Lease, ids: readonly MessageId[], at: Instant): Promise<Marked[]> {
  const { rows } = await q.query<Marked>(
    `with ${HELD},
     checked as (
       select m.workspace_id, m.id, m.mailbox_id, m.budget_day, m.quota_periods, m.enrollment_id,
         case
           when s.key is not null then 'claimed'
           when e.state not in ('active', 'held') or e.pending_message_id is distinct from m.id then 'cancelled'
           when c.state <> 'active' or mb.state <> 'active' or e.state = 'held' or e.pause_epoch <> c.pause_epoch or e.version <> m.enrollment_version then 'queued'
           when p.domain is not null then 'queued'
           else 'transmitting' end as becomes,
         case when s.key is not null then 'suppressed' when e.state not in ('active', 'held') then e.reason else 'enrollment_changed' end as why
       from held
       join message m on m.id = any($5) and (m.workspace_id = $1) ${CHECKED}
       join enrollment e on e.id = m.enrollment_id
       join campaign c on c.workspace_id = m.workspace_id and c.id = m.campaign_id
       join mailbox mb on mb.workspace_id = m.workspace_id and mb.id = m.mailbox_id
       left join lateral (
         select key from suppression s where s.workspace_id = m.workspace_id and s.key in (m.recipient_key, split_part(m.recipient_key, '@', 2))
           and (s.campaign_id is null or s.campaign_id = m.campaign_id) limit 1) s on true
       left join recipient_domain_pause p on p.workspace_id = m.workspace_id and p.mailbox_id = m.mailbox_id
         and p.domain = split_part(m.recipient_key, '@', 2) and p.until > $6
       where m.state = 'claimed' and m.fence = $4
       for update of m for share of c, mb, e),
     marked as (
       update message m set state = checked.becomes, updated_at = $6,
         transmitting_at = case when checked.becomes = 'transmitting' then $6 else m.transmitting_at end,
         attempts = m.attempts + (checked.becomes = 'transmitting')::integer,
         budget_day = case when checked.becomes = 'transmitting' then m.budget_day end,
         reason = case when checked.becomes = 'cancelled' then checked.why end
       from checked where m.id = any($5) and (m.workspace_id = $1) ${CHECKED} and m.id = checked.id and checked.becomes <> 'claimed'
       returning m.id, m.enrollment_id, m.state, m.reason),
     freed as (
       update enrollment e set pending_message_id = null from checked
       where checked.becomes = 'cancelled' and e.id = checked.enrollment_id and e.pending_message_id = checked.id),
     gone as (select workspace_id, mailbox_id, budget_day, quota_periods from checked where becomes in ('queued', 'cancelled')),
     ${REFUND}
     select id, enrollment_id as "enrollmentId", state, reason from marked
     union all
     select id, enrollment_id, becomes, why from checked where becomes = 'claimed'`,
    [lease.workspaceId, lease.mailboxId, lease.purpose, lease.fence, ids, at],
  );
  return rows;
}

export interface SentRecord {
  readonly id: MessageId;
  readonly response: string;
  /** Where the enrollment stands now: the next step and when it is due, or null for the end of the sequence. */
  readonly next: { readonly stepId: StepId; readonly at: Instant | null } | null;
  /** End of the reply window, when there is no next step. */
  readonly awaitReplyUntil: Instant;
}

/**
 * Records what was accepted, and moves the enrollments on; gives the messages that it changed. An enrollment that changed while the mail was on the
 * wire (held, stopped, edited) keeps where it stands; its next delay still counts from this mail, unless it has entered another sequence meanwhile.
 *
 * A sender may have been frozen between the server's 250 and this record. What the row says then, f being the fence it was sent under and g a later
 * one, and what it becomes:
 *
 *   state         fence  how it came to it                                          becomes  budget
 *   transmitting  f      nothing happened                                           sent     stays debited
 *   uncertain     f      recovery found it on the wire, or its own sender doubted   sent     stays debited
 *   queued        f      a person then had it sent again                            sent     debited again
 *   deferred      f      and its slot came outside the window                       sent     debited again
 *   cancelled     f      or its enrollment was stopped                              sent     debited again
 *   claimed       g      a successor claimed it and has sent nothing yet            sent     stays debited, by that claim
 *   queued        g      which put it back                                          sent     debited again
 *   cancelled     g      or it was stopped                                          sent     debited again
 *   failed        g      or it could not be written                                 sent     debited again
 *   transmitting  g      the successor has it on the wire, as a person asked        sent     stays debited, by that claim
 *   uncertain     g      and does not know                                          sent     stays debited
 *   deferred      g      and was refused for now                                    sent     debited again
 *   failed        g      or for good                                                sent     stays debited: the server saw it
 *   sent          any    somebody has recorded it                                   -        -
 *
 * So the fence does not matter, and the budget is debited again where it was given back: each mail counts once. Of `transmitting` under g it is the
 * successor's outcome that comes to nothing: a refusal of the second copy must not lead to a third.
 */
export async function recordSent(q: Queryable, workspaceId: WorkspaceId, sent: readonly SentRecord[], at: Instant): Promise<MessageId[]> {
  if (sent.length === 0) return [];
  const { rows } = await q.query<{ id: MessageId }>(
    `with outcome as (
       select * from unnest($2::uuid[], $3::text[], $4::uuid[], $5::timestamptz[], $6::timestamptz[]) as o (id, response, next_step_id, next_at, await_until)),
     before as (
       select m.id, m.mailbox_id, m.quota_periods, m.budget_day is null as was_refunded,
         coalesce(m.budget_day, (m.slot_at at time zone mailbox.time_zone)::date) as day
       from message m join outcome on outcome.id = m.id
       join mailbox on mailbox.workspace_id = m.workspace_id and mailbox.id = m.mailbox_id
       where m.id = any($2) and (m.workspace_id = $1) ${CHECKED} and m.state <> 'sent' for update of m),
     recorded as (
       update message m set state = 'sent', sent_at = $7, smtp_response = outcome.response, smtp_code = 250, smtp_enhanced = null, reason = null,
         next_attempt_at = null, budget_day = before.day, updated_at = $7
       from outcome join before on before.id = outcome.id where m.id = any($2) and (m.workspace_id = $1) ${CHECKED} and m.id = outcome.id
       returning m.id, m.enrollment_id, m.enrollment_version, m.visit, m.slot_at, m.lead_id),
     debited as (
       update send_budget budget set used = budget.used + again.mails, cap = greatest(budget.cap, budget.used + again.mails)
       from (select mailbox_id, day, count(*) as mails from before where was_refunded group by 1, 2) again
       where budget.workspace_id = $1 and budget.mailbox_id = again.mailbox_id and budget.day = again.day
       returning budget.mailbox_id),
     debited_quota as (
       update send_quota quota set used = quota.used + again.mails, most = greatest(quota.most, quota.used + again.mails)
       from (
         select mailbox_id, period, count(*) as mails from before cross join unnest(quota_periods) as period where was_refunded group by 1, 2) again
       where quota.workspace_id = $1 and quota.mailbox_id = again.mailbox_id and quota.period = again.period
         and (select count(*) from debited) >= 0),
     contacted as (
       update lead set status = 'contacted', updated_at = $7 from recorded
       where lead.id = recorded.lead_id and (lead.workspace_id = $1) ${CHECKED} and lead.status = 'new' and not lead.status_set_by_person),
     standing as (
       select r.*, outcome.next_step_id, outcome.next_at, outcome.await_until, e.state,
         e.version = r.enrollment_version and e.state = 'active' as undisturbed
       from recorded r join outcome on outcome.id = r.id
       join enrollment e on e.id = r.enrollment_id and (e.workspace_id = $1) ${CHECKED} and e.pending_message_id = r.id
       for update of e),
     ended as (
       insert into enrollment_event (workspace_id, enrollment_id, at, reason, from_state, to_state)
       select $1, enrollment_id, $7, 'last_step_sent', state, 'awaiting_reply' from standing where undisturbed and next_step_id is null),
     advanced as (
       update enrollment e set
         pending_message_id = null,
         priority = 0,
         anchor_at = case when e.visit = s.visit then s.slot_at else e.anchor_at end,
         next_step_id = case when s.undisturbed then coalesce(s.next_step_id, e.next_step_id) else e.next_step_id end,
         state = case when s.undisturbed and s.next_step_id is null then 'awaiting_reply' else e.state end,
         reason = case when s.undisturbed and s.next_step_id is null then 'last_step_sent' else e.reason end,
         next_at = case
           when s.undisturbed then case when s.next_step_id is null then s.await_until else s.next_at end
           when e.state = 'active' then null else e.next_at end,
         updated_at = $7
       from standing s
       where e.id = s.enrollment_id and (e.workspace_id = $1) ${CHECKED} and e.pending_message_id = s.id)
     select id from recorded`,
    [
      workspaceId,
      sent.map((one) => one.id),
      sent.map((one) => one.response),
      sent.map((one) => one.next?.stepId ?? null),
      sent.map((one) => one.next?.at ?? null),
      sent.map((one) => one.awaitReplyUntil),
      at,
    ],
  );
  return rows.map((row) => row.id);
}

export interface SmtpReply {
  readonly code: number | null;
  readonly enhanced: string | null;
  readonly response: string | null;
}

export interface Deferral {
  readonly reason: string;
  readonly reply: SmtpReply;
  readonly nextAttemptAt: Instant;
}

/** Temporary: the same row is tried again at `nextAttemptAt`. False when it is no longer on the wire under this lease. */
export async function recordDeferred(tx: Tx, lease: Lease, id: MessageId, deferral: Deferral, at: Instant): Promise<boolean> {
  const { reason, reply, nextAttemptAt } = deferral;
  const { rowCount } = await tx.query(
    `with gone as (
       select workspace_id, id, mailbox_id, budget_day, quota_periods from message
       where id = $2 and (workspace_id = $1) ${CHECKED} and state = 'transmitting' and fence = $3 for update),
     ${REFUND}
     update message m set state = 'deferred', reason = $4, smtp_code = $5, smtp_enhanced = $6, smtp_response = $7, next_attempt_at = $8,
       budget_day = null, updated_at = $9
     from gone g where m.id = g.id`,
    [lease.workspaceId, id, lease.fence, reason, reply.code, reply.enhanced, reply.response, nextAttemptAt, at],
  );
  return rowCount === 1;
}

/**
 * Permanent: nothing more is tried. An attempt that the server saw counts against the day; a mail that could not be written does not. False when it
 * is no longer claimed, or on the wire, under this lease.
 */
export async function recordFailed(
  tx: Tx,
  lease: Lease,
  id: MessageId,
  failure: { readonly reason: string; readonly reply: SmtpReply },
  at: Instant,
): Promise<boolean> {
  const { reason, reply } = failure;
  const { rowCount } = await tx.query(
    `with failing as (
       select workspace_id, id, mailbox_id, enrollment_id, budget_day, quota_periods, state = 'claimed' as unwritten from message
       where id = $2 and (workspace_id = $1) ${CHECKED} and state in ('claimed', 'transmitting') and fence = $3 for update),
     gone as (select workspace_id, mailbox_id, budget_day, quota_periods from failing where unwritten),
     ${REFUND},
     freed as (
       update enrollment e set pending_message_id = null from failing f
       where e.id = f.enrollment_id and e.pending_message_id = f.id)
     update message m set state = 'failed', reason = $4, smtp_code = $5, smtp_enhanced = $6, smtp_response = $7, updated_at = $8,
       budget_day = case when f.unwritten then null else m.budget_day end
     from failing f where m.id = f.id`,
    [lease.workspaceId, id, lease.fence, reason, reply.code, reply.enhanced, reply.response, at],
  );
  return rowCount === 1;
}

/**
 * The connection broke after the last dot: nobody knows. Its enrollment waits for evidence or a person. False when it is no longer on the wire under
 * this lease.
 */
export async function recordUncertain(
  tx: Tx,
  lease: Lease,
  id: MessageId,
  doubt: { readonly reason: string; readonly response: string | null },
  at: Instant,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update message set state = 'uncertain', reason = $4, smtp_response = $5, updated_at = $6
     where id = $2 and (workspace_id = $1) ${CHECKED} and state = 'transmitting' and fence = $3`,
    [lease.workspaceId, id, lease.fence, doubt.reason, doubt.response, at],
  );
  return rowCount === 1;
}
