// When may a mail go out? Local times of day per weekday in one zone, minus holidays; and what "three days later" means there.
import { DateTime, IANAZone } from "luxon";
import { after, DAY, type Instant, MINUTE } from "./instant.ts";
import { atLocalTime, dayAfter, localDay, offsetAt, startOfDay } from "./local-day.ts";

export { dayAfter, daysBetween, localDay, startOfDay } from "./local-day.ts";

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
  /** Days on which the window opens, counted after the days: one working day after Friday 09:00 is Monday 09:00, or Tuesday if Monday is a holiday. */
  readonly workingDays: number;
  /** Elapsed minutes, added after the days. */
  readonly minutes: number;
}

/** How far ahead an opening is looked for: beyond a year of holidays a window has none. */
const HORIZON_DAYS = 400;

/** Not what luxon takes besides: `local`, `system` and `default` would mean whatever machine happens to run this. */
export function isZone(zone: string): boolean {
  return IANAZone.isValidZone(zone);
}

/** The anchor plus the delay, in the zone's calendar. Null: it counts working days, and the window never opens. */
export function afterDelay(anchor: Instant, delay: Delay, hours: Hours): Instant | null {
  const day = workingDaysLater(daysLater(anchor, delay.days, hours.zone), delay.workingDays, hours);
  return day && after(day, delay.minutes * MINUTE);
}

/** The same time of day on the `count`th day after that one on which the window opens. */
function workingDaysLater(anchor: Instant, count: number, hours: Hours): Instant | null {
  let day = localDay(anchor, hours.zone);
  let ahead = 0;
  for (let [found, lastFound] = [0, 0]; found < count; ) {
    day = dayAfter(day);
    ahead += 1;
    if (openingsOn(hours, day).length > 0) [found, lastFound] = [found + 1, ahead];
    else if (ahead - lastFound > HORIZON_DAYS) return null;
  }
  return daysLater(anchor, ahead, hours.zone);
}

/** The same time of day some days later. Luxon is asked only when the clocks change between. */
function daysLater(anchor: Instant, days: number, zone: string): Instant {
  const later = after(anchor, days * DAY);
  if (offsetAt(zone, anchor.getTime()) === offsetAt(zone, later.getTime())) return later;
  return DateTime.fromMillis(anchor.getTime(), { zone }).plus({ days }).toJSDate();
}

/** A stretch of time in which mail may go out: milliseconds, the first inclusive, the second exclusive. */
export interface OpenSpan {
  readonly from: number;
  readonly to: number;
}

/** The earliest instant at or after `at` that lies in the window; null when the window has no opening within 400 days. */
export function nextOpening(hours: Hours, at: Instant): Instant | null {
  const span = nextOpenSpan(hours, at);
  return span && new Date(Math.max(span.from, at.getTime()));
}

/** The opening in which that instant lies. */
export function nextOpenSpan(hours: Hours, at: Instant): OpenSpan | null {
  const ms = at.getTime();
  let day = localDay(at, hours.zone);
  for (let ahead = 0; ahead <= HORIZON_DAYS; ahead += 1) {
    const found = openingsOn(hours, day).find((span) => ms < span.to);
    if (found) return found;
    day = dayAfter(day);
  }
  return null;
}

/** How long the window is open on the local day of that instant, milliseconds. */
export function openTimeOn(hours: Hours, at: Instant): number {
  return openingsOn(hours, localDay(at, hours.zone)).reduce((sum, span) => sum + span.to - span.from, 0);
}

const OPENINGS = new WeakMap<Hours, Map<string, readonly OpenSpan[]>>();
const REMEMBERED_DAYS = 400;

/** The openings of a local day in order; remembered, because everybody of a campaign and zone asks for the same. */
function openingsOn(hours: Hours, day: string): readonly OpenSpan[] {
  let known = OPENINGS.get(hours);
  if (!known || known.size > REMEMBERED_DAYS) OPENINGS.set(hours, (known = new Map()));
  let spans = known.get(day);
  if (!spans) known.set(day, (spans = foundOpenings(hours, day)));
  return spans;
}

function foundOpenings({ window, holidays, zone }: Hours, day: string): OpenSpan[] {
  const weekday = WEEKDAYS[(new Date(day).getUTCDay() + 6) % 7];
  const openings = weekday === undefined || holidays.has(day) ? [] : (window[weekday] ?? []);
  if (openings.length === 0) return [];
  const end = startOfDay(dayAfter(day), zone).getTime();
  const spans = openings
    .map(([from, to]) => ({ from: at(day, from, zone), to: Math.min(at(day, to, zone), end) }))
    .filter(({ from, to }) => from < to)
    .toSorted((a, b) => a.from - b.from);
  return joined(spans);
}

/** Openings that overlap are one: no minute of a day counts twice (openTimeOn). */
function joined(spans: readonly OpenSpan[]): OpenSpan[] {
  const apart: OpenSpan[] = [];
  for (const span of spans) {
    const last = apart.at(-1);
    if (last && span.from <= last.to) apart[apart.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else apart.push(span);
  }
  return apart;
}

function at(day: string, time: string, zone: string): number {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return atLocalTime(day, hour, minute, zone);
}
