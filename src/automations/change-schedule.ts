// A person changes when an automation runs, pauses it, or lets it run now.
import { AgentError } from "../core/errors.ts";
import type { MailboxId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { mailboxesWithDueWork } from "../store/enrollment-claim.ts";
import { changeScheduleRow, lockScheduleRow, type ScheduleRow } from "../store/schedule.ts";
import type { Agent } from "./agent.ts";
import { isJob, nextRun } from "./tick.ts";

type Deps = Pick<Agent, "db" | "clock" | "jobs">;

/** What is undefined stays. An interval takes the place of a time of day, and the other way round. */
export interface ScheduleChange {
  readonly everySeconds?: number | undefined;
  readonly daily?: { readonly at: string; readonly timeZone: string } | undefined;
  readonly paused?: boolean | undefined;
}

/** AgentError `not_found`, `precondition_failed`. */
export async function changeSchedule(deps: Deps, automation: string, change: ScheduleChange, ifVersion: string | null): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const row = await lockScheduleRow(tx, automation);
    if (!row) throw unknown(automation);
    if (ifVersion !== null && ifVersion !== String(row.version))
      throw new AgentError("precondition_failed", "Somebody changed this automation since it was read; read it again.");
    await changeScheduleRow(tx, changed(row, change, deps.clock.now()));
  });
}

function changed(row: ScheduleRow, { everySeconds, daily, paused }: ScheduleChange, now: Instant): ScheduleRow {
  const state = { ...row, paused: paused ?? row.paused };
  if (everySeconds === undefined && daily === undefined) return state;
  const recurrence = {
    everySeconds: everySeconds ?? null,
    dailyAt: daily?.at ?? null,
    timeZone: daily?.timeZone ?? null,
  };
  // Counted from now: a shorter interval is felt at once, a longer one makes nothing run twice.
  return { ...state, ...recurrence, nextRunAt: nextRun({ ...state, ...recurrence, nextRunAt: now }, now) };
}

/** In addition to its schedule; swallowed where it waits to run already. AgentError `not_found`. */
export async function runNow(deps: Deps, automation: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    if (!isJob(automation) || !(await lockScheduleRow(tx, automation))) throw unknown(automation);
    await deps.jobs.enqueue(tx, automation, { askedBy: "person" }, automation);
  });
}

/** Gives every mailbox of the workspace that has due mail to a sender; how many there were. */
export async function sendDueNow({ db, clock, jobs }: Deps, workspaceId: WorkspaceId): Promise<number> {
  const due = (await mailboxesWithDueWork(db, clock.now())).filter((mailbox) => mailbox.workspaceId === workspaceId);
  await db.transaction(async (tx) => {
    for (const mailbox of due) await jobs.enqueue(tx, "send-batch", { ...mailbox, askedBy: "person" }, mailbox.mailboxId);
  });
  return due.length;
}

export async function readInboxNow({ db, jobs }: Deps, workspaceId: WorkspaceId, mailboxId: MailboxId): Promise<void> {
  await db.transaction((tx) => jobs.enqueue(tx, "sync-inbox", { workspaceId, mailboxId, askedBy: "person" }, mailboxId));
}

function unknown(automation: string): AgentError {
  return new AgentError("not_found", `There is no automation ${automation}.`);
}
