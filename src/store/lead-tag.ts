// The tags of leads.
import type { LeadId, WorkspaceId } from "../core/ids.ts";
import type { Queryable, Tx } from "./database.ts";
import { EXISTING } from "./lead-import.ts";
import { afterCursor, type Page, type PageRequest, pageOf } from "./page.ts";

export interface TagCount {
  readonly tag: string;
  readonly leads: number;
}

/** In the order of the alphabet, of those that hold `search`. */
export async function listTags(q: Queryable, workspaceId: WorkspaceId, search: string | null, page: PageRequest): Promise<Page<TagCount>> {
  const after = afterCursor(page, ["text"]);
  const { rows } = await q.query<TagCount>(
    `select tag, count(*) as leads from lead_tag
     where workspace_id = $1 and ($2::text is null or position(lower($2) in tag) > 0) and ($3::text is null or tag > $3)
     group by tag order by tag limit $4`,
    [workspaceId, search, ...after, page.limit + 1],
  );
  return pageOf(rows, page.limit, (row) => [row.tag]);
}

export async function tagsOfLead(q: Queryable, workspaceId: WorkspaceId, id: LeadId): Promise<string[]> {
  const { rows } = await q.query<{ tag: string }>("select tag from lead_tag where workspace_id = $1 and lead_id = $2 order by tag", [
    workspaceId,
    id,
  ]);
  return rows.map((row) => row.tag);
}

/** The leads of the workspace among ids, one look into the key for each; why the workspace is hidden is told in lead-import.ts. */
const CHOSEN = `unnest($2::uuid[]) as chosen (id) cross join lateral (
  select lead.id from lead where lead.workspace_id = (select $1::uuid) and lead.id = chosen.id limit 1) lead`;

/** Gives leads of the workspace these tags; returns how many tags were new to their lead. */
export async function addTags(tx: Tx, workspaceId: WorkspaceId, ids: readonly LeadId[], tags: readonly string[]): Promise<number> {
  const { rowCount } = await tx.query(
    `insert into lead_tag (workspace_id, tag, lead_id)
     select $1, tag, lead.id from unnest($3::text[]) as tag cross join ${CHOSEN} order by tag, lead.id
     on conflict (workspace_id, tag, lead_id) do nothing`,
    [workspaceId, ids, tags],
  );
  return rowCount ?? 0;
}

/** Gives the leads with these addresses the tags; returns how many tags were new to their lead. */
export async function addTagsByAddress(
  tx: Tx,
  workspaceId: WorkspaceId,
  identityKeys: readonly string[],
  tags: readonly string[],
): Promise<number> {
  const { rowCount } = await tx.query(
    `insert into lead_tag (workspace_id, tag, lead_id)
     select $1, tag, lead.id from unnest($3::text[]) as tag cross join unnest($2::text[]) as new (identity_key) ${EXISTING}
     on conflict (workspace_id, tag, lead_id) do nothing`,
    [workspaceId, identityKeys, tags],
  );
  return rowCount ?? 0;
}

export async function removeTags(tx: Tx, workspaceId: WorkspaceId, ids: readonly LeadId[], tags: readonly string[]): Promise<number> {
  const { rowCount } = await tx.query("delete from lead_tag where workspace_id = $1 and tag = any($3) and lead_id = any($2)", [
    workspaceId,
    ids,
    tags,
  ]);
  return rowCount ?? 0;
}

/** Takes away every tag of a lead but these. */
export async function keepTags(tx: Tx, workspaceId: WorkspaceId, id: LeadId, tags: readonly string[]): Promise<void> {
  await tx.query("delete from lead_tag where workspace_id = $1 and lead_id = $2 and tag <> all($3)", [workspaceId, id, tags]);
}
