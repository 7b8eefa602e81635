// Who was sent to a provider to grant access to a mailbox, and has not come back yet?
import type { WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { OAuthProvider } from "../core/oauth-provider.ts";
import type { Queryable } from "./database.ts";

export interface GrantRequest {
  readonly workspaceId: WorkspaceId;
  /** SHA-256 of what travels through the browser. */
  readonly stateHash: Buffer;
  /** SHA-256 of what only the one who began it knows. */
  readonly begunByHash: Buffer;
  readonly provider: OAuthProvider;
  readonly redirectUri: string;
  /** Encrypted, bound to this row. */
  readonly secret: Buffer;
  /** The mailbox as it is to become. */
  readonly mailbox: unknown;
  readonly expiresAt: Instant;
}

export async function saveGrantRequest(q: Queryable, request: GrantRequest): Promise<void> {
  await q.query(
    `insert into grant_request (workspace_id, state_hash, begun_by_hash, provider, redirect_uri, secret, mailbox, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      request.workspaceId,
      request.stateHash,
      request.begunByHash,
      request.provider,
      request.redirectUri,
      request.secret,
      JSON.stringify(request.mailbox),
      request.expiresAt,
    ],
  );
}

/** Takes a request out: of two that come back with the same state, one gets it. Null for one that was taken, has expired, or somebody else began. */
export async function takeGrantRequest(
  q: Queryable,
  { workspaceId, stateHash, begunByHash }: Pick<GrantRequest, "workspaceId" | "stateHash" | "begunByHash">,
  now: Instant,
): Promise<GrantRequest | null> {
  const { rows } = await q.query<GrantRequest>(
    `delete from grant_request where workspace_id = $1 and state_hash = $2 and begun_by_hash = $3 and expires_at > $4
     returning workspace_id as "workspaceId", state_hash as "stateHash", begun_by_hash as "begunByHash", provider, redirect_uri as "redirectUri", secret,
       mailbox, expires_at as "expiresAt"`,
    [workspaceId, stateHash, begunByHash, now],
  );
  return rows[0] ?? null;
}

/** Nobody comes back to these any more, in all workspaces. */
export async function forgetExpiredGrantRequests(q: Queryable, now: Instant): Promise<number> {
  const { rowCount } = await q.query("delete from grant_request where expires_at <= $1", [now]);
  return rowCount ?? 0;
}
