// Large writes in many transactions: under plans that were made for small tables, and without waiting for the disk after each.
import type { Tx } from "./database.ts";

/**
 * Forgets the plans of this connection. PostgreSQL keeps the plan by which it checks a foreign key; one that was made while there were a few
 * leads reads the whole table for every row that refers to one, until the next ANALYZE: to tag 30,000 leads took 129 s instead of 1.3 s.
 */
export async function planAnew(tx: Tx): Promise<void> {
  await tx.query("discard plans");
}

/**
 * The commit of this transaction does not wait until it is on the disk. Only for what a later commit, which waits as usual, makes good: when that is on
 * the disk, this is. Until then a crash of the database takes back the end of the work, in order, and it must be possible to do that again.
 */
export async function flushLater(tx: Tx): Promise<void> {
  await tx.query("set local synchronous_commit = off");
}
