// Who was sent to a provider to grant access to a mailbox, and what became of it?
import type { GrantRequestId, MailboxId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { OAuthProvider } from "../core/oauth-provider.ts";
import type { Actor } from "./audit.ts";
import { only, type Queryable } from "./database.ts";

export interface GrantRequest {
  readonly workspaceId: WorkspaceId;
  readonly id: GrantRequestId;
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
  /** Who began it. */
  readonly actor: Actor;
  readonly expiresAt: Instant;
}

export async function saveGrantRequest(q: Queryable, request: Omit<GrantRequest, "id">): Promise<GrantRequestId> {
  const { rows } = await q.query<{ id: GrantRequestId }>(
    `insert into grant_request (workspace_id, state_hash, begun_by_hash, provider, redirect_uri, secret, mailbox, actor, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
    [
      request.workspaceId,
      request.stateHash,
      request.begunByHash,
      request.provider,
      request.redirectUri,
      request.secret,
      JSON.stringify(request.mailbox),
      JSON.stringify(request.actor),
      request.expiresAt,
    ],
  );
  return only(rows).id;
}

/** Of two that come back with the same state, one gets it. Null for one that was taken, has expired, or somebody else began. */
export async function takeGrantRequest(
  q: Queryable,
  { workspaceId, stateHash, begunByHash }: Pick<GrantRequest, "workspaceId" | "stateHash" | "begunByHash">,
  now: Instant,
): Promise<GrantRequest | null> {
  const { rows } = await q.query<GrantRequest>(
    `update grant_request set taken_at = $4
     where workspace_id = $1 and state_hash = $2 and begun_by_hash = $3 and expires_at > $4 and taken_at is null
     returning workspace_id as "workspaceId", id, state_hash as "stateHash", begun_by_hash as "begunByHash", provider, redirect_uri as "redirectUri",
       secret, mailbox, actor, expires_at as "expiresAt"`,
    [workspaceId, stateHash, begunByHash, now],
  );
  return rows[0] ?? null;
}

/** What became of one that was taken. */
export type GrantOutcome = { readonly mailboxId: MailboxId } | { readonly code: string; readonly message: string };

export async function endGrantRequest(
  q: Queryable,
  { workspaceId, id }: Pick<GrantRequest, "workspaceId" | "id">,
  outcome: GrantOutcome,
  now: Instant,
): Promise<void> {
  const { mailboxId = null, code = null, message = null } = outcome as Partial<Record<"mailboxId" | "code" | "message", string>>;
  await q.query(
    `update grant_request set ended_at = $3, mailbox_id = $4, error_code = $5, error_message = $6
     where workspace_id = $1 and id = $2 and taken_at is not null and ended_at is null`,
    [workspaceId, id, now, mailboxId, code, message],
  );
}

export interface GrantRequestState {
  readonly id: GrantRequestId;
  readonly email: string;
  readonly provider: OAuthProvider;
  readonly expiresAt: Instant;
  readonly endedAt: Instant | null;
  /** Null until it is connected, and when it was removed afterwards. */
  readonly mailboxId: MailboxId | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
}

export async function grantRequestById(q: Queryable, workspaceId: WorkspaceId, id: GrantRequestId): Promise<GrantRequestState | null> {
  const { rows } = await q.query<GrantRequestState>(
    `select id, mailbox ->> 'email' as email, provider, expires_at as "expiresAt", ended_at as "endedAt", mailbox_id as "mailboxId",
       error_code as "errorCode", error_message as "errorMessage"
     from grant_request where workspace_id = $1 and id = $2`,
    [workspaceId, id],
  );
  return rows[0] ?? null;
}

/** In all workspaces, those that ran out before `moment`. */
export async function forgetGrantRequests(q: Queryable, moment: Instant): Promise<number> {
  const { rowCount } = await q.query("delete from grant_request where expires_at <= $1", [moment]);
  return rowCount ?? 0;
}
