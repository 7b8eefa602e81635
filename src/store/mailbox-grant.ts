// What the owner of a mailbox granted at their provider: the tokens by which it logs in instead of a password.
import type { MailboxId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Queryable } from "./database.ts";

export interface SealedTokens {
  /** Encrypted (core/encrypted-secret.ts), bound to this row and column. */
  readonly refresh: Buffer;
  readonly access: Buffer;
  readonly accessExpiresAt: Instant;
}

export interface MailboxGrant extends SealedTokens {
  readonly workspaceId: WorkspaceId;
  readonly mailboxId: MailboxId;
  /** Who signed in at the provider, as its address was then. */
  readonly account: string | null;
  /** Grows with every change of the tokens. */
  readonly generation: number;
}

export async function mailboxGrant(q: Queryable, workspaceId: WorkspaceId, mailboxId: MailboxId): Promise<MailboxGrant | null> {
  const { rows } = await q.query<MailboxGrant>(
    `select workspace_id as "workspaceId", mailbox_id as "mailboxId", account, generation, refresh_secret as refresh, access_secret as access,
       access_expires_at as "accessExpiresAt"
     from mailbox_grant where workspace_id = $1 and mailbox_id = $2`,
    [workspaceId, mailboxId],
  );
  return rows[0] ?? null;
}

/** Keeps what was granted just now; what was granted before is forgotten. */
export async function saveGrant(
  q: Queryable,
  grant: Pick<MailboxGrant, "workspaceId" | "mailboxId" | "account"> & { readonly subject: string },
  tokens: SealedTokens,
  at: Instant,
): Promise<void> {
  await q.query(
    `insert into mailbox_grant as known (workspace_id, mailbox_id, subject, account, refresh_secret, access_secret, access_expires_at, granted_at, renewed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
     on conflict (workspace_id, mailbox_id) do update set
       subject = excluded.subject, account = excluded.account, refresh_secret = excluded.refresh_secret, access_secret = excluded.access_secret,
       access_expires_at = excluded.access_expires_at, generation = known.generation + 1, granted_at = excluded.granted_at, renewed_at = excluded.renewed_at`,
    [grant.workspaceId, grant.mailboxId, grant.subject, grant.account, tokens.refresh, tokens.access, tokens.accessExpiresAt, at],
  );
}

/** Replaces the tokens that `grant` was read with; false when somebody has replaced them meanwhile. */
export async function renewGrant(q: Queryable, grant: MailboxGrant, tokens: SealedTokens, at: Instant): Promise<boolean> {
  const { rowCount } = await q.query(
    `update mailbox_grant set refresh_secret = $4, access_secret = $5, access_expires_at = $6, generation = generation + 1, renewed_at = $7
     where workspace_id = $1 and mailbox_id = $2 and generation = $3`,
    [grant.workspaceId, grant.mailboxId, grant.generation, tokens.refresh, tokens.access, tokens.accessExpiresAt, at],
  );
  return rowCount === 1;
}

/** It logs in by a password again, or not at all. */
export async function forgetGrant(q: Queryable, workspaceId: WorkspaceId, mailboxId: MailboxId): Promise<void> {
  await q.query("delete from mailbox_grant where workspace_id = $1 and mailbox_id = $2", [workspaceId, mailboxId]);
}
