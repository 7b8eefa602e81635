// Mail that came in as people look at it: with the names of what it belongs to, a page at a time; its bytes, and who judged it how.
import type { CampaignId, InboundMessageId, LeadId, MailboxId, MessageId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { RecordedInterest } from "../core/words.ts";
import type { Queryable } from "./database.ts";
import type { Inbound, RecordedAnalysis, Verdict } from "./inbound.ts";
import { afterCursor, type Page, type PageRequest, pageOf } from "./page.ts";

export interface ListedInbound extends Inbound {
  readonly mailbox: string;
  readonly campaign: string | null;
  readonly lead: string | null;
  readonly suggestedLead: string | null;
  readonly answeredMessageId: MessageId | null;
  readonly sentDate: Instant | null;
  readonly messageId: string | null;
  readonly verdictWhy: readonly string[];
  readonly handledAt: Instant | null;
}

const SELECT = `
  select i.id, i.mailbox_id as "mailboxId", mailbox.email as mailbox, i.received_at as "receivedAt", i.sent_date as "sentDate",
    i.message_id as "messageId", i.from_address as "fromAddress", i.from_name as "fromName", i.subject, i.verdict, i.verdict_why as "verdictWhy",
    i.disposition, i.disposition_reason as "dispositionReason", i.match_method as "matchMethod", i.answered_message_id as "answeredMessageId",
    i.enrollment_id as "enrollmentId", i.campaign_id as "campaignId", c.name as campaign, i.lead_id as "leadId", lead.email as lead,
    i.suggested_lead_id as "suggestedLeadId", suggested.email as "suggestedLead", i.interest_level as "interestLevel",
    i.visible_text as "visibleText", i.handled_at as "handledAt"
  from inbound_message i
  join mailbox on mailbox.workspace_id = i.workspace_id and mailbox.id = i.mailbox_id
  left join campaign c on c.workspace_id = i.workspace_id and c.id = i.campaign_id
  left join lead on lead.workspace_id = i.workspace_id and lead.id = i.lead_id
  left join lead suggested on suggested.workspace_id = i.workspace_id and suggested.id = i.suggested_lead_id`;

export interface InboundFilter {
  readonly dispositions: readonly Inbound["disposition"][];
  readonly verdicts: readonly Verdict[] | null;
  readonly interestLevels: readonly RecordedInterest[] | null;
  readonly campaignId: CampaignId | null;
  readonly leadId: LeadId | null;
  readonly mailboxId: MailboxId | null;
  readonly handled: boolean | null;
}

/** Newest first. */
export async function pageOfInbound(
  q: Queryable,
  workspaceId: WorkspaceId,
  filter: InboundFilter,
  request: PageRequest,
): Promise<Page<ListedInbound>> {
  const after = afterCursor(request, ["timestamptz", "uuid"]);
  const { rows } = await q.query<ListedInbound>(
    `${SELECT}
     where i.workspace_id = $1 and i.disposition = any($2) and ($3::text[] is null or i.verdict = any($3))
       and ($4::text[] is null or i.interest_level = any($4)) and ($5::uuid is null or i.campaign_id = $5)
       and ($6::uuid is null or i.lead_id = $6) and ($7::uuid is null or i.mailbox_id = $7)
       and ($8::boolean is null or (i.handled_at is not null) = $8)
       and ($9::timestamptz is null or (i.received_at, i.id) < ($9, $10::uuid))
     order by i.received_at desc, i.id desc limit $11`,
    [
      workspaceId,
      filter.dispositions,
      filter.verdicts,
      filter.interestLevels,
      filter.campaignId,
      filter.leadId,
      filter.mailboxId,
      filter.handled,
      ...after,
      request.limit + 1,
    ],
  );
  return pageOf(rows, request.limit, (row) => [row.receivedAt, row.id]);
}

export async function listedInbound(q: Queryable, workspaceId: WorkspaceId, id: InboundMessageId): Promise<ListedInbound | null> {
  const { rows } = await q.query<ListedInbound>(`${SELECT} where i.workspace_id = $1 and i.id = $2`, [workspaceId, id]);
  return rows[0] ?? null;
}

/** The mail, locked until the transaction ends: two people who judge it at once follow each other. */
export async function lockInbound(q: Queryable, workspaceId: WorkspaceId, id: InboundMessageId): Promise<ListedInbound | null> {
  await q.query("select from inbound_message where workspace_id = $1 and id = $2 for update", [workspaceId, id]);
  return listedInbound(q, workspaceId, id);
}

/** Null for a mail that is tied to nothing: of that only a fingerprint was kept. */
export async function inboundBytes(q: Queryable, workspaceId: WorkspaceId, id: InboundMessageId): Promise<Buffer | null> {
  const { rows } = await q.query<{ raw: Buffer }>(
    `select body.raw from inbound_message i
     join inbound_body body on body.workspace_id = i.workspace_id and body.inbound_message_id = i.id and body.received_at = i.received_at
     where i.workspace_id = $1 and i.id = $2`,
    [workspaceId, id],
  );
  return rows[0]?.raw ?? null;
}

export interface KeptJudgement extends RecordedAnalysis {
  readonly at: Instant;
}

/** Newest first: the first one counts. */
export async function judgementsOf(q: Queryable, workspaceId: WorkspaceId, id: InboundMessageId): Promise<KeptJudgement[]> {
  const { rows } = await q.query<KeptJudgement>(
    `select at, analyst, analyst_version as version, interest_level as level, confidence, evidence, why from reply_analysis
     where workspace_id = $1 and inbound_message_id = $2 order by at desc, id desc`,
    [workspaceId, id],
  );
  return rows;
}
