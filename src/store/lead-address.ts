// What is known of the addresses of leads, whether or not anybody wrote to them.
import type { AddressQuality } from "../core/address-quality.ts";
import type { WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { HIDDEN_WORKSPACE, type Tx } from "./database.ts";
import { EXISTING } from "./lead-import.ts";

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
     from known where lead.workspace_id = ${HIDDEN_WORKSPACE} and lead.id = known.id`,
    [workspaceId, rated.map((one) => one.identityKey), rated.map((one) => one.quality), rated.map((one) => one.reason), at],
  );
}
