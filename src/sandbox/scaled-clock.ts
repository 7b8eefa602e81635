// What time is it in the sandbox? Domain time that runs faster than real time, so that a campaign of weeks passes in minutes.
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock, Instant } from "../core/instant.ts";

/** Tuesday, 09:00 in Berlin: a sending window opens. */
const TUESDAY_MORNING = new Date("2026-03-03T08:00:00Z");
/** Node's timers hold no more (2^31 - 1 ms). */
const LONGEST_SLEEP = 2 ** 31 - 1;

export interface ScaledClock extends Clock {
  /** From now on time passes. Until then the clock shows its start: what has to be made ready costs no half a day. */
  readonly begin: () => void;
  /** Sleeps `ms` of domain time: when it returns, the clock shows it. Rejects when the signal aborts. Needs no `this`. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/**
 * A clock that shows `start`, and once begun runs `factor` times as fast as real time. It never goes back, whatever is done to the machine's own
 * clock.
 */
export function scaledClock(start: Instant = TUESDAY_MORNING, factor = 1): ScaledClock {
  let begun: number | null = null;
  const elapsed = () => (begun === null ? 0 : (performance.now() - begun) * factor);
  return {
    now: () => new Date(start.getTime() + Math.floor(elapsed())),
    begin: () => {
      begun ??= performance.now();
    },
    wait: async (ms, signal) => {
      const until = elapsed() + ms;
      signal?.throwIfAborted();
      // Timers may fire a millisecond early, which is a minute of a fast clock.
      for (let left = ms; left > 0; left = until - elapsed()) {
        await sleep(Math.min(Math.ceil(left / factor), LONGEST_SLEEP), undefined, signal ? { signal } : {});
      }
    },
  };
}
