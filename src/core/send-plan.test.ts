import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { after, DAY, HOUR, type Instant, MINUTE, SECOND } from "./instant.ts";
import { type DomainLimits, type NewLeadLimit, NO_DOMAIN_LIMITS, Quotas } from "./quota.ts";
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

function follow(item: Mail, at: Instant): Mail | null {
  const [minutes, ...delays] = item.delays;
  const due = minutes === undefined ? null : afterDelay(at, { days: 0, workingDays: 0, minutes }, item.hours);
  const open = due && nextOpening(item.hours, due);
  return open ? { ...item, priority: 0, newLead: null, dueAt: open, delays } : null;
}

interface Given {
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

function mailbox({
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

  test("are none for any number of mails whose window never opens", () => {
    const items = Array.from({ length: 200_000 }, (_, lead) => mail(`lead ${lead}`, NOON, { hours: NEVER }));
    expect([...assignSlots(mailbox(), items, span(NOON))]).toHaveLength(200_000);
  });

  test("are none from the end of the campaign on", () => {
    const items = [mail("a", NOON, { endsAt: after(NOON, MINUTE) }), mail("b", NOON, { endsAt: NOON })];
    expect(plan({}, items)).toEqual(["a 02 12:00", "over b 02 12:00"]);
  });

  test("after `until` are not handed out", () => {
    const items = [mail("a", NOON), mail("b", after(NOON, 1))];
    expect(told(assignSlots(mailbox(), items, span(NOON, NOON)))).toEqual(["a 02 12:00"]);
  });

  test("of first mails are so many a day, those of a follow-up as many as there are", () => {
    const newLead = { campaignId: "c", zone: "UTC", perDay: 2, sharers: { anna: 1 } };
    const items = ["a", "b", "c"].map((lead) => mail(lead, NOON, { newLead, delays: lead === "a" ? [1_500] : [] }));
    expect(plan({}, items)).toEqual(["a 02 12:00", "b 02 12:00", "wait c 02 12:00", "c 03 00:00", "a 03 13:00"]);
  });

  test("to one mail domain are so many a day and hour; those of a public provider are not counted", () => {
    const domains = { ...NO_DOMAIN_LIMITS, perDay: 3, perHour: 2 };
    const items = ["a", "b", "c", "d"].map((lead) => mail(lead, NOON));
    const plans = plan({ domains }, items).filter((line) => !line.startsWith("wait"));
    expect(plans).toEqual(["a 02 12:00", "b 02 12:00", "c 02 13:00", "d 03 00:00"]);
    const toGmail = items.map((one) => ({ ...one, domain: "gmail.com" }));
    expect(plan({ domains }, toGmail)).toEqual(["a 02 12:00", "b 02 12:00", "c 02 12:00", "d 02 12:00"]);
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
    delay: { days: 1, workingDays: 0, minutes: 0 },
    hours: OFFICE,
    jitterMinutes: 0,
    campaignId: "campaign",
    leadId: "lead",
    lineage: "intro",
    visit: 1,
  };

  test("it is the delay, moved into the window", () => {
    expect(dueAt(timing)).toEqual(after(NOON, DAY));
    expect(dueAt({ ...timing, delay: { days: 5, workingDays: 0, minutes: 0 } })).toEqual(new Date("2026-03-09T09:00:00Z"));
    expect(dueAt({ ...timing, hours: NEVER })).toBeNull();
  });

  test("jitter that leaves the window waits for the next opening", () => {
    const late = dueAt({ ...timing, hours: hours("UTC", "12:00", "12:01", 7), jitterMinutes: 600 });
    expect(late).toEqual(after(NOON, 2 * DAY));
  });
});

describe("mail that is spread", () => {
  const day = (mailboxId: string, cap: number, leads: number) => {
    const items = Array.from({ length: leads }, (_, lead) =>
      mail(`lead ${String(lead).padStart(3, "0")}`, MONDAY, { hours: OFFICE, spread: true }),
    );
    const state = mailbox({ cap });
    const own = { ...state, limits: { ...state.limits, mailboxId } };
    return [...assignSlots(own, items, span(MONDAY, after(MONDAY, DAY)))].filter((slot) => slot.kind === "send").map((slot) => slot.at);
  };
  const hoursOf = (at: Instant | undefined) => ((at?.getTime() ?? 0) - MONDAY.getTime()) / HOUR;

  test("fills the window of the day evenly, from its opening to its end", () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 60 }), (cap) => {
        const slots = day("anna", cap, 100);
        expect(slots).toHaveLength(cap);
        expect(hoursOf(slots[0])).toBe(9);
        expect(hoursOf(slots.at(-1))).toBeGreaterThan(17 - (8 / cap) * (0.3 * Math.sqrt(cap) + 0.1 * cap + 2));
        const gaps = slots.slice(1).map((at, index) => hoursOf(at) - hoursOf(slots[index]));
        expect(Math.min(...gaps)).toBeGreaterThan((0.69 * 8) / cap);
        expect(Math.max(...gaps)).toBeLessThan((1.21 * 8) / cap);
      }),
      { numRuns: 30 },
    );
  });

  test("of two mailboxes does not keep step", () => {
    const [anna, ben] = [day("anna", 8, 20), day("ben", 8, 20)];
    const apart = anna.slice(1).map((at, index) => Math.abs(hoursOf(at) - hoursOf(ben[index + 1])));
    expect(Math.min(...apart)).toBeGreaterThan(0.01);
  });

  test("does not burst out where there is little of it", () => {
    const [first, second] = day("anna", 40, 2);
    expect(hoursOf(second) - hoursOf(first)).toBeGreaterThan(0.7 * 0.2);
  });
});

describe("a number that several mailboxes share", () => {
  test("is divided among them without a rest, whatever the day; what others have sent beyond their share is taken off", () => {
    const pool = ["anna", "ben", "cleo", "dan"];
    const sharers = { anna: 40, ben: 40, cleo: 40, dan: 40 };
    const limit = (perDay: number) => ({ domain: "gmail.com", newLead: { campaignId: "c", zone: "UTC", perDay, sharers } });
    fc.assert(
      fc.property(fc.nat(30), fc.nat(1_000), fc.nat(30), (perDay, day, elsewhere) => {
        const at = after(NOON, day * DAY);
        const shares = (others: number) =>
          pool.map((mailboxId) => {
            const quotas = new Quotas({ mailboxId, zone: "UTC", dailyCap: 40 }, NO_DOMAIN_LIMITS, { own: () => 0, others: () => others });
            return quotas.of(limit(perDay)).map((quota) => quota.most(quota.periodOf(at)))[0] ?? 0;
          });
        expect(shares(0).reduce((sum, share) => sum + share, 0)).toBe(perDay);
        expect(Math.max(...shares(0)) - Math.min(...shares(0))).toBeLessThanOrEqual(1);
        for (const share of shares(elsewhere)) expect(share).toBeLessThanOrEqual(Math.max(0, perDay - elsewhere));
      }),
    );
  });
});

describe("a number that unequal mailboxes share", () => {
  test("is divided by what each may send, in the long run exactly", () => {
    const sharers = { anna: 30, ben: 10, cleo: 0 };
    const newLead = { campaignId: "c", zone: "UTC", perDay: 3, sharers };
    const sums = Object.entries(sharers).map(([mailboxId, dailyCap]) => {
      const quotas = new Quotas({ mailboxId, zone: "UTC", dailyCap }, NO_DOMAIN_LIMITS, { own: () => 0, others: () => 0 });
      const [quota] = quotas.of({ domain: "gmail.com", newLead });
      return Array.from({ length: 400 }, (_, day) => quota?.most(quota.periodOf(after(NOON, day * DAY))) ?? 0).reduce(
        (sum, one) => sum + one,
        0,
      );
    });
    expect(sums[0]).toBeGreaterThan(895);
    expect(sums[0]).toBeLessThan(905);
    expect([(sums[0] ?? 0) + (sums[1] ?? 0), sums[2]]).toEqual([1_200, 0]);
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
