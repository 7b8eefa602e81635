// What was changed by whom. Entries are added in the transaction of the change, and never touched again.
import type { ApiKeyId, UserId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Queryable } from "./database.ts";
import { afterCursor, type Page, type PageRequest, pageOf } from "./page.ts";

/** Who asked for something. */
export type Actor =
  | { readonly kind: "user"; readonly id: UserId; readonly name: string }
  | { readonly kind: "api_key"; readonly id: ApiKeyId; readonly name: string }
  | { readonly kind: "command_line"; readonly id: null; readonly name: string };

export interface AuditEntry {
  readonly id: string;
  readonly at: Instant;
  readonly actor: Actor["kind"];
  readonly actorId: string | null;
  readonly actorName: string;
  readonly action: string;
  readonly target: Readonly<Record<string, unknown>>;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly ip: string | null;
}

export async function insertAuditEntry(
  q: Queryable,
  workspaceId: WorkspaceId,
  entry: {
    readonly actor: Actor;
    readonly action: string;
    readonly target: object;
    readonly detail: object;
    readonly ip: string | null;
    readonly at: Instant;
  },
): Promise<void> {
  const { actor, action, target, detail, ip, at } = entry;
  await q.query(
    `insert into audit_entry (workspace_id, at, actor, actor_id, actor_name, action, target, detail, ip)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [workspaceId, at, actor.kind, actor.id, actor.name, action, target, detail, ip],
  );
}

/** What a person did with the own account, told to every workspace that trusts it. */
export async function insertAccountEntries(
  q: Queryable,
  userId: UserId,
  entry: { readonly action: `account.${string}`; readonly ip: string | null; readonly at: Instant },
): Promise<void> {
  await q.query(
    `insert into audit_entry (workspace_id, at, actor, actor_id, actor_name, action, ip)
     select m.workspace_id, $3, 'user', u.id, u.name, $2, $4 from user_account u join member m on m.user_id = u.id where u.id = $1`,
    [userId, entry.action, entry.at, entry.ip],
  );
}

/** Newest first. */
export async function listAuditEntries(q: Queryable, workspaceId: WorkspaceId, request: PageRequest): Promise<Page<AuditEntry>> {
  const after = afterCursor(request, ["timestamptz", "uuid"]);
  const { rows } = await q.query<AuditEntry>(
    `select id, at, actor, actor_id as "actorId", actor_name as "actorName", action, target, detail, host(ip) as ip
     from audit_entry where workspace_id = $1 and ($2::timestamptz is null or (at, id) < ($2, $3::uuid))
     order by at desc, id desc limit $4`,
    [workspaceId, ...after, request.limit + 1],
  );
  return pageOf(rows, request.limit, (row) => [row.at, row.id]);
}
