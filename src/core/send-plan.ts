// When will each mail go out? The one planner: the printed schedule, the claim of due work and `why` all ask it.
import { drawn } from "./chance.ts";
import { after, type Instant, latest, MINUTE } from "./instant.ts";
import { capOn, gapAfter, type MailboxLimits } from "./send-budget.ts";
import { afterDelay, type Delay, dayAfter, type Hours, localDay, nextOpening, startOfDay } from "./sending-window.ts";

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
  const open = nextOpening(timing.hours, afterDelay(timing.anchor, timing.delay, timing.hours.zone));
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

/** -1 a mail that is tried again, 0 a follow-up, 1 the first mail to a new lead: lower goes first. */
export type Priority = -1 | 0 | 1;

/** Something that wants a slot in a mailbox's day. */
export interface Waiting {
  readonly key: string;
  readonly leadId: string;
  readonly priority: Priority;
  readonly dueAt: Instant;
  readonly hours: Hours;
}

/** What a mailbox has left. `used` counts mails of the day, however they came about. */
export interface MailboxState {
  readonly limits: MailboxLimits;
  readonly usedOn: (day: string) => number;
  readonly lastSlotAt: Instant | null;
}

export type Slot<Item extends Waiting> =
  | { readonly kind: "send"; readonly item: Item; readonly at: Instant; readonly day: string }
  /** Its turn came outside its window: it waits for the next opening (null: there is none). */
  | { readonly kind: "wait"; readonly item: Item; readonly until: Instant | null };

/**
 * Hands out one mailbox's slots up to and including `until`, never before `notBefore`, in the order in which they happen.
 * `follow` may name what becomes waiting because of a send (the next step): the printed schedule uses it, a claim does not.
 */
export function* assignSlots<Item extends Waiting>(
  mailbox: MailboxState,
  items: Iterable<Item>,
  span: { readonly notBefore: Instant; readonly until: Instant },
  follow: (item: Item, at: Instant) => Item | null = () => null,
): Generator<Slot<Item>> {
  const queue = new SlotQueue<Item>(items);
  const used = new Map<string, number>();
  const usedOn = (day: string) => mailbox.usedOn(day) + (used.get(day) ?? 0);
  let at = span.notBefore;
  if (mailbox.lastSlotAt) at = latest(at, afterGap(mailbox.limits, mailbox.lastSlotAt, usedOn));
  for (;;) {
    const firstDue = queue.firstDue();
    if (!firstDue) return;
    at = withinCap(mailbox.limits, latest(at, firstDue), usedOn) ?? span.until;
    if (at > span.until || usedOn(localDay(at, mailbox.limits.zone)) >= capOn(mailbox.limits, localDay(at, mailbox.limits.zone))) return;
    const item = queue.takeDue(at);
    if (!item) continue;
    const open = nextOpening(item.hours, at);
    if (!open || open > at) {
      yield { kind: "wait", item, until: open };
      if (open) queue.add({ ...item, dueAt: open });
      continue;
    }
    const day = localDay(at, mailbox.limits.zone);
    yield { kind: "send", item, at, day };
    used.set(day, (used.get(day) ?? 0) + 1);
    const next = follow(item, at);
    if (next) queue.add(next);
    at = afterGap(mailbox.limits, at, usedOn);
  }
}

function afterGap(limits: MailboxLimits, slot: Instant, usedOn: (day: string) => number): Instant {
  const day = localDay(slot, limits.zone);
  return after(slot, gapAfter(limits, day, usedOn(day)));
}

/** `at`, or the start of the first later day that has room; null when two years ahead no day has any (a cap of 0). */
function withinCap(limits: MailboxLimits, at: Instant, usedOn: (day: string) => number): Instant | null {
  let day = localDay(at, limits.zone);
  for (let tries = 0; tries < 731; tries += 1) {
    if (usedOn(day) < capOn(limits, day)) return latest(at, startOfDay(day, limits.zone));
    day = dayAfter(day);
  }
  return null;
}

/** What waits, in two orders: by due time until it is due, then by turn (priority, due time, lead). Binary heaps. */
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
  return a.priority - b.priority || a.dueAt.getTime() - b.dueAt.getTime() || (a.leadId < b.leadId ? -1 : a.leadId > b.leadId ? 1 : 0);
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
