// Makes the partitions of the coming months, ends in the books what a dead process left running there, and removes run history that nobody looks at any
// more, and links to providers that nobody may use any more.
import { DateTime } from "luxon";
import { after, DAY } from "../core/instant.ts";
import { failRunsBefore, removeRunsBefore } from "../store/automation-run.ts";
import { forgetExpiredGrantRequests } from "../store/grant-request.ts";
import { markInterrupted } from "../store/lead-import.ts";
import { makePartition, PARTITIONED } from "../store/partition.ts";
import type { Agent } from "./agent.ts";

const MONTHS_AHEAD = 2;
const KEEP_RUNS_DAYS = 30;
/** No job runs longer than an hour (catalog.ts). */
const DEAD_AFTER_DAYS = 1;

export async function keepHouse(agent: Agent): Promise<{ partitions: number; interrupted: number; runs_removed: number }> {
  const now = agent.clock.now();
  const month = DateTime.fromMillis(now.getTime(), { zone: "UTC" }).startOf("month");
  let partitions = 0;
  for (const table of PARTITIONED) {
    for (let ahead = 0; ahead <= MONTHS_AHEAD; ahead += 1) {
      const from = month.plus({ months: ahead });
      const made = await makePartition(agent.db, table, from.toFormat("yyyy-MM-dd"), from.plus({ months: 1 }).toFormat("yyyy-MM-dd"));
      partitions += made ? 1 : 0;
    }
  }
  const interrupted = (await markInterrupted(agent.db, now)) + (await failRunsBefore(agent.db, after(now, -DEAD_AFTER_DAYS * DAY), now));
  await forgetExpiredGrantRequests(agent.db, now);
  const removed = await removeRunsBefore(agent.db, after(now, -KEEP_RUNS_DAYS * DAY));
  return { partitions, interrupted, runs_removed: removed };
}
