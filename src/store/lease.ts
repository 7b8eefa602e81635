// Who works on a mailbox right now? A lease with a fencing number: one sender, one reader, one listener, and one who renews its access token, on however
// many machines.
// Leases measure whether a process is alive, so they are the one place that uses the database's own clock instead of domain time.
import type { MailboxId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { only, type Queryable, type Tx } from "./database.ts";

export type LeasePurpose = "send" | "read" | "watch" | "token" | "copy";

export interface Lease {
  readonly workspaceId: WorkspaceId;
  readonly mailboxId: MailboxId;
  readonly purpose: LeasePurpose;
  readonly fence: number;
}

/**
 * Takes the lease if nobody alive holds it; null when somebody does. Every taking has a higher fence than all before it. One that would last much
 * longer than leases do was taken before the machine's clock was set back: whoever lives renews it within moments, so its holder is dead.
 */
export async function acquireLease(
  q: Queryable,
  wanted: { workspaceId: WorkspaceId; mailboxId: MailboxId; purpose: LeasePurpose; holder: string; seconds: number },
): Promise<Lease | null> {
  const { rows } = await q.query<{ fence: number }>(
    `insert into mailbox_lease as held (workspace_id, mailbox_id, purpose, holder, fence, expires_at)
     values ($1, $2, $3, $4, 1, clock_timestamp() + make_interval(secs => $5))
     on conflict (workspace_id, mailbox_id, purpose) do update
       set holder = excluded.holder, fence = held.fence + 1, expires_at = excluded.expires_at
       where held.expires_at < clock_timestamp() or held.expires_at > clock_timestamp() + 10 * make_interval(secs => $5)
     returning fence`,
    [wanted.workspaceId, wanted.mailboxId, wanted.purpose, wanted.holder, wanted.seconds],
  );
  const [row] = rows;
  return row ? { workspaceId: wanted.workspaceId, mailboxId: wanted.mailboxId, purpose: wanted.purpose, fence: row.fence } : null;
}

/** Keeps the lease for another `seconds`; false when it was lost. */
export async function renewLease(q: Queryable, lease: Lease, seconds: number): Promise<boolean> {
  const { rowCount } = await q.query(
    `update mailbox_lease set expires_at = clock_timestamp() + make_interval(secs => $5)
     where workspace_id = $1 and mailbox_id = $2 and purpose = $3 and fence = $4 and expires_at > clock_timestamp()`,
    [lease.workspaceId, lease.mailboxId, lease.purpose, lease.fence, seconds],
  );
  return rowCount === 1;
}

/** Gives the lease back, so that the next process need not wait for it to expire. */
export async function releaseLease(q: Queryable, lease: Lease): Promise<void> {
  await q.query(
    `update mailbox_lease set expires_at = '-infinity'
     where workspace_id = $1 and mailbox_id = $2 and purpose = $3 and fence = $4`,
    [lease.workspaceId, lease.mailboxId, lease.purpose, lease.fence],
  );
}

/**
 * A piece of a statement that changes nothing unless the lease is ours, and then nobody can take it before the statement ends: one row of `held`, or
 * none. Takes the lease as $1 workspace, $2 mailbox, $3 purpose and $4 fence.
 */
export const HELD = `
  held as (
    select from mailbox_lease
    where workspace_id = $1 and mailbox_id = $2 and purpose = $3 and fence = $4 and expires_at > clock_timestamp()
    for share)`;

/** True while the lease is ours, and then nobody can take it before this transaction ends. */
export async function holdsLease(tx: Tx, lease: Lease): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select from mailbox_lease
     where workspace_id = $1 and mailbox_id = $2 and purpose = $3 and fence = $4 and expires_at > clock_timestamp()
     for share`,
    [lease.workspaceId, lease.mailboxId, lease.purpose, lease.fence],
  );
  return rowCount === 1;
}

/** What that clock shows: compared with this machine's, never taken for domain time. */
export async function databaseClock(q: Queryable): Promise<Instant> {
  const { rows } = await q.query<{ at: Instant }>("select clock_timestamp() as at");
  return only(rows).at;
}
