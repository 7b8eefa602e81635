// How much may a mailbox send on one of its days, and how far apart? Daily cap, ramp-up, minimum gap.
import { drawn } from "./chance.ts";
import { daysBetween } from "./sending-window.ts";

export interface MailboxLimits {
  readonly mailboxId: string;
  /** The zone whose midnight starts a new day. */
  readonly zone: string;
  readonly dailyCap: number;
  readonly minGapSeconds: number;
  readonly rampUp: { readonly from: string; readonly start: number; readonly step: number } | null;
}

/** The gap to the next mail is between 1 and 1.5 times the minimum, so that sending does not tick like a clock. */
const GAP_JITTER = 0.5;

/** The most a mailbox may send on a local day `YYYY-MM-DD`: its cap, or less while it ramps up. */
export function capOn(limits: MailboxLimits, day: string): number {
  const { rampUp } = limits;
  if (!rampUp) return limits.dailyCap;
  const age = Math.max(0, daysBetween(rampUp.from, day));
  return Math.min(limits.dailyCap, rampUp.start + age * rampUp.step);
}

/** Milliseconds between the `nth` mail of a day (0-based) and the one after it. */
export function gapAfter(limits: MailboxLimits, day: string, nth: number): number {
  return Math.round(limits.minGapSeconds * 1_000 * (1 + GAP_JITTER * drawn("gap", limits.mailboxId, day, nth)));
}
