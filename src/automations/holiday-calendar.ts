// Which days are public holidays in a country or subdivision? From date-holidays, which knows some 200 countries and asks no network. It is loaded only
// when a campaign names one: reading its rules takes a third of a second. Its dates are stored with the campaign, so that planning needs neither.
import type { HolidayCalendar } from "../core/holidays.ts";

/** This year and the next ones: further than a schedule looks ahead (plan-ahead.ts). */
const YEARS = 7;

/** The calendar from `year` on; null when nobody knows such a country or subdivision. */
export async function holidayCalendar(region: string, year: number): Promise<HolidayCalendar | null> {
  const { default: Holidays } = await import("date-holidays");
  const [country = "", state, part] = region.split("-");
  const known = new Holidays();
  // The library takes an unknown subdivision for the whole country.
  if (!known.getCountries("en")?.[country]) return null;
  if (state !== undefined && !known.getStates(country, "en")?.[state]) return null;
  if (part !== undefined && !known.getRegions(country, state ?? "", "en")?.[part]) return null;
  const calendar = new Holidays({ country, ...(state && { state }), ...(part && { region: part }) }, { types: ["public"] });
  const days: Record<string, string> = {};
  for (let ahead = 0; ahead < YEARS; ahead += 1) {
    for (const { date, start, end, name } of calendar.getHolidays(year + ahead, "en")) {
      for (const day of daysOf(date, end.getTime() - start.getTime())) days[day] ??= name;
    }
  }
  return { region, zones: calendar.getTimezones(), days, until: year + YEARS - 1 };
}

const HOUR = 3_600_000;

/** The local days over whose noon a holiday lasts: those that begin at sunset are kept on the day after it. `date` is local: `2026-05-27 00:00:00 -0600`. */
function daysOf(date: string, ms: number): string[] {
  const [, day = "", time = "00:00:00"] = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})/.exec(date) ?? [];
  const start = Date.parse(`${day}T${time}Z`);
  const days: string[] = [];
  for (let noon = Date.parse(`${day}T12:00:00Z`); noon < start + ms; noon += 24 * HOUR) {
    if (noon >= start) days.push(new Date(noon).toISOString().slice(0, 10));
  }
  return days;
}
