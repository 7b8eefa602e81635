import { describe, expect, test } from "vitest";
import { campaignDifference } from "./campaign-difference.ts";
import type { WrittenCampaign } from "./written-campaign.ts";

const step = (id: string, more: object = {}) => ({ id, after: "2 days", body: `Text of ${id}.`, ...more });
const BEFORE: WrittenCampaign = {
  name: "Repair log",
  time_zone: "UTC",
  window: { "monday-friday": "09:00-17:00" },
  mailboxes: ["anna@team.example"],
  leads: "all",
  sequence: [step("a", { subject: "Repairs" }), step("b"), step("c"), step("d")],
  sub_sequences: [{ name: "Interested", on: "positive", steps: [step("call")] }],
};
const to = (changes: Partial<WrittenCampaign>) => campaignDifference(BEFORE, { ...BEFORE, ...changes });

describe("the difference", () => {
  test("of the same is none", () => expect(to({})).toEqual({ settings: [], sequences: [] }));

  test("names every setting with what it is and would be", () => {
    const window = { monday: "10:00-11:00", friday: ["08:00-09:00", "10:00-11:00"] };
    expect(
      to({ window, mailboxes: ["anna@team.example", "bob@team.example"], leads: { list: "Bakeries" }, goal: "Ten talks" }).settings,
    ).toEqual([
      { key: "window", before: "monday-friday: 09:00-17:00", after: "monday: 10:00-11:00, friday: 08:00-09:00, 10:00-11:00" },
      { key: "mailboxes", before: "anna@team.example", after: "anna@team.example, bob@team.example" },
      { key: "leads", before: "all", after: "list: Bakeries" },
      { key: "goal", before: null, after: "Ten talks" },
    ]);
  });

  test("names steps that came, went, moved, wait longer or say something else, with the lines that changed", () => {
    const sequence = [
      step("b", { body: "One.\nTwo.\nThree.\nFour.\nFive." }),
      step("a", { subject: "Repairs" }),
      step("d", { after: "3 days" }),
      step("new"),
    ];
    expect(to({ sequence }).sequences).toEqual([
      {
        sequence: "Main",
        kind: "changed",
        on: null,
        steps: [
          { step: "b", kinds: ["words"], delay: null, lines: ["-Text of b.", "+One.", "+Two.", "+Three.", "+Four.", "+Five."] },
          { step: "a", kinds: ["moved"], delay: null, lines: [] },
          { step: "d", kinds: ["delay"], delay: { before: "2 days", after: "3 days" }, lines: [] },
          { step: "new", kinds: ["added"], delay: { before: null, after: "2 days" }, lines: ["+Text of new."] },
          { step: "c", kinds: ["removed"], delay: { before: "2 days", after: null }, lines: ["-Text of c."] },
        ],
      },
    ]);
  });

  test("shows of a long text only the lines around what changed", () => {
    const text = (word: string, last: string) => ["One", word, "Three", "Four", "Five", "Six", last].join("\n");
    const before = { ...BEFORE, sequence: [step("a", { subject: "Old", body: text("Two", "Seven"), html: "<p>Old</p>" })] };
    const after = { ...BEFORE, sequence: [step("a", { subject: "Old", body: text("2", "7"), html: "<p>New</p>" })] };
    expect(campaignDifference(before, after).sequences[0]?.steps[0]?.lines).toEqual([
      " One",
      "-Two",
      "+2",
      " Three",
      "…",
      " Six",
      "-Seven",
      "-html: <p>Old</p>",
      "+7",
      "+html: <p>New</p>",
    ]);
  });

  test("of two long texts that have nothing in common is all of both, at once", () => {
    const of = (word: string) => ({ ...BEFORE, sequence: [step("a", { body: `${word}\n`.repeat(10_000).trim() })] });
    const began = process.cpuUsage();
    const lines = campaignDifference(of("old"), of("new")).sequences[0]?.steps[0]?.lines ?? [];
    expect(process.cpuUsage(began).user / 1e6).toBeLessThan(2);
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([20_000, "-old", "+new"]);
  });

  test("names sub-sequences that came and went, and other triggers; their names may change their case", () => {
    const steps = [step("call")];
    expect(to({ sub_sequences: [{ name: "INTERESTED", on: "any", steps }] }).sequences).toEqual([
      { sequence: "INTERESTED", kind: "changed", on: { before: "positive", after: "any" }, steps: [] },
    ]);
    const { sequences } = to({ sub_sequences: [{ name: "Later", on: "not_now", steps }] });
    expect(sequences.map(({ sequence, kind, on }) => [sequence, kind, on])).toEqual([
      ["Later", "added", { before: null, after: "not_now" }],
      ["Interested", "removed", { before: "positive", after: null }],
    ]);
  });

  test("with nothing is everything", () => {
    const all = campaignDifference(null, BEFORE);
    expect(all.settings.map(({ key, before }) => [key, before])).toEqual(
      ["name", "time_zone", "window", "mailboxes", "leads"].map((key) => [key, null]),
    );
    expect(all.sequences.map(({ sequence, kind, steps }) => [sequence, kind, steps.length])).toEqual([
      ["Main", "added", 4],
      ["Interested", "added", 1],
    ]);
  });
});
