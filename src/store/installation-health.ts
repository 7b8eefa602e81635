// What `doctor` asks the database about itself, and about the mailboxes of all workspaces.
import { only, type Queryable } from "./database.ts";
import { MAILBOX_COLUMNS, type Mailbox, type MailboxRow, mailboxFromRow } from "./mailbox.ts";

export interface DatabaseHealth {
  /** Settings, as the server writes them: `on`, `off` and the like. */
  readonly fsync: string;
  readonly fullPageWrites: string;
  readonly synchronousCommit: string;
  readonly autovacuum: string;
}

export async function databaseHealth(q: Queryable): Promise<DatabaseHealth> {
  const { rows } = await q.query<DatabaseHealth>(
    `select current_setting('fsync') as fsync, current_setting('full_page_writes') as "fullPageWrites",
       current_setting('synchronous_commit') as "synchronousCommit", current_setting('autovacuum') as autovacuum`,
  );
  return only(rows);
}

/** With which keys are the passwords and grants of mailboxes sealed (core/encrypted-secret.ts: a version, then the key's fingerprint)? Fingerprints in hex. */
export async function sealingKeys(q: Queryable): Promise<{ key: string; secrets: number }[]> {
  const { rows } = await q.query<{ key: string; secrets: number }>(
    `select encode(substring(secret from 2 for 4), 'hex') as key, count(*)::integer as secrets
     from (select smtp_secret as secret from mailbox union all select imap_secret from mailbox
       union all select refresh_secret from mailbox_grant) sealed
     where secret is not null group by 1 order by 2 desc`,
  );
  return rows;
}

export async function allMailboxes(q: Queryable): Promise<Mailbox[]> {
  const { rows } = await q.query<MailboxRow>(`select ${MAILBOX_COLUMNS} from mailbox order by email, workspace_id`);
  return rows.map(mailboxFromRow);
}
