// How far was each folder of a mailbox read? UIDVALIDITY + UID cursors that start when the mailbox is connected.
import type { MailboxId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { only, type Queryable } from "./database.ts";

export type FolderRole = "inbox" | "junk" | "sent" | "other";

export interface InboxCursor {
  readonly folder: string;
  readonly uidValidity: number;
  readonly lastUid: number;
}

/** The cursors of a mailbox, the newest of each folder. */
export async function cursorsOf(q: Queryable, workspaceId: WorkspaceId, mailboxId: MailboxId): Promise<Map<string, InboxCursor>> {
  const { rows } = await q.query<InboxCursor>(
    `select distinct on (folder) folder, uid_validity as "uidValidity", last_uid as "lastUid" from inbox_cursor
     where workspace_id = $1 and mailbox_id = $2 order by folder, created_at desc`,
    [workspaceId, mailboxId],
  );
  return new Map(rows.map((row) => [row.folder, row]));
}

/**
 * Starts a cursor, and returns where it stands. One that exists stays where it is and counts as the newest again: a server that was restored may
 * come back to an earlier UIDVALIDITY.
 */
export async function startCursor(
  q: Queryable,
  at: {
    workspaceId: WorkspaceId;
    mailboxId: MailboxId;
    folder: string;
    role: FolderRole;
    uidValidity: number;
    lastUid: number;
    now: Instant;
  },
): Promise<InboxCursor> {
  const { rows } = await q.query<InboxCursor>(
    `insert into inbox_cursor (workspace_id, mailbox_id, folder, role, uid_validity, last_uid, created_at) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (workspace_id, mailbox_id, folder, uid_validity) do update set role = excluded.role, created_at = excluded.created_at
     returning folder, uid_validity as "uidValidity", last_uid as "lastUid"`,
    [at.workspaceId, at.mailboxId, at.folder, at.role, at.uidValidity, at.lastUid, at.now],
  );
  return only(rows);
}

/** Moves a cursor forward over messages, the last of which is `uid`, in the transaction that handled them; counts what became of them. */
export async function advanceCursor(
  q: Queryable,
  to: { workspaceId: WorkspaceId; mailboxId: MailboxId; folder: string; uidValidity: number; uid: number; seen: number; stored: number },
): Promise<void> {
  await q.query(
    `update inbox_cursor set last_uid = greatest(last_uid, $5), seen = seen + $6, stored = stored + $7, duplicates = duplicates + $6 - $7
     where workspace_id = $1 and mailbox_id = $2 and folder = $3 and uid_validity = $4`,
    [to.workspaceId, to.mailboxId, to.folder, to.uidValidity, to.uid, to.seen, to.stored],
  );
}

/** These folders were read to their ends by listings that began at `at` or later. */
export async function markReadToEnd(
  q: Queryable,
  workspaceId: WorkspaceId,
  mailboxId: MailboxId,
  folders: readonly string[],
  at: Instant,
): Promise<void> {
  await q.query(
    `update inbox_cursor cursor set read_to_end_at = $4 where workspace_id = $1 and mailbox_id = $2 and folder = any($3)
       and created_at = (select max(created_at) from inbox_cursor newest
         where newest.workspace_id = $1 and newest.mailbox_id = $2 and newest.folder = cursor.folder)`,
    [workspaceId, mailboxId, folders, at],
  );
}

/** Since when every INBOX and Junk folder of the mailbox is known to be read; null when one never was. */
export async function inboxReadToEndAt(q: Queryable, workspaceId: WorkspaceId, mailboxId: MailboxId): Promise<Instant | null> {
  const { rows } = await q.query<{ at: Instant | null }>(
    `select case when bool_and(read_to_end_at is not null) then min(read_to_end_at) end as at from (
       select distinct on (folder) read_to_end_at from inbox_cursor
       where workspace_id = $1 and mailbox_id = $2 and role in ('inbox', 'junk') order by folder, created_at desc) newest`,
    [workspaceId, mailboxId],
  );
  return rows[0]?.at ?? null;
}

export interface FolderProgress {
  readonly folder: string;
  readonly role: FolderRole;
  readonly seen: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly readToEndAt: Instant | null;
}

/** For people: how far each folder was read, and that the counts add up. */
export async function folderProgress(q: Queryable, workspaceId: WorkspaceId, mailboxId: MailboxId): Promise<FolderProgress[]> {
  const { rows } = await q.query<FolderProgress>(
    `select folder, role, seen, stored, duplicates, read_to_end_at as "readToEndAt" from inbox_cursor
     where workspace_id = $1 and mailbox_id = $2 order by folder, created_at`,
    [workspaceId, mailboxId],
  );
  return rows;
}
