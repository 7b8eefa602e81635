import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changesOrder, placesOf, type StoredStep, stepChanges, type WrittenStep } from "./sequence.ts";

const text = (words: string) => ({ subject: null, bodyText: words, bodyHtml: null });
const written = (lineage: string, days = 0, words = lineage): WrittenStep => ({
  lineage,
  delay: { days, workingDays: 0, minutes: 0 },
  text: text(words),
});
const stored = (lineages: string, retired = ""): StoredStep[] =>
  lineages.split("").map((lineage, index) => ({ ...written(lineage), position: index + 1, retired: retired.includes(lineage) }));
const wanted = (lineages: string) => lineages.split("").map((lineage) => written(lineage));
const order = (before: StoredStep[], after: string) =>
  [...placesOf(before, wanted(after))]
    .toSorted(([, a], [, b]) => a - b)
    .map(([lineage]) => lineage)
    .join("");

/** The sequence after an edit, with the steps that the edit retired. */
function edited(before: readonly StoredStep[], after: readonly WrittenStep[]): StoredStep[] {
  const places = placesOf(before, after);
  const all = new Map<string, WrittenStep | StoredStep>([...before, ...after].map((step) => [step.lineage, step]));
  return [...all.values()].map((step) => ({
    ...step,
    position: places.get(step.lineage) ?? 0,
    retired: !after.some((kept) => kept.lineage === step.lineage),
  }));
}

describe("where steps stand after an edit", () => {
  test.each([
    ["a retired step keeps its place among the others", "abc", "", "ac", "abc"],
    ["a retired first step stays first", "abc", "", "bc", "abc"],
    ["a step appended after a retired one stands behind it", "abc", "c", "abd", "abcd"],
    ["a step written in the stead of another takes its place", "abc", "", "axc", "axbc"],
    ["two written in the stead of one: the second is new", "abc", "", "axyc", "axbyc"],
    ["a step that comes back stands where the file has it", "abc", "b", "cba", "cba"],
    ["steps that swap places", "abc", "", "cab", "cab"],
    ["a retired step stays before those it stood before, though the step before it moved behind them", "abc", "", "ca", "bca"],
  ])("%s", (_, before, retired, after, expected) => {
    expect(order(stored(before, retired), after)).toBe(expected);
  });

  test("a retired step stays before those it stood before in the version that a lead stays in", () => {
    const staysIn = stored("abc");
    const places = placesOf(stored("bac"), wanted("bc"), [staysIn]);
    expect([...places].toSorted(([, a], [, b]) => a - b).map(([lineage]) => lineage)).toEqual(["a", "b", "c"]);
  });

  const lineages = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h"), { minLength: 1 });

  test("every step has one place, the file's steps are in the file's order, and the same file again moves nothing", () => {
    fc.assert(
      fc.property(lineages, lineages, lineages, (first, second, third) => {
        let steps: StoredStep[] = [];
        for (const version of [first, second, third]) {
          steps = edited(steps, wanted(version.join("")));
          const inOrder = steps.toSorted((a, b) => a.position - b.position);
          expect(inOrder.map((step) => step.position)).toEqual(steps.map((_, index) => index + 1));
          expect(inOrder.filter((step) => !step.retired).map((step) => step.lineage)).toEqual(version);
          expect(edited(steps, wanted(version.join("")))).toEqual(steps);
          expect(stepChanges(steps, wanted(version.join("")))).toEqual([]);
        }
      }),
    );
  });
});

describe("what an edit changes", () => {
  test("nothing, when the file says what is so", () => {
    expect(stepChanges(stored("abc"), wanted("abc"))).toEqual([]);
  });

  test("each kind of change is named, for its step", () => {
    const after = [written("b"), written("a", 2), written("d"), written("e", 0, "other words"), written("new")];
    expect(stepChanges(stored("abcde", "d"), after)).toEqual([
      { kind: "moved", lineage: "a" },
      { kind: "delay", lineage: "a", from: { days: 0, workingDays: 0, minutes: 0 }, to: { days: 2, workingDays: 0, minutes: 0 } },
      { kind: "restored", lineage: "d" },
      { kind: "text", lineage: "e" },
      { kind: "added", lineage: "new" },
      { kind: "retired", lineage: "c" },
    ]);
  });

  test("a step that is taken to the end is the only one that moved", () => {
    expect(stepChanges(stored("abcd"), wanted("bcda"))).toEqual([{ kind: "moved", lineage: "a" }]);
  });

  test("a step that only shifts because another came before it has not moved", () => {
    expect(stepChanges(stored("ab"), wanted("xab"))).toEqual([{ kind: "added", lineage: "x" }]);
  });

  test("a step without a text gets one", () => {
    expect(stepChanges([{ ...written("a"), position: 1, retired: false, text: null }], wanted("a"))).toEqual([
      { kind: "text", lineage: "a" },
    ]);
  });

  test("new words and delays change nobody's next step", () => {
    const delay = { days: 0, workingDays: 0, minutes: 0 };
    expect(changesOrder({ kind: "text", lineage: "a" })).toBe(false);
    expect(changesOrder({ kind: "delay", lineage: "a", from: delay, to: delay })).toBe(false);
    expect((["added", "restored", "retired", "moved"] as const).every((kind) => changesOrder({ kind, lineage: "a" }))).toBe(true);
  });
});
