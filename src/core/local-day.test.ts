import { describe, expect, test } from "vitest";
import { after, HOUR, MINUTE } from "./instant.ts";
import { atLocalTime, localDay, startOfDay } from "./local-day.ts";
import { afterDelay, type Hours, nextOpening } from "./sending-window.ts";

/** Where the clocks go back from 01:00 to midnight, the day begins twice. */
const HAVANA = "America/Havana";
const FIRST_MIDNIGHT = new Date("2026-11-01T04:00:00Z");

describe("a day that begins twice", () => {
  test("begins at the first midnight, at whatever time of year that is asked", () => {
    expect(startOfDay("2026-11-01", HAVANA)).toEqual(FIRST_MIDNIGHT);
    expect(startOfDay("2026-11-02", HAVANA)).toEqual(after(FIRST_MIDNIGHT, 25 * HOUR));
    expect(localDay(FIRST_MIDNIGHT, HAVANA)).toBe("2026-11-01");
    expect(localDay(after(FIRST_MIDNIGHT, -1), HAVANA)).toBe("2026-10-31");
  });

  test("has a 00:30 that means the first, so a window that opens then is open when it comes again", () => {
    expect(atLocalTime("2026-11-01", 0, 30, HAVANA)).toBe(after(FIRST_MIDNIGHT, 30 * MINUTE).getTime());
    const hours: Hours = { window: { sunday: [["00:30", "09:00"]] }, holidays: new Set(), zone: HAVANA };
    const midnightAgain = after(FIRST_MIDNIGHT, HOUR);
    expect(nextOpening(hours, midnightAgain)).toEqual(midnightAgain);
  });
});

test("a zone that does not exist has no days, and nothing is ever open in it", () => {
  const hours: Hours = { window: { sunday: [["00:00", "24:00"]] }, holidays: new Set(), zone: "Mars/Olympus" };
  expect(localDay(FIRST_MIDNIGHT, "Mars/Olympus")).toBe("no day");
  expect(nextOpening(hours, afterDelay(FIRST_MIDNIGHT, { days: 1, workingDays: 0, minutes: 0 }, hours) ?? FIRST_MIDNIGHT)).toBeNull();
  expect(nextOpening(hours, FIRST_MIDNIGHT)).toBeNull();
});
