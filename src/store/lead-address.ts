// What is known of the addresses of leads, whether or not anybody wrote to them.
import type { AddressQuality } from "../core/address-quality.ts";
import type { LeadId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { CHECKED, type Queryable, type Tx } from "./database.ts";
import { EXISTING } from "./lead-import.ts";
import { type LeadFilter, leadIdsThatFit } from "./lead-search.ts";

export interface RatedAddress extends AddressQuality {
  readonly identityKey: string;
}

/** Notes what is known; what was known before gives way. */
export async function rateAddresses(tx: Tx, workspaceId: WorkspaceId, rated: readonly RatedAddress[], at: Instant): Promise<void> {
  if (rated.length === 0) return;
  await tx.query(
    `with known as (
       select lead.id, new.quality, new.reason from unnest($2::text[], $3::text[], $4::text[]) as new (identity_key, quality, reason) ${EXISTING}
       where (lead.address_quality, lead.address_quality_reason) is distinct from (new.quality, new.reason))
     update lead set address_quality = known.quality, address_quality_reason = known.reason, updated_at = $5
     from known where lead.id = known.id and (lead.workspace_id = $1) ${CHECKED}`,
    [workspaceId, rated.map((one) => one.identityKey), rated.map((one) => one.quality), rated.map((one) => one.reason), at],
  );
}

/** Of leads at domains that take no mail: their addresses are invalid. Returns how many were not known to be. */
export async function rateDeadDomains(tx: Tx, workspaceId: WorkspaceId, domains: readonly string[], at: Instant): Promise<number> {
  const { rowCount } = await tx.query(
    `update lead set address_quality = 'invalid', address_quality_reason = 'no_mail_server', updated_at = $3
     where workspace_id = $1 and email_domain = any($2) and address_quality is distinct from 'invalid'`,
    [workspaceId, domains, at],
  );
  return rowCount ?? 0;
}

export interface CheckedLead {
  readonly id: LeadId;
  readonly email: string;
  readonly domain: string;
  /** Both null: nothing was known of its address. */
  readonly quality: AddressQuality["quality"] | null;
  readonly reason: AddressQuality["reason"] | null;
}

/** A page of the leads that fit, by their ids. */
export async function leadsToCheck(
  q: Queryable,
  workspaceId: WorkspaceId,
  filter: LeadFilter,
  page: { readonly after: LeadId | null; readonly limit: number },
): Promise<CheckedLead[]> {
  const { rows } = await q.query<CheckedLead>(
    `select id, email, email_domain as domain, address_quality as quality, address_quality_reason as reason
     from lead where id = any($2) and (workspace_id = $1) ${CHECKED} order by id`,
    [workspaceId, await leadIdsThatFit(q, workspaceId, filter, page)],
  );
  return rows;
}

/** Notes what is known now; null: nothing. */
export async function rateLeads(
  tx: Tx,
  workspaceId: WorkspaceId,
  rated: readonly Pick<CheckedLead, "id" | "quality" | "reason">[],
  at: Instant,
): Promise<void> {
  await tx.query(
    `update lead set address_quality = new.quality, address_quality_reason = new.reason, updated_at = $5
     from unnest($2::uuid[], $3::text[], $4::text[]) as new (id, quality, reason)
     where lead.id = new.id and (lead.workspace_id = $1) ${CHECKED}`,
    [workspaceId, rated.map((one) => one.id), rated.map((one) => one.quality), rated.map((one) => one.reason), at],
  );
}
