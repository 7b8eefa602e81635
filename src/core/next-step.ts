// Which step comes next for a lead, and when? The same answer for the printed schedule, after a send, and after an edit of a running sequence.

import { daysWithoutMail, type HolidayCalendar } from "./holidays.ts";
import { after, DAY, type Instant, latest } from "./instant.ts";
import { dueAt } from "./send-plan.ts";
import type { Hours, SendingWindow } from "./sending-window.ts";

export interface StepOfSequence {
  readonly id: string;
  readonly sequenceId: string;
  /** Of the sequence. */
  readonly version: number;
  /** It stands so in the newest version. */
  readonly isNewest: boolean;
  readonly lineage: string;
  readonly position: number;
  readonly delayDays: number;
  readonly delayWorkingDays: number;
  readonly delayMinutes: number;
  readonly retired: boolean;
}

export interface CampaignTiming {
  readonly id: string;
  readonly window: SendingWindow;
  readonly holidays: readonly string[];
  readonly holidayCalendars: readonly HolidayCalendar[];
  readonly zone: string;
  readonly useLeadZone: boolean;
  readonly jitterMinutes: number;
  readonly replyWindowDays: number;
}

/** The version of a sequence that a lead goes by. */
export interface SequencePlace {
  readonly sequenceId: string;
  /** Null: it follows the newest one. */
  readonly staysInVersion: number | null;
}

/**
 * The first active step behind the last one that this visit has sent and that this visit has not sent: an edit never makes a lead
 * repeat a step, and never go back to one that was put before where it stands. Null: there is none left. `steps`: of any sequences and versions,
 * by position. Where a step that was sent and taken out stands: placesOf (sequence.ts).
 */
export function nextStep<Step extends StepOfSequence>(
  steps: readonly Step[],
  place: SequencePlace,
  sentLineages: readonly string[],
): Step | null {
  const sent = new Set(sentLineages);
  const own = steps.filter((step) => isIn(step, place));
  const reached = Math.max(0, ...own.filter((step) => sent.has(step.lineage)).map((step) => step.position));
  return own.find((step) => !step.retired && step.position > reached && !sent.has(step.lineage)) ?? null;
}

function isIn(step: StepOfSequence, { sequenceId, staysInVersion }: SequencePlace): boolean {
  if (step.sequenceId !== sequenceId) return false;
  return staysInVersion === null ? step.isNewest : step.version === staysInVersion;
}

/** The newest version of a sequence: where who enters it begins. */
export function newestOf<Id extends string>(sequenceId: Id): { readonly sequenceId: Id; readonly staysInVersion: null } {
  return { sequenceId, staysInVersion: null };
}

/** When the campaign may write to a lead of this zone: one object for everybody in it, so that its calendar is worked out once. */
export function hoursFor(campaign: CampaignTiming, leadZone: string | null): Hours {
  const zone = campaign.useLeadZone && leadZone ? leadZone : campaign.zone;
  const known = HOURS.get(campaign) ?? new Map<string, Hours>();
  const hours = known.get(zone) ?? { window: campaign.window, holidays: daysWithoutMail(campaign, zone), zone };
  HOURS.set(campaign, known.set(zone, hours));
  return hours;
}

const HOURS = new WeakMap<CampaignTiming, Map<string, Hours>>();

/** When a step is due for a lead, before caps and gaps; null when the window never opens. */
export function stepDueAt(
  campaign: CampaignTiming,
  step: StepOfSequence,
  lead: { readonly leadId: string; readonly leadZone: string | null; readonly visit: number; readonly anchor: Instant },
): Instant | null {
  return dueAt({
    anchor: lead.anchor,
    delay: { days: step.delayDays, workingDays: step.delayWorkingDays, minutes: step.delayMinutes },
    hours: hoursFor(campaign, lead.leadZone),
    jitterMinutes: campaign.jitterMinutes,
    campaignId: campaign.id,
    leadId: lead.leadId,
    lineage: step.lineage,
    visit: lead.visit,
  });
}

/** When a lead that has all steps behind it is given up. */
export function replyWindowEnd(campaign: CampaignTiming, lastSlot: Instant): Instant {
  return after(lastSlot, campaign.replyWindowDays * DAY);
}

/** The moment from which the first step's delay counts: the enrollment, but never before the campaign's start. */
export function firstAnchor(enrolledAt: Instant, start: Instant): Instant {
  return latest(enrolledAt, start);
}
