// What each automation did, and when: the run history behind `runs` and the dashboard.
import type { Instant } from "../core/instant.ts";
import { only, type Queryable } from "./database.ts";

export interface AutomationRun {
  readonly id: string;
  readonly automation: string;
  readonly trigger: "schedule" | "event" | "person";
  readonly startedAt: Instant;
  readonly endedAt: Instant | null;
  readonly durationMs: number | null;
  readonly outcome: "running" | "ok" | "failed";
  readonly counts: Readonly<Record<string, number>>;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
}

export async function startRun(
  q: Queryable,
  run: { automation: string; trigger: AutomationRun["trigger"]; startedAt: Instant },
): Promise<string> {
  const { rows } = await q.query<{ id: string }>(
    "insert into automation_run (automation, trigger, started_at) values ($1, $2, $3) returning id",
    [run.automation, run.trigger, run.startedAt],
  );
  return only(rows).id;
}

export type RunOutcome = { readonly endedAt: Instant; readonly durationMs: number } & (
  | { readonly outcome: "ok"; readonly counts: Readonly<Record<string, number>> }
  | { readonly outcome: "failed"; readonly code: string; readonly message: string }
);

export async function finishRun(q: Queryable, id: string, end: RunOutcome): Promise<void> {
  await q.query(
    `update automation_run set ended_at = $2, duration_ms = $3, outcome = $4, counts = $5, error_code = $6, error_message = $7 where id = $1`,
    [
      id,
      end.endedAt,
      end.durationMs,
      end.outcome,
      end.outcome === "ok" ? end.counts : {},
      end.outcome === "failed" ? end.code : null,
      end.outcome === "failed" ? end.message : null,
    ],
  );
}

/** The newest runs, of one automation or of all. */
export async function latestRuns(q: Queryable, automation: string | null, limit: number): Promise<AutomationRun[]> {
  const { rows } = await q.query<AutomationRun>(
    `select id, automation, trigger, started_at as "startedAt", ended_at as "endedAt", duration_ms as "durationMs", outcome, counts,
       error_code as "errorCode", error_message as "errorMessage"
     from automation_run where $1::text is null or automation = $1 order by started_at desc, id desc limit $2`,
    [automation, limit],
  );
  return rows;
}

/** Says of runs that began before a moment and never ended, because their process died, that they failed. */
export async function failRunsBefore(q: Queryable, before: Instant, at: Instant): Promise<number> {
  const { rowCount } = await q.query(
    `update automation_run set outcome = 'failed', error_code = 'interrupted', error_message = 'Its process ended before it was done.', ended_at = $2
     where outcome = 'running' and started_at < $1`,
    [before, at],
  );
  return rowCount ?? 0;
}

export async function removeRunsBefore(q: Queryable, before: Instant): Promise<number> {
  const { rowCount } = await q.query("delete from automation_run where started_at < $1", [before]);
  return rowCount ?? 0;
}
