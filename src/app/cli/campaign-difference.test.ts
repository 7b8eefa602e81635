import { expect, test } from "vitest";
import { writePlan } from "./campaign-difference.ts";

type Plan = Parameters<typeof writePlan>[0];

const NOTHING: Plan = {
  name: "Repair log",
  created: false,
  changes: [],
  moved: { nextStep: 0, planned: 0, replyWindow: 0 },
  inside: { moved: 0, stayed: 0 },
  before: "",
  after: "",
  difference: { settings: [], sequences: [] },
  standings: [],
  effects: { gained: [], lost: [], nextMail: { earlier: 0, later: 0, begins: 0, ends: 0, first: [] } },
};

test("no difference, and a new campaign, are one sentence", () => {
  expect(writePlan(NOTHING)).toBe("It would change nothing.");
  expect(writePlan({ ...NOTHING, created: true, changes: ["created"] })).toBe('It would add "Repair log" as a draft.');
});

test("a difference is read from top to bottom: what changes, then whom it concerns", () => {
  const at = (day: string) => `2026-03-${day}T09:00:00.000Z`;
  const steps: Plan["difference"]["sequences"][number]["steps"][number][] = [
    { step: "b", kinds: ["words"], delay: null, lines: ["-Old.", "+New."] },
    { step: "c", kinds: ["delay"], delay: { before: "2 days", after: "3 days" }, lines: [] },
    { step: "d", kinds: ["added"], delay: { before: null, after: "1 day" }, lines: Array.from({ length: 33 }, () => "+x") },
  ];
  const text = writePlan({
    ...NOTHING,
    changes: ["something"],
    inside: { moved: 12, stayed: 1 },
    difference: {
      settings: [{ key: "goal", before: null, after: "Ten talks" }],
      sequences: [{ sequence: "Main", kind: "changed", on: null, steps }],
    },
    standings: [{ state: "active", sequence: "Main", nextStep: "b", before: 12, after: 12 }],
    effects: {
      gained: [{ sequence: "Main", step: "d", leads: 12 }],
      lost: [{ sequence: "Main", step: "b", leads: 1 }],
      nextMail: {
        earlier: 0,
        later: 12,
        begins: 0,
        ends: 1,
        first: [
          { leadId: "1", lead: "kim@bakery.example", before: { step: "c", at: at("06") }, after: { step: "c", at: at("09") } },
          { leadId: "2", lead: "lee@bakery.example", before: { step: "b", at: at("07") }, after: null },
        ],
      },
    },
  });
  expect(text.split("\n").filter((line) => line !== "    +x")).toEqual([
    "It would change:",
    "- goal: none → Ten talks",
    '- sequence "Main"',
    '  - step "b" words',
    "    -Old.",
    "    +New.",
    '  - step "c" delay (after 2 days → 3 days)',
    '  - step "d" added (after 1 day)',
    "    … 3 more lines",
    "",
    "12 leads inside would go over to the new version. 1 lead inside would stay in an older version.",
    "",
    "Sequence  Next step  State   Leads now  Then",
    "Main      b          active  12         12",
    "",
    '12 leads more would get step "d" of "Main".',
    '1 lead fewer would get step "b" of "Main".',
    "",
    "The next mail changes for 13 leads: 12 later, 1 without one. The first 2:",
    "Lead                Now                 Then",
    "kim@bakery.example  2026-03-06 09:00 c  2026-03-09 09:00 c",
    "lee@bakery.example  2026-03-07 09:00 b  none",
  ]);
});
