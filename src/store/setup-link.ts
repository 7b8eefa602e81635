// The link that makes the first account of an installation.
import type { Instant } from "../core/instant.ts";
import type { Queryable, Tx } from "./database.ts";

/** The newest link is the only one that works. */
export async function replaceSetupLink(q: Queryable, tokenHash: Buffer, at: Instant, expiresAt: Instant): Promise<void> {
  await q.query(
    `insert into setup_link (token_hash, created_at, expires_at) values ($1, $2, $3)
     on conflict (only_row) do update set token_hash = excluded.token_hash, created_at = excluded.created_at, expires_at = excluded.expires_at`,
    [tokenHash, at, expiresAt],
  );
}

export async function setupLinkWorks(q: Queryable, tokenHash: Buffer, now: Instant): Promise<boolean> {
  const { rowCount } = await q.query(
    "select from setup_link where token_hash = $1 and expires_at > $2 and not exists (select from user_account)",
    [tokenHash, now],
  );
  return rowCount === 1;
}

/** Uses the link up; false when it does not work (any more): of two who follow it at once only one gets in. */
export async function useSetupLink(tx: Tx, tokenHash: Buffer, now: Instant): Promise<boolean> {
  const { rowCount } = await tx.query(
    "delete from setup_link where token_hash = $1 and expires_at > $2 and not exists (select from user_account)",
    [tokenHash, now],
  );
  return rowCount === 1;
}
