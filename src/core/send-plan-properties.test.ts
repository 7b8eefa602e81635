// What holds of every plan.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ALWAYS,
  CATCH_UP,
  follow,
  type Given,
  hours,
  type Mail,
  mail,
  mailbox,
  NOON,
  OFFICE,
  span,
  told,
} from "../../test/support/waiting-mails.ts";
import { after, DAY, HOUR, type Instant, MINUTE, SECOND } from "./instant.ts";
import type { NewLeadLimit } from "./quota.ts";
import { capOn } from "./send-budget.ts";
import { assignSlots, claimSlots, type Slot } from "./send-plan.ts";
import { type Hours, localDay, nextOpening } from "./sending-window.ts";
import type { Priority } from "./slot-queue.ts";

const NEVER: Hours = { window: {}, holidays: new Set(), zone: "UTC" };

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
  domain: fc.constantFrom("bakery.example", "mill.example", "gmail.com"),
  campaign: fc.constantFrom("limited", "narrow", "free"),
  spread: fc.constantFrom(false, false, true),
});
const NEW_LEADS: Readonly<Record<string, NewLeadLimit>> = {
  limited: { campaignId: "limited", zone: "Europe/Berlin", perDay: 5, sharers: { anna: 1, ben: 1 } },
  narrow: { campaignId: "narrow", zone: "Asia/Tokyo", perDay: 1, sharers: { anna: 1, ben: 1, cleo: 1 } },
};
const someMails = fc.array(someMail, { maxLength: 25 }).map((mails) =>
  mails.map(({ priority, dueMinutes, hours, endsAfter, delays, domain, campaign, spread }, index) =>
    mail(`lead ${String.fromCodePoint(97 + index)}`, after(NOON, dueMinutes * MINUTE), {
      priority,
      domain,
      spread,
      newLead: priority === 0 ? null : (NEW_LEADS[campaign] ?? null),
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
  domains: fc.record({
    perDay: fc.option(fc.integer({ min: 1, max: 4 })),
    perHour: fc.option(fc.integer({ min: 1, max: 2 }), { freq: 3 }),
    together: fc.option(fc.constant({ perDay: 4, sharers: { anna: 1, ben: 1, cleo: 1 } }), { freq: 3 }),
  }),
  quotas: fc.record({ "domain_day/bakery.example/2026-03-02": fc.nat(2), "new_leads/limited/2026-03-02": fc.nat(2) }),
  byOthers: fc.record({ "new_leads/limited/2026-03-02": fc.nat(4), "domain_day/mill.example/2026-03-02": fc.nat(4) }),
});
const END = after(NOON, 3 * DAY);
const LONG_AGO = new Date(0);
const FAR = after(NOON, 1_000 * DAY);

type Sent = Extract<Slot<Mail>, { kind: "send" }>;
const printed = (given: Given, items: readonly Mail[], until = END): Sent[] =>
  [...assignSlots(mailbox(given), items, span(NOON, until), follow)].filter((slot) => slot.kind === "send");

describe("every plan", () => {
  test("keeps within every quota, its own mails and those of others counted", () => {
    fc.assert(
      fc.property(someMailbox, someMails, (given, items) => {
        const used: Record<string, number> = { ...given.quotas };
        const { limits } = mailbox(given);
        const sent = printed(given, items);
        for (const { period, most } of sent.flatMap((slot) => slot.debits)) {
          expect((used[period] = (used[period] ?? 0) + 1)).toBeLessThanOrEqual(most);
        }
        // The same told without the planner's own periods: what went out, by day.
        const firsts = sent.flatMap(({ item: { newLead }, at }) => (newLead ? { newLead, day: localDay(at, newLead.zone) } : []));
        for (const { newLead, day } of firsts) {
          const period = `new_leads/${newLead.campaignId}/${day}`;
          const ofDay = firsts.filter((other) => other.newLead === newLead && other.day === day).length;
          const before = (given.quotas?.[period] ?? 0) + (given.byOthers?.[period] ?? 0);
          expect(ofDay + before).toBeLessThanOrEqual(newLead.perDay);
        }
        for (const [, mails] of Map.groupBy(sent, ({ item, at }) => `${item.domain}/${localDay(at, limits.zone)}`)) {
          const isPublic = mails[0]?.item.domain === "gmail.com";
          expect(isPublic ? 0 : mails.length).toBeLessThanOrEqual(given.domains?.perDay ?? Infinity);
        }
      }),
      { numRuns: 100 },
    );
  });

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
  const store = {
    waiting: [...items],
    used: { ...given.used },
    quotas: { ...given.quotas },
    lastSlotAt: given.lastSlotAt ?? null,
    freeAt: given.freeAt ?? null,
    sent: [] as Slot<Mail>[],
  };
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
  quotas: Record<string, number>;
  lastSlotAt: Instant | null;
  freeAt: Instant | null;
  sent: Slot<Mail>[];
}

function claim(given: Given, store: Store, now: Instant, batch: number): boolean {
  const state = mailbox({ ...given, used: store.used, quotas: store.quotas, lastSlotAt: store.lastSlotAt, freeAt: store.freeAt });
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
    for (const { period } of slot.debits) store.quotas[period] = (store.quotas[period] ?? 0) + 1;
    store.lastSlotAt = at;
    store.freeAt = slot.freeAt;
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
