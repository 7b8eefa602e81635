// What happened to a lead, in one timeline: the changes of its enrollments, what was sent to it, what came in from it.
import type { CampaignId, EnrollmentId, LeadId, MailboxId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { EnrollmentState } from "../core/words.ts";
import type { Queryable } from "./database.ts";
import { afterCursor, type Page, type PageRequest, pageOf } from "./page.ts";

export interface HistoryItem {
  readonly id: string;
  readonly at: Instant;
  readonly kind: "enrollment" | "message" | "inbound";
  /** An enrollment's reason, a message's state, or an inbound message's verdict. */
  readonly code: string;
  readonly campaignId: CampaignId | null;
  readonly campaign: string | null;
  readonly enrollmentId: EnrollmentId | null;
  readonly mailboxId: MailboxId | null;
  readonly subject: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Newest first. Each part is cut to the page before they are put together, so a long history costs no more than a short one. */
export async function historyOfLead(q: Queryable, workspaceId: WorkspaceId, leadId: LeadId, page: PageRequest): Promise<Page<HistoryItem>> {
  const after = afterCursor(page, ["timestamptz", "uuid"]);
  const { rows } = await q.query<HistoryItem>(
    `select happened.id, happened.at, happened.kind, happened.code, happened.campaign_id as "campaignId", c.name as campaign,
       happened.enrollment_id as "enrollmentId", happened.mailbox_id as "mailboxId", happened.subject, happened.detail
     from (
       (select event.id, event.at, 'enrollment' as kind, event.reason as code, e.campaign_id, e.id as enrollment_id, e.mailbox_id,
          null::text as subject, event.detail || jsonb_build_object('fromState', event.from_state, 'toState', event.to_state) as detail
        from enrollment e join enrollment_event event on event.workspace_id = e.workspace_id and event.enrollment_id = e.id
        where e.workspace_id = $1 and e.lead_id = $2 and ($3::timestamptz is null or (event.at, event.id) < ($3, $4::uuid))
        order by event.at desc, event.id desc limit $5)
       union all
       (select m.id, coalesce(m.sent_at, m.slot_at), 'message', m.state, m.campaign_id, m.enrollment_id, m.mailbox_id, m.subject,
          jsonb_build_object('step', m.step_lineage, 'kind', m.kind, 'reason', m.reason, 'smtpResponse', m.smtp_response,
            'nextAttemptAt', m.next_attempt_at)
        from message m
        where m.workspace_id = $1 and m.lead_id = $2
          and ($3::timestamptz is null or (coalesce(m.sent_at, m.slot_at), m.id) < ($3, $4::uuid))
        order by coalesce(m.sent_at, m.slot_at) desc, m.id desc limit $5)
       union all
       (select i.id, i.received_at, 'inbound', i.verdict, i.campaign_id, i.enrollment_id, i.mailbox_id, i.subject,
          jsonb_build_object('from', i.from_address, 'verdictWhy', i.verdict_why, 'matchMethod', i.match_method, 'interestLevel', i.interest_level)
        from inbound_message i
        where i.workspace_id = $1 and i.lead_id = $2 and ($3::timestamptz is null or (i.received_at, i.id) < ($3, $4::uuid))
        order by i.received_at desc, i.id desc limit $5)
     ) happened
     left join campaign c on c.workspace_id = $1 and c.id = happened.campaign_id
     order by happened.at desc, happened.id desc limit $5`,
    [workspaceId, leadId, ...after, page.limit + 1],
  );
  return pageOf(rows, page.limit, (row) => [row.at, row.id]);
}

export interface LeadEnrollment {
  readonly id: EnrollmentId;
  readonly campaignId: CampaignId;
  readonly campaign: string;
  readonly state: EnrollmentState;
  readonly reason: string;
  readonly sequence: string;
  /** Of the step that comes next, by its name. */
  readonly nextStep: string | null;
  readonly nextAt: Instant | null;
  readonly mailboxId: MailboxId;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** Where a lead stands, campaign by campaign, the latest first. */
export async function standingsOfLead(q: Queryable, workspaceId: WorkspaceId, leadId: LeadId): Promise<LeadEnrollment[]> {
  const { rows } = await q.query<LeadEnrollment>(
    `select e.id, e.campaign_id as "campaignId", c.name as campaign, e.state, e.reason, s.name as sequence, step.lineage as "nextStep",
       e.next_at as "nextAt", e.mailbox_id as "mailboxId", e.created_at as "createdAt", e.updated_at as "updatedAt"
     from enrollment e
     join campaign c on c.workspace_id = e.workspace_id and c.id = e.campaign_id
     join sequence s on s.workspace_id = e.workspace_id and s.id = e.sequence_id
     left join step on step.workspace_id = e.workspace_id and step.id = e.next_step_id
     where e.workspace_id = $1 and e.lead_id = $2 order by e.created_at desc, e.id desc`,
    [workspaceId, leadId],
  );
  return rows;
}
