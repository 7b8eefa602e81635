// What a campaign would start with: the facts that core/campaign.ts judges.
import type { MailboxFacts, ReadinessFacts } from "../core/campaign.ts";
import { isWorthAWarning } from "../core/domain-check.ts";
import { daysWithoutMail, type HolidayCalendar } from "../core/holidays.ts";
import type { CampaignId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { SendingWindow } from "../core/sending-window.ts";
import type { Queryable } from "./database.ts";
import { checksOfCampaign } from "./domain-check.ts";
import { UNREAD_PAUSES } from "./mailbox-pause.ts";

/** Null when there is no such campaign. Three queries, one of which counts the audience. */
export async function readinessFacts(q: Queryable, workspaceId: WorkspaceId, campaignId: CampaignId): Promise<ReadinessFacts | null> {
  const campaign = await campaignFacts(q, workspaceId, campaignId);
  if (campaign === null) return null;
  const mailboxes = await mailboxFacts(q, workspaceId, campaignId);
  const { window, holidays, holidayCalendars, zone, hasLeads, hasReachable, ...facts } = campaign;
  const domainWarnings = (await checksOfCampaign(q, workspaceId, campaignId)).filter(isWorthAWarning).map(({ sentence }) => sentence);
  const leads = hasReachable ? "some" : hasLeads ? "all_unreachable" : "none";
  const hours = { window, holidays: daysWithoutMail({ holidays, holidayCalendars }, zone), zone };
  return { ...facts, leads, mailboxes, domainWarnings, hours };
}

interface CampaignFacts extends Pick<ReadinessFacts, "addresses" | "mainSteps" | "subSequences" | "postalAddress" | "optOut"> {
  readonly endsAt: Instant | null;
  readonly window: SendingWindow;
  readonly holidays: readonly string[];
  readonly holidayCalendars: readonly HolidayCalendar[];
  readonly zone: string;
  readonly hasLeads: boolean;
  readonly hasReachable: boolean;
}

async function campaignFacts(q: Queryable, workspaceId: WorkspaceId, campaignId: CampaignId): Promise<CampaignFacts | null> {
  const { rows } = await q.query<CampaignFacts>(
    `with audience as (
       select lead.* from campaign c join lead on lead.workspace_id = c.workspace_id
       where c.workspace_id = $1 and c.id = $2 and (c.list_id is null or exists (
         select from lead_list_member member
         where member.workspace_id = c.workspace_id and member.list_id = c.list_id and member.lead_id = lead.id)))
     select c.sending_window as window, c.holidays, c.holiday_calendars as "holidayCalendars", c.time_zone as zone, c.ends_at as "endsAt", c.opt_out as "optOut",
       coalesce(c.postal_address, w.postal_address) as "postalAddress",
       exists (select from audience) as "hasLeads",
       (select jsonb_build_object('leads', count(*), 'invalid', count(*) filter (where address_quality = 'invalid'))
        from audience where removed_at is null) || jsonb_build_object('first', array(
         select email from audience where address_quality = 'invalid' and removed_at is null order by email limit 10)) as addresses,
       exists (
         select from audience lead where lead.reachability = 'ok' and lead.removed_at is null and lead.address_quality is distinct from 'invalid' and not exists (
           select from suppression s where s.workspace_id = lead.workspace_id and s.key in (lead.identity_key, lead.email_domain)
             and (s.campaign_id is null or s.campaign_id = c.id))) as "hasReachable",
       (select count(step.id) from sequence s
          left join step on step.workspace_id = s.workspace_id and step.sequence_id = s.id and step.retired_at is null
        where s.workspace_id = c.workspace_id and s.campaign_id = c.id and s.kind = 'main' group by s.id) as "mainSteps",
       coalesce((
         select jsonb_agg(jsonb_build_object('name', s.name, 'trigger', s.trigger, 'steps', (
             select count(*) from step where step.workspace_id = s.workspace_id and step.sequence_id = s.id and step.retired_at is null)) order by s.name)
         from sequence s where s.workspace_id = c.workspace_id and s.campaign_id = c.id and s.kind = 'sub' and s.is_active), '[]') as "subSequences"
     from campaign c join workspace w on w.id = c.workspace_id
     where c.workspace_id = $1 and c.id = $2`,
    [workspaceId, campaignId],
  );
  return rows[0] ?? null;
}

/** The inbox of a relay is its reply mailbox. One that a person paused, or whose login fails, is not read (as in `readableMailboxes`). */
async function mailboxFacts(q: Queryable, workspaceId: WorkspaceId, campaignId: CampaignId): Promise<MailboxFacts[]> {
  const { rows } = await q.query<MailboxFacts>(
    `select sender.email, sender.state = 'paused' as paused, sender.pause_reason as "pauseReason", sender.smtp_tested_at is not null as tested,
       case when inbox.id is not null then jsonb_build_object('email', inbox.email,
         'read', inbox.imap_tested_at is not null and (inbox.pause_reason is null or inbox.pause_reason not in ${UNREAD_PAUSES})) end as "replyInbox"
     from campaign_mailbox pool
     join mailbox sender on sender.workspace_id = pool.workspace_id and sender.id = pool.mailbox_id
     left join mailbox inbox on inbox.workspace_id = sender.workspace_id and inbox.imap_host is not null
       and inbox.id = case when sender.imap_host is not null then sender.id else sender.reply_mailbox_id end
     where pool.workspace_id = $1 and pool.campaign_id = $2
     order by sender.email`,
    [workspaceId, campaignId],
  );
  return rows;
}

/** Names of custom fields that some lead of the workspace has. */
export async function customFieldNames(q: Queryable, workspaceId: WorkspaceId): Promise<string[]> {
  const { rows } = await q.query<{ name: string }>(
    "select distinct name from lead, jsonb_object_keys(custom) as name where workspace_id = $1 order by name",
    [workspaceId],
  );
  return rows.map((row) => row.name);
}
