// Links with which people set a new password.
import type { UserId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Queryable, Tx } from "./database.ts";

export interface NewPasswordReset {
  readonly userId: UserId;
  readonly tokenHash: Buffer;
  readonly removesSecondFactor: boolean;
  readonly at: Instant;
  readonly expiresAt: Instant;
}

/** The newest link of a person is the only one that works. */
export async function replacePasswordReset(q: Queryable, reset: NewPasswordReset): Promise<void> {
  const { userId, tokenHash, removesSecondFactor, at, expiresAt } = reset;
  await q.query(
    `insert into password_reset (user_id, token_hash, removes_second_factor, created_at, expires_at) values ($1, $2, $3, $4, $5)
     on conflict (user_id) do update set token_hash = excluded.token_hash, removes_second_factor = excluded.removes_second_factor,
       created_at = excluded.created_at, expires_at = excluded.expires_at`,
    [userId, tokenHash, removesSecondFactor, at, expiresAt],
  );
}

export interface PersonOfReset {
  readonly id: UserId;
  readonly email: string;
  readonly removesSecondFactor: boolean;
}

/** Whose password it sets; null when it does not work (any more). */
export async function personOfReset(q: Queryable, tokenHash: Buffer, now: Instant): Promise<PersonOfReset | null> {
  const { rows } = await q.query<PersonOfReset>(
    `select u.id, u.email, r.removes_second_factor as "removesSecondFactor" from password_reset r join user_account u on u.id = r.user_id
     where r.token_hash = $1 and r.expires_at > $2`,
    [tokenHash, now],
  );
  return rows[0] ?? null;
}

/** Uses the link up; false when somebody was faster. */
export async function usePasswordReset(tx: Tx, tokenHash: Buffer, now: Instant): Promise<boolean> {
  const { rowCount } = await tx.query("delete from password_reset where token_hash = $1 and expires_at > $2", [tokenHash, now]);
  return rowCount === 1;
}
