// Links with which people set a new password.
import type { UserId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Queryable, Tx } from "./database.ts";

/** The newest link of a person is the only one that works. */
export async function replacePasswordReset(
  q: Queryable,
  userId: UserId,
  tokenHash: Buffer,
  at: Instant,
  expiresAt: Instant,
): Promise<void> {
  await q.query(
    `insert into password_reset (user_id, token_hash, created_at, expires_at) values ($1, $2, $3, $4)
     on conflict (user_id) do update set token_hash = excluded.token_hash, created_at = excluded.created_at, expires_at = excluded.expires_at`,
    [userId, tokenHash, at, expiresAt],
  );
}

/** Whose password it sets; null when it does not work (any more). */
export async function personOfReset(q: Queryable, tokenHash: Buffer, now: Instant): Promise<{ id: UserId; email: string } | null> {
  const { rows } = await q.query<{ id: UserId; email: string }>(
    `select u.id, u.email from password_reset r join user_account u on u.id = r.user_id where r.token_hash = $1 and r.expires_at > $2`,
    [tokenHash, now],
  );
  return rows[0] ?? null;
}

/** Uses the link up; false when somebody was faster. */
export async function usePasswordReset(tx: Tx, tokenHash: Buffer, now: Instant): Promise<boolean> {
  const { rowCount } = await tx.query("delete from password_reset where token_hash = $1 and expires_at > $2", [tokenHash, now]);
  return rowCount === 1;
}
