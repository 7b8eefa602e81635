// Whose turn is it? Everything that waits for slots of one mailbox. Those whose window is closed sleep until it opens, all of them at once: to put
// each to sleep every night would take a campaign of ten thousand leads half a minute, and its square for more. So do those whose quota is full, once
// each of them has come up for the first time.
import type { Instant } from "./instant.ts";
import { MeldableHeap } from "./meldable-heap.ts";
import type { Counted, Quota, QuotaKind, Quotas } from "./quota.ts";
import { type Hours, nextOpening, nextOpenSpan, type OpenSpan } from "./sending-window.ts";

/** -1 a mail that is tried again, 0 a follow-up, 1 the first mail to a new lead: lower goes first. */
export type Priority = -1 | 0 | 1;

/** Something that wants a slot in a mailbox's day. */
export interface Waiting extends Counted {
  /** Campaign and lead: an enrollment wants one thing at a time. */
  readonly key: string;
  readonly leadId: string;
  readonly priority: Priority;
  readonly dueAt: Instant;
  readonly hours: Hours;
  /** Its campaign ends: nothing goes out at or after this moment. */
  readonly endsAt: Instant | null;
  /** Its campaign spreads its mail over the day. */
  readonly spread: boolean;
}

/** Its turn came outside its window, or when its quota was full: it waits for the next opening (null: there is none, and it has left the queue). */
export interface Passed<Item> {
  readonly item: Item;
  readonly until: Instant | null;
  readonly because: "window" | QuotaKind;
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
  readonly #kinds = new Map<Hours, Map<string, Kind<Item>>>();
  readonly #quotas: Quotas;

  constructor(items: Iterable<Item>, quotas: Quotas, told: boolean) {
    this.#quotas = quotas;
    this.#told = told;
    for (const item of items) this.add(item);
  }

  add(item: Item): void {
    const alone = new MeldableHeap<Item>(byLead);
    alone.push(item);
    this.#later.push({ kind: this.#kindOf(item, []), dueAt: item.dueAt.getTime(), items: alone });
  }

  /** The earliest moment at which something is due. */
  firstDue(): Instant | null {
    const first = this.#due.first() ?? this.#later.first();
    return first ? new Date(first.dueAt) : null;
  }

  take(at: Instant): Taken<Item> {
    this.#wake(at);
    const passed: Passed<Item>[] = [];
    for (;;) {
      for (let closed = this.#takeClosed(at); closed.length > 0; closed = this.#takeClosed(at))
        // one by one: `push(...)` of 200,000 overflows the stack
        for (const one of this.#passOver(closed, at)) passed.push(one);
      const item = this.#takeFirst();
      const full = item && !isOver(item.endsAt, at) ? this.#quotas.of(item).find((quota) => this.#quotas.isFull(quota, at)) : undefined;
      if (!item || !full) return { item, passed };
      const until = this.#holdBack(item, full, at);
      if (this.#told || !until) passed.push({ item, until, because: full.kind });
    }
  }

  /** From now on it waits with those who have the same quotas up to the full one: they can be put to sleep together. */
  #holdBack(item: Item, full: Quota, at: Instant): Instant | null {
    const quotas = this.#quotas.of(item);
    const kind = this.#kindOf(item, quotas.slice(0, quotas.indexOf(full) + 1));
    const until = this.#afterFull(kind, full, at);
    const alone = new MeldableHeap<Item>(byLead);
    alone.push(item);
    if (until) this.#sleep(kind, alone, until);
    return until;
  }

  #afterFull({ hours }: Kind<Item>, full: Quota, at: Instant): Instant | null {
    this.#quotas.noteWait(full, at);
    const room = this.#quotas.nextRoom(full, at);
    return room && nextOpening(hours, room);
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
      if (!this.#isClosed(first, at) || (closed[0] && !isLevel(first, closed[0]))) break;
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
      const { kind } = cohort;
      const sleepers = open ? splitOff(cohort.items, open) : cohort.items;
      const full = kind.isOpen(at) ? this.#fullOf(kind, at) : undefined;
      const until = full && sleepers.first() ? this.#afterFull(kind, full, at) : kind.openingAt(at);
      const because = full?.kind ?? "window";
      if (this.#told || !until) for (const item of sleepers) passed.push({ item: dated(item, cohort.dueAt), until, because });
      if (until && sleepers.first()) this.#sleep(kind, sleepers, until);
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

  /** Mail of a campaign that is over is not kept waiting, but told so when its turn comes. */
  #isClosed({ kind }: Cohort<Item>, at: Instant): boolean {
    return !isOver(kind.endsAt, at) && (!kind.isOpen(at) || this.#fullOf(kind, at) !== undefined);
  }

  #fullOf({ quotas }: Kind<Item>, at: Instant): Quota | undefined {
    return quotas.find((quota) => this.#quotas.isFull(quota, at));
  }

  #kindOf({ hours, priority, endsAt }: Item, quotas: readonly Quota[]): Kind<Item> {
    const ofHours = this.#kinds.get(hours) ?? new Map<string, Kind<Item>>();
    const key = [priority, endsAt?.getTime(), ...quotas.map(({ name }) => name)].join(" ");
    let kind = ofHours.get(key);
    if (!kind) ofHours.set(key, (kind = new Kind<Item>(hours, priority, endsAt, quotas)));
    this.#kinds.set(hours, ofHours);
    return kind;
  }
}

/**
 * Those that may go out at the same times, have the same priority, and have waited for the same quotas: in all things that count they differ only by
 * since when they wait, until one of their other quotas is full.
 */
class Kind<Item extends Waiting> {
  readonly hours: Hours;
  readonly priority: number;
  readonly endsAt: Instant | null;
  /** The first quotas of each of them, up to one that was full. */
  readonly quotas: readonly Quota[];
  /** Who sleeps until the next opening. */
  asleep: Cohort<Item> | null = null;
  #opening: OpenSpan | null | undefined;

  constructor(hours: Hours, priority: number, endsAt: Instant | null, quotas: readonly Quota[]) {
    this.hours = hours;
    this.priority = priority;
    this.endsAt = endsAt;
    this.quotas = quotas;
  }

  isOpen(at: Instant): boolean {
    const open = this.openingAt(at);
    return open !== null && open <= at;
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

function isOver(endsAt: Instant | null, at: Instant): boolean {
  return endsAt !== null && endsAt <= at;
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
