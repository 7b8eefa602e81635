// Which copies of sent mails have still to be put into a Sent folder?
import type { MailboxId, MessageId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { SentCopies } from "../core/mailbox-presets.ts";
import { CHECKED, HIDDEN_WORKSPACE, type Queryable, type Tx } from "./database.ts";

/** Of mails that were sent just now, from mailboxes that are read. In the transaction that recorded them. Returns how many. */
export async function oweSentCopies(tx: Tx, workspaceId: WorkspaceId, messageIds: readonly MessageId[], dueAt: Instant): Promise<number> {
  if (messageIds.length === 0) return 0;
  const { rowCount } = await tx.query(
    `insert into sent_copy (workspace_id, message_id, mailbox_id, due_at)
     select m.workspace_id, m.id, m.mailbox_id, $3 from unnest($2::uuid[]) as sent (id)
     join message m on m.workspace_id = ${HIDDEN_WORKSPACE} and m.id = sent.id and m.state = 'sent'
     join mailbox on mailbox.workspace_id = m.workspace_id and mailbox.id = m.mailbox_id and mailbox.imap_host is not null
     on conflict do nothing`,
    [workspaceId, messageIds, dueAt],
  );
  return rowCount ?? 0;
}

export interface DueCopy {
  readonly id: MessageId;
  readonly messageId: string;
  readonly sentAt: Instant;
  readonly attempts: number;
}

export async function dueCopies(
  q: Queryable,
  due: { workspaceId: WorkspaceId; mailboxId: MailboxId; now: Instant; limit: number },
): Promise<DueCopy[]> {
  const { rows } = await q.query<DueCopy>(
    `select m.id, m.message_id as "messageId", m.sent_at as "sentAt", copy.attempts from sent_copy copy
     join message m on m.id = copy.message_id and m.state = 'sent'
     where copy.workspace_id = $1 and copy.mailbox_id = $2 and copy.due_at <= $3 order by copy.due_at, m.sent_at limit $4`,
    [due.workspaceId, due.mailboxId, due.now, due.limit],
  );
  return rows;
}

/** In all workspaces. */
export async function mailboxesWithDueCopies(q: Queryable, now: Instant): Promise<{ workspaceId: WorkspaceId; mailboxId: MailboxId }[]> {
  const { rows } = await q.query<{ workspaceId: WorkspaceId; mailboxId: MailboxId }>(
    `select distinct workspace_id as "workspaceId", mailbox_id as "mailboxId" from sent_copy where due_at <= $1`,
    [now],
  );
  return rows;
}

/** The bytes that went onto the wire; null when they are no longer kept. */
export async function sentBytes(q: Queryable, workspaceId: WorkspaceId, id: MessageId): Promise<Buffer | null> {
  const { rows } = await q.query<{ raw: Buffer }>(
    `select body.raw from message m
     join message_body body on body.workspace_id = m.workspace_id and body.message_id = m.id and body.created_at = m.created_at
     where m.id = $2 and (m.workspace_id = $1) ${CHECKED}`,
    [workspaceId, id],
  );
  return rows[0]?.raw ?? null;
}

/** It stands there, or nobody has to put it there. */
export async function settleCopy(q: Queryable, workspaceId: WorkspaceId, id: MessageId): Promise<void> {
  await q.query("delete from sent_copy where workspace_id = $1 and message_id = $2", [workspaceId, id]);
}

/** Nothing is owed to this mailbox any more. */
export async function settleCopiesOf(q: Queryable, workspaceId: WorkspaceId, mailboxId: MailboxId): Promise<void> {
  await q.query("delete from sent_copy where workspace_id = $1 and mailbox_id = $2", [workspaceId, mailboxId]);
}

/** Tried again later. */
export async function postponeCopy(q: Queryable, workspaceId: WorkspaceId, id: MessageId, dueAt: Instant): Promise<void> {
  await q.query("update sent_copy set due_at = $3, attempts = attempts + 1 where workspace_id = $1 and message_id = $2", [
    workspaceId,
    id,
    dueAt,
  ]);
}

/** A person's choice; null: find out anew. */
export async function chooseSentCopies(q: Queryable, workspaceId: WorkspaceId, id: MailboxId, who: SentCopies | null): Promise<void> {
  await q.query("update mailbox set sent_copies = $3 where workspace_id = $1 and id = $2", [workspaceId, id, who]);
}

/** What the first mail has shown; false where it is known already: a person's choice stands. */
export async function learnSentCopies(q: Queryable, workspaceId: WorkspaceId, id: MailboxId, who: SentCopies): Promise<boolean> {
  const { rowCount } = await q.query("update mailbox set sent_copies = $3 where workspace_id = $1 and id = $2 and sent_copies is null", [
    workspaceId,
    id,
    who,
  ]);
  return rowCount === 1;
}
