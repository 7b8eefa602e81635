// When may a mail go out? Local times of day per weekday in one zone, minus holidays; and what "three days later" means there.
import { DateTime } from "luxon";
import type { Instant } from "./instant.ts";

export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export type Weekday = (typeof WEEKDAYS)[number];
/** Local times `HH:MM`, the first inclusive, the second exclusive; `24:00` is the end of the day. */
export type Opening = readonly [from: string, to: string];
export type SendingWindow = Readonly<Partial<Record<Weekday, readonly Opening[]>>>;

export interface Hours {
  readonly window: SendingWindow;
  /** Local days `YYYY-MM-DD` without any opening. */
  readonly holidays: ReadonlySet<string>;
  /** IANA zone in which the window is meant. */
  readonly zone: string;
}

export interface Delay {
  /** Days by the calendar of the zone: three days after Friday 09:00 is Monday 09:00, also when the clocks change between. */
  readonly days: number;
  /** Elapsed minutes, added after the days. */
  readonly minutes: number;
}

/** How far ahead an opening is looked for: beyond a year of holidays a window has none. */
const HORIZON_DAYS = 400;

export function isZone(zone: string): boolean {
  return DateTime.fromMillis(0, { zone }).isValid;
}

/** The anchor plus the delay, in the zone's calendar. */
export function afterDelay(anchor: Instant, delay: Delay, zone: string): Instant {
  return DateTime.fromMillis(anchor.getTime(), { zone }).plus({ days: delay.days }).plus({ minutes: delay.minutes }).toJSDate();
}

/** The earliest instant at or after `at` that lies in the window; null when the window has no opening within 400 days. */
export function nextOpening(hours: Hours, at: Instant): Instant | null {
  const start = DateTime.fromMillis(at.getTime(), { zone: hours.zone });
  for (let ahead = 0; ahead <= HORIZON_DAYS; ahead += 1) {
    const day = ahead === 0 ? start : start.startOf("day").plus({ days: ahead });
    const found = openingOfDay(hours, day, at);
    if (found) return found;
  }
  return null;
}

/** The local day `YYYY-MM-DD` of an instant. */
export function localDay(at: Instant, zone: string): string {
  return DateTime.fromMillis(at.getTime(), { zone }).toFormat("yyyy-MM-dd");
}

/** The first instant of a local day `YYYY-MM-DD`: midnight, or one o'clock where the clocks skip midnight. */
export function startOfDay(day: string, zone: string): Instant {
  return DateTime.fromISO(day, { zone }).startOf("day").toJSDate();
}

export function dayAfter(day: string): string {
  return DateTime.fromISO(day, { zone: "UTC" }).plus({ days: 1 }).toFormat("yyyy-MM-dd");
}

/** Whole days from one local day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round(DateTime.fromISO(to, { zone: "UTC" }).diff(DateTime.fromISO(from, { zone: "UTC" }), "days").days);
}

function openingOfDay(hours: Hours, day: DateTime, at: Instant): Instant | null {
  if (hours.holidays.has(day.toFormat("yyyy-MM-dd"))) return null;
  const weekday = WEEKDAYS[day.weekday - 1];
  const openings = weekday === undefined ? [] : (hours.window[weekday] ?? []);
  const candidates = openings.flatMap(([from, to]) => {
    const start = Math.max(atLocalTime(day, from), at.getTime());
    return start < atLocalTime(day, to) ? [start] : [];
  });
  return candidates.length === 0 ? null : new Date(Math.min(...candidates));
}

/** A local time that the clocks skip (02:30 in spring) means the moment after the gap; one that comes twice means the first. */
function atLocalTime(day: DateTime, time: string): number {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return day.startOf("day").set({ hour, minute }).toMillis();
}
