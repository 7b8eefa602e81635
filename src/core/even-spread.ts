// How are the mails of a day spread over its window? As far apart as a full day needs.
import { drawn } from "./chance.ts";
import { after, type Instant } from "./instant.ts";
import { capOn, type MailboxLimits } from "./send-budget.ts";
import { type Hours, localDay, openTimeOn } from "./sending-window.ts";

/** Of the distance that a full day allows, so that chance does not push its last mails out of the window: 0.7 to 1.2, 0.95 on average. */
const LEAST = 0.7;
const JITTER = 0.5;

/** When a mailbox may send again after its `nth` mail of the day (0-based), which went out at `at`. Mailboxes draw on their own, so they do not keep step. */
export function freeAfterSpread(hours: Hours, limits: MailboxLimits, at: Instant, nth: number): Instant {
  const day = localDay(at, limits.zone);
  const distance = openTimeOn(hours, at) / Math.max(1, capOn(limits, day));
  return after(at, Math.round(distance * (LEAST + JITTER * drawn("spread", limits.mailboxId, day, nth))));
}
