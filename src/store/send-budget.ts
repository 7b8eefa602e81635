// What may a mailbox still send today? One row per mailbox and local day, locked by whoever claims; its CHECK is the daily cap.

import type { MailboxId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { only, type Queryable, type Tx } from "./database.ts";

export interface Budget {
  readonly mailboxId: MailboxId;
  /** Local day of the mailbox, `YYYY-MM-DD`. */
  readonly day: string;
  /** Claimed by us and written by hand. */
  readonly used: number;
  readonly lastSlotAt: Instant | null;
  /** Nothing more goes out before, where mail is spread. */
  readonly freeAt: Instant | null;
}

/** Locks the day's row until the transaction ends, making it when this is the day's first claim. A cap that was lowered below what is used stays at that. */
export async function lockBudget(tx: Tx, workspaceId: WorkspaceId, mailboxId: MailboxId, day: string, cap: number): Promise<Budget> {
  const { rows } = await tx.query<Budget>(
    `insert into send_budget as budget (workspace_id, mailbox_id, day, cap, last_slot_at)
     values ($1, $2, $3, $4, (select max(last_slot_at) from send_budget where workspace_id = $1 and mailbox_id = $2))
     on conflict (workspace_id, mailbox_id, day) do update set cap = greatest(budget.used, excluded.cap)
     returning mailbox_id as "mailboxId", day, used + by_hand as used, last_slot_at as "lastSlotAt", free_at as "freeAt"`,
    [workspaceId, mailboxId, day, cap],
  );
  return only(rows);
}

export async function debitBudget(
  tx: Tx,
  workspaceId: WorkspaceId,
  mailboxId: MailboxId,
  day: string,
  mails: number,
  last: { readonly at: Instant; readonly freeAt: Instant | null },
): Promise<void> {
  await tx.query(
    `update send_budget set used = used + $4, last_slot_at = greatest(last_slot_at, $5), free_at = greatest(free_at, $6)
     where workspace_id = $1 and mailbox_id = $2 and day = $3`,
    [workspaceId, mailboxId, day, mails, last.at, last.freeAt],
  );
}

/** Brings the mailbox's slots that lie after `now` back to it: the clock was set back, and nothing would go out until it comes there again. */
export async function bringSlotsBack(tx: Tx, workspaceId: WorkspaceId, mailboxId: MailboxId, now: Instant): Promise<void> {
  await tx.query(
    "update send_budget set last_slot_at = $3, free_at = null where workspace_id = $1 and mailbox_id = $2 and last_slot_at > $3",
    [workspaceId, mailboxId, now],
  );
}

/** A person wrote a mail from the same account: it counts, although nobody asked us. */
export async function countMailByHand(tx: Tx, workspaceId: WorkspaceId, mailboxId: MailboxId, day: string): Promise<void> {
  await tx.query(
    `insert into send_budget as budget (workspace_id, mailbox_id, day, cap, by_hand) values ($1, $2, $3, 0, 1)
     on conflict (workspace_id, mailbox_id, day) do update set by_hand = budget.by_hand + 1`,
    [workspaceId, mailboxId, day],
  );
}

/** The latest days of the given mailboxes, from `fromDay` on: for planning, not locked. */
export async function budgetsFrom(
  q: Queryable,
  workspaceId: WorkspaceId,
  mailboxIds: readonly MailboxId[],
  fromDay: string,
): Promise<Budget[]> {
  const { rows } = await q.query<Budget>(
    `select mailbox_id as "mailboxId", day, used + by_hand as used, last_slot_at as "lastSlotAt", free_at as "freeAt"
     from send_budget where workspace_id = $1 and mailbox_id = any($2) and day >= $3`,
    [workspaceId, mailboxIds, fromDay],
  );
  return rows;
}
