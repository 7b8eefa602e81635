import fc from "fast-check";
import { Settings } from "luxon";
import { afterEach, describe, expect, test } from "vitest";
import { inMinutes, isDay, readDays, readDuration, readHours, readLocalTime, writeDuration } from "./written-time.ts";

describe("durations as people write them", () => {
  test.each<[string, number, number, number?]>([
    ["3 days", 3, 0],
    ["3 working days", 0, 0, 3],
    ["1 week 1 working day 2 hours", 7, 120, 1],
    ["1 day", 1, 0],
    ["2 days 4 hours", 2, 240],
    ["1 week 1 day", 8, 0],
    ["90 minutes", 0, 90],
    ["0 minutes", 0, 0],
    ["5days", 5, 0],
  ])("%s", (written, days, minutes, workingDays = 0) => {
    expect(readDuration(written)).toEqual({ days, workingDays, minutes });
  });

  test.each([
    "",
    "3",
    "three days",
    "-1 days",
    "1.5 days",
    "3 months",
    "3  days",
    "3 days,",
    "999999 days",
    "3 dayss",
    "3 workings",
    "3 working weeks",
    "3 working",
  ])("%j is none", (written) => {
    expect(readDuration(written)).toBeNull();
  });

  test("what is written can be read again", () => {
    fc.assert(
      fc.property(fc.nat({ max: 3650 }), fc.nat({ max: 365 }), fc.nat({ max: 99_999 }), (days, workingDays, minutes) => {
        expect(readDuration(writeDuration({ days, workingDays, minutes }))).toEqual({ days, workingDays, minutes });
      }),
    );
  });

  test("a day is 1,440 minutes", () => {
    expect(inMinutes({ days: 1, workingDays: 1, minutes: 5 })).toBe(2_885);
  });
});

describe("days and hours", () => {
  test.each([
    ["friday", ["friday"]],
    ["monday-wednesday", ["monday", "tuesday", "wednesday"]],
    ["saturday-monday", ["saturday", "sunday", "monday"]],
    ["monday, wednesday-thursday", ["monday", "wednesday", "thursday"]],
  ])("%s", (written, days) => {
    expect(readDays(written)).toEqual(days);
  });

  test("other words are no days", () => {
    expect(["mon", "Monday", "monday-", "monday;friday", "weekdays", ""].map(readDays)).toEqual([null, null, null, null, null, null]);
  });

  test("hours start before they end; the day ends at 24:00", () => {
    expect(readHours("09:00-12:00, 13:00-24:00")).toEqual([
      ["09:00", "12:00"],
      ["13:00", "24:00"],
    ]);
    expect(["17:00-09:00", "09:00-09:00", "9-17", "09:00-25:00", "24:00-24:00"].map(readHours)).toEqual([null, null, null, null, null]);
  });
});

describe("local times", () => {
  const { now } = Settings;
  afterEach(() => {
    Settings.now = now;
  });

  test("are meant in the zone", () => {
    expect(readLocalTime("2026-07-01 09:00", "Europe/Berlin")?.toISOString()).toBe("2026-07-01T07:00:00.000Z");
  });

  test("that the clocks skip mean the moment after the gap", () => {
    expect(readLocalTime("2026-03-29T02:30", "Europe/Berlin")?.toISOString()).toBe("2026-03-29T01:30:00.000Z");
  });

  test.each(["2026-01-15T12:00:00Z", "2026-07-15T12:00:00Z"])("that come twice mean the first, also when they are read on %s", (today) => {
    Settings.now = () => Date.parse(today);
    expect(readLocalTime("2026-10-25 02:30", "Europe/Berlin")?.toISOString()).toBe("2026-10-25T00:30:00.000Z");
  });

  test("that do not exist are none", () => {
    expect([readLocalTime("0000-01-01 09:00", "UTC"), isDay("0000-01-01"), readLocalTime("2026-02-03 09:00", "Mars/Base")]).toEqual([
      null,
      false,
      null,
    ]);
    expect(readLocalTime("2026-02-30 09:00", "UTC")).toBeNull();
    expect(readLocalTime("2026-02-03 25:00", "UTC")).toBeNull();
    expect([isDay("2028-02-29"), isDay("2026-02-29"), isDay("today")]).toEqual([true, false, false]);
  });
});
