// The installation itself: when it was backed up last, and which backup it began with.
import type { Instant } from "../core/instant.ts";
import { only, type Queryable } from "./database.ts";

export interface InstallationFacts {
  readonly instanceId: string;
  readonly backedUpAt: Instant | null;
  readonly restoredFrom: Instant | null;
  readonly restoredAt: Instant | null;
}

export async function installationFacts(q: Queryable): Promise<InstallationFacts> {
  const { rows } = await q.query<InstallationFacts>(
    `select instance_id as "instanceId", backed_up_at as "backedUpAt", restored_from as "restoredFrom", restored_at as "restoredAt" from installation`,
  );
  return only(rows);
}

/** A backup of the state at `at` was written. */
export async function noteBackup(q: Queryable, at: Instant): Promise<void> {
  await q.query("update installation set backed_up_at = greatest(backed_up_at, $1)", [at]);
}
