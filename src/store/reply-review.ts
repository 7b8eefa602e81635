// Replies that a person judges: those of which the analyst was not sure, and those that it got wrong.
import type { InboundMessageId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { InterestLevel, RecordedInterest } from "../core/words.ts";
import type { Queryable, Tx } from "./database.ts";

export interface Reply {
  readonly id: InboundMessageId;
  readonly receivedAt: Instant;
  readonly fromAddress: string | null;
  readonly campaign: string | null;
  readonly interestLevel: RecordedInterest;
  readonly subject: string | null;
  readonly visibleText: string | null;
}

/** The newest first, at most `limit`: those that wait for a person, or all. */
export async function listReplies(
  q: Queryable,
  workspaceId: WorkspaceId,
  page: { readonly onlyToReview: boolean; readonly limit: number },
): Promise<Reply[]> {
  const { rows } = await q.query<Reply>(
    `select i.id, i.received_at as "receivedAt", i.from_address as "fromAddress", c.name as campaign, i.interest_level as "interestLevel",
       i.subject, i.visible_text as "visibleText"
     from inbound_message i left join campaign c on c.workspace_id = i.workspace_id and c.id = i.campaign_id
     where i.workspace_id = $1 and i.verdict = 'reply' and i.disposition in ('matched', 'unmatched')
       and (not $2 or i.interest_level = 'needs_review')
     order by i.received_at desc, i.id desc limit $3`,
    [workspaceId, page.onlyToReview, page.limit],
  );
  return rows;
}

/** A person says what a reply means. Every judgement is kept; the newest counts. False when it is no reply. */
export async function recordReview(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: InboundMessageId,
  { level, note }: { readonly level: InterestLevel; readonly note: string | null },
  at: Instant,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `with judged as (
       update inbound_message set interest_level = $3, handled_at = coalesce(handled_at, $5)
       where workspace_id = $1 and id = $2 and verdict = 'reply' returning workspace_id, id)
     insert into reply_analysis (workspace_id, inbound_message_id, at, analyst, analyst_version, interest_level, confidence, evidence, why)
     select workspace_id, id, $5, 'person', '', $3, 1, $4, '["a person said so"]' from judged`,
    [workspaceId, id, level, note, at],
  );
  return rowCount === 1;
}
