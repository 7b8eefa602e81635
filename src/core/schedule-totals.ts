// What does a schedule add up to? Mails per mailbox and day, and which limit makes mail wait for a later day.
import type { Instant } from "./instant.ts";
import { capOn, type MailboxLimits } from "./send-budget.ts";
import { localDay } from "./sending-window.ts";

export interface PlannedSend {
  readonly at: Instant;
  /** The mailbox's local day of the slot. */
  readonly day: string;
  /** When it was due before windows, caps and gaps moved it. */
  readonly plannedAt: Instant;
  /** It belongs to the campaign whose schedule this is. */
  readonly ours: boolean;
}

export type Limit = "cap" | "gap" | "window";

export interface DayTotal {
  readonly day: string;
  readonly mails: number;
  /** Of other campaigns on the same mailbox. */
  readonly others: number;
  /** Had gone out, or was claimed, when the schedule was made. */
  readonly used: number;
  readonly cap: number;
  /** What makes mail that was due by the end of this day wait for a later one; null when none waits. */
  readonly limitedBy: Limit | null;
}

/** The days of one mailbox on which something is sent, in order. `sends` in the order of their slots. */
export function dayTotals(limits: MailboxLimits, usedOn: (day: string) => number, sends: readonly PlannedSend[]): DayTotal[] {
  const dueDays = sends.map((send) => localDay(send.plannedAt, limits.zone)).toSorted();
  let due = 0;
  let sent = 0;
  return [...Map.groupBy(sends, (send) => send.day)].map(([day, ofDay]) => {
    while ((dueDays[due] ?? "~") <= day) due += 1;
    sent += ofDay.length;
    const mails = ofDay.filter((send) => send.ours).length;
    const total = { day, mails, others: ofDay.length - mails, used: usedOn(day), cap: capOn(limits, day) };
    return { ...total, limitedBy: due > sent ? limitOf(limits, total.used + ofDay.length >= total.cap, ofDay) : null };
  });
}

/** Mail waits although the day has room: the gaps filled it when the last mail came right after the one before, else the window was closed. */
function limitOf(limits: MailboxLimits, full: boolean, ofDay: readonly PlannedSend[]): Limit {
  if (full) return "cap";
  const [before, last] = ofDay.slice(-2);
  const withinGap = before && last && last.at.getTime() - before.at.getTime() <= limits.minGapSeconds * 1_500;
  return withinGap && limits.minGapSeconds > 0 ? "gap" : "window";
}
