// Whom would a campaign's mails reach, and which of these leads lack a value?
import type { CampaignId, WorkspaceId } from "../core/ids.ts";
import type { Lacking } from "../core/lint-mail.ts";
import type { MergeLead } from "../core/merge-values.ts";
import type { Queryable } from "./database.ts";

/** The leads of campaign $2 that may be written to. */
const REACHABLE = `
  select lead.* from campaign c join lead on lead.workspace_id = c.workspace_id
  where c.workspace_id = $1 and c.id = $2 and lead.reachability = 'ok' and lead.removed_at is null
    and (c.list_id is null or exists (
      select from lead_list_member member
      where member.workspace_id = c.workspace_id and member.list_id = c.list_id and member.lead_id = lead.id))
    and not exists (
      select from suppression s where s.workspace_id = lead.workspace_id and s.key in (lead.identity_key, lead.email_domain)
        and (s.campaign_id is null or s.campaign_id = c.id))`;

/** Some of its leads, as its templates see them. */
export async function sampleLeads(q: Queryable, workspaceId: WorkspaceId, campaignId: CampaignId, limit: number): Promise<MergeLead[]> {
  const { rows } = await q.query<MergeLead>(
    `select lead.email, lead.first_name as "firstName", lead.last_name as "lastName", lead.company, lead.title, lead.phone, lead.custom
     from (${REACHABLE}) lead order by lead.id limit $3`,
    [workspaceId, campaignId, limit],
  );
  return rows;
}

/** For each variable that some lead lacks: how many do, and the addresses of the first ten. What a lead has is what core/merge-values.ts prints. */
export async function leadsLacking(
  q: Queryable,
  workspaceId: WorkspaceId,
  campaignId: CampaignId,
  variables: readonly string[],
): Promise<Lacking[]> {
  if (variables.length === 0) return [];
  const { rows } = await q.query<Lacking>(
    `with lacking as (
       select wanted.name, lead.id, lead.email, row_number() over (partition by wanted.name order by lead.id) as place
       from (${REACHABLE}) lead cross join unnest($3::text[]) as wanted (name)
       cross join lateral (select (lead.custom || jsonb_build_object('first_name', lead.first_name, 'last_name', lead.last_name,
         'company', lead.company, 'title', lead.title, 'phone', lead.phone, 'email', lead.email)) -> wanted.name as json) value
       where value.json is null or jsonb_typeof(value.json) not in ('string', 'number', 'boolean') or btrim(value.json #>> '{}') = '')
     select name as variable, count(*) as leads, array_agg(email order by place) filter (where place <= 10) as first
     from lacking group by name order by name`,
    [workspaceId, campaignId, variables],
  );
  return rows;
}
