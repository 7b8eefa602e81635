// Who must not be written to, and why. A suppression knows no lead: it outlives the deletion, the erasure and the next import of one.
import type { CampaignId, Id, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { SuppressionReason } from "../core/words.ts";
import type { Queryable, Tx } from "./database.ts";
import { afterCursor, type Page, type PageRequest, pageOf } from "./page.ts";

export type SuppressionId = Id<"suppression">;

export interface NewSuppression {
  readonly workspaceId: WorkspaceId;
  readonly kind: "address" | "domain";
  /** The identity key of an address, or a domain as A-label. */
  readonly key: string;
  /** Null: the whole workspace. */
  readonly campaignId: CampaignId | null;
  readonly reason: SuppressionReason;
  readonly evidence: object;
}

export interface Suppression extends NewSuppression {
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly id: SuppressionId;
  readonly createdAt: Instant;
}

const COLUMNS = `workspace_id as "workspaceId", id, kind, key, campaign_id as "campaignId", reason, evidence, created_at as "createdAt"`;

/** False when it stands already: the first reason and its evidence are kept. */
export async function suppress(tx: Tx, suppression: NewSuppression, at: Instant): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into suppression (workspace_id, kind, key, campaign_id, reason, evidence, created_at) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict on constraint suppression_key do nothing`,
    [suppression.workspaceId, suppression.kind, suppression.key, suppression.campaignId, suppression.reason, suppression.evidence, at],
  );
  return rowCount === 1;
}

/**
 * What keeps this address from being written to by the campaign (null: by anybody in the workspace): itself or its domain. The widest comes
 * first, null when nothing does.
 */
export async function suppressionFor(
  q: Queryable,
  workspaceId: WorkspaceId,
  identityKey: string,
  campaignId: CampaignId | null,
): Promise<Suppression | null> {
  const { rows } = await q.query<Suppression>(
    `select ${COLUMNS} from suppression
     where workspace_id = $1 and key in ($2, split_part($2, '@', 2)) and (campaign_id is null or campaign_id = $3)
     order by campaign_id nulls first, kind limit 1`,
    [workspaceId, identityKey, campaignId],
  );
  return rows[0] ?? null;
}

/** The suppression of exactly this address or domain for the whole workspace, locked; null when there is none. */
export async function suppressionOfKey(tx: Tx, workspaceId: WorkspaceId, key: string): Promise<Suppression | null> {
  const { rows } = await tx.query<Suppression>(
    `select ${COLUMNS} from suppression where workspace_id = $1 and key = $2 and campaign_id is null for update`,
    [workspaceId, key],
  );
  return rows[0] ?? null;
}

/** The suppression, locked until the transaction ends; null when there is none. */
export async function lockSuppression(tx: Tx, workspaceId: WorkspaceId, id: SuppressionId): Promise<Suppression | null> {
  const { rows } = await tx.query<Suppression>(`select ${COLUMNS} from suppression where workspace_id = $1 and id = $2 for update`, [
    workspaceId,
    id,
  ]);
  return rows[0] ?? null;
}

export interface SuppressionFilter {
  readonly reason: readonly SuppressionReason[] | null;
  readonly kind: Suppression["kind"] | null;
  /** Stands in the address or domain. */
  readonly search: string | null;
}

/** The newest first. Ids are in the order of their making, to the millisecond, so the primary key serves this. */
export async function listSuppressions(
  q: Queryable,
  workspaceId: WorkspaceId,
  { reason, kind, search }: SuppressionFilter,
  page: PageRequest,
): Promise<Page<Suppression>> {
  const after = afterCursor(page, ["uuid"]);
  const { rows } = await q.query<Suppression>(
    `select ${COLUMNS} from suppression
     where workspace_id = $1 and ($2::text[] is null or reason = any($2)) and ($3::text is null or kind = $3)
       and ($4::text is null or position(lower($4) in key) > 0) and ($5::uuid is null or id < $5)
     order by id desc limit $6`,
    [workspaceId, reason, kind, search, ...after, page.limit + 1],
  );
  return pageOf(rows, page.limit, (row) => [row.id]);
}

/**
 * A person takes a suppression back; the one it was, null when there is none. An address that the whole workspace kept from writing to may be
 * reached again, so its lead says so.
 */
export async function removeSuppression(tx: Tx, workspaceId: WorkspaceId, id: SuppressionId, at: Instant): Promise<Suppression | null> {
  const { rows } = await tx.query<Suppression>(
    `with removed as (delete from suppression where workspace_id = $1 and id = $2 returning *),
     reached as (
       update lead set reachability = 'ok', updated_at = $3 from removed
       where lead.workspace_id = removed.workspace_id and lead.identity_key = removed.key and removed.campaign_id is null
         and lead.reachability <> 'ok')
     select ${COLUMNS} from removed`,
    [workspaceId, id, at],
  );
  return rows[0] ?? null;
}
