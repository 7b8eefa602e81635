// What has a mailbox sent of what is limited besides its cap? One row per mailbox, quota and period; its CHECK is the limit.
import type { MailboxId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Debit } from "../core/quota.ts";
import type { Queryable, Tx } from "./database.ts";

export interface QuotaRow {
  readonly mailboxId: MailboxId;
  readonly period: string;
  readonly used: number;
}

/** Of all mailboxes: everything used in periods that end after `since`. */
export async function quotasUsed(q: Queryable, workspaceId: WorkspaceId, since: Instant): Promise<QuotaRow[]> {
  const { rows } = await q.query<QuotaRow>(
    `select mailbox_id as "mailboxId", period, used from send_quota where workspace_id = $1 and ends_at > $2 and used > 0`,
    [workspaceId, since],
  );
  return rows;
}

/** Counts mails. Their mailbox's budget is locked (lockBudget), so nobody else counts for it now. A limit that was lowered below what is used stays at that. */
export async function debitQuotas(
  tx: Tx,
  workspaceId: WorkspaceId,
  mailboxId: MailboxId,
  debits: readonly (Debit & { readonly mails: number })[],
): Promise<void> {
  if (debits.length === 0) return;
  await tx.query(
    `insert into send_quota as quota (workspace_id, mailbox_id, period, most, used, ends_at)
     select $1, $2, period, most, mails, ends_at
     from unnest($3::text[], $4::integer[], $5::integer[], $6::timestamptz[]) as debit (period, most, mails, ends_at) order by period
     on conflict (workspace_id, mailbox_id, period) do update
       set used = quota.used + excluded.used, most = greatest(quota.used, excluded.most), ends_at = excluded.ends_at`,
    [
      workspaceId,
      mailboxId,
      debits.map((debit) => debit.period),
      debits.map((debit) => debit.most),
      debits.map((debit) => debit.mails),
      debits.map((debit) => debit.endsAt),
    ],
  );
}

/** Removes what nothing is counted in any more. */
export async function removeQuotasBefore(q: Queryable, moment: Instant): Promise<number> {
  const { rowCount } = await q.query("delete from send_quota where ends_at < $1", [moment]);
  return rowCount ?? 0;
}
