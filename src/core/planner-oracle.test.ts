// The planner and its simplest form hand out the same slots, whatever waits: windows, zones, caps, ramp-ups, gaps, priorities, retries, holds, campaign
// ends, days on which clocks change.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { referenceDelay, referenceDueAt, referenceOpening, referenceSlots } from "../../test/support/reference-planner.ts";
import { after, DAY, HOUR, type Instant, MINUTE } from "./instant.ts";
import type { NewLeadLimit } from "./quota.ts";
import { assignSlots, dueAt, type MailboxState, type Slot, sendsAhead } from "./send-plan.ts";
import { afterDelay, type Delay, type Hours, nextOpening, type Opening, type SendingWindow, WEEKDAYS } from "./sending-window.ts";
import type { Priority, Waiting } from "./slot-queue.ts";

/** Clocks change at 02:00, at midnight, by half an hour, by two hours, and not at all. */
const ZONES = [
  "Europe/Berlin",
  "America/New_York",
  "Africa/Cairo",
  "America/Santiago",
  "Asia/Beirut",
  "Australia/Lord_Howe",
  "Antarctica/Troll",
  "Asia/Kathmandu",
  "UTC",
];
/** Days before clocks change somewhere, and one far from it. */
const STARTS = ["2026-03-05", "2026-03-26", "2026-04-02", "2026-04-22", "2026-09-03", "2026-10-22", "2026-10-30", "2026-01-14"];

const someTime = fc.integer({ min: 0, max: 96 }).map((quarter) => {
  const [hour, minute] = [Math.floor(quarter / 4), (quarter % 4) * 15];
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
});
const someOpenings = fc.array(fc.tuple(someTime, someTime), { maxLength: 3 });
const usualOpenings = fc.constantFrom<readonly Opening[]>([["09:00", "17:00"]], [["09:00", "12:00"]], [["00:00", "24:00"]]);
const someWindow: fc.Arbitrary<SendingWindow> = fc.dictionary(fc.constantFrom(...WEEKDAYS), fc.oneof(usualOpenings, someOpenings), {
  maxKeys: 7,
});
const usualWindow: fc.Arbitrary<SendingWindow> = usualOpenings.map((openings) =>
  Object.fromEntries(WEEKDAYS.slice(0, 5).map((day) => [day, openings])),
);
const someHours: fc.Arbitrary<Hours> = fc.record({
  window: fc.oneof(usualWindow, someWindow),
  holidays: fc.subarray(["2026-03-09", "2026-03-30", "2026-10-26", "2026-11-02"]).map((days) => new Set(days)),
  zone: fc.constantFrom(...ZONES),
});
const someStart = fc.tuple(fc.constantFrom(...STARTS), fc.integer({ min: 0, max: 1_440 })).map(([day, minute]) => {
  return after(new Date(`${day}T00:00:00Z`), minute * MINUTE);
});
const someDelay: fc.Arbitrary<Delay> = fc.record({
  days: fc.integer({ min: 0, max: 4 }),
  workingDays: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 6 })),
  minutes: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3_000 })),
});

interface Mail extends Waiting {
  readonly step: number;
  readonly delays: readonly Delay[];
  readonly jitterMinutes: number;
}

const NEW_LEADS: readonly (NewLeadLimit | null)[] = [
  null,
  { campaignId: "two", zone: "Europe/Berlin", perDay: 2, sharers: { anna: 1 } },
  { campaignId: "shared", zone: "America/New_York", perDay: 2, sharers: { anna: 1, ben: 1, cleo: 1 } },
];

/** Few due times, few windows and few leads, so that many stand side by side; a lead may be in several campaigns. */
const someMails = (start: Instant) =>
  fc
    .array(someHours, { minLength: 1, maxLength: 4 })
    .chain((hours) =>
      fc.array(
        fc.record({
          lead: fc.integer({ min: 0, max: 30 }),
          priority: fc.constantFrom<Priority>(-1, 0, 1, 1, 1),
          dueHours: fc.oneof(
            fc.constantFrom(-30, 0, 0, 0, 9),
            fc.integer({ min: -50, max: 300 }),
            fc.double({ min: -2, max: 50, noNaN: true }),
          ),
          hours: fc.constantFrom(...hours),
          endsAfterHours: fc.option(fc.constantFrom(0, 60, 200), { freq: 3 }),
          delays: fc.array(someDelay, { maxLength: 3 }),
          jitterMinutes: fc.constantFrom(0, 0, 25, 600),
          domain: fc.constantFrom("bakery.example", "bakery.example", "mill.example", "gmail.com"),
          newLead: fc.constantFrom(...NEW_LEADS),
          spread: fc.constantFrom(false, false, true),
        }),
        { maxLength: 40 },
      ),
    )
    .map((mails) =>
      mails.map(
        ({ lead, dueHours, endsAfterHours, ...rest }, index): Mail => ({
          ...rest,
          key: `campaign ${index}/${lead}`,
          leadId: `lead ${lead}`,
          dueAt: after(start, Math.round(dueHours * HOUR)),
          endsAt: endsAfterHours === null ? null : after(start, endsAfterHours * HOUR),
          step: 1,
        }),
      ),
    );

const someMailbox = (start: Instant): fc.Arbitrary<MailboxState> =>
  fc
    .record({
      cap: fc.integer({ min: 0, max: 12 }),
      gapSeconds: fc.constantFrom(0, 1, 90, 1_800, 30_000),
      zone: fc.constantFrom(...ZONES),
      used: fc.integer({ min: 0, max: 4 }),
      lastSlotMinutes: fc.option(fc.integer({ min: -900, max: 0 })),
      backoffMinutes: fc.option(fc.integer({ min: -60, max: 3_000 }), { freq: 3 }),
      ramp: fc.option(fc.record({ start: fc.integer({ min: 1, max: 4 }), step: fc.integer({ min: 0, max: 2 }) })),
      domainLimits: fc.record({
        perDay: fc.option(fc.integer({ min: 1, max: 5 })),
        perHour: fc.option(fc.integer({ min: 1, max: 2 })),
        together: fc.option(fc.constant({ perDay: 4, sharers: { anna: 1, ben: 1, cleo: 1 } })),
      }),
      quotaUsed: fc.nat(2),
      freeMinutes: fc.option(fc.integer({ min: -60, max: 300 }), { freq: 3 }),
    })
    .map(({ domainLimits, quotaUsed, freeMinutes, cap, gapSeconds, zone, used, lastSlotMinutes, backoffMinutes, ramp }) => ({
      limits: {
        mailboxId: "anna",
        zone,
        dailyCap: cap,
        minGapSeconds: gapSeconds,
        rampUp: ramp && { from: start.toISOString().slice(0, 10), ...ramp },
      },
      usedOn: (day) => (day === start.toISOString().slice(0, 10) ? used : 0),
      domainLimits,
      quotaUse: { own: (period) => (period.includes(start.toISOString().slice(0, 10)) ? quotaUsed : 0), others: () => 0 },
      freeAt: freeMinutes === null ? null : after(start, freeMinutes * MINUTE),
      lastSlotAt: lastSlotMinutes === null ? null : after(start, lastSlotMinutes * MINUTE),
      notBefore: backoffMinutes === null ? null : after(start, backoffMinutes * MINUTE),
    }));

const scenario = someStart.chain((start) =>
  fc.record({
    start: fc.constant(start),
    mailbox: someMailbox(start),
    mails: someMails(start),
    catchUpMinutes: fc.constantFrom(0, 5, 600),
  }),
);

const following = (due: typeof dueAt) => (mail: Mail, anchor: Instant) => {
  const [delay, ...delays] = mail.delays;
  const { hours, jitterMinutes, leadId, step, key } = mail;
  const open = delay && due({ anchor, delay, hours, jitterMinutes, campaignId: key, leadId, lineage: `step ${step}`, visit: 1 });
  return open ? { ...mail, priority: 0 as const, newLead: null, dueAt: open, delays, step: step + 1 } : null;
};

/** Everything that a slot says, also what its item counts as due since. */
const told = (slots: Iterable<Slot<Mail>>) =>
  Array.from(slots, ({ item, at, ...slot }) => {
    const more =
      slot.kind === "wait" ? `${slot.because} until ${slot.until?.toISOString() ?? "never"}` : slot.kind === "send" ? slot.day : "";
    return `${at.toISOString()} ${slot.kind} ${item.key} step ${item.step} due ${item.dueAt.toISOString()} ${more}`;
  });

describe("the planner and its simplest form", () => {
  test("hand out the same slots, and let the same mails wait", () => {
    fc.assert(
      fc.property(scenario, ({ start, mailbox, mails, catchUpMinutes }) => {
        const span = { keptSince: after(start, -catchUpMinutes * MINUTE), now: start, until: after(start, 45 * DAY) };
        const expected = [...referenceSlots(mailbox, mails, span, following(referenceDueAt))];
        const lasting = expected.filter((slot) => slot.kind !== "wait" || slot.until === null);
        expect(told(assignSlots(mailbox, mails, span, following(dueAt)))).toEqual(told(expected));
        expect(told(sendsAhead(mailbox, mails, span, following(dueAt)))).toEqual(told(lasting));
      }),
      { numRuns: 120 },
    );
  });

  test("know the same openings and delays", () => {
    const moment = fc.tuple(someStart, fc.integer({ min: 0, max: 20 * DAY })).map(([start, ms]) => after(start, ms));
    fc.assert(
      fc.property(someHours, moment, someDelay, (hours, at, delay) => {
        expect(nextOpening(hours, at)).toEqual(referenceOpening(hours, at));
        expect(afterDelay(at, delay, hours)).toEqual(referenceDelay(at, delay, hours));
      }),
      { numRuns: 250 },
    );
  });
});
