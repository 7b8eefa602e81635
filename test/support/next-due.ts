// When a simulated clock has something to do: what lies between is passed over.
import type { WorkspaceId } from "../../src/core/ids.ts";
import type { Instant } from "../../src/core/instant.ts";
import { type Database, only } from "../../src/store/database.ts";

/** The first moment at which an enrollment or a mail of the workspace asks for something; `now` for what has no moment yet, null when nothing waits. */
export async function nextDue(db: Database, workspaceId: WorkspaceId, now: Instant): Promise<Instant | null> {
  const { rows } = await db.query<{ at: Instant | null }>(
    `select least(
       (select min(case when state = 'active' then coalesce(next_at, $2) else next_at end) from enrollment
        where workspace_id = $1 and pending_message_id is null),
       (select min(coalesce(next_attempt_at, slot_at)) from message where workspace_id = $1 and state in ('queued', 'deferred'))) as at`,
    [workspaceId, now],
  );
  return only(rows).at;
}
