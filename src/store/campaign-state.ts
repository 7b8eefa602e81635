// A campaign's transitions. Each carries its precondition in the WHERE, says whether it won, and leaves a line in the history.
import { statesBefore } from "../core/campaign.ts";
import type { CampaignId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { CampaignState } from "../core/words.ts";
import type { Queryable, Tx } from "./database.ts";

interface Transition {
  readonly workspaceId: WorkspaceId;
  readonly id: CampaignId;
  readonly from: readonly CampaignState[];
  readonly to: CampaignState;
  readonly reason: string;
}

/** A campaign that leaves `paused` is paused no longer; one that becomes active was activated, at the latest now. */
async function transition(tx: Tx, { workspaceId, id, from, to, reason }: Transition, at: Instant): Promise<boolean> {
  const { rowCount } = await tx.query(
    `with before as (
       select workspace_id, id, state from campaign where workspace_id = $1 and id = $2 and state = any($3) for update),
     changed as (
       update campaign c set state = $4, state_reason = $5, updated_at = $6,
         paused_at = case when $4 = 'paused' then $6::timestamptz end,
         activated_at = case when $4 = 'active' then coalesce(c.activated_at, $6) else c.activated_at end
       from before where c.workspace_id = before.workspace_id and c.id = before.id
       returning c.workspace_id, c.id, before.state as from_state)
     insert into campaign_event (workspace_id, campaign_id, at, reason, from_state, to_state)
     select workspace_id, id, $6, $5, from_state, $4 from changed`,
    [workspaceId, id, from, to, reason, at],
  );
  return rowCount === 1;
}

/** The campaign starts when its time has come and it is ready. From draft only. */
export async function scheduleCampaign(tx: Tx, workspaceId: WorkspaceId, id: CampaignId, at: Instant): Promise<boolean> {
  return transition(tx, { workspaceId, id, from: statesBefore("scheduled"), to: "scheduled", reason: "scheduled" }, at);
}

/** Starts it: from draft or scheduled, or from completed when its end was extended. A paused campaign is resumed instead. */
export async function activate(tx: Tx, workspaceId: WorkspaceId, id: CampaignId, reason: string, at: Instant): Promise<boolean> {
  const from = statesBefore("active").filter((state) => state !== "paused");
  return transition(tx, { workspaceId, id, from, to: "active", reason }, at);
}

/** Nothing more goes out until it is resumed. Touches no enrollment: that it is paused is a fact of the campaign. */
export async function pauseCampaign(tx: Tx, workspaceId: WorkspaceId, id: CampaignId, reason: string, at: Instant): Promise<boolean> {
  return transition(tx, { workspaceId, id, from: statesBefore("paused"), to: "paused", reason }, at);
}

/** Ends it, from active or paused; later replies are judged and shown, and start nothing. */
export async function completeCampaign(tx: Tx, workspaceId: WorkspaceId, id: CampaignId, reason: string, at: Instant): Promise<boolean> {
  return transition(tx, { workspaceId, id, from: statesBefore("completed"), to: "completed", reason }, at);
}

/** Puts it away for good, from every state in which it does not run. */
export async function archiveCampaign(tx: Tx, workspaceId: WorkspaceId, id: CampaignId, reason: string, at: Instant): Promise<boolean> {
  return transition(tx, { workspaceId, id, from: statesBefore("archived"), to: "archived", reason }, at);
}

/**
 * Lets a paused campaign go on in a new pause epoch: nothing is sent to an enrollment until it was shifted into it.
 * Returns the epoch and the length of the pause, milliseconds; null when it is not paused.
 */
export async function resumeCampaign(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: CampaignId,
  at: Instant,
): Promise<{ epoch: number; pausedMs: number } | null> {
  const { rows } = await tx.query<{ epoch: number; pausedAt: Date }>(
    `with before as (
       select workspace_id, id, least(paused_at, $3) as paused_at from campaign where workspace_id = $1 and id = $2 and state = 'paused' for update),
     resumed as (
       update campaign c set state = 'active', state_reason = 'resumed', paused_at = null, pause_epoch = c.pause_epoch + 1, updated_at = $3
       from before where c.workspace_id = before.workspace_id and c.id = before.id
       returning c.workspace_id, c.id, c.pause_epoch as epoch, before.paused_at),
     remembered as (
       insert into campaign_pause (workspace_id, campaign_id, epoch, paused_at, resumed_at) select workspace_id, id, epoch, paused_at, $3 from resumed),
     noted as (
       insert into campaign_event (workspace_id, campaign_id, at, reason, from_state, to_state, detail)
       select workspace_id, id, $3, 'resumed', 'paused', 'active', jsonb_build_object('paused_at', paused_at, 'epoch', epoch) from resumed)
     select epoch, paused_at as "pausedAt" from resumed`,
    [workspaceId, id, at],
  );
  const [row] = rows;
  return row ? { epoch: row.epoch, pausedMs: at.getTime() - row.pausedAt.getTime() } : null;
}

interface CampaignRef {
  readonly workspaceId: WorkspaceId;
  readonly campaignId: CampaignId;
}

/** Scheduled campaigns whose start has come, in all workspaces. */
export async function campaignsToStart(q: Queryable, now: Instant): Promise<CampaignRef[]> {
  const { rows } = await q.query<CampaignRef>(
    `select workspace_id as "workspaceId", id as "campaignId" from campaign
     where state = 'scheduled' and (starts_at is null or starts_at <= $1) order by starts_at, id`,
    [now],
  );
  return rows;
}

/** Running campaigns whose end has come, in all workspaces. One that pauses at its end and was resumed by a person after it stays as it is. */
export async function campaignsToEnd(q: Queryable, now: Instant): Promise<(CampaignRef & { atEnd: "complete" | "pause" })[]> {
  const { rows } = await q.query<CampaignRef & { atEnd: "complete" | "pause" }>(
    `select c.workspace_id as "workspaceId", c.id as "campaignId", c.at_end as "atEnd" from campaign c
     where c.state in ('active', 'paused') and c.ends_at <= $1 and (c.at_end = 'complete' or (c.state = 'active' and not exists (
       select from campaign_pause pause where pause.workspace_id = c.workspace_id and pause.campaign_id = c.id and pause.resumed_at >= c.ends_at)))
     order by c.ends_at, c.id`,
    [now],
  );
  return rows;
}

/** Active campaigns whose leads are all through, and in which no reply waits to be judged. */
export async function finishedCampaigns(q: Queryable): Promise<CampaignRef[]> {
  const { rows } = await q.query<CampaignRef>(
    `select c.workspace_id as "workspaceId", c.id as "campaignId" from campaign c
     where c.state = 'active'
       and exists (select from enrollment e where e.workspace_id = c.workspace_id and e.campaign_id = c.id)
       and not exists (
         select from enrollment e where e.workspace_id = c.workspace_id and e.campaign_id = c.id and e.state in ('active', 'held', 'awaiting_reply'))
       and not exists (
         select from inbound_message i join enrollment e on e.workspace_id = i.workspace_id and e.id = i.enrollment_id
         where e.workspace_id = c.workspace_id and e.campaign_id = c.id and i.verdict = 'reply' and i.interest_level in ('not_analyzed', 'needs_review'))
     order by c.id`,
  );
  return rows;
}

/** Writes into the history of a campaign, unless its last line says the same. */
export async function noteCampaign(
  q: Queryable,
  workspaceId: WorkspaceId,
  id: CampaignId,
  reason: string,
  detail: object,
  at: Instant,
): Promise<boolean> {
  const { rowCount } = await q.query(
    `insert into campaign_event (workspace_id, campaign_id, at, reason, detail)
     select $1, $2, $3, $4, $5::jsonb where not exists (
       select from (select reason, detail from campaign_event where workspace_id = $1 and campaign_id = $2 order by at desc, id desc limit 1) last
       where last.reason = $4 and last.detail = $5::jsonb)`,
    [workspaceId, id, at, reason, detail],
  );
  return rowCount === 1;
}

export interface CampaignEvent {
  readonly at: Instant;
  readonly reason: string;
  readonly fromState: CampaignState | null;
  readonly toState: CampaignState | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What happened to a campaign, oldest first. */
export async function campaignHistory(q: Queryable, workspaceId: WorkspaceId, id: CampaignId): Promise<CampaignEvent[]> {
  const { rows } = await q.query<CampaignEvent>(
    `select at, reason, from_state as "fromState", to_state as "toState", detail from campaign_event
     where workspace_id = $1 and campaign_id = $2 order by at, id`,
    [workspaceId, id],
  );
  return rows;
}
