// Keys by which programs use the API. A key is known by its SHA-256 only.
import type { ApiKeyId, UserId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Permission, Role } from "../core/permissions.ts";
import { only, type Queryable } from "./database.ts";

export interface ApiKey {
  readonly id: ApiKeyId;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly Permission[];
  readonly createdBy: UserId | null;
  readonly createdAt: Instant;
  readonly expiresAt: Instant | null;
  readonly lastUsedAt: Instant | null;
}

const COLUMNS = `id, name, prefix, scopes, created_by as "createdBy", created_at as "createdAt", expires_at as "expiresAt", last_used_at as "lastUsedAt"`;

export async function insertApiKey(
  q: Queryable,
  workspaceId: WorkspaceId,
  key: Omit<ApiKey, "id" | "lastUsedAt"> & { readonly tokenHash: Buffer },
): Promise<ApiKeyId> {
  const { rows } = await q.query<{ id: ApiKeyId }>(
    `insert into api_key (workspace_id, name, prefix, token_hash, scopes, created_by, created_at, expires_at)
     values ($1, btrim($2), $3, $4, $5, $6, $7, $8) returning id`,
    [workspaceId, key.name, key.prefix, key.tokenHash, key.scopes, key.createdBy, key.createdAt, key.expiresAt],
  );
  return only(rows).id;
}

/** Those that were not revoked; expired ones are shown, so that a person sees why a program stopped. */
export async function listApiKeys(q: Queryable, workspaceId: WorkspaceId): Promise<ApiKey[]> {
  const { rows } = await q.query<ApiKey>(
    `select ${COLUMNS} from api_key where workspace_id = $1 and revoked_at is null order by created_at desc, id desc`,
    [workspaceId],
  );
  return rows;
}

export interface LiveApiKey extends ApiKey {
  readonly workspaceId: WorkspaceId;
  /** What whoever made it is in the team now; null for a key that nobody of the team made: it came from the command line. */
  readonly makerRole: Role | null;
}

/** The key, unless it was revoked or has expired, or whoever made it is in the team no more. */
export async function liveApiKey(q: Queryable, tokenHash: Buffer, now: Instant): Promise<LiveApiKey | null> {
  const { rows } = await q.query<LiveApiKey>(
    `select ${COLUMNS}, workspace_id as "workspaceId", maker.role as "makerRole"
     from api_key left join lateral (
       select role from member where member.workspace_id = api_key.workspace_id and member.user_id = api_key.created_by) maker on true
     where token_hash = $1 and revoked_at is null and (expires_at is null or expires_at > $2)
       and (created_by is null or maker.role is not null)`,
    [tokenHash, now],
  );
  return rows[0] ?? null;
}

/** Those that a member made. Returns how many it revoked. */
export async function revokeApiKeysOf(q: Queryable, workspaceId: WorkspaceId, userId: UserId, at: Instant): Promise<number> {
  const { rowCount } = await q.query(
    "update api_key set revoked_at = $3 where workspace_id = $1 and created_by = $2 and revoked_at is null",
    [workspaceId, userId, at],
  );
  return rowCount ?? 0;
}

export async function touchApiKey(q: Queryable, workspaceId: WorkspaceId, id: ApiKeyId, at: Instant): Promise<void> {
  await q.query("update api_key set last_used_at = $3 where workspace_id = $1 and id = $2", [workspaceId, id, at]);
}

export async function revokeApiKey(q: Queryable, workspaceId: WorkspaceId, id: ApiKeyId, at: Instant): Promise<boolean> {
  const { rowCount } = await q.query("update api_key set revoked_at = $3 where workspace_id = $1 and id = $2 and revoked_at is null", [
    workspaceId,
    id,
    at,
  ]);
  return rowCount === 1;
}
