import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { after, DAY, HOUR, type Instant, MINUTE, SECOND } from "./instant.ts";
import { capOn } from "./send-budget.ts";
import { assignSlots, claimSlots, dueAt, type MailboxState, mailboxFor, type Slot, type Span, type StepTiming } from "./send-plan.ts";
import { afterDelay, type Hours, localDay, nextOpening, type SendingWindow, WEEKDAYS } from "./sending-window.ts";
import type { Priority, Waiting } from "./slot-queue.ts";

const MONDAY = new Date("2026-03-02T00:00:00Z");
const NOON = new Date("2026-03-02T12:00:00Z");
const CATCH_UP = 5 * MINUTE;

const hours = (zone: string, from: string, to: string, days: number): Hours => ({
  window: Object.fromEntries(WEEKDAYS.slice(0, days).map((day) => [day, [[from, to]]])) as SendingWindow,
  holidays: new Set(),
  zone,
});
const ALWAYS = hours("UTC", "00:00", "24:00", 7);
const OFFICE = hours("UTC", "09:00", "17:00", 5);
const NEVER: Hours = { window: {}, holidays: new Set(), zone: "UTC" };

interface Mail extends Waiting {
  /** Delays, in minutes, of the steps that follow. */
  readonly delays: readonly number[];
}

function mail(leadId: string, due: Instant, more: Partial<Mail> = {}): Mail {
  return { key: leadId, leadId, priority: 1, dueAt: due, hours: ALWAYS, endsAt: null, delays: [], ...more };
}

function follow(item: Mail, at: Instant): Mail | null {
  const [minutes, ...delays] = item.delays;
  const open = minutes === undefined ? null : nextOpening(item.hours, afterDelay(at, { days: 0, minutes }, item.hours.zone));
  return open ? { ...item, priority: 0, dueAt: open, delays } : null;
}

interface Given {
  readonly cap?: number;
  readonly gapSeconds?: number;
  readonly zone?: string;
  readonly used?: Readonly<Record<string, number>>;
  readonly lastSlotAt?: Instant | null | undefined;
  readonly notBefore?: Instant | null | undefined;
  readonly ramp?: MailboxState["limits"]["rampUp"] | undefined;
}

function mailbox({
  cap = 100,
  gapSeconds = 0,
  zone = "UTC",
  used = {},
  lastSlotAt = null,
  notBefore = null,
  ramp = null,
}: Given = {}): MailboxState {
  const limits = { mailboxId: "anna", zone, dailyCap: cap, minGapSeconds: gapSeconds, rampUp: ramp };
  return { limits, usedOn: (day) => used[day] ?? 0, lastSlotAt, notBefore };
}

const span = (now: Instant, until = after(now, 30 * DAY), catchUp = CATCH_UP): Span => ({ keptSince: after(now, -catchUp), now, until });

function told(slots: Iterable<Slot<Mail>>): string[] {
  return [...slots].map(
    ({ kind, item, at }) => `${kind === "send" ? "" : `${kind} `}${item.leadId} ${at.toISOString().slice(8, 16).replace("T", " ")}`,
  );
}

const plan = (given: Given, items: readonly Mail[], now = NOON) => told(assignSlots(mailbox(given), items, span(now), follow));

describe("slots", () => {
  test("go to what is due, at the moment it is due", () => {
    expect(plan({}, [mail("b", after(NOON, HOUR)), mail("a", NOON)])).toEqual(["a 02 12:00", "b 02 13:00"]);
  });

  test("go to retries, then follow-ups, then first mails; then to what was due first; then by lead", () => {
    const items = [
      mail("d", NOON),
      mail("c", after(NOON, -MINUTE)),
      mail("e", NOON),
      mail("b", NOON, { priority: 0 }),
      mail("a", NOON, { priority: -1 }),
    ];
    expect(plan({ gapSeconds: 3_600, lastSlotAt: NOON }, items).map((line) => line[0])).toEqual(["a", "b", "c", "d", "e"]);
  });

  test("of the same lead in two campaigns have an order, too", () => {
    const two = [mail("a", NOON, { key: "2/a" }), mail("a", NOON, { key: "1/a" })];
    const keys = (items: Mail[]) => [...assignSlots(mailbox(), items, span(NOON))].map((slot) => slot.item.key);
    expect(keys(two)).toEqual(["1/a", "2/a"]);
    expect(keys(two.toReversed())).toEqual(["1/a", "2/a"]);
  });

  test("are not kept free for what becomes due later, however urgent", () => {
    expect(plan({ gapSeconds: 3_600 }, [mail("a", NOON), mail("b", after(NOON, MINUTE), { priority: -1 })])[0]).toBe("a 02 12:00");
  });

  test("move to the next day when the cap is reached", () => {
    const items = ["a", "b", "c", "d", "e"].map((lead) => mail(lead, NOON));
    expect(plan({ cap: 2 }, items)).toEqual(["a 02 12:00", "b 02 12:00", "c 03 00:00", "d 03 00:00", "e 04 00:00"]);
  });

  test("of the next day wait for its window", () => {
    const items = ["a", "b"].map((lead) => mail(lead, NOON, { hours: OFFICE }));
    expect(plan({ cap: 1 }, items)).toEqual(["a 02 12:00", "wait b 03 00:00", "b 03 09:00"]);
  });

  test("count what the mailbox has sent already", () => {
    expect(plan({ cap: 3, used: { "2026-03-02": 2 } }, [mail("a", NOON), mail("b", NOON)])).toEqual(["a 02 12:00", "b 03 00:00"]);
  });

  test("grow while the mailbox ramps up", () => {
    const items = ["a", "b", "c", "d", "e", "f"].map((lead) => mail(lead, NOON));
    const days = plan({ ramp: { from: "2026-03-02", start: 1, step: 1 } }, items).map((line) => line.slice(2, 4));
    expect(days).toEqual(["02", "03", "03", "04", "04", "04"]);
  });

  test("are none with a cap of nothing", () => expect(plan({ cap: 0 }, [mail("a", NOON)])).toEqual([]));

  test("keep their gap from the last mail before", () => {
    const [slot] = assignSlots(mailbox({ gapSeconds: 600, lastSlotAt: after(NOON, -MINUTE) }), [mail("a", NOON)], span(NOON));
    expect(slot?.at.getTime()).toBeGreaterThanOrEqual(after(NOON, 9 * MINUTE).getTime());
    expect(slot?.at.getTime()).toBeLessThanOrEqual(after(NOON, 14 * MINUTE).getTime());
  });

  test("lie after the moment until which the server asked to wait", () => {
    expect(plan({ notBefore: after(NOON, 10 * MINUTE) }, [mail("a", NOON)])).toEqual(["a 02 12:10"]);
  });

  test("that were missed by little are kept, by more are planned anew from now", () => {
    expect(plan({}, [mail("a", after(NOON, -4 * MINUTE))])).toEqual(["a 02 11:56"]);
    expect(
      plan(
        { gapSeconds: 60 },
        ["a", "b"].map((lead) => mail(lead, after(NOON, -HOUR))),
      ),
    ).toEqual(["a 02 12:00", "b 02 12:01"]);
  });

  test("missed before midnight are kept, too, and count for yesterday", () => {
    const [slot] = assignSlots(mailbox(), [mail("a", after(MONDAY, -MINUTE))], span(after(MONDAY, MINUTE)));
    expect(slot).toMatchObject({ kind: "send", day: "2026-03-01", at: after(MONDAY, -MINUTE) });
  });

  test("are none for a window that never opens", () => {
    expect([...assignSlots(mailbox(), [mail("a", NOON, { hours: NEVER })], span(NOON))]).toMatchObject([{ kind: "wait", until: null }]);
  });

  test("are none from the end of the campaign on", () => {
    const items = [mail("a", NOON, { endsAt: after(NOON, MINUTE) }), mail("b", NOON, { endsAt: NOON })];
    expect(plan({}, items)).toEqual(["a 02 12:00", "over b 02 12:00"]);
  });

  test("after `until` are not handed out", () => {
    const items = [mail("a", NOON), mail("b", after(NOON, 1))];
    expect(told(assignSlots(mailbox(), items, span(NOON, NOON)))).toEqual(["a 02 12:00"]);
  });

  test("of a follow-up count from the slot before it, and come before first mails", () => {
    const items = [mail("a", NOON, { delays: [10] }), mail("b", after(NOON, 10 * MINUTE))];
    expect(plan({}, items)).toEqual(["a 02 12:00", "a 02 12:10", "b 02 12:10"]);
  });
});

describe("a claim", () => {
  test("ends before a step that its own mails make due", () => {
    const items = [mail("a", NOON, { delays: [1] }), mail("b", after(NOON, 2 * MINUTE))];
    const now = after(NOON, 3 * MINUTE);
    expect(told(claimSlots(mailbox(), items, span(now, now), follow, 100))).toEqual(["a 02 12:00"]);
  });

  test("takes no more than it was asked for", () => {
    const items = ["a", "b", "c"].map((lead) => mail(lead, NOON));
    expect(told(claimSlots(mailbox(), items, span(NOON, NOON), follow, 2))).toEqual(["a 02 12:00", "b 02 12:00"]);
  });
});

describe("when a step is due", () => {
  const timing: StepTiming = {
    anchor: NOON,
    delay: { days: 1, minutes: 0 },
    hours: OFFICE,
    jitterMinutes: 0,
    campaignId: "campaign",
    leadId: "lead",
    lineage: "intro",
    visit: 1,
  };

  test("it is the delay, moved into the window", () => {
    expect(dueAt(timing)).toEqual(after(NOON, DAY));
    expect(dueAt({ ...timing, delay: { days: 5, minutes: 0 } })).toEqual(new Date("2026-03-09T09:00:00Z"));
    expect(dueAt({ ...timing, hours: NEVER })).toBeNull();
  });

  test("jitter that leaves the window waits for the next opening", () => {
    const late = dueAt({ ...timing, hours: hours("UTC", "12:00", "12:01", 7), jitterMinutes: 600 });
    expect(late).toEqual(after(NOON, 2 * DAY));
  });
});

describe("the mailbox of a lead", () => {
  const pool = fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 6 });

  test("is one of the pool, whatever its order", () => {
    fc.assert(fc.property(fc.uuid(), pool, (lead, ids) => mailboxFor(lead, ids) === mailboxFor(lead, ids.toReversed())));
    expect(mailboxFor("lead", [])).toBeNull();
  });

  test("stays the same when another one joins or leaves, unless it is that one", () => {
    fc.assert(
      fc.property(fc.uuid(), pool, fc.uuid(), (lead, ids, added) => {
        const before = mailboxFor(lead, ids);
        const now = mailboxFor(lead, [...ids, added]);
        expect([before, added]).toContain(now);
      }),
    );
  });

  test("spreads leads evenly", () => {
    const counts = Map.groupBy(
      Array.from({ length: 3_000 }, (_, lead) => mailboxFor(`lead ${lead}`, ["a", "b", "c"])),
      (id) => id,
    );
    for (const leads of counts.values()) expect(leads.length).toBeGreaterThan(850);
  });
});

// Anything may wait: mails of all priorities, in several zones and windows, with follow-ups days or seconds later.
const someHours = fc.constantFrom(
  ALWAYS,
  OFFICE,
  hours("Europe/Berlin", "08:00", "24:00", 6),
  hours("America/Los_Angeles", "09:00", "17:00", 7),
  NEVER,
  { ...hours("Asia/Tokyo", "10:00", "12:00", 7), holidays: new Set(["2026-03-03"]) },
);
const someMail = fc.record({
  priority: fc.constantFrom<Priority>(-1, 0, 1),
  dueMinutes: fc.integer({ min: -2_000, max: 2_000 }),
  hours: someHours,
  endsAfter: fc.option(fc.integer({ min: 0, max: 4_000 }), { freq: 4 }),
  delays: fc.array(fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 1_500 })), { maxLength: 3 }),
});
const someMails = fc.array(someMail, { maxLength: 25 }).map((mails) =>
  mails.map(({ priority, dueMinutes, hours, endsAfter, delays }, index) =>
    mail(`lead ${String.fromCodePoint(97 + index)}`, after(NOON, dueMinutes * MINUTE), {
      priority,
      hours,
      delays,
      endsAt: endsAfter === null ? null : after(NOON, endsAfter * MINUTE),
    }),
  ),
);
const someMailbox: fc.Arbitrary<Given> = fc.record({
  cap: fc.integer({ min: 0, max: 12 }),
  gapSeconds: fc.constantFrom(0, 1, 90, 1_800, 30_000),
  zone: fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland"),
  used: fc.record({ "2026-03-01": fc.nat(3), "2026-03-02": fc.nat(3), "2026-03-03": fc.nat(1) }),
  lastSlotAt: fc.option(fc.integer({ min: -900, max: 0 }).map((minutes) => after(NOON, minutes * MINUTE))),
  notBefore: fc.option(
    fc.integer({ min: -60, max: 120 }).map((minutes) => after(NOON, minutes * MINUTE)),
    { freq: 3 },
  ),
  ramp: fc.option(fc.constant({ from: "2026-03-01", start: 1, step: 2 })),
});
const END = after(NOON, 3 * DAY);
const LONG_AGO = new Date(0);
const FAR = after(NOON, 1_000 * DAY);

type Sent = Extract<Slot<Mail>, { kind: "send" }>;
const printed = (given: Given, items: readonly Mail[], until = END): Sent[] =>
  [...assignSlots(mailbox(given), items, span(NOON, until), follow)].filter((slot) => slot.kind === "send");

describe("every plan", () => {
  test("stays in the windows, under the caps, and keeps the gaps", () => {
    fc.assert(
      fc.property(someMailbox, someMails, (given, items) => {
        const { limits, usedOn, lastSlotAt, notBefore } = mailbox(given);
        const slots = printed(given, items);
        for (const [index, { item, at, day }] of slots.entries()) {
          const before = slots[index - 1]?.at ?? lastSlotAt;
          const thatDay = slots.filter((slot) => slot.day === day).length;
          expect(nextOpening(item.hours, at)).toEqual(at);
          expect(day).toBe(localDay(at, limits.zone));
          expect(usedOn(day) + thatDay).toBeLessThanOrEqual(capOn(limits, day));
          expect(at.getTime() - (before ?? LONG_AGO).getTime()).toBeGreaterThanOrEqual(limits.minGapSeconds * SECOND);
          expect(at.getTime()).toBeGreaterThanOrEqual((notBefore ?? LONG_AGO).getTime());
          expect(at.getTime()).toBeLessThan((item.endsAt ?? FAR).getTime());
          expect(at.getTime()).toBeGreaterThanOrEqual(Math.max(item.dueAt.getTime(), NOON.getTime() - CATCH_UP));
        }
      }),
      { numRuns: 150 },
    );
  });

  test("gives each slot to the one whose turn it is", () => {
    const open = someMails.map((mails) => mails.map((one) => ({ ...one, hours: ALWAYS, endsAt: null, delays: [] })));
    fc.assert(
      fc.property(someMailbox, open, (given, items) => {
        const slots = printed(given, items);
        for (const [index, { item, at }] of slots.entries()) {
          const waiting = slots
            .slice(index + 1)
            .map((slot) => slot.item)
            .filter((other) => other.dueAt <= at);
          for (const other of waiting)
            expect(item.priority - other.priority || item.dueAt.getTime() - other.dueAt.getTime()).toBeLessThanOrEqual(0);
        }
      }),
      { numRuns: 100 },
    );
  });

  test("is the same whatever order things are told in", () => {
    fc.assert(
      fc.property(someMailbox, someMails, (given, items) => {
        expect(told(printed(given, items.toReversed()))).toEqual(told(printed(given, items)));
      }),
      { numRuns: 100 },
    );
  });

  test("is what happens when it is claimed tick by tick, at whatever moments, in whatever batches", () => {
    const ticks = fc.array(fc.integer({ min: 30 * SECOND, max: CATCH_UP }), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(someMailbox, someMails, ticks, fc.integer({ min: 1, max: 40 }), (given, items, steps, batch) => {
        const until = after(NOON, 30 * HOUR);
        expect(told(executed(given, items, steps, batch, until))).toEqual(told(printed(given, items, until)));
      }),
      { numRuns: 60 },
    );
  });
});

/** The agent: every tick claims what is due, records it, and claims again until nothing more is due. It knows only what its store holds. */
function executed(given: Given, items: readonly Mail[], steps: readonly number[], batch: number, until: Instant): Slot<Mail>[] {
  const store = { waiting: [...items], used: { ...given.used }, lastSlotAt: given.lastSlotAt ?? null, sent: [] as Slot<Mail>[] };
  let now = NOON;
  for (let tick = 0; now < until; tick += 1) {
    while (claim(given, store, now, batch));
    now = after(now, steps[tick % steps.length] ?? MINUTE);
  }
  while (claim(given, store, now, batch));
  return store.sent.filter((slot) => slot.at <= until);
}

interface Store {
  waiting: Mail[];
  used: Record<string, number>;
  lastSlotAt: Instant | null;
  sent: Slot<Mail>[];
}

function claim(given: Given, store: Store, now: Instant, batch: number): boolean {
  const state = mailbox({ ...given, used: store.used, lastSlotAt: store.lastSlotAt });
  const slots = claimSlots(state, takeDue(store.waiting, now, batch), span(now, now), follow, batch);
  let again = false;
  for (const slot of slots) {
    const { item, at, kind } = slot;
    const own = (one: Mail) => one.key === item.key;
    store.waiting = store.waiting.filter((one) => !own(one));
    again ||= kind !== "wait" || !slot.until || slot.until > now;
    if (kind === "wait" && slot.until) store.waiting.push({ ...item, dueAt: slot.until });
    if (kind !== "send") continue;
    const next = follow(item, at);
    if (next) store.waiting.push(next);
    store.used[slot.day] = (store.used[slot.day] ?? 0) + 1;
    store.lastSlotAt = at;
    store.sent.push(slot);
  }
  return again;
}

/** Like the store: of each priority the first `limit` by due time and lead. */
function takeDue(waiting: readonly Mail[], now: Instant, limit: number): Mail[] {
  const due = waiting.filter((one) => one.dueAt <= now);
  const ofPriority = (priority: Priority) =>
    due
      .filter((one) => one.priority === priority)
      .toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || (a.leadId < b.leadId ? -1 : 1))
      .slice(0, limit);
  return ([-1, 0, 1] as const).flatMap(ofPriority);
}
