// What became of a mail on the wire is known here and nowhere else: a database that is away for a moment, or full, must not make us forget it.
import { setTimeout as sleep } from "node:timers/promises";
import { AgentError } from "../core/errors.ts";
import { MINUTE } from "../core/instant.ts";
import type { Agent } from "./agent.ts";

const FIRST_MS = 100;
const LONGEST_MS = 5_000;
/** Afterwards what was on the wire is taken back as uncertain, as after a crash. */
const PATIENCE_MS = 10 * MINUTE;

/** Tries `record` again while the database is away, in real time. It must not matter whether an attempt that failed was committed. */
export async function untilRecorded<Result>(agent: Agent, record: () => Promise<Result>): Promise<Result> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let wait = FIRST_MS; ; wait = Math.min(2 * wait, LONGEST_MS)) {
    try {
      return await record();
    } catch (error) {
      if (!isPassing(error) || agent.stopping() || performance.now() > deadline) throw error;
      agent.log.warn({ event: "sending.outcomes_wait", code: error.code, err: error });
      await sleep(wait);
    }
  }
}

function isPassing(error: unknown): error is AgentError {
  return error instanceof AgentError && (error.code === "database_unavailable" || error.code === "database_full");
}
