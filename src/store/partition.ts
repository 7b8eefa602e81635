// Monthly partitions of the tables that only grow.
import { type Queryable, sqlState } from "./database.ts";

export const PARTITIONED = ["message_body", "inbound_body", "engagement_event"] as const;

/** SQLSTATE: the partition exists; the default partition holds rows of that month already (they stay there). */
const EXISTS = new Set(["42P07", "23514"]);

/** Adds the partition of a month, given as its first day and that of the next; false when there is nothing to add. */
export async function makePartition(q: Queryable, table: (typeof PARTITIONED)[number], from: string, to: string): Promise<boolean> {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(from) || !/^\d{4}-\d{2}-\d{2}$/.test(to)) return false;
  try {
    const name = `${table}_${from.slice(0, 7).replace("-", "_")}`;
    await q.query(`create table ${name} partition of ${table} for values from ('${from} 00:00Z') to ('${to} 00:00Z')`);
    return true;
  } catch (error) {
    if (EXISTS.has(sqlState(error) ?? "")) return false;
    throw error;
  }
}
