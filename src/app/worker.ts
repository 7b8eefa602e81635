// The worker role: a short real-time tick asks what is due at the clock's now; jobs do the work.
import { runJob } from "../automations/run-job.ts";
import { ensureSchedule, tick } from "../automations/tick.ts";
import { markInterrupted } from "../store/lead-import.ts";
import type { Wired } from "./wire.ts";

export interface Worker {
  /** Lets running jobs end (at most `timeoutMs`). */
  stop(timeoutMs: number): Promise<void>;
}

export async function startWorker(wired: Wired): Promise<Worker> {
  const { agent, engine } = wired;
  await ensureSchedule(agent);
  await markInterrupted(agent.db, agent.clock.now());
  await engine.work(async (name, payload) => void (await runJob(agent, name, payload)), agent.settings.engine.parallel_mailboxes);
  let ticking: Promise<unknown> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    ticking = tick(agent)
      .catch((error: unknown) => agent.log.error({ event: "tick.failed", err: error }))
      .finally(() => {
        busy = false;
      });
  }, agent.settings.engine.tick_ms);
  return {
    stop: async (timeoutMs) => {
      clearInterval(timer);
      wired.stopBeginning();
      await ticking;
      await engine.stop(timeoutMs);
    },
  };
}
