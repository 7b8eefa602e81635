// Messages as people look at them: with the names of what they refer to, a page at a time; and the bytes of one.
import type { CampaignId, LeadId, MailboxId, MessageId, WorkspaceId } from "../core/ids.ts";
import type { MessageState } from "../core/words.ts";
import { CHECKED, type Queryable } from "./database.ts";
import { MESSAGE_COLUMNS, type Message } from "./message.ts";
import { afterCursor, type Page, type PageRequest, pageOf } from "./page.ts";

export interface ListedMessage extends Message {
  readonly campaign: string | null;
  readonly mailbox: string;
}

const SELECT = `
  select ${MESSAGE_COLUMNS}, c.name as campaign, mailbox.email as mailbox
  from message m
  join mailbox on mailbox.workspace_id = m.workspace_id and mailbox.id = m.mailbox_id
  left join campaign c on c.workspace_id = m.workspace_id and c.id = m.campaign_id`;

export interface MessageFilter {
  readonly campaignId: CampaignId | null;
  readonly leadId: LeadId | null;
  readonly mailboxId: MailboxId | null;
  readonly states: readonly MessageState[] | null;
}

/** What a person must decide has an index of its own, which the planner takes for this phrase alone. */
const UNCERTAIN = "and m.phase = 'uncertain'";
const OF_ANY_PHASE = "";

/** Newest first. */
export async function pageOfMessages(
  q: Queryable,
  workspaceId: WorkspaceId,
  { campaignId, leadId, mailboxId, states }: MessageFilter,
  request: PageRequest,
): Promise<Page<ListedMessage>> {
  const after = afterCursor(request, ["timestamptz", "uuid"]);
  const ofPhase = states?.length === 1 && states[0] === "uncertain" ? UNCERTAIN : OF_ANY_PHASE;
  const { rows } = await q.query<ListedMessage>(
    `${SELECT}
     where m.workspace_id = $1 ${ofPhase} and ($2::uuid is null or m.campaign_id = $2) and ($3::uuid is null or m.lead_id = $3)
       and ($4::uuid is null or m.mailbox_id = $4) and ($5::text[] is null or m.state = any($5))
       and ($6::timestamptz is null or (m.created_at, m.id) < ($6, $7::uuid))
     order by m.created_at desc, m.id desc limit $8`,
    [workspaceId, campaignId, leadId, mailboxId, states, ...after, request.limit + 1],
  );
  return pageOf(rows, request.limit, (row) => [row.createdAt, row.id]);
}

export async function listedMessage(q: Queryable, workspaceId: WorkspaceId, id: MessageId): Promise<ListedMessage | null> {
  const { rows } = await q.query<ListedMessage>(`${SELECT} where m.id = $2 and (m.workspace_id = $1) ${CHECKED}`, [workspaceId, id]);
  return rows[0] ?? null;
}

/** The bytes that were, or will be, on the wire; null before it was written. */
export async function messageBytes(q: Queryable, workspaceId: WorkspaceId, id: MessageId): Promise<Buffer | null> {
  const { rows } = await q.query<{ raw: Buffer }>(
    `select body.raw from message m
     join message_body body on body.workspace_id = m.workspace_id and body.message_id = m.id and body.created_at = m.created_at
     where m.id = $2 and (m.workspace_id = $1) ${CHECKED}`,
    [workspaceId, id],
  );
  return rows[0]?.raw ?? null;
}

/** The message, locked until the transaction ends. */
export async function lockMessage(q: Queryable, workspaceId: WorkspaceId, id: MessageId): Promise<Message | null> {
  const { rows } = await q.query<Message>(
    `select ${MESSAGE_COLUMNS} from message m where m.id = $2 and (m.workspace_id = $1) ${CHECKED} for update`,
    [workspaceId, id],
  );
  return rows[0] ?? null;
}
