import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { capOn, gapAfter, type MailboxLimits } from "./send-budget.ts";

const LIMITS: MailboxLimits = { mailboxId: "anna", zone: "Europe/Berlin", dailyCap: 40, minGapSeconds: 90, rampUp: null };
const RAMPING: MailboxLimits = { ...LIMITS, rampUp: { from: "2026-03-27", start: 5, step: 10 } };

describe("the cap of a day", () => {
  test.each([
    ["2026-03-26", 5, "before the ramp-up as on its first day"],
    ["2026-03-27", 5, "on the first day"],
    ["2026-03-28", 15, "a step more on the second"],
    ["2026-03-30", 35, "by calendar days, also when one has 23 hours"],
    ["2026-03-31", 40, "never above the daily cap"],
    ["2027-03-31", 40, "a year later"],
  ])("%s: %i, %s", (day, cap) => expect(capOn(RAMPING, day)).toBe(cap));

  test("without a ramp-up is the daily cap, whatever the day", () => expect(capOn(LIMITS, "2026-03-27")).toBe(40));

  test("that is below the ramp-up's start counts", () => expect(capOn({ ...RAMPING, dailyCap: 3 }, "2026-03-27")).toBe(3));
});

describe("the gap between two mails", () => {
  test("lies between the minimum and one and a half times the minimum", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_400 }), fc.nat(500), (minGapSeconds, nth) => {
        const gap = gapAfter({ ...LIMITS, minGapSeconds }, "2026-03-02", nth);
        expect(gap).toBeGreaterThanOrEqual(minGapSeconds * 1_000);
        expect(gap).toBeLessThanOrEqual(minGapSeconds * 1_500);
      }),
    );
  });

  test("is the same when asked again, and another after another mail, day or mailbox", () => {
    const gap = gapAfter(LIMITS, "2026-03-02", 7);
    expect(gapAfter({ ...LIMITS }, "2026-03-02", 7)).toBe(gap);
    const others = [
      gapAfter(LIMITS, "2026-03-02", 8),
      gapAfter(LIMITS, "2026-03-03", 7),
      gapAfter({ ...LIMITS, mailboxId: "ben" }, "2026-03-02", 7),
    ];
    expect(new Set([gap, ...others]).size).toBe(4);
  });
});
