// Makes the partitions of the coming months and removes run history that nobody looks at any more.
import { DateTime } from "luxon";
import { after, DAY } from "../core/instant.ts";
import { removeRunsBefore } from "../store/automation-run.ts";
import { makePartition, PARTITIONED } from "../store/partition.ts";
import type { Agent } from "./agent.ts";

const MONTHS_AHEAD = 2;
const KEEP_RUNS_DAYS = 30;

export async function keepHouse(agent: Agent): Promise<{ partitions: number; runs_removed: number }> {
  const month = DateTime.fromMillis(agent.clock.now().getTime(), { zone: "UTC" }).startOf("month");
  let partitions = 0;
  for (const table of PARTITIONED) {
    for (let ahead = 0; ahead <= MONTHS_AHEAD; ahead += 1) {
      const from = month.plus({ months: ahead });
      const made = await makePartition(agent.db, table, from.toFormat("yyyy-MM-dd"), from.plus({ months: 1 }).toFormat("yyyy-MM-dd"));
      partitions += made ? 1 : 0;
    }
  }
  const removed = await removeRunsBefore(agent.db, after(agent.clock.now(), -KEEP_RUNS_DAYS * DAY));
  return { partitions, runs_removed: removed };
}
