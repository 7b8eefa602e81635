// How is a moment told to people? By the wall clock of the zone that matters to them.
import { DateTime } from "luxon";
import type { Instant } from "./instant.ts";

/** `YYYY-MM-DD HH:MM`. */
export function localTime(at: Instant, zone: string): string {
  return DateTime.fromMillis(at.getTime(), { zone }).toFormat("yyyy-MM-dd HH:mm");
}
