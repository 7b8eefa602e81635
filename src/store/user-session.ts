// Sessions of people who signed in. A token is known by its SHA-256 only.
import type { UserId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Queryable, Tx } from "./database.ts";

export interface NewSession {
  readonly tokenHash: Buffer;
  readonly userId: UserId;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly at: Instant;
  readonly expiresAt: Instant;
}

export async function insertSession(q: Queryable, session: NewSession): Promise<void> {
  await q.query(
    `insert into user_session (token_hash, user_id, ip, user_agent, created_at, last_seen_at, expires_at)
     values ($1, $2, $3, left($4, 400), $5, $5, $6)`,
    [session.tokenHash, session.userId, session.ip, session.userAgent, session.at, session.expiresAt],
  );
}

export interface LiveSession {
  readonly userId: UserId;
  readonly email: string;
  readonly name: string;
  readonly lastSeenAt: Instant;
  readonly createdAt: Instant;
}

/** The session, while it has neither expired nor been idle for longer than `idleSince` allows. */
export async function liveSession(q: Queryable, tokenHash: Buffer, now: Instant, idleSince: Instant): Promise<LiveSession | null> {
  const { rows } = await q.query<LiveSession>(
    `select s.user_id as "userId", u.email, u.name, s.last_seen_at as "lastSeenAt", s.created_at as "createdAt"
     from user_session s join user_account u on u.id = s.user_id
     where s.token_hash = $1 and s.expires_at > $2 and s.last_seen_at > $3`,
    [tokenHash, now, idleSince],
  );
  return rows[0] ?? null;
}

export async function touchSession(q: Queryable, tokenHash: Buffer, at: Instant): Promise<void> {
  await q.query("update user_session set last_seen_at = $2 where token_hash = $1 and last_seen_at < $2", [tokenHash, at]);
}

export async function endSession(q: Queryable, tokenHash: Buffer): Promise<boolean> {
  const { rowCount } = await q.query("delete from user_session where token_hash = $1", [tokenHash]);
  return rowCount === 1;
}

/** All of a person's sessions but one; how many. */
export async function endOtherSessions(tx: Tx, userId: UserId, keep: Buffer | null): Promise<number> {
  const { rowCount } = await tx.query("delete from user_session where user_id = $1 and token_hash is distinct from $2", [userId, keep]);
  return rowCount ?? 0;
}

export async function removeExpiredSessions(q: Queryable, now: Instant, idleSince: Instant): Promise<void> {
  await q.query("delete from user_session where expires_at <= $1 or last_seen_at <= $2", [now, idleSince]);
}
