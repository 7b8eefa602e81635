// The mailboxes of a domain: which domains have any, and what stops and resumes all that send from one.
import type { WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Queryable } from "./database.ts";

/** The mailboxes of a domain that were stopped for this reason send again: what stopped them is mended. */
export async function resumeMailboxesOf(
  q: Queryable,
  workspaceId: WorkspaceId,
  domain: string,
  reason: "unsigned" | "domain",
  at: Instant,
): Promise<number> {
  const { rowCount } = await q.query(
    `update mailbox set state = 'active', pause_reason = null, pause_detail = null, paused_at = null, updated_at = $4
     where workspace_id = $1 and split_part(identity_key, '@', 2) = $2 and state = 'paused' and pause_reason = $3`,
    [workspaceId, domain, reason, at],
  );
  return rowCount ?? 0;
}

/** Stops those mailboxes of a domain that send: a pause for another reason stays what it is. Returns how many. */
export async function pauseMailboxesOf(
  q: Queryable,
  workspaceId: WorkspaceId,
  domain: string,
  pause: { readonly reason: "unsigned" | "domain"; readonly detail: string },
  at: Instant,
): Promise<number> {
  const { rowCount } = await q.query(
    `update mailbox set state = 'paused', pause_reason = $3, pause_detail = $4, paused_at = $5, updated_at = $5
     where workspace_id = $1 and split_part(identity_key, '@', 2) = $2 and state = 'active'`,
    [workspaceId, domain, pause.reason, pause.detail, at],
  );
  return rowCount ?? 0;
}

/** The domains of all mailboxes, in all workspaces. */
export async function mailboxDomains(q: Queryable): Promise<{ workspaceId: WorkspaceId; domain: string }[]> {
  const { rows } = await q.query<{ workspaceId: WorkspaceId; domain: string }>(
    `select distinct workspace_id as "workspaceId", split_part(identity_key, '@', 2) as domain from mailbox order by 1, 2`,
  );
  return rows;
}
