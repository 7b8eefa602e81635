// An edit of a campaign meets leads that are in the middle of it: where does each go on? Set-based, for a hundred thousand leads at once.
// Enrollments with a message on its way are left alone: its outcome decides what comes next.
import type { CampaignId, SequenceId, StepId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { only, type Tx } from "./database.ts";
import { RUNNING } from "./enrollment.ts";

interface Edited {
  readonly workspaceId: WorkspaceId;
  readonly campaignId: CampaignId;
}

/** Everybody inside goes on by the version that was replaced, also those whose mail is on its way. Who stays in an older one already stays there. */
export async function stayInVersions(
  tx: Tx,
  { workspaceId, campaignId, replaced }: Edited & { replaced: readonly { readonly sequenceId: SequenceId; readonly version: number }[] },
  at: Instant,
): Promise<void> {
  await tx.query(
    `with stayed as (
       update enrollment e set stays_in_version = replaced.version, version = e.version + 1, updated_at = $5
       from unnest($3::uuid[], $4::integer[]) as replaced (sequence_id, version)
       where e.workspace_id = $1 and e.campaign_id = $2 and e.sequence_id = replaced.sequence_id and e.stays_in_version is null
         and e.state in ${RUNNING}
       returning e.workspace_id, e.id, e.state, e.stays_in_version)
     insert into enrollment_event (workspace_id, enrollment_id, at, reason, from_state, to_state, detail)
     select workspace_id, id, $5, 'stays_in_version', state, state, jsonb_build_object('version', stays_in_version) from stayed`,
    [workspaceId, campaignId, replaced.map((one) => one.sequenceId), replaced.map((one) => one.version), at],
  );
}

/** Who stayed in an older version of these sequences follows the newest one, its next mail planned anew. repointEnrollments says which that is. */
export async function followNewest(
  tx: Tx,
  { workspaceId, campaignId, sequenceIds }: Edited & { sequenceIds: readonly SequenceId[] },
  at: Instant,
): Promise<number> {
  const { rowCount } = await tx.query(
    `with before as (
       select workspace_id, id, stays_in_version from enrollment
       where workspace_id = $1 and campaign_id = $2 and sequence_id = any($3) and stays_in_version is not null and state in ${RUNNING} for update),
     moved as (
       update enrollment e set stays_in_version = null, next_at = case when e.state = 'active' then null else e.next_at end,
         version = e.version + 1, updated_at = $4
       from before where e.workspace_id = before.workspace_id and e.id = before.id
       returning e.workspace_id, e.id, e.state, before.stays_in_version as version)
     insert into enrollment_event (workspace_id, enrollment_id, at, reason, from_state, to_state, detail)
     select workspace_id, id, $4, 'left_version', state, state, jsonb_build_object('version', version) from moved`,
    [workspaceId, campaignId, sequenceIds, at],
  );
  return rowCount ?? 0;
}

/**
 * A mail on its way goes out as it is; what follows it is found by whoever records its outcome. They may have read the sequence as it was before, so
 * the version changes: then they leave what follows to the planner. Goes before repointEnrollments, which so sees the outcomes that were faster; a
 * mail that is claimed after this is marked on the wire only when the campaign, which the edit has locked, is free again.
 */
export async function decideAnewAfterPending(
  tx: Tx,
  { workspaceId, campaignId, sequenceIds }: Edited & { sequenceIds: readonly SequenceId[] },
  at: Instant,
): Promise<void> {
  await tx.query(
    `update enrollment set version = version + 1, updated_at = $4
     where workspace_id = $1 and campaign_id = $2 and sequence_id = any($3) and stays_in_version is null and pending_message_id is not null
       and state in ${RUNNING}`,
    [workspaceId, campaignId, sequenceIds, at],
  );
}

export interface LeadsInside {
  /** They follow the newest version. */
  readonly moved: number;
  /** They go on by an older one. */
  readonly stayed: number;
}

/** Leads in these sequences that may still be written to. */
export async function leadsInside(
  tx: Tx,
  { workspaceId, campaignId, sequenceIds }: Edited & { sequenceIds: readonly SequenceId[] },
): Promise<LeadsInside> {
  const { rows } = await tx.query<LeadsInside>(
    `select count(*) filter (where stays_in_version is null) as moved, count(*) filter (where stays_in_version is not null) as stayed
     from enrollment where workspace_id = $1 and campaign_id = $2 and sequence_id = any($3) and state in ${RUNNING}`,
    [workspaceId, campaignId, sequenceIds],
  );
  return only(rows);
}

/**
 * Points every running enrollment of these sequences to the step it gets next, by the rule of core/next-step.ts: the first step in use behind
 * the last one that this visit has a message for, and that it has none for. Its time is planned anew. Where none is left, an active lead
 * awaits its reply; one that awaits a reply goes on when a step was added behind it. Returns how many moved.
 *
 * The update repeats what it has seen of a row: a sender that was faster keeps its change.
 */
export async function repointEnrollments(
  tx: Tx,
  { workspaceId, campaignId, sequenceIds }: Edited & { sequenceIds: readonly SequenceId[] },
  at: Instant,
): Promise<number> {
  const { rowCount } = await tx.query(
    `with place as (
       select e.workspace_id, e.id, e.state, e.version, e.next_step_id, e.visit, reached.position, following.id as step_id,
         e.anchor_at + make_interval(hours => 24 * c.reply_window_days) as await_until
       from campaign c
       join enrollment e on e.workspace_id = c.workspace_id and e.campaign_id = c.id and e.sequence_id = any($3)
         and e.stays_in_version is null
       cross join lateral (
         select coalesce(max(s.position), 0) as position
         from message m join step s on s.workspace_id = m.workspace_id and s.sequence_id = e.sequence_id and s.lineage = m.step_lineage
         where m.workspace_id = e.workspace_id and m.enrollment_id = e.id and m.visit = e.visit) reached
       left join lateral (
         select s.id from step s
         where s.workspace_id = e.workspace_id and s.sequence_id = e.sequence_id and s.retired_at is null and s.position > reached.position
         order by s.position limit 1) following on true
       where c.workspace_id = $1 and c.id = $2 and e.state in ('active', 'held', 'awaiting_reply') and e.pending_message_id is null),
     moved as (
       update enrollment e set
         next_step_id = place.step_id,
         state = case when place.step_id is null then 'awaiting_reply' when e.state = 'held' then 'held' else 'active' end,
         next_at = case when place.step_id is null then place.await_until when e.state = 'held' then e.next_at end,
         reason = case when e.state = 'held' then e.reason else 'sequence_edited' end,
         priority = case when place.position > 0 then 0 else e.priority end,
         version = e.version + 1, updated_at = $4
       from place
       where e.workspace_id = place.workspace_id and e.id = place.id and e.version = place.version and e.pending_message_id is null
         and e.state = place.state and e.visit = place.visit and e.next_step_id is not distinct from place.next_step_id
         and case place.state
           when 'active' then place.step_id is distinct from place.next_step_id
           -- a hold keeps its step when none is left: it is for the end of the hold to see
           when 'held' then place.step_id is not null and place.step_id is distinct from place.next_step_id
           else place.step_id is not null end
       returning e.workspace_id, e.id, place.state as from_state, e.state as to_state, place.next_step_id as was, e.next_step_id as becomes)
     insert into enrollment_event (workspace_id, enrollment_id, at, reason, from_state, to_state, detail)
     select moved.workspace_id, moved.id, $4, 'sequence_edited', from_state, to_state, jsonb_build_object('from', was.lineage, 'to', becomes.lineage)
     from moved
     left join step was on was.workspace_id = moved.workspace_id and was.id = moved.was
     left join step becomes on becomes.workspace_id = moved.workspace_id and becomes.id = moved.becomes`,
    [workspaceId, campaignId, sequenceIds, at],
  );
  return rowCount ?? 0;
}

/** Forgets the planned times of those who wait for one of these steps (its delay changed), or of all when the campaign's hours did. Returns how many. */
export async function replanEnrollments(
  tx: Tx,
  { workspaceId, campaignId, waitingFor }: Edited & { waitingFor: readonly StepId[] | "any step" },
  at: Instant,
): Promise<number> {
  const { rowCount } = await tx.query(
    `with replanned as (
       update enrollment set next_at = null, reason = 'sequence_edited', version = version + 1, updated_at = $4
       where workspace_id = $1 and campaign_id = $2 and state = 'active' and pending_message_id is null and next_at is not null
         and ($3::uuid[] is null or (next_step_id = any($3) and stays_in_version is null))
       returning workspace_id, id)
     insert into enrollment_event (workspace_id, enrollment_id, at, reason, from_state, to_state, detail)
     select workspace_id, id, $4, 'sequence_edited', 'active', 'active', '{"planned": "anew"}' from replanned`,
    [workspaceId, campaignId, waitingFor === "any step" ? null : waitingFor, at],
  );
  return rowCount ?? 0;
}

/** Moves the end of the reply windows that run: the last mail's moment plus the campaign's reply window. */
export async function moveReplyWindows(tx: Tx, { workspaceId, campaignId }: Edited, at: Instant): Promise<number> {
  const { rowCount } = await tx.query(
    `update enrollment e set next_at = e.anchor_at + make_interval(hours => 24 * c.reply_window_days), version = e.version + 1, updated_at = $3
     from campaign c
     where c.workspace_id = $1 and c.id = $2 and e.workspace_id = c.workspace_id and e.campaign_id = c.id and e.state = 'awaiting_reply'`,
    [workspaceId, campaignId, at],
  );
  return rowCount ?? 0;
}
