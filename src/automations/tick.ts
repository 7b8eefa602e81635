// Asks "what is due at the clock's now?" and enqueues it. Missed runs coalesce into one.
import { DateTime } from "luxon";
import { after, type Instant, SECOND } from "../core/instant.ts";
import { dueAutomations, ensureScheduled, rescheduleFrom, type ScheduleRow } from "../store/schedule.ts";
import type { Agent } from "./agent.ts";
import { JOBS, type JobName } from "./catalog.ts";
import { defaultSchedule } from "./schedule.ts";

/** Adds what the schedule lacks. Called once at start. */
export async function ensureSchedule(agent: Agent): Promise<void> {
  for (const { automation, recurrence } of defaultSchedule(agent.settings)) {
    const interval = "everySeconds" in recurrence;
    await ensureScheduled(agent.db, {
      automation,
      everySeconds: interval ? recurrence.everySeconds : null,
      dailyAt: interval ? null : recurrence.dailyAt,
      timeZone: interval ? null : recurrence.timeZone,
      nextRunAt: agent.clock.now(),
    });
  }
}

/** Enqueues every automation whose time has come; returns their names. */
export async function tick(agent: Agent): Promise<JobName[]> {
  const now = agent.clock.now();
  const started: JobName[] = [];
  for (const row of await dueAutomations(agent.db, now)) {
    const { automation } = row;
    if (!isJob(automation)) continue;
    await agent.db.transaction(async (tx) => {
      if (!(await rescheduleFrom(tx, automation, row.nextRunAt, nextRun(row, now)))) return;
      await agent.jobs.enqueue(tx, automation, {}, automation);
      started.push(automation);
    });
  }
  return started;
}

/** The next run after `now`: on the grid of the interval, or at the local time of day. */
export function nextRun(row: ScheduleRow, now: Instant): Instant {
  if (row.everySeconds !== null) {
    const interval = row.everySeconds * SECOND;
    const missed = Math.floor((now.getTime() - row.nextRunAt.getTime()) / interval);
    return after(row.nextRunAt, (missed + 1) * interval);
  }
  const [hour = 0, minute = 0] = (row.dailyAt ?? "00:00").split(":").map(Number);
  const local = DateTime.fromMillis(now.getTime(), { zone: row.timeZone ?? "UTC" });
  const today = local.set({ hour, minute, second: 0, millisecond: 0 });
  return (today > local ? today : today.plus({ days: 1 })).toJSDate();
}

export function isJob(automation: string): automation is JobName & ("send-due-steps" | "sync-inboxes") {
  return automation in JOBS;
}
