// What is needed to write a mail to a lead that is not claimed: for a preview and for a test.
import type { CampaignId, LeadId, MailboxId, StepId, WorkspaceId } from "../core/ids.ts";
import type { Queryable } from "./database.ts";
import { type ClaimedMessage, THREAD } from "./message-text.ts";

export interface PreviewFacts extends Pick<ClaimedMessage, "recipient" | "lead" | "campaign" | "thread"> {
  /** The mailbox that the lead keeps; null when it is not enrolled. */
  readonly mailboxId: MailboxId | null;
  readonly mailboxIds: readonly MailboxId[];
  /** Steps that have a message for this lead, whatever became of it. */
  readonly writtenSteps: readonly StepId[];
}

/** Null when there is no such campaign or lead. */
export async function previewFacts(
  q: Queryable,
  workspaceId: WorkspaceId,
  campaignId: CampaignId,
  leadId: LeadId,
): Promise<PreviewFacts | null> {
  const { rows } = await q.query<PreviewFacts>(
    `select lead.email as recipient,
       jsonb_build_object('email', lead.email, 'firstName', lead.first_name, 'lastName', lead.last_name, 'company', lead.company,
         'title', lead.title, 'phone', lead.phone, 'custom', lead.custom) as lead,
       jsonb_build_object('name', c.name, 'postalAddress', coalesce(c.postal_address, w.postal_address), 'optOut', c.opt_out,
         'mergeDefaults', c.merge_defaults) as campaign,
       coalesce((${THREAD}), '[]') as thread, m.mailbox_id as "mailboxId",
       array(select pool.mailbox_id from campaign_mailbox pool
         where pool.workspace_id = c.workspace_id and pool.campaign_id = c.id order by 1) as "mailboxIds",
       array(select written.step_id from message written
         where written.workspace_id = m.workspace_id and written.enrollment_id = m.enrollment_id and written.kind = 'step') as "writtenSteps"
     from campaign c
     join workspace w on w.id = c.workspace_id
     join lead on lead.workspace_id = c.workspace_id and lead.id = $3
     left join (select workspace_id, id as enrollment_id, campaign_id, lead_id, mailbox_id from enrollment) m
       on m.workspace_id = c.workspace_id and m.campaign_id = c.id and m.lead_id = lead.id
     where c.workspace_id = $1 and c.id = $2`,
    [workspaceId, campaignId, leadId],
  );
  return rows[0] ?? null;
}
