// How do people write durations, opening hours and local times in a campaign file? Each reader returns null for anything else.
import { DateTime } from "luxon";
import type { Instant } from "./instant.ts";
import { atLocalTime } from "./local-day.ts";
import { type Delay, isZone, type Opening, WEEKDAYS, type Weekday } from "./sending-window.ts";

const amounts = (units: string) => new RegExp(`^\\d{1,5} ?${units}s?(?: \\d{1,5} ?${units}s?){0,3}$`);
/** `3 days`, `2 days 4 hours`, `1 week`: one to four amounts of at most five digits. */
export const DURATION = amounts("(?:minute|hour|day|week)");
/** The same, or in days on which mail may go out: `3 working days`, `1 working day 2 hours`. */
export const STEP_DELAY = amounts("(?:minute|hour|day|working day|week)");
const TIME = "(?:[01]\\d|2[0-3]):[0-5]\\d";
/** `09:00-17:00`, or several with commas between: `09:00-12:00, 13:00-17:00`. */
export const HOURS = new RegExp(`^${TIME}-(?:${TIME}|24:00)(?:, ?${TIME}-(?:${TIME}|24:00)){0,5}$`);
const WEEKDAY = `(?:${WEEKDAYS.join("|")})`;
/** `friday`, `monday-friday`, or several with commas between: `monday, wednesday-friday`. */
export const DAYS = new RegExp(`^${WEEKDAY}(?:-${WEEKDAY})?(?:, ?${WEEKDAY}(?:-${WEEKDAY})?){0,6}$`);
export const LOCAL_TIME = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}$/;
export const LOCAL_DAY = /^\d{4}-\d{2}-\d{2}$/;
/** A day, or a country (ISO 3166-1) with at most a subdivision (3166-2) and a region of that. */
export const HOLIDAY = /^(?:\d{4}-\d{2}-\d{2}|[A-Z]{2}(?:-[A-Z0-9]{1,5}){0,2})$/;

const MINUTES_PER_DAY = 1_440;

/** A written duration, or the delay of a step: days and weeks are calendar days, hours and minutes are elapsed time. */
export function readDuration(text: string): Delay | null {
  if (!STEP_DELAY.test(text)) return null;
  const delay = { days: 0, workingDays: 0, minutes: 0 };
  for (const [, amount, unit] of text.matchAll(/(\d+) ?((?:working )?[a-z]+?)s?(?= |$)/g)) {
    if (unit === "week") delay.days += 7 * Number(amount);
    else if (unit === "working day") delay.workingDays += Number(amount);
    else if (unit === "day") delay.days += Number(amount);
    else if (unit === "hour") delay.minutes += 60 * Number(amount);
    else delay.minutes += Number(amount);
  }
  return delay;
}

/** The way `readDuration` reads: `2 days 4 hours`. */
export function writeDuration(delay: Delay): string {
  const amounts: [number, string][] = [
    [delay.days, "day"],
    [delay.workingDays, "working day"],
    [Math.floor(delay.minutes / 60), "hour"],
    [delay.minutes % 60, "minute"],
  ];
  const written = amounts.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount} ${unit}${amount === 1 ? "" : "s"}`);
  return written.join(" ") || "0 minutes";
}

/** Minutes of a duration, a day being 24 hours, whether people work on it or not. */
export function inMinutes(delay: Delay): number {
  return (delay.days + delay.workingDays) * MINUTES_PER_DAY + delay.minutes;
}

/** The weekdays that a key of the window names; a range may run over the weekend (`saturday-monday`). */
export function readDays(text: string): Weekday[] | null {
  if (!DAYS.test(text)) return null;
  return text.split(/, ?/).flatMap((part) => {
    const [from, to = from] = part.split("-").map((day) => WEEKDAYS.indexOf(day as Weekday));
    if (from === undefined || to === undefined) return [];
    const length = ((to - from + WEEKDAYS.length) % WEEKDAYS.length) + 1;
    return Array.from({ length }, (_, ahead) => WEEKDAYS[(from + ahead) % WEEKDAYS.length] as Weekday);
  });
}

/** The openings of one day. Each starts before it ends; a night shift is written as two days. */
export function readHours(text: string): Opening[] | null {
  if (!HOURS.test(text)) return null;
  const openings = text.split(/, ?/).map((part): Opening => [part.slice(0, 5), part.slice(6)]);
  return openings.every(([from, to]) => from < to) ? openings : null;
}

/** A local day that exists: 30 February does not, nor does the year 0, for which PostgreSQL has no date. */
export function isDay(text: string): boolean {
  return LOCAL_DAY.test(text) && exists(text);
}

/**
 * A local time in a zone. One that the clocks skip means the moment after the gap; one that comes twice means the first, at whatever time of year it
 * is read.
 */
export function readLocalTime(text: string, zone: string): Instant | null {
  if (!LOCAL_TIME.test(text) || !exists(text.replace(" ", "T")) || !isZone(zone)) return null;
  const [hour = 0, minute = 0] = text.slice("YYYY-MM-DD ".length).split(":").map(Number);
  return new Date(atLocalTime(text.slice(0, "YYYY-MM-DD".length), hour, minute, zone));
}

function exists(isoText: string): boolean {
  const { isValid, year } = DateTime.fromISO(isoText, { zone: "UTC" });
  return isValid && year > 0;
}
