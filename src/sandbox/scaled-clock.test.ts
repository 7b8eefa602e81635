import { expect, test } from "vitest";
import { DAY, HOUR } from "../core/instant.ts";
import { scaledClock } from "./scaled-clock.ts";

test("a day of the sandbox passes in a moment, and the clock never goes back", async () => {
  const start = new Date("2026-03-03T08:00:00Z");
  const clock = scaledClock(start, 1_000_000);
  expect(clock.now()).toEqual(start);
  const begun = performance.now();
  clock.begin();
  const { wait } = clock;
  await wait(DAY);
  const passed = clock.now().getTime() - start.getTime();
  expect(passed).toBeGreaterThanOrEqual(DAY);
  expect(passed).toBeLessThanOrEqual((performance.now() - begun) * 1_000_000);
  let last = clock.now();
  for (let reading = 0; reading < 1_000; reading++) {
    const now = clock.now();
    expect(now.getTime()).toBeGreaterThanOrEqual(last.getTime());
    last = now;
  }
});

test("it begins on a Tuesday at nine in Berlin", () => {
  const morning = scaledClock().now().toLocaleString("en-GB", { timeZone: "Europe/Berlin", weekday: "long", hour: "numeric" });
  expect(morning).toBe("Tuesday, 09");
});

test("who waits can be called back", async () => {
  const { begin, wait } = scaledClock(new Date(0), 1);
  begin();
  const calling = new AbortController();
  const waiting = wait(HOUR, calling.signal);
  calling.abort();
  await expect(waiting).rejects.toThrow("aborted");
  await expect(wait(HOUR, calling.signal)).rejects.toThrow("aborted");
});
