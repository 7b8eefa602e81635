// When does an enrollment act next? Planned, held and let go, awaiting its reply, moved by the pauses that it lived through.
import type { CampaignId, EnrollmentId, StepId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { CHECKED, type Queryable, type Tx } from "./database.ts";
import { ENROLLMENT_COLUMNS, type Enrollment, RUNNING } from "./enrollment.ts";

export interface UnplannedEnrollment extends Enrollment {
  /** The end of its last hold, however late that was noticed; null when it was never held. */
  readonly heldUntil: Instant | null;
}

/** Enrollments of running campaigns whose time has to be planned: new steps after an edit, a hold that ended. */
export async function unplannedEnrollments(q: Queryable, limit: number): Promise<UnplannedEnrollment[]> {
  const { rows } = await q.query<UnplannedEnrollment>(
    `select ${ENROLLMENT_COLUMNS},
       (select coalesce((ended.detail ->> 'until')::timestamptz, ended.at) from enrollment_event ended
        where ended.workspace_id = e.workspace_id and ended.enrollment_id = e.id and ended.from_state = 'held' and ended.to_state = 'active'
        order by ended.at desc limit 1) as "heldUntil"
     from campaign c cross join lateral (
       select * from enrollment waiting where waiting.workspace_id = c.workspace_id and waiting.campaign_id = c.id
         and waiting.state = 'active' and waiting.pending_message_id is null and waiting.next_at is null
         and waiting.pause_epoch = c.pause_epoch limit $1) e
     join lead on lead.id = e.lead_id
     where c.state in ('active', 'paused') limit $1`,
    [limit],
  );
  return rows;
}

export interface PlannedEnrollment {
  readonly id: EnrollmentId;
  readonly version: number;
  readonly stepId: StepId;
  readonly nextAt: Instant;
}

/** Gives active enrollments their next steps and when those are due. Returns how many it changed: not those that somebody else changed meanwhile. */
export async function planSteps(tx: Tx, workspaceId: WorkspaceId, planned: readonly PlannedEnrollment[]): Promise<number> {
  if (planned.length === 0) return 0;
  const { rowCount } = await tx.query(
    `update enrollment e set next_step_id = planned.step_id, next_at = planned.next_at
     from unnest($2::uuid[], $3::integer[], $4::uuid[], $5::timestamptz[]) as planned (id, version, step_id, next_at)
     where e.id = any($2) and (e.workspace_id = $1) ${CHECKED} and e.id = planned.id and e.version = planned.version and e.state = 'active'
       and e.pending_message_id is null`,
    [
      workspaceId,
      planned.map((one) => one.id),
      planned.map((one) => one.version),
      planned.map((one) => one.stepId),
      planned.map((one) => one.nextAt),
    ],
  );
  return rowCount ?? 0;
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
       where id = $2 and (workspace_id = $1) ${CHECKED} and version = $3 and state = 'active' returning workspace_id, id)
     insert into enrollment_event (workspace_id, enrollment_id, at, reason, from_state, to_state)
     select workspace_id, id, $5, 'last_step_sent', 'active', 'awaiting_reply' from waiting`,
    [enrollment.workspaceId, enrollment.id, enrollment.version, until, at],
  );
  return rowCount === 1;
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
       where id = any($2) and (workspace_id = $1) ${CHECKED}
         and (state = 'active' or (state = 'held' and next_at is not null and ($3::timestamptz is null or $3 > next_at)))
       order by id for update),
     held as (
       update enrollment e set state = 'held', reason = $4, next_at = $3, version = version + 1, updated_at = $5
       from before where e.id = before.id
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
       from due where e.id = due.id returning e.workspace_id, e.id, due.until)
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
       where id = $2 and (workspace_id = $1) ${CHECKED} and state = 'held' returning workspace_id, id)
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
       from due where e.id = due.id returning e.workspace_id, e.id)
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
     where e.id = old.id`,
    [workspaceId, campaignId, limit],
  );
  return rowCount ?? 0;
}

/**
 * The enrollment goes on as if the step that it waits for had gone out at `anchorAt`; without a next step it is finished. False when it changed since
 * `version` was read, or a mail of it is on its way.
 */
export async function skipStep(
  tx: Tx,
  enrollment: { workspaceId: WorkspaceId; id: EnrollmentId; version: number },
  skip: { anchorAt: Instant; next: { stepId: StepId; at: Instant | null } | null; reason: string; detail: object },
  at: Instant,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `with before as (
       select workspace_id, id, state from enrollment
       where id = $2 and (workspace_id = $1) ${CHECKED} and version = $3 and state in ('active', 'held') and pending_message_id is null for update),
     skipped as (
       update enrollment e set anchor_at = $4, next_step_id = coalesce($5, e.next_step_id), version = version + 1, updated_at = $9,
         state = case when $5::uuid is null then 'finished' else e.state end,
         reason = case when $5::uuid is null or e.state = 'active' then $7 else e.reason end,
         next_at = case when $5::uuid is null then null when e.state = 'held' then e.next_at else $6::timestamptz end
       from before where e.id = before.id
       returning e.workspace_id, e.id, before.state as from_state, e.state as to_state)
     insert into enrollment_event (workspace_id, enrollment_id, at, reason, from_state, to_state, detail)
     select workspace_id, id, $9, $7, from_state, to_state, $8 from skipped`,
    [
      enrollment.workspaceId,
      enrollment.id,
      enrollment.version,
      skip.anchorAt,
      skip.next?.stepId ?? null,
      skip.next?.at ?? null,
      skip.reason,
      skip.detail,
      at,
    ],
  );
  return rowCount === 1;
}
