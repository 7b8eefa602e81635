// What the planner must know of campaigns: when they may send, their sequences with all steps (retired ones too), which words a step has. Of
// older versions of a sequence only those that a lead stays in.
import type { CompanySettings } from "../core/company-guard.ts";
import type { HolidayCalendar } from "../core/holidays.ts";
import type { CampaignId, MailboxId, SequenceId, StepId, VariantId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { SendingWindow } from "../core/sending-window.ts";
import type { CampaignState, Trigger } from "../core/words.ts";
import { COMPANY_SETTINGS } from "./company.ts";
import type { Queryable } from "./database.ts";
import { RUNNING } from "./enrollment.ts";

export interface PlannedStep {
  readonly id: StepId;
  readonly sequenceId: SequenceId;
  readonly version: number;
  readonly isNewest: boolean;
  readonly lineage: string;
  readonly position: number;
  readonly delayDays: number;
  readonly delayWorkingDays: number;
  readonly delayMinutes: number;
  readonly retired: boolean;
  /** The words that go out; null when the step has none any more. */
  readonly variantId: VariantId | null;
}

export interface PlannedSequence {
  readonly id: SequenceId;
  readonly kind: "main" | "sub";
  readonly name: string;
  readonly trigger: Trigger | null;
  readonly isActive: boolean;
}

export interface CampaignPlan {
  readonly workspaceId: WorkspaceId;
  readonly id: CampaignId;
  readonly name: string;
  readonly state: CampaignState;
  readonly pauseEpoch: number;
  readonly window: SendingWindow;
  readonly holidays: readonly string[];
  readonly holidayCalendars: readonly HolidayCalendar[];
  readonly zone: string;
  readonly useLeadZone: boolean;
  readonly jitterMinutes: number;
  readonly replyWindowDays: number;
  readonly spread: "none" | "even";
  /** First mails a day, from all its mailboxes together; null: no limit. */
  readonly newLeadsPerDay: number | null;
  readonly company: CompanySettings;
  readonly startsAt: Instant | null;
  readonly endsAt: Instant | null;
  readonly activatedAt: Instant | null;
  readonly holdOtherCampaigns: boolean;
  readonly holdCompany: boolean;
  readonly mailboxIds: readonly MailboxId[];
  /** By their ids, what each of them may send a day. */
  readonly mailboxCaps: Readonly<Record<string, number>>;
  readonly sequences: readonly PlannedSequence[];
  /** Of all sequences and versions, by position; active ones before retired ones of the same position. */
  readonly steps: readonly PlannedStep[];
}

const SELECT = `
  select c.workspace_id as "workspaceId", c.id, c.name, c.state, c.pause_epoch as "pauseEpoch", c.sending_window as window, c.holidays,
    c.holiday_calendars as "holidayCalendars", c.time_zone as zone, c.use_lead_time_zone as "useLeadZone", c.jitter_minutes as "jitterMinutes", c.reply_window_days as "replyWindowDays",
    c.spread, c.new_leads_per_day as "newLeadsPerDay", ${COMPANY_SETTINGS} as company, c.starts_at as "startsAt", c.ends_at as "endsAt", c.activated_at as "activatedAt",
    c.hold_other_campaigns as "holdOtherCampaigns", c.hold_company as "holdCompany",
    array(select mailbox_id from campaign_mailbox pool where pool.workspace_id = c.workspace_id and pool.campaign_id = c.id order by 1) as "mailboxIds",
    coalesce((select jsonb_object_agg(mailbox.id, mailbox.daily_cap) from campaign_mailbox pool
      join mailbox on mailbox.workspace_id = pool.workspace_id and mailbox.id = pool.mailbox_id
      where pool.workspace_id = c.workspace_id and pool.campaign_id = c.id), '{}') as "mailboxCaps",
    coalesce((select jsonb_agg(jsonb_build_object('id', s.id, 'kind', s.kind, 'name', s.name, 'trigger', s.trigger, 'isActive', s.is_active) order by s.kind, s.name)
      from sequence s where s.workspace_id = c.workspace_id and s.campaign_id = c.id), '[]') as sequences,
    coalesce((select jsonb_agg(jsonb_build_object('id', known.id, 'sequenceId', s.id, 'version', known.version, 'isNewest', known.is_newest,
        'lineage', known.lineage, 'position', known.position, 'delayDays', known.delay_days, 'delayWorkingDays', known.delay_working_days,
        'delayMinutes', known.delay_minutes, 'retired', known.retired, 'variantId', known.variant_id)
        order by known.position, known.retired)
      from sequence s cross join lateral (
        select step.id, newest.number as version, true as is_newest, step.lineage, step.position, step.delay_days, step.delay_working_days,
          step.delay_minutes, step.retired_at is not null as retired,
          (select v.id from variant v where v.workspace_id = step.workspace_id and v.step_id = step.id and v.retired_at is null order by v.name limit 1) as variant_id
        from step cross join lateral (
          select max(number) as number from sequence_version version
          where version.workspace_id = s.workspace_id and version.sequence_id = s.id) newest
        where step.workspace_id = s.workspace_id and step.sequence_id = s.id
        union all
        select past.step_id, past.version, false, step.lineage, past.position, past.delay_days, past.delay_working_days, past.delay_minutes, past.retired,
          past.variant_id
        from past_step past join step on step.workspace_id = past.workspace_id and step.id = past.step_id
        where past.workspace_id = s.workspace_id and past.sequence_id = s.id and exists (
          select from enrollment e where e.workspace_id = s.workspace_id and e.sequence_id = s.id and e.stays_in_version = past.version
            and e.state in ${RUNNING})) known
      where s.workspace_id = c.workspace_id and s.campaign_id = c.id), '[]') as steps
  from campaign c`;

export async function campaignPlans(
  q: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly CampaignId[],
): Promise<Map<CampaignId, CampaignPlan>> {
  const { rows } = await q.query<CampaignPlan>(`${SELECT} where c.workspace_id = $1 and c.id = any($2)`, [workspaceId, [...new Set(ids)]]);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Every campaign that is running, or will be, on any of these mailboxes: what shares their day. */
export async function plansOnMailboxes(q: Queryable, workspaceId: WorkspaceId, mailboxIds: readonly MailboxId[]): Promise<CampaignPlan[]> {
  const { rows } = await q.query<CampaignPlan>(
    `${SELECT} where c.workspace_id = $1 and c.state in ('scheduled', 'active') and exists (
       select from campaign_mailbox pool where pool.workspace_id = c.workspace_id and pool.campaign_id = c.id and pool.mailbox_id = any($2))
     order by c.id`,
    [workspaceId, mailboxIds],
  );
  return rows;
}

/** Every active campaign, in all workspaces. */
export async function runningCampaigns(q: Queryable): Promise<{ workspaceId: WorkspaceId; campaignId: CampaignId }[]> {
  const { rows } = await q.query<{ workspaceId: WorkspaceId; campaignId: CampaignId }>(
    `select workspace_id as "workspaceId", id as "campaignId" from campaign where state = 'active' order by id`,
  );
  return rows;
}

/** Campaigns with enrollments of an older epoch: they were resumed, and their delays have still to be moved by the pause. */
export async function campaignsToShift(q: Queryable): Promise<{ workspaceId: WorkspaceId; campaignId: CampaignId }[]> {
  const { rows } = await q.query<{ workspaceId: WorkspaceId; campaignId: CampaignId }>(
    `select c.workspace_id as "workspaceId", c.id as "campaignId" from campaign c
     where c.state = 'active' and exists (
       select from enrollment e where e.workspace_id = c.workspace_id and e.campaign_id = c.id and e.pause_epoch < c.pause_epoch
         and e.state in ('active', 'held', 'awaiting_reply'))`,
  );
  return rows;
}
