// A mail that a person sends to themselves to see it arrive. It stands in the ledger like any other, belongs to no lead, and is tried once.
import type { CampaignId, MailboxId, MessageId, StepId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { only, type Tx } from "./database.ts";
import type { Lease } from "./lease.ts";
import { MESSAGE_COLUMNS, type Message } from "./message.ts";

export interface NewTestMessage {
  readonly campaignId: CampaignId;
  readonly stepId: StepId;
  readonly mailboxId: MailboxId;
  /** Names the intent. */
  readonly idempotencyKey: string;
  readonly messageId: string;
  readonly recipient: string;
  readonly recipientKey: string;
  readonly day: string;
}

/** On the wire from the start: whoever dies before its outcome is recorded leaves one that is uncertain. */
export async function insertTestMessage(tx: Tx, lease: Lease, message: NewTestMessage, at: Instant): Promise<Message> {
  const { rows } = await tx.query<Message>(
    `insert into message as m (workspace_id, kind, idempotency_key, campaign_id, step_id, mailbox_id, message_id, recipient, recipient_key, state,
       slot_at, budget_day, fence, attempts, transmitting_at, created_at, updated_at)
     values ($1, 'test', $2, $3, $4, $5, $6, $7, $8, 'transmitting', $9, $10, $11, 1, $9, $9, $9)
     returning ${MESSAGE_COLUMNS}`,
    [
      lease.workspaceId,
      message.idempotencyKey,
      message.campaignId,
      message.stepId,
      message.mailboxId,
      message.messageId,
      message.recipient,
      message.recipientKey,
      at,
      message.day,
      lease.fence,
    ],
  );
  return only(rows);
}

/** Keeps the bytes that go onto the wire. */
export async function storeTestBody(
  tx: Tx,
  workspaceId: WorkspaceId,
  { id, createdAt }: Pick<Message, "id" | "createdAt">,
  written: { readonly subject: string; readonly raw: Buffer },
): Promise<MessageId> {
  const { rows } = await tx.query<{ id: MessageId }>(
    `with kept as (
       insert into message_body (workspace_id, message_id, created_at, raw) values ($1, $2, $3, $5) returning message_id)
     update message m set subject = $4 from kept where m.workspace_id = $1 and m.id = kept.message_id returning m.id`,
    [workspaceId, id, createdAt, written.subject, written.raw],
  );
  return only(rows).id;
}
