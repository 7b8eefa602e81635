// Saved segments: filters of leads under a name. What a filter holds is checked where it comes in (http/api/lead-contract.ts).
import type { Id, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Queryable, Tx } from "./database.ts";
import type { LeadFilter } from "./lead-search.ts";
import { afterCursor, type Page, type PageRequest, pageOf } from "./page.ts";

export type SegmentId = Id<"segment">;

export interface Segment {
  readonly id: SegmentId;
  readonly name: string;
  readonly filter: LeadFilter;
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

const COLUMNS = `id, name, filter, version, created_at as "createdAt", updated_at as "updatedAt"`;

export async function segmentById(q: Queryable, workspaceId: WorkspaceId, id: SegmentId): Promise<Segment | null> {
  const { rows } = await q.query<Segment>(`select ${COLUMNS} from segment where workspace_id = $1 and id = $2`, [workspaceId, id]);
  return rows[0] ?? null;
}

/** The segment, locked until the transaction ends. */
export async function lockSegment(tx: Tx, workspaceId: WorkspaceId, id: SegmentId): Promise<Segment | null> {
  const { rows } = await tx.query<Segment>(`select ${COLUMNS} from segment where workspace_id = $1 and id = $2 for update`, [
    workspaceId,
    id,
  ]);
  return rows[0] ?? null;
}

/** In the order of the alphabet. */
export async function listSegments(q: Queryable, workspaceId: WorkspaceId, page: PageRequest): Promise<Page<Segment>> {
  const after = afterCursor(page, ["text"]);
  const { rows } = await q.query<Segment & { key: string }>(
    `select ${COLUMNS}, lower(name) as key from segment where workspace_id = $1 and ($2::text is null or lower(name) > $2)
     order by lower(name) limit $3`,
    [workspaceId, ...after, page.limit + 1],
  );
  return pageOf(rows, page.limit, (row) => [row.key]);
}

export async function segmentIdByName(q: Queryable, workspaceId: WorkspaceId, name: string): Promise<SegmentId | null> {
  const { rows } = await q.query<{ id: SegmentId }>("select id from segment where workspace_id = $1 and lower(name) = lower($2)", [
    workspaceId,
    name,
  ]);
  return rows[0]?.id ?? null;
}

/** Null when a segment of that name exists, whatever its case. */
export async function insertSegment(
  tx: Tx,
  workspaceId: WorkspaceId,
  segment: { readonly name: string; readonly filter: LeadFilter },
  at: Instant,
): Promise<SegmentId | null> {
  const { rows } = await tx.query<{ id: SegmentId }>(
    `insert into segment (workspace_id, name, filter, created_at, updated_at) values ($1, $2, $3, $4, $4)
     on conflict (workspace_id, lower(name)) do nothing returning id`,
    [workspaceId, segment.name, segment.filter, at],
  );
  return rows[0]?.id ?? null;
}

export async function updateSegment(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: SegmentId,
  segment: { readonly name: string; readonly filter: LeadFilter },
  at: Instant,
): Promise<void> {
  await tx.query("update segment set name = $3, filter = $4, version = version + 1, updated_at = $5 where workspace_id = $1 and id = $2", [
    workspaceId,
    id,
    segment.name,
    segment.filter,
    at,
  ]);
}

export async function deleteSegment(q: Queryable, workspaceId: WorkspaceId, id: SegmentId): Promise<boolean> {
  const { rowCount } = await q.query("delete from segment where workspace_id = $1 and id = $2", [workspaceId, id]);
  return rowCount === 1;
}
