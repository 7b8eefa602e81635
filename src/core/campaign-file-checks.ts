// Does a campaign file agree with itself? Names that stand twice, days that are named twice, steps without a delay, an end before the start.
import type { z } from "zod";
import { type SendingWindow, WEEKDAYS, type Weekday } from "./sending-window.ts";
import { readDays, readLocalTime } from "./written-time.ts";

/** The name of the sequence that `sequence:` describes; no sub-sequence may be called so. */
export const MAIN_SEQUENCE = "Main";

/** A key that names fewer days says more: `friday: 09:00-14:00` beside `monday-friday: 09:00-17:00`. */
export function windowOf(
  written: Readonly<Record<string, SendingWindow[Weekday] & object>>,
  problem: (key: string, message: string) => void,
): SendingWindow {
  const entries = Object.entries(written).map(([key, openings]) => ({ key, openings, days: readDays(key) ?? [] }));
  const window: Partial<Record<Weekday, SendingWindow[Weekday] & object>> = {};
  for (const weekday of WEEKDAYS) {
    const naming = entries.filter((entry) => entry.days.includes(weekday)).toSorted((a, b) => a.days.length - b.days.length);
    const [closest, next] = naming;
    if (closest && next && closest.days.length === next.days.length)
      problem(next.key, `names ${weekday} again, which ${closest.key} already has`);
    if (closest && closest.openings.length > 0) window[weekday] = closest.openings;
  }
  return window;
}

// The checks below also run when something else in the list is wrong, so that everything is reported at once; hence they trust no type.

interface Loose {
  readonly id?: unknown;
  readonly name?: unknown;
  readonly on?: unknown;
  readonly subject?: unknown;
  readonly after?: unknown;
}

export function checkSteps(list: readonly (Loose | null)[], context: z.RefinementCtx): void {
  reportRepeats(list, (one) => textOf(one?.id), ["id"], context);
  for (const [index, one] of list.entries()) {
    if (index === 0 || one?.after !== undefined) continue;
    context.addIssue({ code: "custom", path: [index, "after"], message: "is required for every step but the first, such as `3 days`" });
  }
}

export function checkFirstSubject(list: readonly (Loose | null)[], context: z.RefinementCtx): void {
  const [first] = list;
  if (!first || first.subject !== undefined) return;
  context.addIssue({ code: "custom", path: [0, "subject"], message: "is required for the first mail" });
}

export function checkSubSequences(list: readonly (Loose | null)[], context: z.RefinementCtx): void {
  reportRepeats(list, (one) => textOf(one?.name)?.toLowerCase(), ["name"], context);
  reportRepeats(list, (one) => textOf(one?.on), ["on"], context);
  for (const [index, one] of list.entries()) {
    if (textOf(one?.name)?.toLowerCase() !== MAIN_SEQUENCE.toLowerCase()) continue;
    context.addIssue({ code: "custom", path: [index, "name"], message: "is the name of the main sequence" });
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Reports every entry whose key another before it has; what has no key repeats nothing. */
export function reportRepeats<One>(
  list: readonly One[],
  keyOf: (one: One) => string | undefined,
  path: readonly string[],
  context: z.RefinementCtx,
): void {
  const seen = new Set<string>();
  for (const [index, one] of list.entries()) {
    const key = keyOf(one);
    if (key === undefined) continue;
    if (seen.has(key)) context.addIssue({ code: "custom", path: [index, ...path], message: `stands here twice: ${key}` });
    seen.add(key);
  }
}

export function checkDates(
  written: { starts_at?: string | undefined; ends_at?: string | undefined; time_zone: string },
  context: z.RefinementCtx,
): void {
  if (written.starts_at === undefined || written.ends_at === undefined) return;
  const [start, end] = [readLocalTime(written.starts_at, written.time_zone), readLocalTime(written.ends_at, written.time_zone)];
  if (start && end && end <= start) context.addIssue({ code: "custom", path: ["ends_at"], message: "must be after starts_at" });
}
