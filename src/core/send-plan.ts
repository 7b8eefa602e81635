// When will each mail go out? The one planner: the printed schedule, the claim of due work and `why` all ask it.
import { drawn } from "./chance.ts";
import { freeAfterSpread } from "./even-spread.ts";
import { after, type Instant, latest, MINUTE } from "./instant.ts";
import { type Debit, type DomainLimits, type QuotaKind, Quotas, type QuotaUse } from "./quota.ts";
import { capOn, gapAfter, type MailboxLimits } from "./send-budget.ts";
import { afterDelay, type Delay, dayAfter, type Hours, localDay, nextOpening, startOfDay } from "./sending-window.ts";
import { SlotQueue, type Waiting } from "./slot-queue.ts";

export interface StepTiming {
  /** The moment the delay counts from: the previous step's slot, or the enrollment. */
  readonly anchor: Instant;
  readonly delay: Delay;
  readonly hours: Hours;
  /** Up to this many minutes are added, drawn by lead and step. */
  readonly jitterMinutes: number;
  readonly campaignId: string;
  readonly leadId: string;
  /** What is sent: the step's lineage and the visit. */
  readonly lineage: string;
  readonly visit: number;
}

/** When a step is due: anchor + delay, moved into the window, plus jitter. Null when the window never opens. Caps and gaps come on top (assignSlots). */
export function dueAt(timing: StepTiming): Instant | null {
  const due = afterDelay(timing.anchor, timing.delay, timing.hours);
  const open = due && nextOpening(timing.hours, due);
  if (!open || timing.jitterMinutes === 0) return open;
  const jitter = drawn("jitter", timing.campaignId, timing.leadId, timing.lineage, timing.visit) * timing.jitterMinutes * MINUTE;
  return nextOpening(timing.hours, after(open, Math.floor(jitter)));
}

/** The mailbox of a lead: the one with the highest draw, so adding or removing a mailbox moves only the leads it must (rendezvous hashing, Thaler & Ravishankar 1998). */
export function mailboxFor<MailboxId extends string>(leadId: string, mailboxes: readonly MailboxId[]): MailboxId | null {
  let best: { mailbox: MailboxId; draw: number } | null = null;
  for (const mailbox of mailboxes) {
    const draw = drawn("mailbox", leadId, mailbox);
    if (!best || draw > best.draw) best = { mailbox, draw };
  }
  return best?.mailbox ?? null;
}

/** What a mailbox has left. `used` counts mails of the day, however they came about. */
export interface MailboxState {
  readonly limits: MailboxLimits;
  readonly usedOn: (day: string) => number;
  readonly domainLimits: DomainLimits;
  readonly quotaUse: QuotaUse;
  readonly lastSlotAt: Instant | null;
  /** Its last mail belongs to a campaign that spreads its mail: no slot lies before this moment. */
  readonly freeAt: Instant | null;
  /** Its server asked to slow down: no slot lies before this moment. */
  readonly notBefore: Instant | null;
}

/** Which moments become slots: a claim asks up to `now`, the printed schedule far beyond. */
export interface Span {
  /** A slot that was missed by less stands as it was planned; one before this moment is planned anew, from `now` on, so that nothing bursts out. */
  readonly keptSince: Instant;
  readonly now: Instant;
  /** Inclusive. */
  readonly until: Instant;
}

export type Slot<Item extends Waiting> =
  | {
      readonly kind: "send";
      readonly item: Item;
      readonly at: Instant;
      readonly day: string;
      readonly debits: readonly Debit[];
      /** When the mailbox may send again, where its mail is spread; null: after its gap. */
      readonly freeAt: Instant | null;
    }
  /** Its turn came outside its window, or when a quota was full: it waits for the next opening (null: there is none). */
  | {
      readonly kind: "wait";
      readonly item: Item;
      readonly at: Instant;
      readonly until: Instant | null;
      readonly because: "window" | QuotaKind;
    }
  /** Its turn came when its campaign was over. */
  | { readonly kind: "over"; readonly item: Item; readonly at: Instant };

/**
 * Hands out one mailbox's slots in the order in which they happen. Who gets a slot depends on nothing but due times and priorities at that very
 * moment, so it does not matter how often, or when, somebody asks.
 * `follow` names what becomes waiting because of a send: the next step of the same lead.
 */
export function assignSlots<Item extends Waiting>(
  mailbox: MailboxState,
  items: Iterable<Item>,
  span: Span,
  follow?: Follow<Item>,
): Generator<Slot<Item>> {
  return handOut(mailbox, items, span, quotasOf(mailbox), true, follow);
}

/** The quotas of a mailbox as they stand; sendsAhead notes in them which were full, and when. */
export function quotasOf({ limits, domainLimits, quotaUse }: MailboxState): Quotas {
  return new Quotas(limits, domainLimits, quotaUse);
}

/** The same without the waits that end: far ahead there is one for everybody and every night. */
export function sendsAhead<Item extends Waiting>(
  mailbox: MailboxState,
  items: Iterable<Item>,
  span: Span,
  follow?: Follow<Item>,
  quotas = quotasOf(mailbox),
): Generator<Slot<Item>> {
  return handOut(mailbox, items, span, quotas, false, follow);
}

type Follow<Item> = (item: Item, at: Instant) => Item | null;

function* handOut<Item extends Waiting>(
  mailbox: MailboxState,
  items: Iterable<Item>,
  span: Span,
  quotas: Quotas,
  told: boolean,
  follow: Follow<Item> = () => null,
): Generator<Slot<Item>> {
  const { limits } = mailbox;
  const queue = new SlotQueue(items, quotas, told);
  const used = new Map<string, number>();
  const usedOn = (day: string) => mailbox.usedOn(day) + (used.get(day) ?? 0);
  let earliestSlot = firstMoment(mailbox, usedOn);
  /** The moment that is known to have room, until it is given away. */
  let free = null as Instant | null;
  for (let firstDue = queue.firstDue(); firstDue; firstDue = queue.firstDue()) {
    const wanted = latest(earliestSlot, firstDue);
    const at: Instant | null = free && wanted <= free ? free : slotMoment(limits, wanted, span, usedOn);
    if (!at || at > span.until) return;
    const { item, passed } = queue.take(at);
    for (const { item: waiting, ...wait } of passed) yield { kind: "wait", item: waiting, at, ...wait };
    earliestSlot = at;
    free = at;
    if (item?.endsAt && item.endsAt <= at) yield { kind: "over", item, at };
    else if (item) {
      const day = localDay(at, limits.zone);
      const freeAt = item.spread ? freeAfterSpread(item.hours, limits, at, usedOn(day)) : null;
      yield { kind: "send", item, at, day, freeAt, debits: quotas.take(quotas.of(item), at) };
      used.set(day, (used.get(day) ?? 0) + 1);
      const next = follow(item, at);
      if (next) queue.add(next);
      earliestSlot = latest(afterGap(limits, at, usedOn), freeAt ?? LONG_AGO);
      free = null;
    }
  }
}

/**
 * What can be claimed now, at most `limit` slots. It ends before the first slot that goes to a step which these very sends make due: that step is
 * written once they are recorded, and the next claim begins with it. Without this, mail of a lower turn would take its slot.
 */
export function claimSlots<Item extends Waiting>(
  mailbox: MailboxState,
  items: Iterable<Item>,
  span: Span,
  follow: Follow<Item>,
  limit: number,
): Slot<Item>[] {
  const slots: Slot<Item>[] = [];
  const sent = new Set<string>();
  for (const slot of assignSlots(mailbox, items, span, follow)) {
    const unwritten = sent.has(slot.item.key);
    if (unwritten && slot.kind === "send") break;
    if (unwritten) continue;
    slots.push(slot);
    if (slot.kind === "send") sent.add(slot.item.key);
    if (slots.length >= limit) break;
  }
  return slots;
}

/** The first moment at which the mailbox itself may send again; long ago when nothing holds it back. */
function firstMoment({ limits, lastSlotAt, freeAt, notBefore }: MailboxState, usedOn: (day: string) => number): Instant {
  return latest(notBefore ?? LONG_AGO, freeAt ?? LONG_AGO, lastSlotAt ? afterGap(limits, lastSlotAt, usedOn) : LONG_AGO);
}

const LONG_AGO: Instant = new Date(0);

/** The moment of the next slot at or after `at`: on a day with room; from now on when the mailbox could have sent and did not. Null: no day has room. */
function slotMoment(limits: MailboxLimits, at: Instant, { keptSince, now }: Span, usedOn: (day: string) => number): Instant | null {
  if (at >= keptSince) return withinCap(limits, at, usedOn);
  const moment = withinCap(limits, keptSince, usedOn);
  return moment === keptSince ? withinCap(limits, now, usedOn) : moment;
}

function afterGap(limits: MailboxLimits, slot: Instant, usedOn: (day: string) => number): Instant {
  const day = localDay(slot, limits.zone);
  return after(slot, gapAfter(limits, day, usedOn(day)));
}

/** `at`, or the start of the first later day that has room; null when no day ever has any. */
function withinCap(limits: MailboxLimits, at: Instant, usedOn: (day: string) => number): Instant | null {
  if (limits.dailyCap <= 0) return null;
  let day = localDay(at, limits.zone);
  if (usedOn(day) < capOn(limits, day)) return at;
  do day = dayAfter(day);
  while (usedOn(day) >= capOn(limits, day));
  return startOfDay(day, limits.zone);
}
