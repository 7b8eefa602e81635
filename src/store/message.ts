// The send ledger: one row per outgoing email. Every change of state stands here, with its precondition in the WHERE.
import type { CampaignId, EnrollmentId, LeadId, MailboxId, MessageId, StepId, VariantId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { MessageState } from "../core/words.ts";
import type { Queryable, Tx } from "./database.ts";
import type { Lease } from "./lease.ts";

export interface Message {
  readonly workspaceId: WorkspaceId;
  readonly id: MessageId;
  readonly kind: "step" | "answer" | "test" | "notice";
  readonly campaignId: CampaignId | null;
  readonly enrollmentId: EnrollmentId | null;
  readonly visit: number | null;
  readonly stepLineage: string | null;
  readonly stepId: StepId | null;
  readonly leadId: LeadId | null;
  readonly mailboxId: MailboxId;
  readonly messageId: string;
  readonly inReplyTo: string | null;
  readonly recipient: string;
  readonly recipientKey: string;
  readonly subject: string | null;
  readonly state: MessageState;
  readonly slotAt: Instant;
  readonly budgetDay: string | null;
  readonly attempts: number;
  readonly nextAttemptAt: Instant | null;
  readonly sentAt: Instant | null;
  readonly reason: string | null;
  readonly smtpResponse: string | null;
  readonly createdAt: Instant;
}

const COLUMNS = `
  m.workspace_id as "workspaceId", m.id, m.kind, m.campaign_id as "campaignId", m.enrollment_id as "enrollmentId", m.visit,
  m.step_lineage as "stepLineage", m.step_id as "stepId", m.lead_id as "leadId", m.mailbox_id as "mailboxId",
  m.message_id as "messageId", m.in_reply_to as "inReplyTo", m.recipient, m.recipient_key as "recipientKey", m.subject, m.state,
  m.slot_at as "slotAt", m.budget_day as "budgetDay", m.attempts, m.next_attempt_at as "nextAttemptAt", m.sent_at as "sentAt",
  m.reason, m.smtp_response as "smtpResponse", m.created_at as "createdAt"`;

/** Gives the budget back for mails that did not go out, day by day. Rows of `gone` need workspace_id, mailbox_id, budget_day. */
const REFUND = `
  refund as (
    update send_budget budget set used = used - gone.mails
    from (select workspace_id, mailbox_id, budget_day, count(*) as mails from gone where budget_day is not null group by 1, 2, 3) gone
    where budget.workspace_id = gone.workspace_id and budget.mailbox_id = gone.mailbox_id and budget.day = gone.budget_day)`;

export interface NewClaim {
  readonly enrollmentId: EnrollmentId;
  readonly enrollmentVersion: number;
  readonly campaignId: CampaignId;
  readonly leadId: LeadId;
  readonly visit: number;
  readonly stepId: StepId;
  readonly stepLineage: string;
  readonly variantId: VariantId;
  readonly messageId: string;
  readonly slotAt: Instant;
  readonly day: string;
}

/** Writes claimed messages into the ledger. A step that has a message already is left out of the result: the unique key decides. */
export async function insertClaimed(
  tx: Tx,
  lease: Lease,
  claims: readonly NewClaim[],
  at: Instant,
): Promise<{ id: MessageId; enrollmentId: EnrollmentId }[]> {
  const { rows } = await tx.query<{ id: MessageId; enrollmentId: EnrollmentId }>(
    `insert into message (workspace_id, kind, campaign_id, enrollment_id, enrollment_version, lead_id, visit, step_id, step_lineage, variant_id,
       mailbox_id, message_id, recipient, recipient_key, state, slot_at, budget_day, fence, created_at, updated_at)
     select $1, 'step', campaign_id, enrollment_id, enrollment_version, lead_id, visit, step_id, step_lineage, variant_id,
       $2, message_id, lead.email, lead.identity_key, 'claimed', slot_at, day, $3, $4, $4
     from unnest($5::uuid[], $6::integer[], $7::uuid[], $8::uuid[], $9::integer[], $10::uuid[], $11::text[], $12::uuid[], $13::text[], $14::timestamptz[], $15::date[])
       as new (enrollment_id, enrollment_version, campaign_id, lead_id, visit, step_id, step_lineage, variant_id, message_id, slot_at, day)
     join lead on lead.workspace_id = $1 and lead.id = new.lead_id
     on conflict do nothing
     returning id, enrollment_id as "enrollmentId"`,
    [
      lease.workspaceId,
      lease.mailboxId,
      lease.fence,
      at,
      claims.map((claim) => claim.enrollmentId),
      claims.map((claim) => claim.enrollmentVersion),
      claims.map((claim) => claim.campaignId),
      claims.map((claim) => claim.leadId),
      claims.map((claim) => claim.visit),
      claims.map((claim) => claim.stepId),
      claims.map((claim) => claim.stepLineage),
      claims.map((claim) => claim.variantId),
      claims.map((claim) => claim.messageId),
      claims.map((claim) => claim.slotAt),
      claims.map((claim) => claim.day),
    ],
  );
  return rows;
}

export interface WaitingMessage extends Message {
  readonly leadZone: string | null;
  readonly followUp: boolean;
}

/** Messages of a mailbox that wait for another attempt and whose campaign and enrollment still want them; locked. */
export async function takeWaiting(
  tx: Tx,
  waiting: { workspaceId: WorkspaceId; mailboxId: MailboxId; now: Instant; limit: number },
): Promise<WaitingMessage[]> {
  const { rows } = await tx.query<WaitingMessage>(
    `select ${COLUMNS}, lead.time_zone as "leadZone", e.priority = 0 as "followUp"
     from message m
     join enrollment e on e.workspace_id = m.workspace_id and e.id = m.enrollment_id and e.pending_message_id = m.id and e.state = 'active'
     join campaign c on c.workspace_id = m.workspace_id and c.id = m.campaign_id and c.state = 'active' and c.pause_epoch = e.pause_epoch
     join lead on lead.workspace_id = e.workspace_id and lead.id = e.lead_id
     where m.workspace_id = $1 and m.mailbox_id = $2 and m.state in ('queued', 'deferred') and (m.next_attempt_at is null or m.next_attempt_at <= $3)
     order by coalesce(m.next_attempt_at, m.slot_at), m.id limit $4
     for update of m skip locked`,
    [waiting.workspaceId, waiting.mailboxId, waiting.now, waiting.limit],
  );
  return rows;
}

/** Claims waiting messages anew, in the slots they were given. */
export async function reclaim(
  tx: Tx,
  lease: Lease,
  claims: readonly { id: MessageId; slotAt: Instant; day: string }[],
  at: Instant,
): Promise<void> {
  if (claims.length === 0) return;
  await tx.query(
    `update message m set state = 'claimed', reason = null, next_attempt_at = null, slot_at = claim.slot_at, budget_day = claim.day, fence = $2,
       enrollment_version = e.version, updated_at = $3
     from unnest($4::uuid[], $5::timestamptz[], $6::date[]) as claim (id, slot_at, day), enrollment e
     where m.workspace_id = $1 and m.id = claim.id and e.workspace_id = m.workspace_id and e.id = m.enrollment_id`,
    [
      lease.workspaceId,
      lease.fence,
      at,
      claims.map((claim) => claim.id),
      claims.map((claim) => claim.slotAt),
      claims.map((claim) => claim.day),
    ],
  );
}

/** Moves waiting messages whose slot came outside their window. */
export async function delayWaiting(
  tx: Tx,
  workspaceId: WorkspaceId,
  delays: readonly { id: MessageId; until: Instant }[],
  at: Instant,
): Promise<void> {
  if (delays.length === 0) return;
  await tx.query(
    `update message m set state = 'deferred', reason = coalesce(m.reason, 'outside_window'), next_attempt_at = delay.until, updated_at = $2
     from unnest($3::uuid[], $4::timestamptz[]) as delay (id, until)
     where m.workspace_id = $1 and m.id = delay.id and m.state in ('queued', 'deferred')`,
    [workspaceId, at, delays.map((delay) => delay.id), delays.map((delay) => delay.until)],
  );
}

export interface ClaimedMessage extends Message {
  /** The frozen bytes, when an earlier attempt made them. */
  readonly raw: Buffer | null;
  readonly variant: { readonly subject: string | null; readonly bodyText: string; readonly bodyHtml: string | null };
  readonly lead: Readonly<{
    email: string;
    firstName: string | null;
    lastName: string | null;
    company: string | null;
    title: string | null;
    phone: string | null;
    custom: Record<string, unknown>;
  }>;
  readonly campaign: Readonly<{
    name: string;
    postalAddress: string | null;
    optOut: "link" | "reply";
    mergeDefaults: Record<string, string>;
  }>;
  /** Mails of this enrollment that went out before, oldest first: what a follow-up threads under. */
  readonly thread: readonly { readonly messageId: string; readonly subject: string | null }[];
}

/** Everything that is needed to write the given claimed messages. */
export async function claimedMessages(q: Queryable, workspaceId: WorkspaceId, ids: readonly MessageId[]): Promise<ClaimedMessage[]> {
  const { rows } = await q.query<ClaimedMessage>(
    `select ${COLUMNS}, body.raw,
       jsonb_build_object('subject', v.subject, 'bodyText', v.body_text, 'bodyHtml', v.body_html) as variant,
       jsonb_build_object('email', lead.email, 'firstName', lead.first_name, 'lastName', lead.last_name, 'company', lead.company,
         'title', lead.title, 'phone', lead.phone, 'custom', lead.custom) as lead,
       jsonb_build_object('name', c.name, 'postalAddress', coalesce(c.postal_address, w.postal_address), 'optOut', c.opt_out,
         'mergeDefaults', c.merge_defaults) as campaign,
       coalesce((select jsonb_agg(jsonb_build_object('messageId', before.message_id, 'subject', before.subject) order by before.sent_at)
         from message before where before.workspace_id = m.workspace_id and before.enrollment_id = m.enrollment_id and before.state = 'sent'), '[]') as thread
     from message m
     join workspace w on w.id = m.workspace_id
     join campaign c on c.workspace_id = m.workspace_id and c.id = m.campaign_id
     join lead on lead.workspace_id = m.workspace_id and lead.id = m.lead_id
     join variant v on v.workspace_id = m.workspace_id and v.id = m.variant_id
     left join message_body body on body.workspace_id = m.workspace_id and body.message_id = m.id and body.created_at = m.created_at
     where m.workspace_id = $1 and m.id = any($2) and m.state = 'claimed'
     order by m.slot_at, m.id`,
    [workspaceId, ids],
  );
  return rows;
}

export interface RenderedMessage {
  readonly id: MessageId;
  readonly subject: string;
  readonly inReplyTo: string | null;
  readonly raw: Buffer;
}

/** Freezes the bytes with the message: every later attempt sends the same ones. */
export async function freezeBodies(q: Queryable, workspaceId: WorkspaceId, rendered: readonly RenderedMessage[]): Promise<void> {
  if (rendered.length === 0) return;
  await q.query(
    `with new as (
       select * from unnest($2::uuid[], $3::text[], $4::text[], $5::bytea[]) as new (id, subject, in_reply_to, raw)),
     named as (
       update message m set subject = new.subject, in_reply_to = new.in_reply_to from new
       where m.workspace_id = $1 and m.id = new.id returning m.id, m.created_at)
     insert into message_body (workspace_id, message_id, created_at, raw)
     select $1, named.id, named.created_at, new.raw from named join new on new.id = named.id`,
    [
      workspaceId,
      rendered.map((one) => one.id),
      rendered.map((one) => one.subject),
      rendered.map((one) => one.inReplyTo),
      rendered.map((one) => one.raw),
    ],
  );
}

export interface Marked {
  readonly id: MessageId;
  readonly enrollmentId: EnrollmentId;
  readonly state: "transmitting" | "queued" | "cancelled";
  readonly reason: string | null;
}

/**
 * Marks claimed messages as being on the wire, if nothing has happened since the claim. What fails the check is put back (the campaign or the
 * mailbox was paused, the enrollment is held) or cancelled (it was stopped, or the address suppressed), with its budget refunded.
 * Says what became of each. Rows are locked, so a stop that commits first wins, and one that commits later finds them on the wire.
 */
export async function markTransmitting(tx: Tx, lease: Lease, ids: readonly MessageId[], at: Instant): Promise<Marked[]> {
  const { rows } = await tx.query<Marked>(
    `with checked as (
       select m.workspace_id, m.id, m.mailbox_id, m.budget_day, m.enrollment_id,
         case
           when s.key is not null then 'cancelled'
           when e.state not in ('active', 'held') or e.pending_message_id is distinct from m.id then 'cancelled'
           when c.state <> 'active' or mb.state <> 'active' or e.state = 'held' or e.pause_epoch <> c.pause_epoch or e.version <> m.enrollment_version then 'queued'
           else 'transmitting' end as becomes,
         case when s.key is not null then 'suppressed' when e.state not in ('active', 'held') then e.reason else 'enrollment_changed' end as why
       from message m
       join enrollment e on e.workspace_id = m.workspace_id and e.id = m.enrollment_id
       join campaign c on c.workspace_id = m.workspace_id and c.id = m.campaign_id
       join mailbox mb on mb.workspace_id = m.workspace_id and mb.id = m.mailbox_id
       left join lateral (
         select key from suppression s where s.workspace_id = m.workspace_id and s.key in (m.recipient_key, split_part(m.recipient_key, '@', 2))
           and (s.campaign_id is null or s.campaign_id = m.campaign_id) limit 1) s on true
       where m.workspace_id = $1 and m.id = any($2) and m.state = 'claimed' and m.fence = $3
       for update of m for share of c, mb, e),
     marked as (
       update message m set state = checked.becomes, updated_at = $4,
         transmitting_at = case when checked.becomes = 'transmitting' then $4 else m.transmitting_at end,
         attempts = m.attempts + (checked.becomes = 'transmitting')::integer,
         budget_day = case when checked.becomes = 'transmitting' then m.budget_day end,
         reason = case when checked.becomes = 'cancelled' then checked.why end
       from checked where m.workspace_id = checked.workspace_id and m.id = checked.id
       returning m.id, m.enrollment_id, m.state, m.reason),
     freed as (
       update enrollment e set pending_message_id = null from checked
       where checked.becomes = 'cancelled' and e.workspace_id = checked.workspace_id and e.id = checked.enrollment_id and e.pending_message_id = checked.id),
     gone as (select workspace_id, mailbox_id, budget_day from checked where becomes <> 'transmitting'),
     ${REFUND}
     select id, enrollment_id as "enrollmentId", state, reason from marked`,
    [lease.workspaceId, ids, lease.fence, at],
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
 * Records what was accepted, and moves the enrollments on. One that changed while the mail was on the wire (held, stopped, edited) keeps where
 * it stands; its next delay still counts from this mail, unless it has entered another sequence meanwhile.
 */
export async function recordSent(tx: Tx, workspaceId: WorkspaceId, sent: readonly SentRecord[], at: Instant): Promise<void> {
  if (sent.length === 0) return;
  await tx.query(
    `with outcome as (
       select * from unnest($2::uuid[], $3::text[], $4::uuid[], $5::timestamptz[], $6::timestamptz[]) as o (id, response, next_step_id, next_at, await_until)),
     recorded as (
       update message m set state = 'sent', sent_at = $7, smtp_response = outcome.response, smtp_code = 250, reason = null, updated_at = $7
       from outcome where m.workspace_id = $1 and m.id = outcome.id and m.state in ('transmitting', 'uncertain')
       returning m.id, m.enrollment_id, m.enrollment_version, m.visit, m.slot_at, m.lead_id),
     contacted as (
       update lead set status = 'contacted', updated_at = $7 from recorded
       where lead.workspace_id = $1 and lead.id = recorded.lead_id and lead.status = 'new' and not lead.status_set_by_person),
     standing as (
       select r.*, outcome.next_step_id, outcome.next_at, outcome.await_until, e.state,
         e.version = r.enrollment_version and e.state = 'active' as undisturbed
       from recorded r join outcome on outcome.id = r.id
       join enrollment e on e.workspace_id = $1 and e.id = r.enrollment_id and e.pending_message_id = r.id
       for update of e),
     ended as (
       insert into enrollment_event (workspace_id, enrollment_id, at, reason, from_state, to_state)
       select $1, enrollment_id, $7, 'last_step_sent', state, 'awaiting_reply' from standing where undisturbed and next_step_id is null)
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
     where e.workspace_id = $1 and e.id = s.enrollment_id and e.pending_message_id = s.id`,
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
}

export interface SmtpReply {
  readonly code: number | null;
  readonly enhanced: string | null;
  readonly response: string | null;
}

/** Temporary: the same row is tried again at `nextAttemptAt`. */
export async function recordDeferred(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: MessageId,
  reason: string,
  reply: SmtpReply,
  nextAttemptAt: Instant,
  at: Instant,
): Promise<void> {
  await tx.query(
    `with gone as (
       select workspace_id, mailbox_id, budget_day from message where workspace_id = $1 and id = $2 and state = 'transmitting' for update),
     ${REFUND}
     update message set state = 'deferred', reason = $3, smtp_code = $4, smtp_enhanced = $5, smtp_response = $6, next_attempt_at = $7, budget_day = null, updated_at = $8
     where workspace_id = $1 and id = $2 and state = 'transmitting'`,
    [workspaceId, id, reason, reply.code, reply.enhanced, reply.response, nextAttemptAt, at],
  );
}

/** Permanent: nothing more is tried. An attempt that the server saw counts against the day; a mail that could not be written does not. */
export async function recordFailed(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: MessageId,
  reason: string,
  reply: SmtpReply,
  at: Instant,
): Promise<void> {
  await tx.query(
    `with gone as (
       select workspace_id, mailbox_id, budget_day from message where workspace_id = $1 and id = $2 and state = 'claimed' for update),
     ${REFUND},
     failed as (
       update message set state = 'failed', reason = $3, smtp_code = $4, smtp_enhanced = $5, smtp_response = $6, updated_at = $7,
         budget_day = case when state = 'claimed' then null else budget_day end
       where workspace_id = $1 and id = $2 and state in ('claimed', 'transmitting') returning workspace_id, id, enrollment_id)
     update enrollment e set pending_message_id = null from failed
     where e.workspace_id = failed.workspace_id and e.id = failed.enrollment_id and e.pending_message_id = failed.id`,
    [workspaceId, id, reason, reply.code, reply.enhanced, reply.response, at],
  );
}

/** The connection broke after the last dot: nobody knows. Its enrollment waits for evidence or a person. */
export async function recordUncertain(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: MessageId,
  reason: string,
  response: string | null,
  at: Instant,
): Promise<void> {
  await tx.query(
    `update message set state = 'uncertain', reason = $3, smtp_response = $4, updated_at = $5
     where workspace_id = $1 and id = $2 and state = 'transmitting'`,
    [workspaceId, id, reason, response, at],
  );
}

/** Puts messages back that did not leave this machine (or were refused before they could): they wait in the queue, their budget is refunded. */
export async function putBack(tx: Tx, workspaceId: WorkspaceId, ids: readonly MessageId[], at: Instant): Promise<void> {
  await tx.query(
    `with gone as (
       select workspace_id, id, mailbox_id, budget_day from message
       where workspace_id = $1 and id = any($2) and state in ('claimed', 'transmitting') for update),
     ${REFUND}
     update message m set state = 'queued', budget_day = null, updated_at = $3 from gone g where m.workspace_id = g.workspace_id and m.id = g.id`,
    [workspaceId, ids, at],
  );
}

/** Puts claims back that were never marked. Only those of our lease: a sender that lost it while asleep must not touch its successor's. */
export async function putBackClaims(tx: Tx, lease: Lease, ids: readonly MessageId[], at: Instant): Promise<number> {
  const { rowCount } = await tx.query(
    `with gone as (
       select workspace_id, id, mailbox_id, budget_day from message
       where workspace_id = $1 and id = any($2) and state = 'claimed' and fence = $3 for update),
     ${REFUND}
     update message m set state = 'queued', budget_day = null, updated_at = $4 from gone g where m.workspace_id = g.workspace_id and m.id = g.id`,
    [lease.workspaceId, ids, lease.fence, at],
  );
  return rowCount ?? 0;
}

/** Messages that a process left behind when it died: those of an older fence than the lease we hold. */
export async function takeInterrupted(tx: Tx, lease: Lease): Promise<{ id: MessageId; state: "claimed" | "transmitting" }[]> {
  const { rows } = await tx.query<{ id: MessageId; state: "claimed" | "transmitting" }>(
    `select id, state from message where workspace_id = $1 and mailbox_id = $2 and state in ('claimed', 'transmitting') and fence < $3 for update`,
    [lease.workspaceId, lease.mailboxId, lease.fence],
  );
  return rows;
}

/** Mailboxes with messages in flight whose sender is gone. */
export async function mailboxesWithInterrupted(q: Queryable): Promise<{ workspaceId: WorkspaceId; mailboxId: MailboxId }[]> {
  const { rows } = await q.query<{ workspaceId: WorkspaceId; mailboxId: MailboxId }>(
    `select distinct m.workspace_id as "workspaceId", m.mailbox_id as "mailboxId" from message m
     where m.state in ('claimed', 'transmitting') and not exists (
       select from mailbox_lease l where l.workspace_id = m.workspace_id and l.mailbox_id = m.mailbox_id and l.purpose = 'send'
         and l.fence = m.fence and l.expires_at > clock_timestamp())`,
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
       select workspace_id, id, mailbox_id, budget_day, enrollment_id from message
       where workspace_id = $1 and enrollment_id = any($2) and state in ('queued', 'claimed', 'deferred') for update),
     ${REFUND},
     freed as (
       update enrollment e set pending_message_id = null from gone g
       where e.workspace_id = g.workspace_id and e.id = g.enrollment_id and e.pending_message_id = g.id)
     update message m set state = 'cancelled', reason = $3, next_attempt_at = null, budget_day = null, updated_at = $4
     from gone g where m.workspace_id = g.workspace_id and m.id = g.id`,
    [workspaceId, enrollmentIds, reason, at],
  );
  return rowCount ?? 0;
}

export async function messageById(q: Queryable, workspaceId: WorkspaceId, id: MessageId): Promise<Message | null> {
  const { rows } = await q.query<Message>(`select ${COLUMNS} from message m where m.workspace_id = $1 and m.id = $2`, [workspaceId, id]);
  return rows[0] ?? null;
}

/** The slots that the planner gave these messages. */
export async function messageSlots(q: Queryable, workspaceId: WorkspaceId, ids: readonly MessageId[]): Promise<Map<MessageId, Date>> {
  const { rows } = await q.query<{ id: MessageId; slotAt: Date }>(
    `select id, slot_at as "slotAt" from message where workspace_id = $1 and id = any($2)`,
    [workspaceId, ids],
  );
  return new Map(rows.map((row) => [row.id, row.slotAt]));
}

/** Our messages with one of these Message-IDs. */
export async function messagesByMessageId(q: Queryable, workspaceId: WorkspaceId, messageIds: readonly string[]): Promise<Message[]> {
  const { rows } = await q.query<Message>(`select ${COLUMNS} from message m where m.workspace_id = $1 and m.message_id = any($2)`, [
    workspaceId,
    messageIds,
  ]);
  return rows;
}

/** The latest mails that went (or may have gone) to an address since `since`, newest first. */
export async function messagesTo(
  q: Queryable,
  workspaceId: WorkspaceId,
  recipientKey: string,
  since: Instant,
  limit: number,
): Promise<Message[]> {
  const { rows } = await q.query<Message>(
    `select ${COLUMNS} from message m
     where m.workspace_id = $1 and m.recipient_key = $2 and coalesce(m.sent_at, m.transmitting_at) >= $3 and m.state in ('sent', 'uncertain')
     order by m.sent_at desc nulls last limit $4`,
    [workspaceId, recipientKey, since, limit],
  );
  return rows;
}

export async function messagesOfEnrollment(q: Queryable, workspaceId: WorkspaceId, enrollmentId: EnrollmentId): Promise<Message[]> {
  const { rows } = await q.query<Message>(
    `select ${COLUMNS} from message m where m.workspace_id = $1 and m.enrollment_id = $2 order by m.created_at`,
    [workspaceId, enrollmentId],
  );
  return rows;
}

export async function uncertainMessages(q: Queryable, workspaceId: WorkspaceId): Promise<Message[]> {
  const { rows } = await q.query<Message>(
    `select ${COLUMNS} from message m where m.workspace_id = $1 and m.state = 'uncertain' order by m.created_at`,
    [workspaceId],
  );
  return rows;
}

/** How many messages stand in each state. */
export async function messageCounts(q: Queryable, workspaceId: WorkspaceId): Promise<{ state: MessageState; messages: number }[]> {
  const { rows } = await q.query<{ state: MessageState; messages: number }>(
    "select state, count(*) as messages from message where workspace_id = $1 group by state order by 2 desc",
    [workspaceId],
  );
  return rows;
}

/** The newest messages of a workspace. */
export async function latestMessages(q: Queryable, workspaceId: WorkspaceId, limit: number): Promise<Message[]> {
  const { rows } = await q.query<Message>(`select ${COLUMNS} from message m where m.workspace_id = $1 order by m.id desc limit $2`, [
    workspaceId,
    limit,
  ]);
  return rows;
}

/** A person decided that an uncertain message shall go out again: the same row, bytes and Message-ID. */
export async function sendAgain(tx: Tx, workspaceId: WorkspaceId, id: MessageId, at: Instant): Promise<boolean> {
  const { rowCount } = await tx.query(
    `with gone as (
       select workspace_id, mailbox_id, budget_day from message where workspace_id = $1 and id = $2 and state = 'uncertain' for update),
     ${REFUND}
     update message set state = 'queued', reason = null, budget_day = null, updated_at = $3 where workspace_id = $1 and id = $2 and state = 'uncertain'`,
    [workspaceId, id, at],
  );
  return rowCount === 1;
}

/** Different recipients of one domain that refused a mailbox by policy since `since`. */
export async function policyRefusals(
  q: Queryable,
  workspaceId: WorkspaceId,
  mailboxId: MailboxId,
  domain: string,
  since: Instant,
): Promise<number> {
  const { rows } = await q.query<{ recipients: number }>(
    `select count(distinct recipient_key)::integer as recipients from message
     where workspace_id = $1 and mailbox_id = $2 and state = 'failed' and reason = 'refused_by_policy'
       and split_part(recipient_key, '@', 2) = $3 and updated_at >= $4`,
    [workspaceId, mailboxId, domain, since],
  );
  return rows[0]?.recipients ?? 0;
}
