import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { after, DAY, HOUR } from "./instant.ts";
import {
  afterDelay,
  dayAfter,
  daysBetween,
  type Hours,
  isZone,
  localDay,
  nextOpening,
  openTimeOn,
  type SendingWindow,
  startOfDay,
  WEEKDAYS,
} from "./sending-window.ts";

const BERLIN = "Europe/Berlin";
const NEW_YORK = "America/New_York";
const OFFICE: SendingWindow = Object.fromEntries(WEEKDAYS.slice(0, 5).map((day) => [day, [["09:00", "17:00"]]]));
const EVERY_DAY: SendingWindow = Object.fromEntries(WEEKDAYS.map((day) => [day, [["09:00", "17:00"]]]));

function opening(zone: string, window: SendingWindow, at: string, holidays: readonly string[] = []): string | null {
  return (
    nextOpening({ window, holidays: new Set(holidays), zone }, new Date(at))
      ?.toISOString()
      .replace(":00.000Z", "Z") ?? null
  );
}

describe("the next opening", () => {
  test.each<[string, string, SendingWindow, string, string]>([
    ["inside it is now", BERLIN, OFFICE, "2026-03-02T10:42Z", "2026-03-02T10:42Z"],
    ["its first moment is open", BERLIN, OFFICE, "2026-03-02T08:00Z", "2026-03-02T08:00Z"],
    ["its last moment is closed", BERLIN, OFFICE, "2026-03-02T16:00Z", "2026-03-03T08:00Z"],
    ["before it is the same morning", BERLIN, OFFICE, "2026-03-02T01:00Z", "2026-03-02T08:00Z"],
    ["after Friday is Monday", BERLIN, OFFICE, "2026-03-06T16:00Z", "2026-03-09T08:00Z"],
    [
      "of two on a day the second",
      BERLIN,
      {
        monday: [
          ["09:00", "12:00"],
          ["14:00", "17:00"],
        ],
      },
      "2026-03-02T11:30Z",
      "2026-03-02T13:00Z",
    ],
    [
      "of two in the wrong order the earlier",
      BERLIN,
      {
        monday: [
          ["14:00", "17:00"],
          ["09:00", "12:00"],
        ],
      },
      "2026-03-02T05:00Z",
      "2026-03-02T08:00Z",
    ],
    ["until 24:00 is open at 23:59", "UTC", { monday: [["18:00", "24:00"]] }, "2026-03-02T23:59Z", "2026-03-02T23:59Z"],
    ["until 24:00 is closed at midnight", "UTC", { monday: [["18:00", "24:00"]] }, "2026-03-03T00:00Z", "2026-03-09T18:00Z"],
    ["is a week away when only today's is over", "UTC", { monday: [["09:00", "10:00"]] }, "2026-03-02T10:00Z", "2026-03-09T09:00Z"],
    ["across a month's end", "UTC", { monday: [["09:00", "10:00"]] }, "2026-04-28T12:00Z", "2026-05-04T09:00Z"],
    ["on the leap day", "UTC", { tuesday: [["09:00", "10:00"]] }, "2028-02-28T12:00Z", "2028-02-29T09:00Z"],
    ["at the turn of the year", "UTC", { friday: [["00:00", "01:00"]] }, "2026-12-31T23:30Z", "2027-01-01T00:00Z"],
  ])("%s", (_, zone, window, at, expected) => expect(opening(zone, window, at)).toBe(expected));

  test.each<[string, string, string, string]>([
    ["Berlin, the Friday before the clocks go forward", BERLIN, "2026-03-27T17:00Z", "2026-03-28T08:00Z"],
    ["Berlin, the Sunday on which they do", BERLIN, "2026-03-28T17:00Z", "2026-03-29T07:00Z"],
    ["Berlin, the Saturday before they go back", BERLIN, "2026-10-23T17:00Z", "2026-10-24T07:00Z"],
    ["Berlin, the Sunday on which they do", BERLIN, "2026-10-24T17:00Z", "2026-10-25T08:00Z"],
    ["New York, the Saturday before the clocks go forward", NEW_YORK, "2026-03-06T23:00Z", "2026-03-07T14:00Z"],
    ["New York, the Sunday on which they do", NEW_YORK, "2026-03-07T23:00Z", "2026-03-08T13:00Z"],
    ["New York, the Saturday before they go back", NEW_YORK, "2026-10-30T23:00Z", "2026-10-31T13:00Z"],
    ["New York, the Sunday on which they do", NEW_YORK, "2026-10-31T23:00Z", "2026-11-01T14:00Z"],
  ])("is 09:00 by the wall clock: %s", (_, zone, at, expected) => expect(opening(zone, EVERY_DAY, at)).toBe(expected));

  test.each<[string, SendingWindow, string, string]>([
    ["02:30 in spring is after the gap", { sunday: [["02:30", "06:00"]] }, "2026-03-28T20:00Z", "2026-03-29T01:30Z"],
    ["02:30 in autumn is the first of the two", { sunday: [["02:30", "06:00"]] }, "2026-10-24T20:00Z", "2026-10-25T00:30Z"],
    [
      "a window within the gap has none that day",
      {
        sunday: [
          ["02:10", "02:50"],
          ["20:00", "21:00"],
        ],
      },
      "2026-03-29T02:00Z",
      "2026-03-29T18:00Z",
    ],
    ["24:00 on the day of 23 hours", { sunday: [["23:00", "24:00"]] }, "2026-03-29T21:59Z", "2026-03-29T21:59Z"],
    ["24:00 on the day of 25 hours", { sunday: [["23:00", "24:00"]] }, "2026-10-25T22:59Z", "2026-10-25T22:59Z"],
  ])("when clocks change: %s", (_, window, at, expected) => expect(opening(BERLIN, window, at)).toBe(expected));

  test("skips holidays of the zone's calendar", () => {
    expect(opening(BERLIN, OFFICE, "2026-12-24T17:00Z", ["2026-12-25"])).toBe("2026-12-28T08:00Z");
    // 2 March has begun in Auckland while Berlin still has the 1st
    expect(opening("Pacific/Auckland", EVERY_DAY, "2026-03-01T19:00Z", ["2026-03-02"])).toBe("2026-03-02T20:00Z");
  });

  test.each<[string, SendingWindow, readonly string[]]>([
    ["there is no day", {}, []],
    ["the day has no times", { monday: [] }, []],
    ["an opening ends where it begins", { monday: [["09:00", "09:00"]] }, []],
    [
      "every day is a holiday",
      OFFICE,
      Array.from({ length: 500 }, (_, day) => localDay(after(new Date("2026-03-01T00:00Z"), day * DAY), "UTC")),
    ],
  ])("does not exist when %s", (_, window, holidays) => expect(opening("UTC", window, "2026-03-02T09:00Z", holidays)).toBeNull());

  test.each<[string, SendingWindow["monday"] & object, number]>([
    [
      "overlap",
      [
        ["10:00", "13:00"],
        ["09:00", "12:00"],
      ],
      4,
    ],
    [
      "stand twice",
      [
        ["09:00", "17:00"],
        ["09:00", "17:00"],
      ],
      8,
    ],
    [
      "lie apart",
      [
        ["09:00", "12:00"],
        ["14:00", "17:00"],
      ],
      6,
    ],
  ])("counts no minute of a day twice where openings %s", (_, monday, open) => {
    const hours: Hours = { window: { monday }, holidays: new Set(), zone: BERLIN };
    expect(openTimeOn(hours, new Date("2026-03-02T10:00Z")) / HOUR).toBe(open);
  });

  // The wall clock by Intl, which shares no code with luxon; openings keep clear of the hours that clocks skip or repeat.
  const hour = (min: number, max: number) => fc.integer({ min, max }).map((h) => `${String(h).padStart(2, "0")}:00`);
  const window = fc.dictionary(
    fc.constantFrom(...WEEKDAYS),
    fc.tuple(hour(4, 13), hour(14, 24)).map((one) => [one]),
    { minKeys: 1 },
  );
  const zone = fc.constantFrom(BERLIN, NEW_YORK, "UTC", "Asia/Kolkata", "Australia/Lord_Howe", "America/Sao_Paulo");
  const moment = fc.integer({ min: Date.parse("2026-01-01"), max: Date.parse("2027-12-31") }).map((ms) => new Date(ms));

  test("lies in the window, and nothing before it does", () => {
    fc.assert(
      fc.property(window, zone, moment, (openings, tz, at) => {
        const hours: Hours = { window: openings, holidays: new Set(), zone: tz };
        const isOpen = wallClock(hours);
        const open = nextOpening(hours, at) ?? after(at, -1);
        const between = Array.from({ length: 200 }, (_, part) => new Date(at.getTime() + ((open.getTime() - at.getTime()) * part) / 200));
        expect(isOpen(open)).toBe(true);
        expect(open > at && between.some(isOpen)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  test("does not move when asked again", () => {
    fc.assert(
      fc.property(window, zone, moment, (openings, tz, at) => {
        const hours: Hours = { window: openings, holidays: new Set(), zone: tz };
        const open = nextOpening(hours, at);
        expect(open && nextOpening(hours, open)).toEqual(open);
        expect(open).not.toBeNull();
      }),
      { numRuns: 60 },
    );
  });
});

function wallClock({ window, zone }: Hours): (at: Date) => boolean {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "long",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const day = (parts["weekday"] ?? "").toLowerCase() as keyof SendingWindow;
    const time = `${parts["hour"]}:${parts["minute"]}`;
    return (window[day] ?? []).some(([from, to]) => from <= time && time < to);
  };
}

describe("a delay", () => {
  const later = (zone: string, anchor: string, days: number, minutes = 0) =>
    afterDelay(new Date(anchor), { days, workingDays: 0, minutes }, { window: OFFICE, holidays: new Set(), zone })
      ?.toISOString()
      .replace(":00.000Z", "Z");

  test.each<[string, string, string, number, number, string]>([
    ["in days keeps the time of day", BERLIN, "2026-03-02T08:00Z", 3, 0, "2026-03-05T08:00Z"],
    ["in days keeps it when clocks go forward between", BERLIN, "2026-03-27T08:00Z", 3, 0, "2026-03-30T07:00Z"],
    ["in days keeps it when clocks go back between", BERLIN, "2026-10-23T07:00Z", 3, 0, "2026-10-26T08:00Z"],
    ["in days keeps it in New York, too", NEW_YORK, "2026-03-06T14:00Z", 3, 0, "2026-03-09T13:00Z"],
    ["that ends in the skipped hour ends after it", BERLIN, "2026-03-28T01:30Z", 1, 0, "2026-03-29T01:30Z"],
    ["in minutes is elapsed time", BERLIN, "2026-03-29T00:30Z", 0, 60, "2026-03-29T01:30Z"],
    ["of a day and minutes: the day first", BERLIN, "2026-03-28T08:00Z", 1, 30, "2026-03-29T07:30Z"],
    ["from the end of January by a month's days", "UTC", "2026-01-31T09:00Z", 28, 0, "2026-02-28T09:00Z"],
    ["over the leap day", "UTC", "2028-02-28T09:00Z", 2, 0, "2028-03-01T09:00Z"],
    ["of nothing is now", BERLIN, "2026-03-02T08:00Z", 0, 0, "2026-03-02T08:00Z"],
  ])("%s", (_, zone, anchor, days, minutes, expected) => expect(later(zone, anchor, days, minutes)).toBe(expected));

  const EASTER = { window: OFFICE, holidays: new Set(["2026-04-03", "2026-04-06"]), zone: BERLIN };
  const working = (anchor: string, workingDays: number, minutes = 0, hours: Hours = EASTER) =>
    afterDelay(new Date(anchor), { days: 0, workingDays, minutes }, hours)?.toISOString().replace(":00.000Z", "Z");

  test.each<[string, string, number, number, string]>([
    ["over the weekend", "2026-03-06T09:00Z", 1, 0, "2026-03-09T09:00Z"],
    ["over a week", "2026-03-04T09:00Z", 5, 0, "2026-03-11T09:00Z"],
    ["over Easter, and the time of day stays", "2026-04-02T08:00Z", 1, 0, "2026-04-07T08:00Z"],
    ["from a Saturday is Monday", "2026-03-07T09:00Z", 1, 0, "2026-03-09T09:00Z"],
    ["keeps the time of day when clocks go forward between", "2026-03-27T09:00Z", 1, 0, "2026-03-30T08:00Z"],
    ["and hours after them", "2026-03-06T09:00Z", 1, 120, "2026-03-09T11:00Z"],
  ])("in working days %s", (_, anchor, days, minutes, expected) => expect(working(anchor, days, minutes)).toBe(expected));

  test("in working days never ends where there are none", () => {
    expect(working("2026-03-06T09:00Z", 1, 0, { window: {}, holidays: new Set(), zone: BERLIN })).toBeUndefined();
  });
});

describe("local days", () => {
  test.each([
    ["2026-03-01T23:30Z", BERLIN, "2026-03-02"],
    ["2026-03-01T22:30Z", BERLIN, "2026-03-01"],
    ["2026-03-02T04:59Z", NEW_YORK, "2026-03-01"],
  ])("%s is, in %s, the %s", (at, zone, day) => expect(localDay(new Date(at), zone)).toBe(day));

  test("begin at midnight, or at one where the clocks skip it", () => {
    expect(startOfDay("2026-03-02", BERLIN)).toEqual(new Date("2026-03-01T23:00Z"));
    expect(startOfDay("2026-04-24", "Africa/Cairo")).toEqual(new Date("2026-04-23T22:00Z"));
  });

  test("have lengths of 23, 24 and 25 hours", () => {
    const length = (day: string) => startOfDay(dayAfter(day), BERLIN).getTime() - startOfDay(day, BERLIN).getTime();
    expect(["2026-03-29", "2026-03-30", "2026-10-25"].map((day) => length(day) / HOUR)).toEqual([23, 24, 25]);
  });

  test.each([
    ["2026-02-28", "2026-03-01"],
    ["2028-02-28", "2028-02-29"],
    ["2026-12-31", "2027-01-01"],
    ["2026-03-29", "2026-03-30"],
  ])("after %s comes %s, one day later", (day, next) => {
    expect(dayAfter(day)).toBe(next);
    expect(daysBetween(day, next)).toBe(1);
    expect(daysBetween(next, day)).toBe(-1);
  });

  test("every instant lies between the beginning of its day and that of the next", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 42 }), fc.constantFrom(BERLIN, NEW_YORK, "Africa/Cairo", "Asia/Kathmandu"), (ms, zone) => {
        const day = localDay(new Date(ms), zone);
        expect(startOfDay(day, zone).getTime()).toBeLessThanOrEqual(ms);
        expect(startOfDay(dayAfter(day), zone).getTime()).toBeGreaterThan(ms);
      }),
    );
  });
});

describe("a time zone", () => {
  test.each([BERLIN, "UTC", "America/Argentina/Buenos_Aires"])("is %s", (name) => expect(isZone(name)).toBe(true));

  test.each(["local", "system", "default", "", "Mars/Olympus", "Europe/Berlin "])(
    "is not %j, which would mean another one on every machine, or none",
    (name) => expect(isZone(name)).toBe(false),
  );
});
