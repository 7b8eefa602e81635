// When does each automation run next? The rows that operators edit, and the short tick reads.
import { after, CLOCK_SKEW, type Instant } from "../core/instant.ts";
import type { Queryable, Tx } from "./database.ts";

export interface ScheduleRow {
  readonly automation: string;
  readonly everySeconds: number | null;
  readonly dailyAt: string | null;
  readonly timeZone: string | null;
  readonly nextRunAt: Instant;
  readonly paused: boolean;
  readonly version: number;
}

const COLUMNS = `automation, every_seconds as "everySeconds", daily_at as "dailyAt", time_zone as "timeZone", next_run_at as "nextRunAt", paused, version`;

/** Adds an automation that has no row yet, due at once; an edited row stays as it is. */
export async function ensureScheduled(
  q: Queryable,
  row: { automation: string; everySeconds: number | null; dailyAt: string | null; timeZone: string | null; nextRunAt: Instant },
): Promise<void> {
  await q.query(
    "insert into schedule (automation, every_seconds, daily_at, time_zone, next_run_at) values ($1, $2, $3, $4, $5) on conflict (automation) do nothing",
    [row.automation, row.everySeconds, row.dailyAt, row.timeZone, row.nextRunAt],
  );
}

/**
 * What is due at `now`; also what would run later than it ever does after a run at `now` (at most 25 hours for a local time, over a change of clocks):
 * the clock was set back, and everything would stand still until it comes there again.
 */
export async function dueAutomations(q: Queryable, now: Instant): Promise<ScheduleRow[]> {
  const { rows } = await q.query<ScheduleRow>(
    `select ${COLUMNS} from schedule
     where not paused and (next_run_at <= $1 or next_run_at > $2::timestamptz + make_interval(secs => coalesce(every_seconds, 25 * 3600)))
     order by next_run_at`,
    [now, after(now, CLOCK_SKEW)],
  );
  return rows;
}

/** Moves an automation to its next run; false when another process did so first. */
export async function rescheduleFrom(q: Queryable, automation: string, from: Instant, to: Instant): Promise<boolean> {
  // Truncated: an operator's now() has microseconds, which `from` has lost; compared as it is, such a row would never run again.
  const { rowCount } = await q.query(
    "update schedule set next_run_at = $3 where automation = $1 and date_trunc('milliseconds', next_run_at) = $2",
    [automation, from, to],
  );
  return rowCount === 1;
}

export async function listSchedule(q: Queryable): Promise<ScheduleRow[]> {
  const { rows } = await q.query<ScheduleRow>(`select ${COLUMNS} from schedule order by automation`);
  return rows;
}

/** Locked until the transaction ends; null when there is no such automation. */
export async function lockScheduleRow(tx: Tx, automation: string): Promise<ScheduleRow | null> {
  const { rows } = await tx.query<ScheduleRow>(`select ${COLUMNS} from schedule where automation = $1 for update`, [automation]);
  return rows[0] ?? null;
}

export async function changeScheduleRow(tx: Tx, row: Omit<ScheduleRow, "version">): Promise<void> {
  await tx.query(
    `update schedule set every_seconds = $2, daily_at = $3, time_zone = $4, next_run_at = $5, paused = $6, version = version + 1
     where automation = $1`,
    [row.automation, row.everySeconds, row.dailyAt, row.timeZone, row.nextRunAt, row.paused],
  );
}
