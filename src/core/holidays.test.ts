import { expect, test } from "vitest";
import { daysWithoutMail, type HolidayCalendar, namedDaysWithoutMail } from "./holidays.ts";

const calendar = (region: string, zones: readonly string[], days: Readonly<Record<string, string>>): HolidayCalendar => ({
  region,
  zones,
  days,
  until: 2032,
});
const GERMANY = calendar("DE", ["Europe/Berlin"], { "2026-10-03": "National Holiday", "2026-12-25": "Christmas Day" });
const USA = calendar("US", ["America/New_York", "America/Los_Angeles"], {
  "2026-11-26": "Thanksgiving Day",
  "2026-12-25": "Christmas Day",
});
const closed = { holidays: ["2026-12-24"], holidayCalendars: [GERMANY, USA] };

test.each([
  ["Europe/Berlin", ["2026-10-03", "2026-12-24", "2026-12-25"]],
  ["America/Los_Angeles", ["2026-11-26", "2026-12-24", "2026-12-25"]],
  ["Asia/Tokyo", ["2026-10-03", "2026-11-26", "2026-12-24", "2026-12-25"]],
])("somebody in %s is spared on the holidays kept there, or on all where none is", (zone, days) => {
  expect([...daysWithoutMail(closed, zone)].toSorted()).toEqual(days);
});

test("days without mail are told by name, in their order, from the first day to the last", () => {
  const named = namedDaysWithoutMail(closed, ["America/New_York"], new Date("2026-11-26T16:00:00Z"), new Date("2026-12-25T16:00:00Z"));
  expect(named).toEqual(["2026-11-26 (Thanksgiving Day, US)", "2026-12-24", "2026-12-25 (Christmas Day, US)"]);
});
