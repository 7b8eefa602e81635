// Leads: who they are, how far a conversation came, whether they can be reached. Lists of them are asked for in lead-search.ts.
import type { AddressQuality } from "../core/address-quality.ts";
import { type EmailAddress, parseEmailAddress } from "../core/email-address.ts";
import { isId, type LeadId, type WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { LEAD_STATUSES, type LeadStatus } from "../core/words.ts";
import { CHECKED, HIDDEN_WORKSPACE, type Queryable, type Tx } from "./database.ts";

export const REACHABILITIES = ["ok", "bounced", "unsubscribed", "complained"] as const;
export type Reachability = (typeof REACHABILITIES)[number];
export const SCORE_BANDS = ["cold", "warm", "hot"] as const;
export type ScoreBand = (typeof SCORE_BANDS)[number];

export interface Lead {
  readonly workspaceId: WorkspaceId;
  readonly id: LeadId;
  /** As typed: what mail is delivered to. */
  readonly email: string;
  readonly identityKey: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly company: string | null;
  readonly title: string | null;
  readonly phone: string | null;
  readonly timeZone: string | null;
  readonly custom: Readonly<Record<string, unknown>>;
  readonly status: LeadStatus;
  readonly statusSetByPerson: boolean;
  readonly scoreBand: ScoreBand;
  readonly reachability: Reachability;
  readonly source: string | null;
  /** What is known of its address without having written to it, and why; both null: nothing. */
  readonly addressQuality: AddressQuality["quality"] | null;
  readonly addressQualityReason: AddressQuality["reason"] | null;
  /** When a person took it out of everything; null while campaigns may take it in. */
  readonly removedAt: Instant | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** Another one after every change. */
  readonly version: string;
}

/** Of `lead`, as a Lead. */
export const LEAD_COLUMNS = `
  workspace_id as "workspaceId", id, email, identity_key as "identityKey", first_name as "firstName", last_name as "lastName", company, title,
  phone, time_zone as "timeZone", custom, status, status_set_by_person as "statusSetByPerson", score_band as "scoreBand", reachability, source,
  address_quality as "addressQuality", address_quality_reason as "addressQualityReason", removed_at as "removedAt", created_at as "createdAt", updated_at as "updatedAt", lead.xmin::text as version`;

export async function leadById(q: Queryable, workspaceId: WorkspaceId, id: LeadId): Promise<Lead | null> {
  const { rows } = await q.query<Lead>(`select ${LEAD_COLUMNS} from lead where id = $2 and (workspace_id = $1) ${CHECKED}`, [
    workspaceId,
    id,
  ]);
  return rows[0] ?? null;
}

/** The workspace is hidden from the planner: of one that its statistics do not know it expects no lead, and takes any index that begins with the workspace. */
export async function leadByAddress(q: Queryable, workspaceId: WorkspaceId, identityKey: string): Promise<Lead | null> {
  const { rows } = await q.query<Lead>(`select ${LEAD_COLUMNS} from lead where workspace_id = ${HIDDEN_WORKSPACE} and identity_key = $2`, [
    workspaceId,
    identityKey,
  ]);
  return rows[0] ?? null;
}

/** The lead that a person named: by its id, or by its address in any spelling. */
export async function findLead(q: Queryable, workspaceId: WorkspaceId, named: string): Promise<Lead | null> {
  const text = named.trim();
  if (isId(text)) return leadById(q, workspaceId, text as LeadId);
  const address = parseEmailAddress(text);
  return address && leadByAddress(q, workspaceId, address.identityKey);
}

/** What a person may say about a lead. */
export interface LeadValues {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly company: string | null;
  readonly title: string | null;
  readonly phone: string | null;
  readonly timeZone: string | null;
  readonly custom: Readonly<Record<string, unknown>>;
}

/** Null when a lead with this address exists. */
export async function insertLead(
  tx: Tx,
  workspaceId: WorkspaceId,
  lead: LeadValues & { readonly address: EmailAddress; readonly source: string },
  at: Instant,
): Promise<LeadId | null> {
  const { address, firstName, lastName, company, title, phone, timeZone, custom, source } = lead;
  const { rows } = await tx.query<{ id: LeadId }>(
    `insert into lead (workspace_id, identity_key, email, first_name, last_name, company, title, phone, time_zone, custom, source, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
     on conflict (workspace_id, identity_key) do nothing returning id`,
    [workspaceId, address.identityKey, address.address, firstName, lastName, company, title, phone, timeZone, custom, source, at],
  );
  return rows[0]?.id ?? null;
}

/** The lead, locked until the transaction ends. */
export async function lockLead(tx: Tx, workspaceId: WorkspaceId, id: LeadId): Promise<Lead | null> {
  const { rows } = await tx.query<Lead>(
    `select ${LEAD_COLUMNS} from lead where id = $2 and (workspace_id = $1) ${CHECKED} for no key update`,
    [workspaceId, id],
  );
  return rows[0] ?? null;
}

/** Writes all values of a lead that is locked; `status` null leaves it as it is, any other is one that a person set. */
export async function updateLead(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: LeadId,
  values: LeadValues & { readonly status: LeadStatus | null },
  at: Instant,
): Promise<void> {
  const { firstName, lastName, company, title, phone, timeZone, custom, status } = values;
  await tx.query(
    `update lead set first_name = $3, last_name = $4, company = $5, title = $6, phone = $7, time_zone = $8, custom = $9,
       status = coalesce($10, status), status_set_by_person = status_set_by_person or $10 is not null, updated_at = $11
     where id = $2 and (workspace_id = $1) ${CHECKED}`,
    [workspaceId, id, firstName, lastName, company, title, phone, timeZone, custom, status, at],
  );
}

/** A lead that a person had removed is available again to campaigns that it was never in. False when it was so already. */
export async function restoreLead(tx: Tx, workspaceId: WorkspaceId, id: LeadId, at: Instant): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update lead set removed_at = null, updated_at = $3 where id = $2 and (workspace_id = $1) ${CHECKED} and removed_at is not null`,
    [workspaceId, id, at],
  );
  return rowCount === 1;
}

/** Of these ids, those of leads of the workspace. */
export async function leadIdsAmong(q: Queryable, workspaceId: WorkspaceId, ids: readonly LeadId[]): Promise<LeadId[]> {
  const { rows } = await q.query<{ id: LeadId }>(`select id from lead where id = any($2) and (workspace_id = $1) ${CHECKED} order by id`, [
    workspaceId,
    ids,
  ]);
  return rows.map((row) => row.id);
}

/** A complaint outweighs an opt-out, an opt-out a bounce: false when the lead stands at this or worse already. */
export async function markReachability(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: LeadId,
  reachability: Exclude<Reachability, "ok">,
  at: Instant,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update lead set reachability = $3, updated_at = $4 where id = $2 and (workspace_id = $1) ${CHECKED}
       and array_position('{ok,bounced,unsubscribed,complained}', reachability) < array_position('{ok,bounced,unsubscribed,complained}', $3)`,
    [workspaceId, id, reachability, at],
  );
  return rowCount === 1;
}

/** Lifts the status as far as the conversation came; never lowers it, and leaves alone what a person has set. */
export async function raiseStatus(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: LeadId,
  status: "contacted" | "engaged" | "qualified",
  at: Instant,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update lead set status = $3, updated_at = $4
     where id = $2 and (workspace_id = $1) ${CHECKED} and not status_set_by_person and array_position($5::text[], status) < array_position($5::text[], $3)`,
    [workspaceId, id, status, at, LEAD_STATUSES],
  );
  return rowCount === 1;
}

/**
 * No campaign takes the lead in any more. False when it was so already. The lock comes before the change: only so does an enrollment that begins
 * at this moment wait (it locks the key, which a change of another column alone would let it do).
 */
export async function markRemoved(tx: Tx, workspaceId: WorkspaceId, id: LeadId, at: Instant): Promise<boolean> {
  await tx.query(`select from lead where id = $2 and (workspace_id = $1) ${CHECKED} for update`, [workspaceId, id]);
  const { rowCount } = await tx.query(
    `update lead set removed_at = $3, updated_at = $3 where id = $2 and (workspace_id = $1) ${CHECKED} and removed_at is null`,
    [workspaceId, id, at],
  );
  return rowCount === 1;
}

/** Removes the lead with its enrollments and list memberships. What was sent to it, and what suppresses its address, stays. */
export async function deleteLead(tx: Tx, workspaceId: WorkspaceId, id: LeadId): Promise<boolean> {
  const { rowCount } = await tx.query(`delete from lead where id = $2 and (workspace_id = $1) ${CHECKED}`, [workspaceId, id]);
  return rowCount === 1;
}
