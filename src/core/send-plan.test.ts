// Which mail goes when: one mailbox, its window, cap, gap and quotas.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { follow, type Given, hours, type Mail, mail, mailbox, NOON, OFFICE, span, told } from "../../test/support/waiting-mails.ts";
import { after, DAY, HOUR, type Instant, MINUTE } from "./instant.ts";
import { NO_DOMAIN_LIMITS } from "./quota.ts";
import { assignSlots, claimSlots, dueAt, type StepTiming } from "./send-plan.ts";
import type { Hours } from "./sending-window.ts";

const MONDAY = new Date("2026-03-02T00:00:00Z");
const NEVER: Hours = { window: {}, holidays: new Set(), zone: "UTC" };

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
