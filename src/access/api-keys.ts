// Keys for programs: shown once, with scopes that whoever makes the key has, too.
import { AgentError } from "../core/errors.ts";
import type { ApiKeyId, UserId, WorkspaceId } from "../core/ids.ts";
import { after, type Instant, MINUTE } from "../core/instant.ts";
import { PERMISSIONS, type Permission, roleMay } from "../core/permissions.ts";
import { insertApiKey, liveApiKey, touchApiKey } from "../store/api-key.ts";
import type { Queryable } from "../store/database.ts";
import { hashToken, newToken } from "./token.ts";

const PREFIX = "mak_";
const SHOWN = PREFIX.length + 6;
/** `last_used_at` is written at most this often. */
const TOUCH_EVERY = MINUTE;

export interface NewApiKey {
  readonly workspaceId: WorkspaceId;
  readonly name: string;
  readonly scopes: readonly Permission[];
  readonly expiresAt: Instant | null;
  readonly createdBy: UserId | null;
}

/** `mine`: what whoever asks may do; a key cannot do more. */
export async function createApiKey(
  q: Queryable,
  mine: ReadonlySet<Permission>,
  key: NewApiKey,
  now: Instant,
): Promise<{ id: ApiKeyId; key: string; prefix: string }> {
  const beyond = key.scopes.filter((scope) => !mine.has(scope));
  if (beyond.length > 0) throw new AgentError("forbidden", `A key cannot do what you may not: ${beyond.join(", ")}.`);
  if (key.expiresAt && key.expiresAt <= now) throw new AgentError("invalid_input", "The key would have expired already.");
  const { token, hash } = newToken(PREFIX);
  const prefix = token.slice(0, SHOWN);
  const scopes = PERMISSIONS.filter((scope) => key.scopes.includes(scope));
  const id = await insertApiKey(q, key.workspaceId, { ...key, scopes, prefix, tokenHash: hash, createdAt: now });
  return { id, key: token, prefix };
}

/** Whose key it is, and what it may do: no more than whoever made it may now. Null when it was revoked, has expired, or never was. */
export async function apiKeyOf(q: Queryable, token: string, now: Instant) {
  if (!token.startsWith(PREFIX)) return null;
  const key = await liveApiKey(q, hashToken(token), now);
  if (!key) return null;
  if (key.lastUsedAt === null || key.lastUsedAt < after(now, -TOUCH_EVERY)) await touchApiKey(q, key.workspaceId, key.id, now);
  const { makerRole } = key;
  return makerRole === null ? key : { ...key, scopes: key.scopes.filter((scope) => roleMay(makerRole, scope)) };
}
