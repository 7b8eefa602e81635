// May a mailbox go? What was sent from it, and what answers it received, stay; so a mailbox that has any is paused instead.
import type { MailboxId, WorkspaceId } from "../core/ids.ts";
import { only, type Queryable, type Tx } from "./database.ts";

export interface MailboxUses {
  /** Names of the campaigns that may send from it, by name, at most 20. */
  readonly campaigns: readonly string[];
  /** Addresses of the relays whose answers arrive in it, at most 20. */
  readonly relays: readonly string[];
  readonly hasEnrollments: boolean;
  readonly hasMessages: boolean;
  /** Mail came in that is more than a person's private mail. */
  readonly hasInboundMessages: boolean;
}

/** Locks the mailbox until the transaction ends: nothing begins to use it meanwhile. False when it is gone. */
export async function lockMailbox(tx: Tx, workspaceId: WorkspaceId, id: MailboxId): Promise<boolean> {
  const { rowCount } = await tx.query("select from mailbox where workspace_id = $1 and id = $2 for update", [workspaceId, id]);
  return rowCount === 1;
}

export async function mailboxUses(q: Queryable, workspaceId: WorkspaceId, id: MailboxId): Promise<MailboxUses> {
  const { rows } = await q.query<MailboxUses>(
    `select
       array(select c.name from campaign_mailbox pool join campaign c on c.workspace_id = pool.workspace_id and c.id = pool.campaign_id
         where pool.workspace_id = $1 and pool.mailbox_id = $2 order by lower(c.name) limit 20) as campaigns,
       array(select email from mailbox where workspace_id = $1 and reply_mailbox_id = $2 order by email limit 20) as relays,
       exists (select from enrollment where workspace_id = $1 and mailbox_id = $2) as "hasEnrollments",
       exists (select from message where workspace_id = $1 and mailbox_id = $2) as "hasMessages",
       exists (select from inbound_message where workspace_id = $1 and mailbox_id = $2 and disposition <> 'ignored') as "hasInboundMessages"`,
    [workspaceId, id],
  );
  return only(rows);
}

/** With its passwords, cursors, budgets and the fingerprints of what was none of ours. False when it was gone already. */
export async function deleteMailbox(tx: Tx, workspaceId: WorkspaceId, id: MailboxId): Promise<boolean> {
  const { rowCount } = await tx.query("delete from mailbox where workspace_id = $1 and id = $2", [workspaceId, id]);
  return rowCount === 1;
}
