// What day is it in a zone, and when does it begin? Offsets are remembered: a schedule asks for the same days many thousand times, and each
// question costs luxon some ten microseconds.
import { DateTime } from "luxon";
import { DAY, HOUR, type Instant, MINUTE } from "./instant.ts";

/** The local day `YYYY-MM-DD` of an instant. */
export function localDay(at: Instant, zone: string): string {
  return asDay(at.getTime() + offsetAt(zone, at.getTime()));
}

/** The first instant of a local day `YYYY-MM-DD`: midnight, the first of two where the clocks repeat it, or one o'clock where they skip it. */
export function startOfDay(day: string, zone: string): Instant {
  const steady = steadyOffset(day, zone);
  return steady === null ? midnightByLuxon(day, zone).toJSDate() : new Date(Date.parse(day) - steady);
}

/** Milliseconds. A local time that the clocks skip (02:30 in spring) means the moment after the gap; one that comes twice means the first. */
export function atLocalTime(day: string, hour: number, minute: number, zone: string): number {
  const steady = steadyOffset(day, zone);
  if (steady === null) return midnightByLuxon(day, zone).set({ hour, minute }).toMillis();
  return Date.parse(day) - steady + hour * HOUR + minute * MINUTE;
}

/**
 * From the noon before: luxon reads a time that comes twice by the offset it starts from, and a bare date starts from the offset of the moment at
 * which it is asked.
 */
function midnightByLuxon(day: string, zone: string): DateTime {
  return DateTime.fromISO(`${asDay(Date.parse(day) - DAY)}T12:00`, { zone }).set({ hour: 24 });
}

export function dayAfter(day: string): string {
  return asDay(Date.parse(day) + DAY);
}

/** Whole days from one local day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY);
}

/** The zone's offset when its clocks do not change on a local day or next to it, else null. */
function steadyOffset(day: string, zone: string): number | null {
  const offset = offsetAt(zone, Date.parse(day) - DAY);
  return offset === offsetAt(zone, Date.parse(day) + 2 * DAY) ? offset : null;
}

/** Milliseconds by which the zone's clocks are ahead of UTC at a moment. */
export function offsetAt(zone: string, ms: number): number {
  const utcDay = Math.floor(ms / DAY);
  let known = OFFSETS.get(zone);
  if (!known || known.size > REMEMBERED_DAYS) OFFSETS.set(zone, (known = new Map()));
  let offset = known.get(utcDay);
  if (offset === undefined) known.set(utcDay, (offset = offsetOn(zone, utcDay)));
  return offset ?? askedOffset(zone, ms);
}

const OFFSETS = new Map<string, Map<number, number | null>>();
const REMEMBERED_DAYS = 4_000;

/** The one offset of a UTC day; null on a day on which the clocks change. */
function offsetOn(zone: string, utcDay: number): number | null {
  const offset = askedOffset(zone, utcDay * DAY);
  return offset === askedOffset(zone, (utcDay + 1) * DAY) ? offset : null;
}

function askedOffset(zone: string, ms: number): number {
  return DateTime.fromMillis(ms, { zone }).offset * 60_000;
}

/** No day at all in a zone that does not exist: nothing is open there. */
function asDay(localMs: number): string {
  const number = Math.floor(localMs / DAY);
  let day = DAYS.get(number);
  if (day === undefined) {
    if (DAYS.size > REMEMBERED_DAYS) DAYS.clear();
    DAYS.set(number, (day = Number.isNaN(number) ? "no day" : new Date(localMs).toISOString().slice(0, "YYYY-MM-DD".length)));
  }
  return day;
}

const DAYS = new Map<number, string>();
