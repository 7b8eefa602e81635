import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type CampaignTiming,
  firstAnchor,
  hoursFor,
  newestOf,
  nextStep,
  replyWindowEnd,
  type StepOfSequence,
  stepDueAt,
} from "./next-step.ts";
import { nextOpening } from "./sending-window.ts";

function step(lineage: string, position: number, more: Partial<StepOfSequence> = {}): StepOfSequence {
  return {
    id: lineage,
    sequenceId: "main",
    version: 1,
    isNewest: true,
    lineage,
    position,
    delayDays: 3,
    delayWorkingDays: 0,
    delayMinutes: 0,
    retired: false,
    ...more,
  };
}

const ABC = [step("a", 1), step("b", 2), step("c", 3)];
const CAMPAIGN: CampaignTiming = {
  id: "campaign",
  window: { monday: [["09:00", "17:00"]], thursday: [["09:00", "17:00"]] },
  holidays: [],
  holidayCalendars: [],
  zone: "Europe/Berlin",
  useLeadZone: true,
  jitterMinutes: 0,
  replyWindowDays: 14,
};

describe("the next step", () => {
  test.each<[string, readonly StepOfSequence[], string, string | null]>([
    ["of a new lead is the first", ABC, "", "a"],
    ["comes after the one that was sent", ABC, "a", "b"],
    ["is none after the last", ABC, "abc", null],
    ["is none in an empty sequence", [], "", null],
    ["skips a retired step", [step("a", 1), step("b", 2, { retired: true }), step("c", 3)], "a", "c"],
    ["comes after a sent step that was retired", [step("a", 1, { retired: true }), step("b", 1), step("c", 2)], "a", "c"],
    ["is never one that was put before where the lead stands", [step("new", 1), step("a", 2), step("b", 3)], "a", "b"],
    ["is one that was put right behind it", [step("a", 1), step("new", 2), step("b", 3)], "a", "new"],
    ["is never one that was sent, though it moved behind", [step("b", 1), step("a", 2), step("c", 3)], "ab", "c"],
    ["is of its own sequence", [step("x", 1, { sequenceId: "other" }), step("a", 2)], "", "a"],
  ])("%s", (_, steps, sent, expected) => expect(nextStep(steps, newestOf("main"), sent.split(""))?.lineage ?? null).toBe(expected));

  test("is that of the version that the lead stays in, or of the newest one", () => {
    const steps = [...ABC.map((one) => ({ ...one, isNewest: false })), step("x", 1, { version: 2 }), step("a", 2, { version: 2 })];
    expect(nextStep(steps, { sequenceId: "main", staysInVersion: 1 }, ["a"])?.lineage).toBe("b");
    expect(nextStep(steps, newestOf("main"), [])?.lineage).toBe("x");
    expect(nextStep(steps, newestOf("main"), ["a"])).toBeNull();
  });

  test("whatever the edits, no lineage comes twice and positions only grow", () => {
    const edits = fc.array(fc.shuffledSubarray(["a", "b", "c", "d", "e"], { minLength: 1 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(edits, (orders) => {
        const sent: string[] = [];
        for (const order of orders) {
          const next = nextStep(
            order.map((lineage, index) => step(lineage, index + 1)),
            newestOf("main"),
            sent,
          );
          if (next) sent.push(next.lineage);
        }
        expect(new Set(sent).size).toBe(sent.length);
      }),
    );
  });
});

describe("when a step is due", () => {
  const lead = { leadId: "lead", leadZone: null, visit: 1, anchor: new Date("2026-03-02T10:00:00Z") };
  const due = (more: Partial<CampaignTiming> = {}, of: Partial<typeof lead> | { leadZone: string } = {}) =>
    stepDueAt({ ...CAMPAIGN, ...more }, step("a", 1), { ...lead, ...of });

  test("three days after Monday is Thursday, at the same time of day", () => expect(due()).toEqual(new Date("2026-03-05T10:00:00Z")));
  test("a closed day is moved forward", () => expect(due({ holidays: ["2026-03-05"] })).toEqual(new Date("2026-03-09T08:00:00Z")));
  test("the window is that of the lead's zone", () =>
    expect(due({}, { leadZone: "America/New_York" })).toEqual(new Date("2026-03-05T14:00:00Z")));
  test("or the campaign's, where it says so", () =>
    expect(due({ useLeadZone: false }, { leadZone: "America/New_York" })).toEqual(new Date("2026-03-05T10:00:00Z")));
  test("a window that never opens has none", () => expect(due({ window: {} })).toBeNull());

  test("jitter comes on top, is drawn per lead, and stays in the window", () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: 1_440 }), (leadId, jitterMinutes) => {
        const plain = due();
        const moved = due({ jitterMinutes }, { leadId });
        const hours = hoursFor(CAMPAIGN, null);
        expect(due({ jitterMinutes }, { leadId })).toEqual(moved);
        return plain !== null && moved !== null && moved >= plain && nextOpening(hours, moved)?.getTime() === moved.getTime();
      }),
    );
  });
});

test("a reply window counts elapsed days from the last slot", () => {
  expect(replyWindowEnd(CAMPAIGN, new Date("2026-03-20T10:00:00Z"))).toEqual(new Date("2026-04-03T10:00:00Z"));
});

test("the first delay counts from the enrollment, never from before the campaign's start", () => {
  const [early, late] = [new Date("2026-03-02T10:00:00Z"), new Date("2026-03-03T10:00:00Z")];
  expect(firstAnchor(early, late)).toEqual(late);
  expect(firstAnchor(late, early)).toEqual(late);
});
