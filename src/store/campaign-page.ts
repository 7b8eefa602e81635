// The list of campaigns, a page at a time, with what became of their leads; and where the leads of one campaign stand.
import type { CampaignId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { CampaignState, EnrollmentState } from "../core/words.ts";
import type { Queryable } from "./database.ts";
import { SENT_HERE } from "./message.ts";
import { afterCursor, type Page, type PageRequest, pageOf } from "./page.ts";

export interface CampaignCounts {
  readonly mailboxes: number;
  readonly steps: number;
  readonly subSequences: number;
  /** States without any lead are left out. */
  readonly enrollments: Readonly<Partial<Record<EnrollmentState, number>>>;
  readonly sent: number;
  /** Replies, opt-outs by reply among them. */
  readonly replies: number;
}

export interface ListedCampaign extends CampaignCounts {
  readonly id: CampaignId;
  readonly name: string;
  readonly goal: string | null;
  readonly state: CampaignState;
  readonly stateReason: string | null;
  readonly startsAt: Instant | null;
  readonly endsAt: Instant | null;
  readonly timeZone: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** Of `campaign c`, as CampaignCounts. */
const COUNTS = `
  (select count(*) from campaign_mailbox pool where pool.workspace_id = c.workspace_id and pool.campaign_id = c.id) as mailboxes,
  (select count(*) from step join sequence s on s.workspace_id = step.workspace_id and s.id = step.sequence_id
   where s.workspace_id = c.workspace_id and s.campaign_id = c.id and s.kind = 'main' and step.retired_at is null) as steps,
  (select count(*) from sequence s where s.workspace_id = c.workspace_id and s.campaign_id = c.id and s.kind = 'sub' and s.is_active) as "subSequences",
  coalesce((select jsonb_object_agg(state, enrollments) from (
    select e.state, count(*) as enrollments from enrollment e
    where e.workspace_id = c.workspace_id and e.campaign_id = c.id group by e.state) standing), '{}') as enrollments,
  (select count(*) from message m
   where m.workspace_id = c.workspace_id and m.campaign_id = c.id and m.kind = 'step' and m.state = 'sent' and ${SENT_HERE}) as sent,
  (select count(*) from inbound_message i
   where i.workspace_id = c.workspace_id and i.campaign_id = c.id and i.verdict in ('reply', 'unsubscribe_request')) as replies`;

/** Newest first. `search`: a part of the name or the goal, in whatever case. */
export async function pageOfCampaigns(
  q: Queryable,
  workspaceId: WorkspaceId,
  {
    states,
    search,
    name,
  }: { readonly states: readonly CampaignState[] | null; readonly search: string | null; readonly name: string | null },
  request: PageRequest,
): Promise<Page<ListedCampaign>> {
  const after = afterCursor(request, ["timestamptz", "uuid"]);
  const { rows } = await q.query<ListedCampaign>(
    `select c.id, c.name, c.goal, c.state, c.state_reason as "stateReason", c.starts_at as "startsAt", c.ends_at as "endsAt",
       c.time_zone as "timeZone", c.version, c.created_at as "createdAt", c.updated_at as "updatedAt", ${COUNTS}
     from campaign c
     where c.workspace_id = $1 and ($2::text[] is null or c.state = any($2))
       and ($3::text is null or position(lower($3) in lower(concat_ws(' ', c.name, c.goal))) > 0)
       and ($7::text is null or lower(c.name) = lower($7))
       and ($4::timestamptz is null or (c.created_at, c.id) < ($4, $5::uuid))
     order by c.created_at desc, c.id desc limit $6`,
    [workspaceId, states, search, ...after, request.limit + 1, name],
  );
  return pageOf(rows, request.limit, (row) => [row.createdAt, row.id]);
}

export async function campaignCounts(q: Queryable, workspaceId: WorkspaceId, id: CampaignId): Promise<CampaignCounts | null> {
  const { rows } = await q.query<CampaignCounts>(`select ${COUNTS} from campaign c where c.workspace_id = $1 and c.id = $2`, [
    workspaceId,
    id,
  ]);
  return rows[0] ?? null;
}

export interface Standing {
  readonly state: EnrollmentState;
  readonly sequence: string;
  readonly nextStep: string | null;
  readonly enrollments: number;
}

/** Where those stand who may still be written to. Who waits for a reply has no step before them. */
export async function standings(q: Queryable, workspaceId: WorkspaceId, id: CampaignId): Promise<Standing[]> {
  const { rows } = await q.query<Standing>(
    `select e.state, s.name as sequence, case when e.state <> 'awaiting_reply' then step.lineage end as "nextStep", count(*) as enrollments
     from enrollment e
     join sequence s on s.workspace_id = e.workspace_id and s.id = e.sequence_id
     left join step on step.workspace_id = e.workspace_id and step.id = e.next_step_id
     where e.workspace_id = $1 and e.campaign_id = $2 and e.state in ('active', 'held', 'awaiting_reply')
     group by s.kind, s.name, 3, e.state order by s.kind, s.name, min(step.position), e.state`,
    [workspaceId, id],
  );
  return rows;
}
