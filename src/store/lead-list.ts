// The lists that leads stand in.
import type { CampaignId, LeadId, ListId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { listIdByName } from "./campaign.ts";
import { only, type Queryable, type Tx } from "./database.ts";
import { afterCursor, type Page, type PageRequest, pageOf } from "./page.ts";

export interface LeadList {
  readonly id: ListId;
  readonly name: string;
  readonly createdAt: Instant;
  readonly leads: number;
}

/** Null when a list of that name exists, whatever its case. */
export async function createList(q: Queryable, workspaceId: WorkspaceId, name: string, at: Instant): Promise<ListId | null> {
  const { rows } = await q.query<{ id: ListId }>(
    `insert into lead_list (workspace_id, name, created_at) values ($1, btrim($2), $3)
     on conflict (workspace_id, lower(name)) do nothing returning id`,
    [workspaceId, name, at],
  );
  return rows[0]?.id ?? null;
}

/** The list of that name, made when there is none. Two callers at once get the same. */
export async function ensureList(q: Queryable, workspaceId: WorkspaceId, name: string, at: Instant): Promise<ListId> {
  const id = (await createList(q, workspaceId, name, at)) ?? (await listIdByName(q, workspaceId, name.trim()));
  return only(id === null ? [] : [id]);
}

const COLUMNS = `
  list.id, list.name, list.created_at as "createdAt",
  (select count(*) from lead_list_member m where m.workspace_id = list.workspace_id and m.list_id = list.id) as leads`;

export async function listById(q: Queryable, workspaceId: WorkspaceId, id: ListId): Promise<LeadList | null> {
  const { rows } = await q.query<LeadList>(`select ${COLUMNS} from lead_list list where workspace_id = $1 and id = $2`, [workspaceId, id]);
  return rows[0] ?? null;
}

/** Those of them that exist, locked against their deletion: what is put into them stays. */
export async function lockLists(tx: Tx, workspaceId: WorkspaceId, ids: readonly ListId[]): Promise<ListId[]> {
  const { rows } = await tx.query<{ id: ListId }>(
    "select id from lead_list where workspace_id = $1 and id = any($2) order by id for key share",
    [workspaceId, ids],
  );
  return rows.map((row) => row.id);
}

/** In the order of the alphabet, of those whose name holds `search`. */
export async function listLists(q: Queryable, workspaceId: WorkspaceId, search: string | null, page: PageRequest): Promise<Page<LeadList>> {
  const after = afterCursor(page, ["text"]);
  const { rows } = await q.query<LeadList & { key: string }>(
    `select ${COLUMNS}, lower(name) as key from lead_list list
     where workspace_id = $1 and ($2::text is null or position(lower($2) in lower(name)) > 0) and ($3::text is null or lower(name) > $3)
     order by lower(name) limit $4`,
    [workspaceId, search, ...after, page.limit + 1],
  );
  return pageOf(rows, page.limit, (row) => [row.key]);
}

export async function listsOfLead(q: Queryable, workspaceId: WorkspaceId, id: LeadId): Promise<{ id: ListId; name: string }[]> {
  const { rows } = await q.query<{ id: ListId; name: string }>(
    `select list.id, list.name from lead_list_member m join lead_list list on list.workspace_id = m.workspace_id and list.id = m.list_id
     where m.workspace_id = $1 and m.lead_id = $2 order by lower(list.name)`,
    [workspaceId, id],
  );
  return rows;
}

/** False when another list has the name, whatever its case. Two that rename to the same name at once: the later one fails with unique_violation. */
export async function renameList(tx: Tx, workspaceId: WorkspaceId, id: ListId, name: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update lead_list set name = $3 where workspace_id = $1 and id = $2 and not exists (
       select from lead_list other where other.workspace_id = $1 and other.id <> $2 and lower(other.name) = lower($3))`,
    [workspaceId, id, name],
  );
  return rowCount === 1;
}

/** The campaigns whose audience a list is, by name; its row is locked, so that none begins to use it before the transaction ends. */
export async function campaignsOfList(tx: Tx, workspaceId: WorkspaceId, id: ListId): Promise<{ id: CampaignId; name: string }[]> {
  await tx.query("select from lead_list where workspace_id = $1 and id = $2 for update", [workspaceId, id]);
  const { rows } = await tx.query<{ id: CampaignId; name: string }>(
    "select id, name from campaign where workspace_id = $1 and list_id = $2 order by lower(name)",
    [workspaceId, id],
  );
  return rows;
}

/** With its memberships; the leads stay. */
export async function deleteList(tx: Tx, workspaceId: WorkspaceId, id: ListId): Promise<boolean> {
  const { rowCount } = await tx.query("delete from lead_list where workspace_id = $1 and id = $2", [workspaceId, id]);
  return rowCount === 1;
}

/** Puts leads of the workspace into a list; returns how many were not in it. */
export async function addMembers(tx: Tx, workspaceId: WorkspaceId, listId: ListId, ids: readonly LeadId[], at: Instant): Promise<number> {
  const { rowCount } = await tx.query(
    `insert into lead_list_member (workspace_id, list_id, lead_id, added_at)
     select $1, $2, lead.id, $4 from unnest($3::uuid[]) as chosen (id) cross join lateral (
       select lead.id from lead where lead.workspace_id = (select $1::uuid) and lead.id = chosen.id limit 1) lead
     order by lead.id
     on conflict (workspace_id, list_id, lead_id) do nothing`,
    [workspaceId, listId, ids, at],
  );
  return rowCount ?? 0;
}

export async function removeMembers(tx: Tx, workspaceId: WorkspaceId, listId: ListId, ids: readonly LeadId[]): Promise<number> {
  const { rowCount } = await tx.query("delete from lead_list_member where workspace_id = $1 and list_id = $2 and lead_id = any($3)", [
    workspaceId,
    listId,
    ids,
  ]);
  return rowCount ?? 0;
}
