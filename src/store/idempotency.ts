// Writes that a program may ask for twice: the answer of the first time, by the key that the program gave it.
import type { WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { only, type Queryable } from "./database.ts";

export interface FirstAnswer {
  readonly requestHash: Buffer;
  /** Null while the first request is at work, or when its process died. */
  readonly status: number | null;
  readonly body: unknown;
  readonly createdAt: Instant;
}

interface Key {
  readonly workspaceId: WorkspaceId;
  readonly actorId: string;
  readonly key: string;
}

/**
 * Takes the key for a request; null when it is ours, else what is known of the first one. While the transaction of the first one is open this
 * waits for its end. A request that was at work since before `abandonedBefore` died, and its key is taken over.
 */
export async function takeIdempotencyKey(
  q: Queryable,
  { workspaceId, actorId, key }: Key,
  requestHash: Buffer,
  at: Instant,
  abandonedBefore: Instant,
): Promise<FirstAnswer | null> {
  const { rowCount } = await q.query(
    `insert into idempotency_key as old (workspace_id, actor_id, key, request_hash, created_at) values ($1, $2, $3, $4, $5)
     on conflict (workspace_id, actor_id, key) do update set created_at = excluded.created_at
     where old.status is null and old.created_at < $6 and old.request_hash = excluded.request_hash`,
    [workspaceId, actorId, key, requestHash, at, abandonedBefore],
  );
  if (rowCount === 1) return null;
  const { rows } = await q.query<FirstAnswer>(
    `select request_hash as "requestHash", status, body, created_at as "createdAt" from idempotency_key
     where workspace_id = $1 and actor_id = $2 and key = $3`,
    [workspaceId, actorId, key],
  );
  return only(rows);
}

export async function recordAnswer(q: Queryable, { workspaceId, actorId, key }: Key, status: number, body: unknown): Promise<void> {
  await q.query("update idempotency_key set status = $4, body = $5 where workspace_id = $1 and actor_id = $2 and key = $3", [
    workspaceId,
    actorId,
    key,
    status,
    body === undefined ? null : JSON.stringify(body),
  ]);
}

/** A request that was refused has done nothing: it may be asked again. */
export async function releaseIdempotencyKey(q: Queryable, { workspaceId, actorId, key }: Key): Promise<void> {
  await q.query("delete from idempotency_key where workspace_id = $1 and actor_id = $2 and key = $3 and status is null", [
    workspaceId,
    actorId,
    key,
  ]);
}

/** At most `limit`, of whatever workspace; those that somebody else removes at this moment are left to them. */
export async function removeIdempotencyKeys(q: Queryable, before: Instant, limit: number): Promise<void> {
  await q.query(
    `delete from idempotency_key where (workspace_id, actor_id, key) in (
       select workspace_id, actor_id, key from idempotency_key where created_at < $1 order by created_at limit $2 for update skip locked)`,
    [before, limit],
  );
}
