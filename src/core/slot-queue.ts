// Whose turn is it? Everything that waits for slots of one mailbox. Those whose window is closed sleep until it opens, all of them at once: to put
// each to sleep every night would take a campaign of ten thousand leads half a minute, and its square for more.
import type { Instant } from "./instant.ts";
import { MeldableHeap } from "./meldable-heap.ts";
import { type Hours, nextOpenSpan, type OpenSpan } from "./sending-window.ts";

/** -1 a mail that is tried again, 0 a follow-up, 1 the first mail to a new lead: lower goes first. */
export type Priority = -1 | 0 | 1;

/** Something that wants a slot in a mailbox's day. */
export interface Waiting {
  /** Campaign and lead: an enrollment wants one thing at a time. */
  readonly key: string;
  readonly leadId: string;
  readonly priority: Priority;
  readonly dueAt: Instant;
  readonly hours: Hours;
  /** Its campaign ends: nothing goes out at or after this moment. */
  readonly endsAt: Instant | null;
}

/** Its turn came outside its window: it waits for the next opening (null: there is none, and it has left the queue). */
export interface Passed<Item> {
  readonly item: Item;
  readonly until: Instant | null;
}

/** `item`: whose turn it is, when there is anybody. `passed`: who was passed over, in the order of their turns. */
export interface Taken<Item> {
  readonly item: Item | undefined;
  readonly passed: readonly Passed<Item>[];
}

/**
 * Two orders: by due time until it is due; then by turn (priority, due time, lead, campaign). Moments never go back.
 * `told`: `passed` names everybody. Otherwise only those who leave the queue: who just waits for the morning is not even looked at.
 */
export class SlotQueue<Item extends Waiting> {
  readonly #told: boolean;
  readonly #later = new MeldableHeap<Cohort<Item>>((a, b) => a.dueAt - b.dueAt);
  readonly #due = new MeldableHeap<Cohort<Item>>(byTurnOfFirst);
  readonly #kinds = new Map<Hours, Kind<Item>[]>();

  constructor(items: Iterable<Item>, told: boolean) {
    this.#told = told;
    for (const item of items) this.add(item);
  }

  add(item: Item): void {
    const alone = new MeldableHeap<Item>(byLead);
    alone.push(item);
    this.#later.push({ kind: this.#kindOf(item), dueAt: item.dueAt.getTime(), items: alone });
  }

  /** The earliest moment at which something is due. */
  firstDue(): Instant | null {
    const first = this.#due.first() ?? this.#later.first();
    return first ? new Date(first.dueAt) : null;
  }

  take(at: Instant): Taken<Item> {
    this.#wake(at);
    const passed: Passed<Item>[] = [];
    let closed = this.#takeClosed(at);
    while (closed.length > 0) {
      passed.push(...this.#passOver(closed, at));
      closed = this.#takeClosed(at);
    }
    return { item: this.#takeFirst(), passed };
  }

  /** What has become due by now. */
  #wake(at: Instant): void {
    for (let first = this.#later.first(); first && first.dueAt <= at.getTime(); first = this.#later.first()) {
      this.#later.pop();
      this.#due.push(first);
    }
  }

  /** Takes out the cohorts of one priority and due time that come up before an open one does. */
  #takeClosed(at: Instant): Cohort<Item>[] {
    const closed: Cohort<Item>[] = [];
    for (let first = this.#due.first(); first; first = this.#due.first()) {
      if (!isClosed(first, at) || (closed[0] && !isLevel(first, closed[0]))) break;
      this.#due.pop();
      closed.push(first);
    }
    return closed;
  }

  /** Puts to sleep whoever of them comes before the first that may have the slot; the rest stays due. */
  #passOver(closed: readonly Cohort<Item>[], at: Instant): Passed<Item>[] {
    const next = this.#due.first();
    const open = next && closed[0] && isLevel(next, closed[0]) ? next.items.first() : undefined;
    const passed: Passed<Item>[] = [];
    for (const cohort of closed) {
      const until = cohort.kind.openingAt(at);
      const sleepers = open ? splitOff(cohort.items, open) : cohort.items;
      if (this.#told || !until) for (const item of sleepers) passed.push({ item: dated(item, cohort.dueAt), until });
      if (until) this.#sleep(cohort.kind, sleepers, until);
      if (open && cohort.items.first()) this.#due.push(cohort);
    }
    return passed.toSorted((a, b) => byLead(a.item, b.item));
  }

  #sleep(kind: Kind<Item>, items: MeldableHeap<Item>, until: Instant): void {
    const dueAt = until.getTime();
    if (kind.asleep?.dueAt === dueAt) return kind.asleep.items.meld(items);
    kind.asleep = { kind, dueAt, items };
    this.#later.push(kind.asleep);
  }

  #takeFirst(): Item | undefined {
    const cohort = this.#due.pop();
    const item = cohort?.items.pop();
    if (cohort?.items.first()) this.#due.push(cohort);
    return cohort && item && dated(item, cohort.dueAt);
  }

  #kindOf({ hours, priority, endsAt }: Item): Kind<Item> {
    const ends = endsAt?.getTime() ?? null;
    const ofHours = this.#kinds.get(hours) ?? [];
    let kind = ofHours.find((one) => one.priority === priority && one.endsAt === ends);
    if (!kind) ofHours.push((kind = new Kind<Item>(hours, priority, ends)));
    this.#kinds.set(hours, ofHours);
    return kind;
  }
}

/** Those that may go out at the same times and have the same priority: in all things that count they differ only by since when they wait. */
class Kind<Item extends Waiting> {
  readonly hours: Hours;
  readonly priority: number;
  readonly endsAt: number | null;
  /** Who sleeps until the next opening. */
  asleep: Cohort<Item> | null = null;
  #opening: OpenSpan | null | undefined;

  constructor(hours: Hours, priority: number, endsAt: number | null) {
    this.hours = hours;
    this.priority = priority;
    this.endsAt = endsAt;
  }

  /** The next opening, asked once for each: moments never go back. */
  openingAt(at: Instant): Instant | null {
    if (this.#opening === undefined || (this.#opening && at.getTime() >= this.#opening.to)) this.#opening = nextOpenSpan(this.hours, at);
    return this.#opening && new Date(Math.max(this.#opening.from, at.getTime()));
  }
}

/** Some of a kind that wait since the same moment, whatever their items say: among themselves they go by lead. Never empty while it waits. */
interface Cohort<Item extends Waiting> {
  readonly kind: Kind<Item>;
  readonly dueAt: number;
  readonly items: MeldableHeap<Item>;
}

/** Mail of a campaign that is over is not kept waiting, but told so when its turn comes. */
function isClosed<Item extends Waiting>({ kind }: Cohort<Item>, at: Instant): boolean {
  if (kind.endsAt !== null && kind.endsAt <= at.getTime()) return false;
  const open = kind.openingAt(at);
  return !open || open > at;
}

function splitOff<Item extends Waiting>(items: MeldableHeap<Item>, before: Item): MeldableHeap<Item> {
  const split = new MeldableHeap<Item>(byLead);
  for (let first = items.first(); first && byLead(first, before) < 0; first = items.first()) {
    items.pop();
    split.push(first);
  }
  return split;
}

function dated<Item extends Waiting>(item: Item, dueAt: number): Item {
  return item.dueAt.getTime() === dueAt ? item : { ...item, dueAt: new Date(dueAt) };
}

function byTurnOfFirst<Item extends Waiting>(a: Cohort<Item>, b: Cohort<Item>): number {
  return a.kind.priority - b.kind.priority || a.dueAt - b.dueAt || byLead(a.items.first() as Item, b.items.first() as Item);
}

function isLevel<Item extends Waiting>(a: Cohort<Item>, b: Cohort<Item>): boolean {
  return a.kind.priority === b.kind.priority && a.dueAt === b.dueAt;
}

function byLead(a: Waiting, b: Waiting): number {
  return byText(a.leadId, b.leadId) || byText(a.key, b.key);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
