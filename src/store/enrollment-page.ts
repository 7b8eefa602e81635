// Enrollments as people look at them: with the names of what they refer to, a page at a time.
import type { CampaignId, EnrollmentId, LeadId, MailboxId, MessageId, SequenceId, StepId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { EnrollmentState } from "../core/words.ts";
import { CHECKED, type Queryable } from "./database.ts";
import { afterCursor, type Page, type PageRequest, pageOf } from "./page.ts";

export interface ListedEnrollment {
  readonly id: EnrollmentId;
  readonly campaignId: CampaignId;
  readonly campaign: string;
  readonly leadId: LeadId;
  readonly lead: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly company: string | null;
  readonly mailboxId: MailboxId;
  readonly mailbox: string;
  readonly state: EnrollmentState;
  readonly reason: string;
  readonly sequenceId: SequenceId;
  readonly sequence: string;
  readonly staysInVersion: number | null;
  readonly visit: number;
  readonly nextStepId: StepId | null;
  /** Null when no mail is to come. */
  readonly nextStep: string | null;
  readonly nextAt: Instant | null;
  readonly pendingMessageId: MessageId | null;
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

const SELECT = `
  select e.id, e.campaign_id as "campaignId", c.name as campaign, e.lead_id as "leadId", lead.email as lead, lead.first_name as "firstName",
    lead.last_name as "lastName", lead.company, e.mailbox_id as "mailboxId", mailbox.email as mailbox, e.state, e.reason,
    e.sequence_id as "sequenceId", s.name as sequence,
    e.stays_in_version as "staysInVersion", e.visit,
    case when e.state in ('active', 'held') then e.next_step_id end as "nextStepId",
    case when e.state in ('active', 'held') then step.lineage end as "nextStep",
    e.next_at as "nextAt", e.pending_message_id as "pendingMessageId", e.version, e.created_at as "createdAt", e.updated_at as "updatedAt"
  from enrollment e
  join campaign c on c.workspace_id = e.workspace_id and c.id = e.campaign_id
  join lead on lead.id = e.lead_id
  join mailbox on mailbox.workspace_id = e.workspace_id and mailbox.id = e.mailbox_id
  join sequence s on s.workspace_id = e.workspace_id and s.id = e.sequence_id
  left join step on step.workspace_id = e.workspace_id and step.id = e.next_step_id`;

export interface EnrollmentFilter {
  readonly campaignId: CampaignId | null;
  readonly leadId: LeadId | null;
  readonly states: readonly EnrollmentState[] | null;
  /** A part of the lead's address, in whatever case. */
  readonly search: string | null;
}

/** The latest change first. */
export async function pageOfEnrollments(
  q: Queryable,
  workspaceId: WorkspaceId,
  { campaignId, leadId, states, search }: EnrollmentFilter,
  request: PageRequest,
): Promise<Page<ListedEnrollment>> {
  const after = afterCursor(request, ["timestamptz", "uuid"]);
  const { rows } = await q.query<ListedEnrollment>(
    `${SELECT}
     where e.workspace_id = $1 and ($2::uuid is null or e.campaign_id = $2) and ($3::uuid is null or e.lead_id = $3)
       and ($4::text[] is null or e.state = any($4)) and ($5::text is null or position(lower($5) in lower(lead.email)) > 0)
       and ($6::timestamptz is null or (e.updated_at, e.id) < ($6, $7::uuid))
     order by e.updated_at desc, e.id desc limit $8`,
    [workspaceId, campaignId, leadId, states, search, ...after, request.limit + 1],
  );
  return pageOf(rows, request.limit, (row) => [row.updatedAt, row.id]);
}

export async function listedEnrollment(q: Queryable, workspaceId: WorkspaceId, id: EnrollmentId): Promise<ListedEnrollment | null> {
  const { rows } = await q.query<ListedEnrollment>(`${SELECT} where e.id = $2 and (e.workspace_id = $1) ${CHECKED}`, [workspaceId, id]);
  return rows[0] ?? null;
}

/** The one enrollment of a lead in a campaign. */
export async function enrollmentOfLeadIn(
  q: Queryable,
  workspaceId: WorkspaceId,
  campaignId: CampaignId,
  leadId: LeadId,
): Promise<EnrollmentId | null> {
  const { rows } = await q.query<{ id: EnrollmentId }>(
    "select id from enrollment where workspace_id = $1 and campaign_id = $2 and lead_id = $3",
    [workspaceId, campaignId, leadId],
  );
  return rows[0]?.id ?? null;
}
