// How does a lead get into a sequence? Enrolled into the main one, or put into another by what it answered.
import type { CampaignId, EnrollmentId, LeadId, MailboxId, SequenceId, StepId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Queryable, Tx } from "./database.ts";

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

export interface AudienceLead {
  readonly id: LeadId;
  readonly zone: string | null;
  readonly companyKey: string | null;
}

/** Leads of the campaign's audience that are not enrolled yet and may be written to, at most `limit`; not those whose address is known to be invalid. */
export async function leadsToEnroll(
  q: Queryable,
  workspaceId: WorkspaceId,
  campaignId: CampaignId,
  page: { readonly after: LeadId | null; readonly limit: number },
): Promise<AudienceLead[]> {
  const { rows } = await q.query<AudienceLead>(
    `select lead.id, lead.time_zone as zone, lead.company_key as "companyKey"
     from campaign c join lead on lead.workspace_id = c.workspace_id
     where c.workspace_id = $1 and c.id = $2 and lead.reachability = 'ok' and lead.removed_at is null
       and lead.address_quality is distinct from 'invalid'
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
       update enrollment e set state = 'active', reason = $7, sequence_id = $4, stays_in_version = null, next_step_id = $5, visit = visit + 1, anchor_at = $6, next_at = null,
         priority = 0, pending_message_id = null, version = version + 1, updated_at = $9
       from before where e.workspace_id = before.workspace_id and e.id = before.id
       returning e.workspace_id, e.id, before.state as from_state)
     insert into enrollment_event (workspace_id, enrollment_id, at, reason, from_state, to_state, detail)
     select workspace_id, id, $9, $7, from_state, 'active', $8 from entered`,
    [entry.workspaceId, entry.id, entry.version, entry.sequenceId, entry.firstStepId, entry.anchorAt, entry.reason, entry.detail, at],
  );
  return rowCount === 1;
}

export interface LeadToEnroll {
  readonly zone: string | null;
  readonly companyKey: string | null;
  readonly reachability: string;
  readonly removed: boolean;
  readonly suppressed: boolean;
  /** Its address is known to be no good. */
  readonly invalid: boolean;
  readonly enrolled: boolean;
}

/** What speaks for or against a lead in a campaign whose audience need not hold it; null when there is no such lead. */
export async function leadToEnroll(
  q: Queryable,
  workspaceId: WorkspaceId,
  campaignId: CampaignId,
  id: LeadId,
): Promise<LeadToEnroll | null> {
  const { rows } = await q.query<LeadToEnroll>(
    `select lead.time_zone as zone, lead.company_key as "companyKey", lead.reachability, lead.removed_at is not null as removed,
       lead.address_quality is not distinct from 'invalid' as invalid,
       exists (select from suppression s where s.workspace_id = lead.workspace_id and s.key in (lead.identity_key, lead.email_domain)
         and (s.campaign_id is null or s.campaign_id = $2)) as suppressed,
       exists (select from enrollment e where e.workspace_id = lead.workspace_id and e.campaign_id = $2 and e.lead_id = lead.id) as enrolled
     from lead where lead.workspace_id = $1 and lead.id = $3`,
    [workspaceId, campaignId, id],
  );
  return rows[0] ?? null;
}
