import { describe, expect, test } from "vitest";
import type { LeadId } from "./ids.ts";
import { after, DAY, HOUR } from "./instant.ts";
import { NO_EFFECTS, planEffects } from "./plan-effects.ts";

const START = new Date("2026-03-02T09:00:00Z");
const mail = (lead: string, step: string, days: number) => ({
  leadId: lead as LeadId,
  lead: `${lead}@bakery.example`,
  sequence: "Main",
  step,
  at: after(START, days * DAY),
});

describe("the effects of an edit", () => {
  test("are none when the same mails go out at the same moments", () => {
    const mails = [mail("kim", "a", 0), mail("kim", "b", 2)];
    expect(planEffects(mails, [...mails])).toEqual(NO_EFFECTS);
  });

  test("count who gets a step more, or one fewer", () => {
    const effects = planEffects(
      [mail("kim", "a", 0), mail("lee", "a", 0), mail("kim", "b", 2), mail("lee", "b", 2)],
      [mail("kim", "a", 0), mail("lee", "a", 0), mail("kim", "x", 1), mail("kim", "b", 2)],
    );
    expect(effects.gained).toEqual([{ sequence: "Main", step: "x", leads: 1 }]);
    expect(effects.lost).toEqual([{ sequence: "Main", step: "b", leads: 1 }]);
    expect(effects.nextMail.first).toEqual([]);
  });

  test("say whose next mail goes out sooner, later, again, or not any more", () => {
    const effects = planEffects(
      [mail("sooner", "a", 3), mail("later", "a", 1), mail("ends", "a", 2.5), mail("same", "a", 5)],
      [mail("sooner", "a", 2), mail("later", "b", 4), mail("begins", "c", 6), mail("same", "b", 5)].toSorted(
        (a, b) => a.at.getTime() - b.at.getTime(),
      ),
    );
    expect(effects.nextMail).toMatchObject({ earlier: 1, later: 1, begins: 1, ends: 1 });
    expect(effects.nextMail.first.map(({ leadId, before, after: then }) => [leadId, before?.step, then?.step])).toEqual([
      ["later", "a", "b"],
      ["sooner", "a", "a"],
      ["ends", "a", undefined],
      ["begins", undefined, "c"],
    ]);
  });

  test("show the first ten of however many", () => {
    const mails = Array.from({ length: 25 }, (_, index) => mail(`lead${index}`, "a", index));
    const { nextMail } = planEffects(
      mails,
      mails.map((one) => ({ ...one, at: after(one.at, HOUR) })),
    );
    expect([nextMail.later, nextMail.first.length, nextMail.first[0]?.leadId]).toEqual([25, 10, "lead0"]);
  });
});
