// A campaign of any size as the planner sees it: four steps over nine days, office hours, three mailboxes with the default limits.

import type { Standing } from "../src/automations/turns.ts";
import { drawn } from "../src/core/chance.ts";
import type { CampaignId, LeadId, MailboxId, SequenceId, StepId, VariantId, WorkspaceId } from "../src/core/ids.ts";
import type { Instant } from "../src/core/instant.ts";
import { NO_DOMAIN_LIMITS } from "../src/core/quota.ts";
import { type MailboxState, mailboxFor } from "../src/core/send-plan.ts";
import { type Opening, type SendingWindow, WEEKDAYS } from "../src/core/sending-window.ts";
import type { CampaignPlan, PlannedStep } from "../src/store/campaign-plan.ts";

export const START: Instant = new Date("2026-03-02T08:00:00Z");
const MAIN = "main" as SequenceId;
const OFFICE: readonly Opening[] = [["09:00", "17:00"]];
const DELAY_DAYS = [0, 2, 3, 4];

export interface Lead extends Standing {
  readonly mailboxId: MailboxId;
}

export const MAILBOXES: readonly MailboxState[] = ["anna", "ben", "cleo"].map((mailboxId) => ({
  limits: { mailboxId, zone: "Europe/Berlin", dailyCap: 40, minGapSeconds: 90, rampUp: null },
  usedOn: () => 0,
  domainLimits: NO_DOMAIN_LIMITS,
  quotaUse: { own: () => 0, others: () => 0 },
  lastSlotAt: null,
  freeAt: null,
  notBefore: null,
}));

export function campaign(jitterMinutes: number): CampaignPlan {
  return {
    workspaceId: "workspace" as WorkspaceId,
    id: "campaign" as CampaignId,
    name: "Bench",
    state: "active",
    pauseEpoch: 0,
    window: Object.fromEntries(WEEKDAYS.slice(0, 5).map((day) => [day, OFFICE])) as SendingWindow,
    holidays: ["2026-12-24", "2026-12-25", "2027-01-01"],
    holidayCalendars: [],
    zone: "Europe/Berlin",
    useLeadZone: true,
    jitterMinutes,
    replyWindowDays: 14,
    newLeadsPerDay: null,
    spread: "none",
    company: { atMost: null, coolOffDays: null, awayAfterRefusal: null },
    startsAt: null,
    endsAt: null,
    activatedAt: START,
    holdOtherCampaigns: false,
    holdCompany: false,
    mailboxCaps: Object.fromEntries(MAILBOXES.map(({ limits }) => [limits.mailboxId, limits.dailyCap])),
    mailboxIds: MAILBOXES.map(({ limits }) => limits.mailboxId as MailboxId),
    sequences: [{ id: MAIN, kind: "main", name: "main", trigger: null, isActive: true }],
    steps: DELAY_DAYS.map(stepAfter),
  };
}

function stepAfter(delayDays: number, index: number): PlannedStep {
  const lineage = `step${index + 1}`;
  const ids = { id: lineage as StepId, variantId: lineage as VariantId };
  return {
    ...ids,
    sequenceId: MAIN,
    version: 1,
    isNewest: true,
    lineage,
    position: index + 1,
    delayDays,
    delayWorkingDays: 0,
    delayMinutes: 0,
    retired: false,
  };
}

/** Each has one of `zones`, by chance that is the same in every run. */
export function leads(count: number, zones: readonly (string | null)[], { mailboxIds }: CampaignPlan): Lead[] {
  return Array.from({ length: count }, (_, index) => {
    const leadId = `lead ${String(index).padStart(7, "0")}` as LeadId;
    const leadZone = zones[Math.floor(drawn("zone", leadId) * zones.length)] ?? null;
    const mailboxId = mailboxFor(leadId, mailboxIds) as MailboxId;
    return {
      leadId,
      leadZone,
      leadDomain: `bakery${index % 997}.example`,
      sequenceId: MAIN,
      staysInVersion: null,
      visit: 1,
      sentLineages: [],
      mailboxId,
    };
  });
}
