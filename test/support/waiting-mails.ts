// What the planner is asked about: mails that wait for one mailbox, and what it answered.
import { after, DAY, type Instant, MINUTE } from "../../src/core/instant.ts";
import { type DomainLimits, NO_DOMAIN_LIMITS } from "../../src/core/quota.ts";
import type { MailboxState, Slot, Span } from "../../src/core/send-plan.ts";
import { afterDelay, type Hours, nextOpening, type SendingWindow, WEEKDAYS } from "../../src/core/sending-window.ts";
import type { Waiting } from "../../src/core/slot-queue.ts";

export const NOON = new Date("2026-03-02T12:00:00Z");
export const CATCH_UP = 5 * MINUTE;

export const hours = (zone: string, from: string, to: string, days: number): Hours => ({
  window: Object.fromEntries(WEEKDAYS.slice(0, days).map((day) => [day, [[from, to]]])) as SendingWindow,
  holidays: new Set(),
  zone,
});
export const ALWAYS = hours("UTC", "00:00", "24:00", 7);
export const OFFICE = hours("UTC", "09:00", "17:00", 5);

export interface Mail extends Waiting {
  /** Delays, in minutes, of the steps that follow. */
  readonly delays: readonly number[];
}

export function mail(leadId: string, due: Instant, more: Partial<Mail> = {}): Mail {
  return {
    key: leadId,
    leadId,
    priority: 1,
    dueAt: due,
    hours: ALWAYS,
    endsAt: null,
    delays: [],
    domain: "bakery.example",
    newLead: null,
    spread: false,
    ...more,
  };
}

export function follow(item: Mail, at: Instant): Mail | null {
  const [minutes, ...delays] = item.delays;
  const due = minutes === undefined ? null : afterDelay(at, { days: 0, workingDays: 0, minutes }, item.hours);
  const open = due && nextOpening(item.hours, due);
  return open ? { ...item, priority: 0, newLead: null, dueAt: open, delays } : null;
}

export interface Given {
  readonly cap?: number;
  readonly gapSeconds?: number;
  readonly zone?: string;
  readonly used?: Readonly<Record<string, number>>;
  readonly lastSlotAt?: Instant | null | undefined;
  readonly notBefore?: Instant | null | undefined;
  readonly ramp?: MailboxState["limits"]["rampUp"] | undefined;
  readonly domains?: DomainLimits;
  readonly quotas?: Readonly<Record<string, number>>;
  readonly byOthers?: Readonly<Record<string, number>>;
  readonly freeAt?: Instant | null | undefined;
}

export function mailbox({
  cap = 100,
  gapSeconds = 0,
  zone = "UTC",
  used = {},
  lastSlotAt = null,
  notBefore = null,
  ramp = null,
  domains = NO_DOMAIN_LIMITS,
  quotas = {},
  byOthers = {},
  freeAt = null,
}: Given = {}): MailboxState {
  const limits = { mailboxId: "anna", zone, dailyCap: cap, minGapSeconds: gapSeconds, rampUp: ramp };
  const quotaUse = { own: (period: string) => quotas[period] ?? 0, others: (period: string) => byOthers[period] ?? 0 };
  return { limits, usedOn: (day) => used[day] ?? 0, lastSlotAt, freeAt, notBefore, domainLimits: domains, quotaUse };
}

export const span = (now: Instant, until = after(now, 30 * DAY), catchUp = CATCH_UP): Span => ({
  keptSince: after(now, -catchUp),
  now,
  until,
});

export function told(slots: Iterable<Slot<Mail>>): string[] {
  return [...slots].map(
    ({ kind, item, at }) => `${kind === "send" ? "" : `${kind} `}${item.leadId} ${at.toISOString().slice(8, 16).replace("T", " ")}`,
  );
}
