import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HOUR, MINUTE } from "./instant.ts";
import { type Backoff, nextAttempt } from "./retry.ts";

const FAILED = new Date("2026-03-02T10:00:00Z");
const BACKOFF: Backoff = { firstMs: 5 * MINUTE, factor: 3, maxMs: 12 * HOUR, attempts: 8 };

function waitAfter(attempt: number, key = "message"): number {
  const at = nextAttempt(BACKOFF, attempt, FAILED, key);
  if (!at) throw new Error("It was given up.");
  return at.getTime() - FAILED.getTime();
}

describe("the next attempt", () => {
  test.each([
    [1, 5 * MINUTE],
    [2, 15 * MINUTE],
    [3, 45 * MINUTE],
    [4, 135 * MINUTE],
    [5, 405 * MINUTE],
    [6, 12 * HOUR],
    [7, 12 * HOUR],
  ])("after %i comes within a fifth of %i ms", (attempt, wait) => {
    expect(waitAfter(attempt)).toBeGreaterThanOrEqual(0.8 * wait);
    expect(waitAfter(attempt)).toBeLessThanOrEqual(1.2 * wait);
  });

  test("does not come after the last", () => {
    expect(nextAttempt(BACKOFF, 8, FAILED, "message")).toBeNull();
    expect(nextAttempt(BACKOFF, 9, FAILED, "message")).toBeNull();
  });

  test("comes for ever where there is no last", () => {
    expect(nextAttempt({ ...BACKOFF, attempts: Number.POSITIVE_INFINITY }, 10_000, FAILED, "mailbox")).not.toBeNull();
  });

  test("is drawn for each message, and the same when asked again", () => {
    expect(waitAfter(1, "a")).toBe(waitAfter(1, "a"));
    expect(waitAfter(1, "a")).not.toBe(waitAfter(1, "b"));
  });

  test("always lies after the failure and within the bounds", () => {
    const backoff = fc.record({
      firstMs: fc.integer({ min: 1, max: HOUR }),
      factor: fc.integer({ min: 1, max: 10 }),
      maxMs: fc.integer({ min: 1, max: 48 * HOUR }),
      attempts: fc.constant(20),
    });
    fc.assert(
      fc.property(backoff, fc.integer({ min: 1, max: 19 }), fc.string(), (one, attempt, key) => {
        const at = nextAttempt(one, attempt, FAILED, key);
        const wait = (at?.getTime() ?? 0) - FAILED.getTime();
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(Math.ceil(1.2 * one.maxMs));
      }),
    );
  });
});
