// What a restored installation does not know: what went out after its backup, and what came in since. Said so in the transaction that restores it.
import type { InboundMessageId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { only, type Queryable, type Tx } from "./database.ts";

/** This installation begins with the backup of `from`. */
export async function noteRestore(tx: Tx, from: Instant, at: Instant): Promise<void> {
  await tx.query("update installation set restored_from = $1, restored_at = $2, backed_up_at = greatest(backed_up_at, $1)", [from, at]);
}

/** Nothing is sent until it is known what went out since the backup; of one workspace, or of all (null). */
export async function forgetWhatWasSent(tx: Tx, workspaceId: WorkspaceId | null, since: Instant): Promise<void> {
  await tx.query("update mailbox set sent_unknown_since = least(sent_unknown_since, $2) where $1::uuid is null or workspace_id = $1", [
    workspaceId,
    since,
  ]);
}

/** Folders are read on from where they were at the backup; until that has come to their end, nobody knows what stands in them. */
export async function forgetWhatWasRead(tx: Tx, workspaceId: WorkspaceId | null): Promise<void> {
  await tx.query("update inbox_cursor set read_to_end_at = null where $1::uuid is null or workspace_id = $1", [workspaceId]);
}

/** Whoever worked on a mailbox at the backup does so no more. The fences stay: what was in flight is told by them. */
export async function endLeases(tx: Tx, workspaceId: WorkspaceId | null): Promise<void> {
  await tx.query("update mailbox_lease set expires_at = '-infinity' where $1::uuid is null or workspace_id = $1", [workspaceId]);
}

/** Replies that nobody has judged: the jobs that would have are in no backup. */
export async function unjudgedReplies(q: Queryable): Promise<{ workspaceId: WorkspaceId; inboundMessageId: InboundMessageId }[]> {
  const { rows } = await q.query<{ workspaceId: WorkspaceId; inboundMessageId: InboundMessageId }>(
    `select workspace_id as "workspaceId", id as "inboundMessageId" from inbound_message
     where verdict = 'reply' and disposition = 'matched' and interest_level = 'not_analyzed' order by id`,
  );
  return rows;
}

/** How many mailboxes send nothing yet, because it is not known what they have sent since a backup. */
export async function mailboxesHeldSinceRestore(q: Queryable): Promise<number> {
  const { rows } = await q.query<{ mailboxes: number }>(
    "select count(*)::integer as mailboxes from mailbox where sent_unknown_since is not null",
  );
  return only(rows).mailboxes;
}
