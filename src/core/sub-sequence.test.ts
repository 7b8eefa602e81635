import { describe, expect, test } from "vitest";
import { chooseSubSequence, isTrigger } from "./sub-sequence.ts";
import { INTEREST_LEVELS, type RecordedInterest, type Trigger } from "./words.ts";

const active = (id: string, trigger: Trigger) => ({ id, trigger, isActive: true });
const off = (id: string, trigger: Trigger) => ({ id, trigger, isActive: false });
const exact = { kind: "enter", id: "own", how: "exact" };
const any = { kind: "enter", id: "rest", how: "any" };
const noMatch = { kind: "none", why: "no_match" };
const optOut = { kind: "none", why: "opt_out" };
const notJudged = { kind: "none", why: "not_judged" };
const wait = { kind: "wait_for_person" };

/** What happens when there is a sub-sequence of its own and one for any, only the one for any, only its own, none, or only inactive ones. */
const TABLE: [RecordedInterest, both: object, onlyAny: object, onlyOwn: object, none: object, inactive: object][] = [
  ["positive", exact, any, exact, noMatch, noMatch],
  ["requested_info", exact, any, exact, noMatch, noMatch],
  ["objection", exact, any, exact, noMatch, noMatch],
  ["neutral", exact, any, exact, noMatch, noMatch],
  ["not_now", exact, any, exact, noMatch, noMatch],
  ["referral", exact, any, exact, noMatch, noMatch],
  ["negative", exact, noMatch, exact, noMatch, noMatch],
  ["wrong_person", exact, noMatch, exact, noMatch, noMatch],
  ["unsubscribe", optOut, optOut, optOut, optOut, optOut],
  ["not_analyzed", notJudged, notJudged, notJudged, notJudged, notJudged],
  ["needs_review", wait, wait, wait, wait, wait],
];

describe("which sub-sequence a reply leads into", () => {
  test.each(TABLE)("%s", (level, both, onlyAny, onlyOwn, none, inactive) => {
    const own = isTrigger(level) ? [active("own", level)] : [];
    const ownOff = isTrigger(level) ? [off("own", level)] : [];
    const rest = active("rest", "any");
    expect(chooseSubSequence(level, [rest, ...own])).toEqual(both);
    expect(chooseSubSequence(level, [rest])).toEqual(onlyAny);
    expect(chooseSubSequence(level, own)).toEqual(onlyOwn);
    expect(chooseSubSequence(level, [])).toEqual(none);
    expect(chooseSubSequence(level, [...ownOff, off("rest", "any")])).toEqual(inactive);
    expect(chooseSubSequence(level, [...ownOff, rest])).toEqual(onlyAny);
  });

  test("the table names every level there is", () => {
    expect(TABLE.map(([level]) => level).toSorted()).toEqual([...INTEREST_LEVELS, "not_analyzed", "needs_review"].toSorted());
  });

  test("an opt-out and a doubt can be no trigger", () => {
    expect(["unsubscribe", "needs_review", "not_analyzed", "positiv"].filter(isTrigger)).toEqual([]);
  });
});
