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

/** `quota`: of first mails, or of mails to one mail domain (quota.ts). */
export type Limit = "cap" | "quota" | "gap" | "window";

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

/** The days of one mailbox on which something is sent, in order. `sends` in the order of their slots; `quotaDays`: on which a quota made mail wait. */
export function dayTotals(
  limits: MailboxLimits,
  usedOn: (day: string) => number,
  sends: readonly PlannedSend[],
  quotaDays: ReadonlySet<string>,
): DayTotal[] {
  const dueDays = sends.map((send) => localDay(send.plannedAt, limits.zone)).toSorted();
  let due = 0;
  let sent = 0;
  return [...Map.groupBy(sends, (send) => send.day)].map(([day, ofDay]) => {
    while ((dueDays[due] ?? "~") <= day) due += 1;
    sent += ofDay.length;
    const mails = ofDay.filter((send) => send.ours).length;
    const total = { day, mails, others: ofDay.length - mails, used: usedOn(day), cap: capOn(limits, day) };
    const full = total.used + ofDay.length >= total.cap ? "cap" : quotaDays.has(day) ? "quota" : null;
    return { ...total, limitedBy: due > sent ? (full ?? limitOf(limits, ofDay)) : null };
  });
}

/** Mail waits although the day has room: the gaps filled it when the last mail came right after the one before, else the window was closed. */
function limitOf(limits: MailboxLimits, ofDay: readonly PlannedSend[]): Limit {
  const [before, last] = ofDay.slice(-2);
  const withinGap = before && last && last.at.getTime() - before.at.getTime() <= limits.minGapSeconds * 1_500;
  return withinGap && limits.minGapSeconds > 0 ? "gap" : "window";
}
