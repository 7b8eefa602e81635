// When is something tried again? Exponential backoff with jitter, capped, and an end.
import { drawn } from "./chance.ts";
import { after, type Instant } from "./instant.ts";

export interface Backoff {
  /** Wait before the second attempt, milliseconds. */
  readonly firstMs: number;
  readonly factor: number;
  /** No wait is longer than this, milliseconds. */
  readonly maxMs: number;
  /** Attempts in all; after the last one it is given up. */
  readonly attempts: number;
}

/**
 * When to try again after `attempt` attempts failed (1 = the first), or null when that was the last.
 * The wait is drawn from ±20 % of its exponential value, so that what failed together does not come back together.
 */
export function nextAttempt(backoff: Backoff, attempt: number, failedAt: Instant, key: string): Instant | null {
  if (attempt >= backoff.attempts) return null;
  const wait = Math.min(backoff.maxMs, backoff.firstMs * backoff.factor ** (attempt - 1));
  return after(failedAt, Math.round(wait * (0.8 + 0.4 * drawn("retry", key, attempt))));
}
