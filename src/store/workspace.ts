// Workspaces: a team and everything it owns.

import { AgentError } from "../core/errors.ts";
import type { UserId, WorkspaceId } from "../core/ids.ts";
import { only, type Queryable, sqlState } from "./database.ts";

const UNIQUE_VIOLATION = "23505";

export interface Workspace {
  readonly id: WorkspaceId;
  readonly name: string;
  /** Shown in every mail of a campaign that has none of its own. */
  readonly postalAddress: string | null;
  readonly version: number;
}

/** The workspace of that name, whatever its case; made when there is none. Two callers at once get the same. */
export async function ensureWorkspace(q: Queryable, name: string): Promise<WorkspaceId> {
  const made = await q.query<{ id: WorkspaceId }>(
    "insert into workspace (name) values (btrim($1)) on conflict (lower(name)) do nothing returning id",
    [name],
  );
  return made.rows[0]?.id ?? workspaceIdByName(q, name);
}

async function workspaceIdByName(q: Queryable, name: string): Promise<WorkspaceId> {
  const { rows } = await q.query<{ id: WorkspaceId }>("select id from workspace where lower(name) = lower(btrim($1))", [name]);
  return only(rows).id;
}

export async function workspaceNames(q: Queryable): Promise<string[]> {
  const { rows } = await q.query<{ name: string }>("select name from workspace order by created_at, id");
  return rows.map((row) => row.name);
}

export async function workspaceById(q: Queryable, id: WorkspaceId): Promise<Workspace | null> {
  const { rows } = await q.query<Workspace>(`select id, name, postal_address as "postalAddress", version from workspace where id = $1`, [
    id,
  ]);
  return rows[0] ?? null;
}

/** Null takes it away. False when there is no such workspace. */
export async function setPostalAddress(q: Queryable, id: WorkspaceId, postalAddress: string | null): Promise<boolean> {
  const { rowCount } = await q.query("update workspace set postal_address = $2 where id = $1", [id, postalAddress]);
  return rowCount === 1;
}

/** What is undefined stays. False when its version is another one by now. `already_exists` when another workspace has the name. */
export async function changeWorkspace(
  q: Queryable,
  id: WorkspaceId,
  change: { readonly name?: string | undefined; readonly postalAddress?: string | null | undefined },
  ifVersion: string | null,
): Promise<boolean> {
  const { rowCount } = await named(change.name, () =>
    q.query(
      `update workspace set name = coalesce($2, name), postal_address = case when $3 then $4 else postal_address end, version = version + 1
       where id = $1 and ($5::text is null or version::text = $5)`,
      [id, change.name ?? null, change.postalAddress !== undefined, change.postalAddress ?? null, ifVersion],
    ),
  );
  return rowCount === 1;
}

/** AgentError `already_exists`. */
export async function insertWorkspace(q: Queryable, name: string, postalAddress: string | null): Promise<WorkspaceId> {
  const { rows } = await named(name, () =>
    q.query<{ id: WorkspaceId }>("insert into workspace (name, postal_address) values ($1, $2) returning id", [name, postalAddress]),
  );
  return only(rows).id;
}

async function named<Result>(name: string | undefined, statement: () => Promise<Result>): Promise<Result> {
  try {
    return await statement();
  } catch (error) {
    if (sqlState(error) === UNIQUE_VIOLATION) throw new AgentError("already_exists", `There is a workspace ${name} already.`);
    throw error;
  }
}

/** Whether there is another than this one. */
export async function hasOtherWorkspaces(q: Queryable, id: WorkspaceId): Promise<boolean> {
  const { rowCount } = await q.query("select from workspace where id <> $1 limit 1", [id]);
  return rowCount === 1;
}

/** Whether there is one, apart from `id`, that the person does not own; without a person, whether there is another at all. */
export async function hasWorkspaceOfOthers(q: Queryable, id: WorkspaceId, userId: UserId | null): Promise<boolean> {
  const { rowCount } = await q.query(
    `select from workspace w where w.id <> $1
       and not exists (select from member m where m.workspace_id = w.id and m.user_id = $2 and m.role = 'owner') limit 1`,
    [id, userId],
  );
  return rowCount === 1;
}
