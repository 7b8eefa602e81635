// Monthly partitions of the tables that only grow.
import { type Queryable, sqlState, type Tx } from "./database.ts";

export const PARTITIONED = ["message_body", "inbound_body", "engagement_event"] as const;

/** SQLSTATE: the partition exists; the default partition holds rows of that month already (they stay there); a lock was not to be had. */
const NOT_NOW = new Set(["42P07", "23514", "55P03"]);

export type Partitioned = (typeof PARTITIONED)[number];

/**
 * For a new partition its table is locked, and whoever comes after waits behind that lock: where a backup reads the table for an hour, nothing could
 * be sent or received for as long. So this gives up soon; there is another day.
 */
export async function giveUpSoon(tx: Tx): Promise<void> {
  await tx.query("set local lock_timeout = '1s'");
}

/** Adds the partition of a month, given as its first day and that of the next; false when there is nothing to add. */
export async function makePartition(q: Queryable, table: Partitioned, from: string, to: string): Promise<boolean> {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(from) || !/^\d{4}-\d{2}-\d{2}$/.test(to)) return false;
  try {
    const name = `${table}_${from.slice(0, 7).replace("-", "_")}`;
    await q.query(`create table ${name} partition of ${table} for values from ('${from} 00:00Z') to ('${to} 00:00Z')`);
    return true;
  } catch (error) {
    if (NOT_NOW.has(sqlState(error) ?? "")) return false;
    throw error;
  }
}
