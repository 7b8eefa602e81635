// The planner in its simplest form: whatever waits comes up item by item at every slot that it might take, and luxon is asked for each moment. With
// many thousand leads that takes minutes, because everything comes up again whenever a day begins; but it can be read, and the planner that sends
// must hand out the very same slots (src/core/send-plan.test.ts), only sooner (bench/planner.ts).
import { DateTime } from "luxon";
import { drawn } from "../../src/core/chance.ts";
import { freeAfterSpread } from "../../src/core/even-spread.ts";
import { after, type Instant, latest, MINUTE } from "../../src/core/instant.ts";
import type { Quota } from "../../src/core/quota.ts";
import { gapAfter, type MailboxLimits } from "../../src/core/send-budget.ts";
import { type MailboxState, quotasOf, type Slot, type Span, type StepTiming } from "../../src/core/send-plan.ts";
import { type Delay, type Hours, WEEKDAYS } from "../../src/core/sending-window.ts";
import type { Waiting } from "../../src/core/slot-queue.ts";

/** When a step is due: anchor + delay, moved into the window, plus jitter. Null when the window never opens. Caps and gaps come on top (assignSlots). */
export function referenceDueAt(timing: StepTiming): Instant | null {
  const due = referenceDelay(timing.anchor, timing.delay, timing.hours);
  const open = due && referenceOpening(timing.hours, due);
  if (!open || timing.jitterMinutes === 0) return open;
  const jitter = drawn("jitter", timing.campaignId, timing.leadId, timing.lineage, timing.visit) * timing.jitterMinutes * MINUTE;
  return referenceOpening(timing.hours, after(open, Math.floor(jitter)));
}

/** What assignSlots (src/core/send-plan.ts) hands out. */
export function* referenceSlots<Item extends Waiting>(
  mailbox: MailboxState,
  items: Iterable<Item>,
  span: Span,
  follow: (item: Item, at: Instant) => Item | null = () => null,
): Generator<Slot<Item>> {
  const { limits } = mailbox;
  const queue = new SlotQueue<Item>(items);
  const openings = new Openings();
  const quotas = quotasOf(mailbox);
  const full = (item: Item, at: Instant): Quota | undefined => quotas.of(item).find((quota) => quotas.isFull(quota, at));
  const used = new Map<string, number>();
  const usedOn = (day: string) => mailbox.usedOn(day) + (used.get(day) ?? 0);
  let earliestSlot = firstMoment(mailbox, usedOn);
  /** The moment that is known to have room, until it is given away: when a day begins, everything that waits comes up at it. */
  let free = null as Instant | null;
  for (;;) {
    const firstDue = queue.firstDue();
    if (!firstDue) return;
    const wanted = latest(earliestSlot, firstDue);
    const at: Instant | null = free && wanted <= free ? free : slotMoment(limits, wanted, span, usedOn);
    if (!at || at > span.until) return;
    const item = queue.takeDue(at);
    const open = item && openings.next(item.hours, at);
    earliestSlot = at;
    free = at;
    if (!item) continue;
    if (item.endsAt && item.endsAt <= at) yield { kind: "over", item, at };
    else if (!open || open > at) {
      yield { kind: "wait", item, at, until: open ?? null, because: "window" };
      if (open) queue.add({ ...item, dueAt: open });
    } else if (full(item, at)) {
      const quota = full(item, at) as Quota;
      const room = quotas.nextRoom(quota, at);
      const until = room && referenceOpening(item.hours, room);
      yield { kind: "wait", item, at, until, because: quota.kind };
      if (until) queue.add({ ...item, dueAt: until });
    } else {
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

/** referenceOpening, asked once per closed time: when a day begins, everything that waits asks the same. */
class Openings {
  readonly #last = new WeakMap<Hours, { readonly asked: Instant; readonly open: Instant | null }>();

  next(hours: Hours, at: Instant): Instant | null {
    const last = this.#last.get(hours);
    if (last && last.asked <= at && (!last.open || at <= last.open)) return last.open;
    const open = referenceOpening(hours, at);
    this.#last.set(hours, { asked: at, open });
    return open;
  }
}

/** What waits, in two orders: by due time until it is due, then by turn (priority, due time, lead, campaign). Binary heaps. */
class SlotQueue<Item extends Waiting> {
  readonly #later = new Heap<Item>((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || byTurn(a, b));
  readonly #due = new Heap<Item>(byTurn);

  constructor(items: Iterable<Item>) {
    for (const item of items) this.add(item);
  }

  add(item: Item): void {
    this.#later.push(item);
  }

  /** The earliest moment at which something is due. */
  firstDue(): Instant | null {
    return this.#due.first() ? new Date(0) : (this.#later.first()?.dueAt ?? null);
  }

  takeDue(at: Instant): Item | undefined {
    for (let item = this.#later.first(); item && item.dueAt <= at; item = this.#later.first()) {
      this.#later.pop();
      this.#due.push(item);
    }
    return this.#due.pop();
  }
}

function byTurn(a: Waiting, b: Waiting): number {
  return a.priority - b.priority || a.dueAt.getTime() - b.dueAt.getTime() || byText(a.leadId, b.leadId) || byText(a.key, b.key);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

class Heap<Item> {
  readonly #items: Item[] = [];
  readonly #compare: (a: Item, b: Item) => number;

  constructor(compare: (a: Item, b: Item) => number) {
    this.#compare = compare;
  }

  first(): Item | undefined {
    return this.#items[0];
  }

  push(item: Item): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#compare(items[parent] as Item, item) <= 0) break;
      items[at] = items[parent] as Item;
      at = parent;
    }
    items[at] = item;
  }

  pop(): Item | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (first === undefined || last === undefined || items.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && this.#compare(items[child + 1] as Item, items[child] as Item) < 0) child += 1;
      if (this.#compare(last, items[child] as Item) <= 0) break;
      items[at] = items[child] as Item;
      at = child;
    }
    items[at] = last;
    return first;
  }
}

/** How far ahead an opening is looked for: beyond a year of holidays a window has none. */
const HORIZON_DAYS = 400;

/** The anchor plus the delay, in the zone's calendar. Null: it counts working days, and the window never opens. */
export function referenceDelay(anchor: Instant, delay: Delay, hours: Hours): Instant | null {
  const start = DateTime.fromMillis(anchor.getTime(), { zone: hours.zone }).plus({ days: delay.days });
  let day = start.startOf("day");
  let ahead = 0;
  for (let found = 0; found < delay.workingDays; ahead += 1) {
    const open = referenceOpening(hours, day.plus({ days: 1 }).startOf("day").toJSDate());
    if (!open) return null;
    day = day.plus({ days: 1 }).startOf("day");
    if (localDay(open, hours.zone) === day.toFormat("yyyy-MM-dd")) found += 1;
  }
  return start.plus({ days: ahead }).plus({ minutes: delay.minutes }).toJSDate();
}

/** The earliest instant at or after `at` that lies in the window; null when the window has no opening within 400 days. */
export function referenceOpening(hours: Hours, at: Instant): Instant | null {
  const start = DateTime.fromMillis(at.getTime(), { zone: hours.zone });
  for (let ahead = 0; ahead <= HORIZON_DAYS; ahead += 1) {
    const day = ahead === 0 ? start : start.startOf("day").plus({ days: ahead });
    const found = openingOfDay(hours, day, at);
    if (found) return found;
  }
  return null;
}

/** The local day `YYYY-MM-DD` of an instant. */
function localDay(at: Instant, zone: string): string {
  return DateTime.fromMillis(at.getTime(), { zone }).toFormat("yyyy-MM-dd");
}

/** The first instant of a local day `YYYY-MM-DD`: midnight, or one o'clock where the clocks skip midnight. */
function startOfDay(day: string, zone: string): Instant {
  return DateTime.fromISO(day, { zone }).startOf("day").toJSDate();
}

function dayAfter(day: string): string {
  return DateTime.fromISO(day, { zone: "UTC" }).plus({ days: 1 }).toFormat("yyyy-MM-dd");
}

/** Whole days from one local day to another. */
function daysBetween(from: string, to: string): number {
  return Math.round(DateTime.fromISO(to, { zone: "UTC" }).diff(DateTime.fromISO(from, { zone: "UTC" }), "days").days);
}

function openingOfDay(hours: Hours, day: DateTime, at: Instant): Instant | null {
  if (hours.holidays.has(day.toFormat("yyyy-MM-dd"))) return null;
  const weekday = WEEKDAYS[day.weekday - 1];
  const openings = weekday === undefined ? [] : (hours.window[weekday] ?? []);
  const candidates = openings.flatMap(([from, to]) => {
    const start = Math.max(atLocalTime(day, from), at.getTime());
    return start < atLocalTime(day, to) ? [start] : [];
  });
  return candidates.length === 0 ? null : new Date(Math.min(...candidates));
}

/** A local time that the clocks skip (02:30 in spring) means the moment after the gap; one that comes twice means the first. */
function atLocalTime(day: DateTime, time: string): number {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return day.startOf("day").set({ hour, minute }).toMillis();
}

/** The most a mailbox may send on a local day `YYYY-MM-DD`: its cap, or less while it ramps up. */
function capOn(limits: MailboxLimits, day: string): number {
  const { rampUp } = limits;
  if (!rampUp) return limits.dailyCap;
  const age = Math.max(0, daysBetween(rampUp.from, day));
  return Math.min(limits.dailyCap, rampUp.start + age * rampUp.step);
}
