// The work: does somebody do what is due, and is there a backup of it?
import { DAY, MINUTE, SECOND } from "../../core/instant.ts";
import { installationFacts } from "../../store/installation.ts";
import { allMailboxes } from "../../store/installation-health.ts";
import { listSchedule } from "../../store/schedule.ts";
import { waitingJobs } from "../job-queue.ts";
import { type Check, failure, ok, warning, withDatabase } from "./check.ts";

const LATE_JOB_MS = 5 * MINUTE;
/** Of a schedule that runs every minute. */
const LEAST_LATE_MS = 3 * MINUTE;

export const WORK_CHECKS: readonly Check[] = [
  {
    id: "job-queue",
    looksAt: "Whether jobs are taken: the oldest one that could run waits for less than five minutes, and none was given up lately.",
    fix: "Start the product (`start`, or `start --role worker`); `runs` shows what failed, and its log why.",
    run: withDatabase(async (db) => {
      const jobs = await waitingJobs(db);
      if (!jobs) return warning("There is no job queue yet: the product was never started on this database.");
      if (jobs.oldestMs >= LATE_JOB_MS) return failure(`A job waits for ${Math.round(jobs.oldestMs / MINUTE)} minutes.`);
      return jobs.givenUp > 0 ? warning(`${jobs.givenUp} jobs failed until they were given up.`) : ok("No job waits for long.");
    }),
  },
  {
    id: "schedules",
    looksAt: "Whether every automation ran when it should: none is late by more than three of its intervals.",
    fix: "Start the product; an automation that a person paused is not late.",
    run: withDatabase(async (db, { now }) => {
      const rows = await listSchedule(db);
      const late = rows.filter(({ paused, nextRunAt, everySeconds }) => {
        const grace = Math.max(LEAST_LATE_MS, 3 * (everySeconds ?? 0) * SECOND);
        return !paused && now.getTime() - nextRunAt.getTime() > grace;
      });
      if (rows.length === 0) return warning("Nothing is scheduled yet: the product was never started on this database.");
      return late.length === 0 ? ok("Every automation runs.") : failure(`Late: ${late.map((row) => row.automation).join(", ")}.`);
    }),
  },
  {
    id: "backup-age",
    looksAt: "When the last backup was made (setting `backup.warn_after_days`).",
    fix: "Run `backup`, every night by cron or a systemd timer, and keep the files, and apart from them the key, on another machine.",
    run: withDatabase(async (db, { now, settings }) => {
      const { backedUpAt } = await installationFacts(db);
      if (!backedUpAt)
        return (await allMailboxes(db)).length === 0 ? ok("There is nothing to back up yet.") : warning("No backup was ever made.");
      const days = (now.getTime() - backedUpAt.getTime()) / DAY;
      const says = `The last backup is ${Math.max(0, Math.floor(days))} days old.`;
      return days > settings.backup.warn_after_days ? warning(says) : ok(says);
    }),
  },
];
