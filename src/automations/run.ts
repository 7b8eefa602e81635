// Runs an automation: a line in the run history and in the log at its start and its end, with what it counted or why it failed.
import { AgentError } from "../core/errors.ts";
import type { WorkspaceId } from "../core/ids.ts";
import { finishRun, startRun } from "../store/automation-run.ts";
import type { Agent } from "./agent.ts";
import type { JobName } from "./catalog.ts";

export type RunTrigger = "schedule" | "event" | "person";
/** What an automation counted: numbers by name. */
export type Counts = Readonly<Record<string, number>>;

export interface StartedRun {
  readonly automation: JobName;
  /** Null: it works on all workspaces. */
  readonly workspaceId: WorkspaceId | null;
  readonly trigger: RunTrigger;
}

/** Failures are recorded and thrown on, so that the job engine can try again. `quiet` automations that found nothing to do leave no row. */
export async function runAutomation<Result extends Counts>(
  agent: Agent,
  { automation, workspaceId, trigger }: StartedRun,
  work: () => Promise<Result>,
): Promise<Result> {
  const startedAt = agent.clock.now();
  const began = performance.now();
  const elapsed = () => Math.round(performance.now() - began);
  const id = await startRun(agent.db, { automation, workspaceId, trigger, startedAt });
  agent.log.debug({ event: "automation.started", automation, trigger, run: id });
  try {
    const counts = await work();
    await finishRun(agent.db, id, { outcome: "ok", counts, endedAt: agent.clock.now(), durationMs: elapsed() });
    agent.log[isIdle(counts) ? "debug" : "info"]({ event: "automation.finished", automation, run: id, ms: elapsed(), ...counts });
    return counts;
  } catch (error) {
    const { code } = asAgentError(error);
    agent.log.error({ event: "automation.failed", automation, run: id, ms: elapsed(), code, err: error });
    const end = { outcome: "failed", code, message: toldTo(error), endedAt: agent.clock.now(), durationMs: elapsed() } as const;
    // A database that is away fails this, too; what is thrown is why the work failed. keep-house ends such a run in the books.
    await finishRun(agent.db, id, end).catch((second: unknown) =>
      agent.log.warn({ event: "automation.end_not_recorded", run: id, err: second }),
    );
    throw error;
  }
}

/** Everybody of the team may read it: what nobody foresaw may hold statements and people's addresses, and stands in the log alone. */
function toldTo(error: unknown): string {
  return error instanceof AgentError
    ? error.message
    : "It failed for a reason that nobody foresaw; the log has it, under the number of this run.";
}

function isIdle(counts: Counts): boolean {
  return Object.values(counts).every((value) => value === 0);
}

export function asAgentError(error: unknown): AgentError {
  return error instanceof AgentError
    ? error
    : new AgentError("internal", error instanceof Error ? error.message : String(error), { cause: error });
}
