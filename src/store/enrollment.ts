// One lead in one campaign: what is due, and every change of where it stands. A change carries its precondition and reports whether it won.
import type { CampaignId, EnrollmentId, LeadId, MailboxId, MessageId, SequenceId, StepId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { EnrollmentState } from "../core/words.ts";
import type { Queryable, Tx } from "./database.ts";

export interface Enrollment {
  readonly workspaceId: WorkspaceId;
  readonly id: EnrollmentId;
  readonly campaignId: CampaignId;
  readonly leadId: LeadId;
  readonly leadZone: string | null;
  readonly leadDomain: string;
  readonly mailboxId: MailboxId;
  readonly state: EnrollmentState;
  readonly reason: string;
  readonly sequenceId: SequenceId;
  readonly visit: number;
  readonly nextStepId: StepId | null;
  readonly anchorAt: Instant;
  readonly nextAt: Instant | null;
  readonly priority: 0 | 1;
  readonly pauseEpoch: number;
  readonly pendingMessageId: MessageId | null;
  readonly version: number;
  /** Lineages that this visit has a message for, whatever became of it. */
  readonly sentLineages: readonly string[];
}

const COLUMNS = `
  e.workspace_id as "workspaceId", e.id, e.campaign_id as "campaignId", e.lead_id as "leadId", lead.time_zone as "leadZone",
  lead.email_domain as "leadDomain",
  e.mailbox_id as "mailboxId", e.state, e.reason, e.sequence_id as "sequenceId", e.visit, e.next_step_id as "nextStepId",
  e.anchor_at as "anchorAt", e.next_at as "nextAt", e.priority, e.pause_epoch as "pauseEpoch",
  e.pending_message_id as "pendingMessageId", e.version,
  array(select m.step_lineage from message m
    where m.workspace_id = e.workspace_id and m.enrollment_id = e.id and m.visit = e.visit) as "sentLineages"`;
const JOINED = "enrollment e join lead on lead.workspace_id = e.workspace_id and lead.id = e.lead_id";
/** States from which something may still be sent. */
const RUNNING = "('active', 'held', 'awaiting_reply')";

export interface NewEnrollment {
  readonly leadId: LeadId;
  readonly mailboxId: MailboxId;
  readonly anchorAt: Instant;
  readonly nextAt: Instant | null;
}

/** Enrolls leads into the first step of a main sequence; a lead that is enrolled already stays as it is, one that is being removed is waited for. Returns how many were new. */
export async function enroll(
  tx: Tx,
  campaign: { workspaceId: WorkspaceId; campaignId: CampaignId; sequenceId: SequenceId; firstStepId: StepId; pauseEpoch: number },
  leads: readonly NewEnrollment[],
  at: Instant,
): Promise<number> {
  const { rowCount } = await tx.query(
    `with enrolled as (
       insert into enrollment (workspace_id, campaign_id, lead_id, mailbox_id, state, reason, sequence_id, next_step_id, anchor_at, next_at,
         priority, pause_epoch, created_at, updated_at)
       select $1, $2, lead_id, mailbox_id, 'active', 'enrolled', $3, $4, anchor_at, next_at, 1, $5, $6, $6
       from unnest($7::uuid[], $8::uuid[], $9::timestamptz[], $10::timestamptz[]) as new (lead_id, mailbox_id, anchor_at, next_at)
       join lead on lead.workspace_id = $1 and lead.id = new.lead_id and lead.removed_at is null for key share of lead
       on conflict (workspace_id, campaign_id, lead_id) do nothing
       returning workspace_id, id)
     insert into enrollment_event (workspace_id, enrollment_id, at, reason, to_state)
     select workspace_id, id, $6, 'enrolled', 'active' from enrolled`,
    [
      campaign.workspaceId,
      campaign.campaignId,
      campaign.sequenceId,
      campaign.firstStepId,
      campaign.pauseEpoch,
      at,
      leads.map((lead) => lead.leadId),
      leads.map((lead) => lead.mailboxId),
      leads.map((lead) => lead.anchorAt),
      leads.map((lead) => lead.nextAt),
    ],
  );
  return rowCount ?? 0;
}

/** Leads of the campaign's audience that are not enrolled yet and may be written to, at most `limit`. */
export async function leadsToEnroll(
  q: Queryable,
  workspaceId: WorkspaceId,
  campaignId: CampaignId,
  page: { readonly after: LeadId | null; readonly limit: number },
): Promise<{ id: LeadId; zone: string | null }[]> {
  const { rows } = await q.query<{ id: LeadId; zone: string | null }>(
    `select lead.id, lead.time_zone as zone
     from campaign c join lead on lead.workspace_id = c.workspace_id
     where c.workspace_id = $1 and c.id = $2 and lead.reachability = 'ok' and lead.removed_at is null
       and (c.list_id is null or exists (
         select from lead_list_member member
         where member.workspace_id = c.workspace_id and member.list_id = c.list_id and member.lead_id = lead.id))
       and not exists (select from enrollment e where e.workspace_id = c.workspace_id and e.campaign_id = c.id and e.lead_id = lead.id)
       and not exists (
         select from suppression s where s.workspace_id = lead.workspace_id and s.key in (lead.identity_key, lead.email_domain)
           and (s.campaign_id is null or s.campaign_id = c.id))
       and ($3::uuid is null or lead.id > $3)
     order by lead.id limit $4`,
    [workspaceId, campaignId, page.after, page.limit],
  );
  return rows;
}

export interface DueEnrollment extends Enrollment {
  /** Until when the mailbox left the lead's mail domain alone, once; null for never. */
  readonly domainFreeSince: Instant | null;
}

/** Due work of one mailbox and priority over all running campaigns, locked; what another sender holds is skipped. */
export async function takeDue(
  tx: Tx,
  due: { workspaceId: WorkspaceId; mailboxId: MailboxId; priority: 0 | 1; now: Instant; limit: number },
): Promise<DueEnrollment[]> {
  const { rows } = await tx.query<DueEnrollment>(
    `select ${COLUMNS},
       (select ended.until from recipient_domain_pause ended where ended.workspace_id = e.workspace_id and ended.mailbox_id = e.mailbox_id
         and ended.domain = lead.email_domain) as "domainFreeSince"
     from campaign c cross join lateral (
       select * from enrollment waiting
       where waiting.workspace_id = c.workspace_id and waiting.campaign_id = c.id and waiting.mailbox_id = $2
         and waiting.pause_epoch = c.pause_epoch and waiting.priority = $3 and waiting.state = 'active'
         and waiting.pending_message_id is null and waiting.next_at <= $4
         and not exists (
           select from recipient_domain_pause paused join lead on lead.workspace_id = waiting.workspace_id and lead.id = waiting.lead_id
           where paused.workspace_id = waiting.workspace_id and paused.mailbox_id = waiting.mailbox_id
             and paused.domain = lead.email_domain and paused.until > $4)
       order by waiting.next_at, waiting.lead_id limit $5
       for update skip locked) e
     join lead on lead.workspace_id = e.workspace_id and lead.id = e.lead_id
     where c.workspace_id = $1 and c.state = 'active'
     order by e.next_at, e.lead_id limit $5`,
    [due.workspaceId, due.mailboxId, due.priority, due.now, due.limit],
  );
  return rows;
}

/**
 * Mailboxes that have something to send at `now`, in all workspaces: due enrollments, or messages that wait for another attempt. Every running
 * campaign is asked, not only those whose pool the mailbox is in: a lead keeps its mailbox when that one leaves the pool.
 */
export async function mailboxesWithDueWork(q: Queryable, now: Instant): Promise<{ workspaceId: WorkspaceId; mailboxId: MailboxId }[]> {
  const { rows } = await q.query<{ workspaceId: WorkspaceId; mailboxId: MailboxId }>(
    `select mailbox.workspace_id as "workspaceId", mailbox.id as "mailboxId" from mailbox
     where mailbox.state = 'active' and (mailbox.backoff_until is null or mailbox.backoff_until <= $1) and (
       exists (
         select from campaign c cross join generate_series(0, 1) as priority
         cross join lateral (
           select from enrollment e
           where e.workspace_id = c.workspace_id and e.campaign_id = c.id and e.mailbox_id = mailbox.id and e.pause_epoch = c.pause_epoch
             and e.priority = priority.priority and e.state = 'active' and e.pending_message_id is null and e.next_at <= $1
           limit 1) due
         where c.workspace_id = mailbox.workspace_id and c.state = 'active')
       or exists (
         select from message m where m.workspace_id = mailbox.workspace_id and m.mailbox_id = mailbox.id
           and (m.state = 'queued' or (m.state = 'deferred' and m.next_attempt_at <= $1))))`,
    [now],
  );
  return rows;
}

/** Moves due times without changing anything else: a slot came outside the window, or the planner has spoken. Only enrollments of that version move. */
export async function setNextAt(
  tx: Tx,
  workspaceId: WorkspaceId,
  moves: readonly { id: EnrollmentId; version: number; nextAt: Instant | null }[],
): Promise<void> {
  if (moves.length === 0) return;
  await tx.query(
    `update enrollment e set next_at = move.next_at
     from unnest($2::uuid[], $3::integer[], $4::timestamptz[]) as move (id, version, next_at)
     where e.workspace_id = $1 and e.id = move.id and e.version = move.version`,
    [workspaceId, moves.map((move) => move.id), moves.map((move) => move.version), moves.map((move) => move.nextAt)],
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
     where e.workspace_id = $1 and e.id = pending.enrollment_id`,
    [workspaceId, pending.map((one) => one.enrollmentId), pending.map((one) => one.messageId)],
  );
}

export async function enrollmentById(q: Queryable, workspaceId: WorkspaceId, id: EnrollmentId): Promise<Enrollment | null> {
  const { rows } = await q.query<Enrollment>(`select ${COLUMNS} from ${JOINED} where e.workspace_id = $1 and e.id = $2`, [workspaceId, id]);
  return rows[0] ?? null;
}

/** The enrollments that these messages belong to, by message; those that were deleted are left out. */
export async function enrollmentsOfMessages(
  q: Queryable,
  workspaceId: WorkspaceId,
  messageIds: readonly MessageId[],
): Promise<Map<MessageId, Enrollment>> {
  const { rows } = await q.query<Enrollment & { messageId: MessageId }>(
    `select ${COLUMNS}, m.id as "messageId" from message m
     join enrollment e on e.workspace_id = m.workspace_id and e.id = m.enrollment_id
     join lead on lead.workspace_id = e.workspace_id and lead.id = e.lead_id
     where m.workspace_id = $1 and m.id = any($2)`,
    [workspaceId, messageIds],
  );
  return new Map(rows.map((row) => [row.messageId, row]));
}

/** The enrollment, locked until the transaction ends. */
export async function lockEnrollment(tx: Tx, workspaceId: WorkspaceId, id: EnrollmentId): Promise<Enrollment | null> {
  await tx.query("select from enrollment where workspace_id = $1 and id = $2 for update", [workspaceId, id]);
  return enrollmentById(tx, workspaceId, id);
}

export async function enrollmentsOfLead(q: Queryable, workspaceId: WorkspaceId, leadId: LeadId): Promise<Enrollment[]> {
  const { rows } = await q.query<Enrollment>(
    `select ${COLUMNS} from ${JOINED} where e.workspace_id = $1 and e.lead_id = $2 order by e.created_at`,
    [workspaceId, leadId],
  );
  return rows;
}

/** Running enrollments of everybody with an address at a domain. */
export async function enrollmentsAtDomain(q: Queryable, workspaceId: WorkspaceId, domain: string): Promise<Enrollment[]> {
  const { rows } = await q.query<Enrollment>(
    `select ${COLUMNS} from ${JOINED} where e.workspace_id = $1 and lead.email_domain = $2 and e.state in ${RUNNING} order by e.id`,
    [workspaceId, domain],
  );
  return rows;
}

export interface UnplannedEnrollment extends Enrollment {
  /** The end of its last hold, however late that was noticed; null when it was never held. */
  readonly heldUntil: Instant | null;
}

/** Enrollments of running campaigns whose time has to be planned: new steps after an edit, a hold that ended. */
export async function unplannedEnrollments(q: Queryable, limit: number): Promise<UnplannedEnrollment[]> {
  const { rows } = await q.query<UnplannedEnrollment>(
    `select ${COLUMNS},
       (select coalesce((ended.detail ->> 'until')::timestamptz, ended.at) from enrollment_event ended
        where ended.workspace_id = e.workspace_id and ended.enrollment_id = e.id and ended.from_state = 'held' and ended.to_state = 'active'
        order by ended.at desc limit 1) as "heldUntil"
     from campaign c cross join lateral (
       select * from enrollment waiting where waiting.workspace_id = c.workspace_id and waiting.campaign_id = c.id
         and waiting.state = 'active' and waiting.pending_message_id is null and waiting.next_at is null
         and waiting.pause_epoch = c.pause_epoch limit $1) e
     join lead on lead.workspace_id = e.workspace_id and lead.id = e.lead_id
     where c.state in ('active', 'paused') limit $1`,
    [limit],
  );
  return rows;
}

export type StopState = Exclude<EnrollmentState, "active" | "held" | "awaiting_reply">;

/** What can still be ended: what runs; and for the ends that last, also what a later reply could start again. */
function endableBefore(state: StopState): readonly EnrollmentState[] {
  const running: readonly EnrollmentState[] = ["active", "held", "awaiting_reply"];
  return state === "replied" || state === "finished" || state === "failed" ? running : [...running, "finished", "replied", "failed"];
}

/** Ends enrollments: nothing more is sent. Returns those it ended, so a race has one winner. Their unsent messages are cancelled by cancelUnsent. */
export async function stopEnrollments(
  tx: Tx,
  stop: { workspaceId: WorkspaceId; ids: readonly EnrollmentId[]; state: StopState; reason: string; detail?: object },
  at: Instant,
): Promise<EnrollmentId[]> {
  const { rows } = await tx.query<{ id: EnrollmentId }>(
    `with before as (
       select workspace_id, id, state from enrollment where workspace_id = $1 and id = any($2) and state = any($7) order by id for update),
     ended as (
       update enrollment e set state = $3, reason = $4, next_at = null, version = version + 1, updated_at = $5
       from before where e.workspace_id = before.workspace_id and e.id = before.id
       returning e.workspace_id, e.id, before.state as from_state)
     insert into enrollment_event (workspace_id, enrollment_id, at, reason, from_state, to_state, detail)
     select workspace_id, id, $5, $4, from_state, $3, $6 from ended returning enrollment_id as id`,
    [stop.workspaceId, stop.ids, stop.state, stop.reason, at, stop.detail ?? {}, endableBefore(stop.state)],
  );
  return rows.map((row) => row.id);
}

/** Holds running enrollments until a moment, or until a person decides (null). A longer hold wins over a shorter one. */
export async function holdEnrollments(
  tx: Tx,
  hold: { workspaceId: WorkspaceId; ids: readonly EnrollmentId[]; until: Instant | null; reason: string; detail?: object },
  at: Instant,
): Promise<EnrollmentId[]> {
  const { rows } = await tx.query<{ id: EnrollmentId }>(
    `with before as (
       select workspace_id, id, state from enrollment
       where workspace_id = $1 and id = any($2)
         and (state = 'active' or (state = 'held' and next_at is not null and ($3::timestamptz is null or $3 > next_at)))
       order by id for update),
     held as (
       update enrollment e set state = 'held', reason = $4, next_at = $3, version = version + 1, updated_at = $5
       from before where e.workspace_id = before.workspace_id and e.id = before.id
       returning e.workspace_id, e.id, before.state as from_state)
     insert into enrollment_event (workspace_id, enrollment_id, at, reason, from_state, to_state, detail)
     select workspace_id, id, $5, $4, from_state, 'held', $6::jsonb || jsonb_build_object('until', $3::timestamptz) from held returning enrollment_id as id`,
    [hold.workspaceId, hold.ids, hold.until, hold.reason, at, hold.detail ?? {}],
  );
  return rows.map((row) => row.id);
}

/** Ends holds whose moment has come: the enrollment is active again and waits for the planner, which gives it no slot before that moment. */
export async function releaseHolds(tx: Tx, at: Instant, limit: number): Promise<number> {
  const { rowCount } = await tx.query(
    `with due as (
       select workspace_id, id, next_at as until from enrollment where state = 'held' and next_at <= $1
       order by next_at limit $2 for update skip locked),
     released as (
       update enrollment e set state = 'active', reason = 'hold_ended', next_at = null, version = version + 1, updated_at = $1
       from due where e.workspace_id = due.workspace_id and e.id = due.id returning e.workspace_id, e.id, due.until)
     insert into enrollment_event (workspace_id, enrollment_id, at, reason, from_state, to_state, detail)
     select workspace_id, id, $1, 'hold_ended', 'held', 'active', jsonb_build_object('until', until) from released`,
    [at, limit],
  );
  return rowCount ?? 0;
}

/** A person, or the end of another conversation, lets a held enrollment go on. */
export async function releaseHold(tx: Tx, workspaceId: WorkspaceId, id: EnrollmentId, reason: string, at: Instant): Promise<boolean> {
  const { rowCount } = await tx.query(
    `with released as (
       update enrollment set state = 'active', reason = $3, next_at = null, version = version + 1, updated_at = $4
       where workspace_id = $1 and id = $2 and state = 'held' returning workspace_id, id)
     insert into enrollment_event (workspace_id, enrollment_id, at, reason, from_state, to_state)
     select workspace_id, id, $4, $3, 'held', 'active' from released`,
    [workspaceId, id, reason, at],
  );
  return rowCount === 1;
}

/** Ends reply windows that are over: the lead said nothing, the enrollment is finished. */
export async function finishSilent(tx: Tx, at: Instant, limit: number): Promise<number> {
  const { rowCount } = await tx.query(
    `with due as (
       select workspace_id, id from enrollment where state = 'awaiting_reply' and next_at <= $1 order by next_at limit $2 for update skip locked),
     ended as (
       update enrollment e set state = 'finished', reason = 'no_reply', next_at = null, version = version + 1, updated_at = $1
       from due where e.workspace_id = due.workspace_id and e.id = due.id returning e.workspace_id, e.id)
     insert into enrollment_event (workspace_id, enrollment_id, at, reason, from_state, to_state)
     select workspace_id, id, $1, 'no_reply', 'awaiting_reply', 'finished' from ended`,
    [at, limit],
  );
  return rowCount ?? 0;
}

/**
 * Brings a batch of enrollments of a resumed campaign into its current epoch: delays were frozen while it was paused, so anchors and
 * reply windows move by every pause since; dated holds stay. Active ones wait for the planner.
 */
export async function shiftIntoEpoch(tx: Tx, workspaceId: WorkspaceId, campaignId: CampaignId, limit: number): Promise<number> {
  const { rowCount } = await tx.query(
    `update enrollment e set
       pause_epoch = old.epoch, anchor_at = e.anchor_at + old.paused,
       next_at = case e.state when 'active' then null when 'awaiting_reply' then e.next_at + old.paused else e.next_at end
     from (
       select waiting.workspace_id, waiting.id, c.pause_epoch as epoch,
         (select sum(pause.resumed_at - pause.paused_at) from campaign_pause pause
          where pause.workspace_id = c.workspace_id and pause.campaign_id = c.id and pause.epoch > waiting.pause_epoch) as paused
       from campaign c join enrollment waiting on waiting.workspace_id = c.workspace_id and waiting.campaign_id = c.id
         and waiting.pause_epoch < c.pause_epoch and waiting.state in ${RUNNING}
       where c.workspace_id = $1 and c.id = $2 and c.state = 'active' limit $3 for update of waiting) old
     where e.workspace_id = old.workspace_id and e.id = old.id`,
    [workspaceId, campaignId, limit],
  );
  return rowCount ?? 0;
}

/** Puts an enrollment into a sequence anew (visit + 1). False when it changed since `version` was read: somebody was faster. */
export async function enterSequence(
  tx: Tx,
  entry: {
    workspaceId: WorkspaceId;
    id: EnrollmentId;
    version: number;
    sequenceId: SequenceId;
    firstStepId: StepId;
    anchorAt: Instant;
    reason: string;
    detail: object;
  },
  at: Instant,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `with before as (select workspace_id, id, state from enrollment where workspace_id = $1 and id = $2 and version = $3 for update),
     entered as (
       update enrollment e set state = 'active', reason = $7, sequence_id = $4, next_step_id = $5, visit = visit + 1, anchor_at = $6, next_at = null,
         priority = 0, pending_message_id = null, version = version + 1, updated_at = $9
       from before where e.workspace_id = before.workspace_id and e.id = before.id
       returning e.workspace_id, e.id, before.state as from_state)
     insert into enrollment_event (workspace_id, enrollment_id, at, reason, from_state, to_state, detail)
     select workspace_id, id, $9, $7, from_state, 'active', $8 from entered`,
    [entry.workspaceId, entry.id, entry.version, entry.sequenceId, entry.firstStepId, entry.anchorAt, entry.reason, entry.detail, at],
  );
  return rowCount === 1;
}

/** True when the enrollment stands in the sequence, or was sent one of its mails before. */
export async function hasBeenIn(q: Queryable, workspaceId: WorkspaceId, id: EnrollmentId, sequenceId: SequenceId): Promise<boolean> {
  const { rowCount } = await q.query(
    `select from enrollment e where e.workspace_id = $1 and e.id = $2 and (e.sequence_id = $3 or exists (
       select from message m join step on step.workspace_id = m.workspace_id and step.id = m.step_id
       where m.workspace_id = e.workspace_id and m.enrollment_id = e.id and step.sequence_id = $3 and m.state in ('sent', 'uncertain')))`,
    [workspaceId, id, sequenceId],
  );
  return rowCount === 1;
}

/** Writes a line into the history of an enrollment without changing its state. */
export async function noteEnrollment(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: EnrollmentId,
  reason: string,
  detail: object,
  at: Instant,
): Promise<void> {
  await tx.query("insert into enrollment_event (workspace_id, enrollment_id, at, reason, detail) values ($1, $2, $3, $4, $5)", [
    workspaceId,
    id,
    at,
    reason,
    detail,
  ]);
}

export interface EnrollmentEvent {
  readonly at: Instant;
  readonly reason: string;
  readonly fromState: EnrollmentState | null;
  readonly toState: EnrollmentState | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

export async function historyOf(q: Queryable, workspaceId: WorkspaceId, id: EnrollmentId): Promise<EnrollmentEvent[]> {
  const { rows } = await q.query<EnrollmentEvent>(
    `select at, reason, from_state as "fromState", to_state as "toState", detail from enrollment_event
     where workspace_id = $1 and enrollment_id = $2 order by at, id`,
    [workspaceId, id],
  );
  return rows;
}

/** Gives an active enrollment its next step and when it is due. */
export async function planStep(
  tx: Tx,
  enrollment: { workspaceId: WorkspaceId; id: EnrollmentId; version: number },
  stepId: StepId,
  nextAt: Instant,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update enrollment set next_step_id = $4, next_at = $5 where workspace_id = $1 and id = $2 and version = $3 and state = 'active' and pending_message_id is null`,
    [enrollment.workspaceId, enrollment.id, enrollment.version, stepId, nextAt],
  );
  return rowCount === 1;
}

/** No step is left: the enrollment waits for a reply until `until`. */
export async function awaitReply(
  tx: Tx,
  enrollment: { workspaceId: WorkspaceId; id: EnrollmentId; version: number },
  until: Instant,
  at: Instant,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `with waiting as (
       update enrollment set state = 'awaiting_reply', reason = 'last_step_sent', next_at = $4, version = version + 1, updated_at = $5
       where workspace_id = $1 and id = $2 and version = $3 and state = 'active' returning workspace_id, id)
     insert into enrollment_event (workspace_id, enrollment_id, at, reason, from_state, to_state)
     select workspace_id, id, $5, 'last_step_sent', 'active', 'awaiting_reply' from waiting`,
    [enrollment.workspaceId, enrollment.id, enrollment.version, until, at],
  );
  return rowCount === 1;
}
