// On which days does nobody read their mail? The campaign's own days, and public holidays of the countries it names, each where it is kept.
import type { Instant } from "./instant.ts";
import { dayAfter, localDay } from "./local-day.ts";

/** The public holidays of a country or subdivision, as automations/holiday-calendar.ts has worked them out. */
export interface HolidayCalendar {
  /** ISO 3166, `DE` or `US-CA`. */
  readonly region: string;
  /** IANA zones in which its people live. */
  readonly zones: readonly string[];
  /** Local day `YYYY-MM-DD` → the holiday's name. */
  readonly days: Readonly<Record<string, string>>;
  /** The last year that it holds. */
  readonly until: number;
}

export interface Closed {
  readonly holidays: readonly string[];
  readonly holidayCalendars: readonly HolidayCalendar[];
}

/**
 * The days without mail for somebody in that zone. Where one of the calendars is kept in the zone, the others are not; somebody of whom no calendar
 * knows is spared on the holidays of all.
 */
export function daysWithoutMail(closed: Closed, zone: string): ReadonlySet<string> {
  return new Set([...closed.holidays, ...calendarsFor(closed, zone).flatMap(({ days }) => Object.keys(days))]);
}

function calendarsFor({ holidayCalendars }: Closed, zone: string): readonly HolidayCalendar[] {
  const own = holidayCalendars.filter((calendar) => calendar.zones.includes(zone));
  return own.length > 0 ? own : holidayCalendars;
}

/** The days without mail between two moments in any of the zones, with what they are called there: `2026-12-25 (Christmas Day, DE)`. */
export function namedDaysWithoutMail(closed: Closed, zones: readonly string[], from: Instant, to: Instant): string[] {
  const calendars = new Set(zones.flatMap((zone) => calendarsFor(closed, zone)));
  const [zone = "UTC"] = zones;
  const named: string[] = [];
  for (let [day, last] = [localDay(from, zone), localDay(to, zone)]; day <= last; day = dayAfter(day)) {
    const names = [...calendars].flatMap(({ days, region }) => (days[day] ? `${days[day]}, ${region}` : []));
    if (names.length > 0) named.push(`${day} (${names.join("; ")})`);
    else if (closed.holidays.includes(day)) named.push(day);
  }
  return named;
}
