// Campaigns and what a person decided about them. Their transitions stand in campaign-state.ts.
import type { CompanySettings } from "../core/company-guard.ts";
import type { HolidayCalendar } from "../core/holidays.ts";
import type { CampaignId, ListId, MailboxId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { SendingWindow } from "../core/sending-window.ts";
import type { CampaignState } from "../core/words.ts";
import { COMPANY_SETTINGS } from "./company.ts";
import type { Queryable, Tx } from "./database.ts";
import { SENT_HERE } from "./message.ts";

/** What a person decides about a campaign; a campaign file sets all of it. */
export interface CampaignSettings {
  readonly name: string;
  readonly goal: string | null;
  readonly startsAt: Instant | null;
  readonly endsAt: Instant | null;
  readonly atEnd: "complete" | "pause";
  readonly timeZone: string;
  readonly window: SendingWindow;
  readonly holidays: readonly string[];
  readonly holidayCalendars: readonly HolidayCalendar[];
  readonly useLeadTimeZone: boolean;
  readonly jitterMinutes: number;
  readonly spread: "none" | "even";
  readonly replyWindowDays: number;
  /** First mails a day, from all its mailboxes together; null: no limit. */
  readonly newLeadsPerDay: number | null;
  readonly company: CompanySettings;
  readonly postalAddress: string | null;
  readonly optOut: "link" | "reply";
  /** Null: every lead of the workspace. */
  readonly listId: ListId | null;
  readonly mergeDefaults: Readonly<Record<string, string>>;
  readonly holdOtherCampaigns: boolean;
  readonly holdCompany: boolean;
  /** What becomes of the leads inside when a sequence is edited. */
  readonly onEdit: OnEdit;
}

/** They go over to the new version, or stay in theirs. */
export type OnEdit = "move" | "stay";

export interface Campaign extends CampaignSettings {
  readonly workspaceId: WorkspaceId;
  readonly id: CampaignId;
  readonly state: CampaignState;
  readonly stateReason: string | null;
  readonly pauseEpoch: number;
  readonly pausedAt: Instant | null;
  readonly activatedAt: Instant | null;
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

const COLUMNS = `
  c.workspace_id as "workspaceId", c.id, c.name, c.goal, c.state, c.state_reason as "stateReason", c.starts_at as "startsAt", c.ends_at as "endsAt",
  c.at_end as "atEnd", c.time_zone as "timeZone", c.sending_window as window, c.holidays, c.holiday_calendars as "holidayCalendars", c.use_lead_time_zone as "useLeadTimeZone",
  c.jitter_minutes as "jitterMinutes", c.reply_window_days as "replyWindowDays",
  c.spread, c.new_leads_per_day as "newLeadsPerDay", ${COMPANY_SETTINGS} as company, c.postal_address as "postalAddress", c.opt_out as "optOut",
  c.list_id as "listId", c.merge_defaults as "mergeDefaults", c.hold_other_campaigns as "holdOtherCampaigns", c.hold_company as "holdCompany",
  c.on_edit as "onEdit",
  c.pause_epoch as "pauseEpoch", c.paused_at as "pausedAt", c.activated_at as "activatedAt", c.version, c.created_at as "createdAt", c.updated_at as "updatedAt"`;

export async function campaignById(q: Queryable, workspaceId: WorkspaceId, id: CampaignId): Promise<Campaign | null> {
  const { rows } = await q.query<Campaign>(`select ${COLUMNS} from campaign c where c.workspace_id = $1 and c.id = $2`, [workspaceId, id]);
  return rows[0] ?? null;
}

/** Names are unique whatever their case. */
export async function campaignByName(q: Queryable, workspaceId: WorkspaceId, name: string): Promise<Campaign | null> {
  const { rows } = await q.query<Campaign>(`select ${COLUMNS} from campaign c where c.workspace_id = $1 and lower(c.name) = lower($2)`, [
    workspaceId,
    name,
  ]);
  return rows[0] ?? null;
}

/** The campaign of that name, locked until the transaction ends: two people who apply a file at once follow each other. */
export async function lockCampaignByName(tx: Tx, workspaceId: WorkspaceId, name: string): Promise<Campaign | null> {
  const { rows } = await tx.query<Campaign>(
    `select ${COLUMNS} from campaign c where c.workspace_id = $1 and lower(c.name) = lower($2) for update`,
    [workspaceId, name],
  );
  return rows[0] ?? null;
}

/** The campaign, locked until the transaction ends. */
export async function lockCampaign(tx: Tx, workspaceId: WorkspaceId, id: CampaignId): Promise<Campaign | null> {
  const { rows } = await tx.query<Campaign>(`select ${COLUMNS} from campaign c where c.workspace_id = $1 and c.id = $2 for update`, [
    workspaceId,
    id,
  ]);
  return rows[0] ?? null;
}

export interface CampaignSummary extends Campaign {
  readonly mailboxes: number;
  readonly steps: number;
  readonly subSequences: number;
  /** Leads in the campaign, by where they stand. */
  readonly enrolled: number;
  readonly active: number;
  readonly awaitingReply: number;
  readonly replied: number;
  readonly stopped: number;
  readonly sent: number;
}

/** The campaigns of a workspace with their counts, newest first. */
export async function listCampaigns(q: Queryable, workspaceId: WorkspaceId): Promise<CampaignSummary[]> {
  const { rows } = await q.query<CampaignSummary>(
    `select ${COLUMNS}, shape.*, leads.*,
       (select count(*) from message m where m.workspace_id = c.workspace_id and m.campaign_id = c.id and m.kind = 'step' and m.state = 'sent' and ${SENT_HERE}) as sent
     from campaign c
     cross join lateral (
       select (select count(*) from campaign_mailbox pool where pool.workspace_id = c.workspace_id and pool.campaign_id = c.id) as mailboxes,
         (select count(*) from step join sequence s on s.workspace_id = step.workspace_id and s.id = step.sequence_id
          where s.workspace_id = c.workspace_id and s.campaign_id = c.id and s.kind = 'main' and step.retired_at is null) as steps,
         (select count(*) from sequence s where s.workspace_id = c.workspace_id and s.campaign_id = c.id and s.kind = 'sub' and s.is_active) as "subSequences"
     ) shape
     cross join lateral (
       select count(*) as enrolled,
         count(*) filter (where state in ('active', 'held')) as active,
         count(*) filter (where state = 'awaiting_reply') as "awaitingReply",
         count(*) filter (where state = 'replied') as replied,
         count(*) filter (where state in ('unsubscribed', 'bounced', 'complained', 'failed', 'removed')) as stopped
       from enrollment e where e.workspace_id = c.workspace_id and e.campaign_id = c.id
     ) leads
     where c.workspace_id = $1 order by c.created_at desc, c.id desc`,
    [workspaceId],
  );
  return rows;
}

function settingValues(settings: CampaignSettings): unknown[] {
  return [
    settings.name,
    settings.goal,
    settings.startsAt,
    settings.endsAt,
    settings.atEnd,
    settings.timeZone,
    settings.window,
    settings.holidays,
    settings.useLeadTimeZone,
    settings.jitterMinutes,
    settings.replyWindowDays,
    settings.postalAddress,
    settings.optOut,
    settings.listId,
    settings.mergeDefaults,
    settings.holdOtherCampaigns,
    settings.holdCompany,
    JSON.stringify(settings.holidayCalendars),
    settings.newLeadsPerDay,
    settings.company.atMost,
    settings.company.coolOffDays,
    settings.company.awayAfterRefusal,
    settings.spread,
    settings.onEdit,
  ];
}

/** Adds a draft; false when a campaign of that name exists (or is being added by somebody else, who is waited for). */
export async function insertCampaign(tx: Tx, workspaceId: WorkspaceId, settings: CampaignSettings, at: Instant): Promise<boolean> {
  const { rowCount } = await tx.query(
    `with added as (
       insert into campaign (workspace_id, created_at, updated_at, name, goal, starts_at, ends_at, at_end, time_zone, sending_window, holidays,
         use_lead_time_zone, jitter_minutes, reply_window_days, postal_address, opt_out, list_id, merge_defaults, hold_other_campaigns, hold_company,
         holiday_calendars, new_leads_per_day, company_at_most, company_cool_off_days, company_away_after_refusal,
         spread, on_edit)
       values ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)
       on conflict (workspace_id, lower(name)) do nothing
       returning workspace_id, id)
     insert into campaign_event (workspace_id, campaign_id, at, reason, to_state) select workspace_id, id, $2, 'created', 'draft' from added`,
    [workspaceId, at, ...settingValues(settings)],
  );
  return rowCount === 1;
}

/** Changes the settings. The state is not a setting. */
export async function updateCampaignSettings(tx: Tx, workspaceId: WorkspaceId, id: CampaignId, settings: CampaignSettings): Promise<void> {
  await tx.query(
    `update campaign set name = $3, goal = $4, starts_at = $5, ends_at = $6, at_end = $7, time_zone = $8, sending_window = $9, holidays = $10,
       use_lead_time_zone = $11, jitter_minutes = $12, reply_window_days = $13, postal_address = $14, opt_out = $15, list_id = $16,
       merge_defaults = $17, hold_other_campaigns = $18, hold_company = $19, holiday_calendars = $20, new_leads_per_day = $21, company_at_most = $22,
       company_cool_off_days = $23, company_away_after_refusal = $24, spread = $25, on_edit = $26
     where workspace_id = $1 and id = $2`,
    [workspaceId, id, ...settingValues(settings)],
  );
}

/** Marks that something about the campaign was changed, and writes into its history what. */
export async function recordCampaignEdit(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: CampaignId,
  changes: readonly string[],
  at: Instant,
): Promise<void> {
  await tx.query(
    `with edited as (
       update campaign set version = version + 1, updated_at = $3 where workspace_id = $1 and id = $2 returning workspace_id, id)
     insert into campaign_event (workspace_id, campaign_id, at, reason, detail)
     select workspace_id, id, $3, 'edited', jsonb_build_object('changes', $4::text[]) from edited`,
    [workspaceId, id, at, changes],
  );
}

/** The mailboxes a campaign sends from, after: exactly these. A lead keeps the mailbox it has. */
export async function setCampaignMailboxes(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: CampaignId,
  mailboxIds: readonly MailboxId[],
): Promise<void> {
  await tx.query(
    `with removed as (
       delete from campaign_mailbox where workspace_id = $1 and campaign_id = $2 and mailbox_id <> all($3::uuid[]))
     insert into campaign_mailbox (workspace_id, campaign_id, mailbox_id) select $1, $2, unnest($3::uuid[]) on conflict do nothing`,
    [workspaceId, id, mailboxIds],
  );
}

/** Ids of a workspace's mailboxes by identity key; those that do not exist are left out. */
export async function mailboxIdsByAddress(
  q: Queryable,
  workspaceId: WorkspaceId,
  identityKeys: readonly string[],
): Promise<Map<string, MailboxId>> {
  const { rows } = await q.query<{ key: string; id: MailboxId }>(
    "select identity_key as key, id from mailbox where workspace_id = $1 and identity_key = any($2)",
    [workspaceId, identityKeys],
  );
  return new Map(rows.map(({ key, id }) => [key, id]));
}

/** The list of that name, whatever its case. */
export async function listIdByName(q: Queryable, workspaceId: WorkspaceId, name: string): Promise<ListId | null> {
  const { rows } = await q.query<{ id: ListId }>("select id from lead_list where workspace_id = $1 and lower(name) = lower($2)", [
    workspaceId,
    name,
  ]);
  return rows[0]?.id ?? null;
}

export async function listNameById(q: Queryable, workspaceId: WorkspaceId, id: ListId): Promise<string | null> {
  const { rows } = await q.query<{ name: string }>("select name from lead_list where workspace_id = $1 and id = $2", [workspaceId, id]);
  return rows[0]?.name ?? null;
}
