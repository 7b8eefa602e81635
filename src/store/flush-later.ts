// Work in many transactions that does not wait for the disk after each.
import type { Tx } from "./database.ts";

/**
 * The commit of this transaction does not wait until it is on the disk. Only for what a later commit, which waits as usual, makes good: when that is on
 * the disk, this is. Until then a crash of the database takes back the end of the work, in order, and it must be possible to do that again.
 */
export async function flushLater(tx: Tx): Promise<void> {
  await tx.query("set local synchronous_commit = off");
}
