// What each automation did, and when: the run history behind `runs` and the dashboard.
import type { WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { only, type Queryable } from "./database.ts";
import { afterCursor, type Page, type PageRequest, pageOf } from "./page.ts";

export const RUN_TRIGGERS = ["schedule", "event", "person"] as const;
export const RUN_OUTCOMES = ["running", "ok", "failed"] as const;

export interface AutomationRun {
  readonly id: string;
  readonly automation: string;
  /** Null: it worked on all workspaces. */
  readonly workspaceId: WorkspaceId | null;
  readonly trigger: (typeof RUN_TRIGGERS)[number];
  readonly startedAt: Instant;
  readonly endedAt: Instant | null;
  readonly durationMs: number | null;
  readonly outcome: (typeof RUN_OUTCOMES)[number];
  readonly counts: Readonly<Record<string, number>>;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
}

export async function startRun(
  q: Queryable,
  run: { automation: string; workspaceId: WorkspaceId | null; trigger: AutomationRun["trigger"]; startedAt: Instant },
): Promise<string> {
  const { rows } = await q.query<{ id: string }>(
    "insert into automation_run (automation, workspace_id, trigger, started_at) values ($1, $2, $3, $4) returning id",
    [run.automation, run.workspaceId, run.trigger, run.startedAt],
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

const COLUMNS = `id, automation, workspace_id as "workspaceId", trigger, started_at as "startedAt", ended_at as "endedAt",
  duration_ms as "durationMs", outcome, counts, error_code as "errorCode", error_message as "errorMessage"`;

export interface RunFilter {
  readonly automation: string | null;
  readonly triggers: readonly AutomationRun["trigger"][] | null;
  readonly outcomes: readonly AutomationRun["outcome"][] | null;
}

/** Which one is asked for outside of any OR: only so does the planner begin with its runs. */
const OF_AUTOMATION = "and automation = $2";
const OF_ANY = "and $2::text is null";
const FITS = `and ($3::text[] is null or trigger = any($3)) and ($4::text[] is null or outcome = any($4))
  and ($5::timestamptz is null or (started_at, id) < ($5, $6::uuid)) order by started_at desc, id desc limit $7`;

/** The newest first: those of the workspace, and those over all workspaces. */
export async function pageOfRuns(
  q: Queryable,
  workspaceId: WorkspaceId,
  { automation, triggers, outcomes }: RunFilter,
  page: PageRequest,
): Promise<Page<AutomationRun>> {
  const after = afterCursor(page, ["timestamptz", "uuid"]);
  const which = automation === null ? OF_ANY : OF_AUTOMATION;
  const { rows } = await q.query<AutomationRun>(
    `select ${COLUMNS} from (
       (select * from automation_run where workspace_id = $1 ${which} ${FITS})
       union all
       (select * from automation_run where workspace_id is null ${which} ${FITS})
     ) run order by started_at desc, id desc limit $7`,
    [workspaceId, automation, triggers, outcomes, ...after, page.limit + 1],
  );
  return pageOf(rows, page.limit, (row) => [row.startedAt, row.id]);
}

/** Of each automation of the schedule that ran, the last time. */
export async function lastScheduledRuns(q: Queryable): Promise<AutomationRun[]> {
  const { rows } = await q.query<AutomationRun>(
    `select last.* from schedule cross join lateral (
       select ${COLUMNS} from automation_run run where run.workspace_id is null and run.automation = schedule.automation
       order by started_at desc, id desc limit 1) last`,
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
