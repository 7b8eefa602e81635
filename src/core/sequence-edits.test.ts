// The rule for leads in the middle of a sequence that is edited (sequence.ts), over random histories of edits, sends, moves and stays.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextStep, type StepOfSequence } from "./next-step.ts";
import { placesOf } from "./sequence.ts";

/** The versions of one sequence, each with all steps there ever were, by place. */
type Versions = readonly (readonly StepOfSequence[])[];

interface Lead {
  readonly sent: string[];
  staysInVersion: number | null;
}

type EditEvent = { readonly kind: "edit"; readonly how: readonly number[]; readonly stays: readonly boolean[] };
type Event =
  | { readonly kind: "send"; readonly lead: number }
  | { readonly kind: "enter" }
  | { readonly kind: "take along" }
  | EditEvent
  | { readonly kind: "back"; readonly to: number };

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("send" as const), lead: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: "enter" as const }, { kind: "take along" as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("edit" as const),
      how: fc.array(fc.nat(999), { minLength: 3, maxLength: 12 }),
      stays: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("back" as const), to: fc.nat(9) }) },
);

const inUse = (version: readonly StepOfSequence[]) => version.filter((step) => !step.retired).map((step) => step.lineage);
const newest = (versions: Versions) => versions.at(-1) ?? [];
const followed = (versions: Versions, { staysInVersion }: Lead) =>
  staysInVersion === null ? newest(versions) : (versions[staysInVersion - 1] ?? []);

/** The store's rows once `wanted` is applied: every version stays as it was, the newest comes on top. */
function edited(versions: Versions, wanted: readonly string[], leads: readonly Lead[] = []): Versions {
  const places = placesOf(
    newest(versions),
    wanted.map((lineage) => ({ lineage })),
    leads.map((lead) => followed(versions, lead)),
  );
  const version = versions.length + 1;
  const rows = [...places].map(([lineage, position]) => ({
    id: lineage,
    sequenceId: "s",
    version,
    isNewest: true,
    lineage,
    position,
    delayDays: version,
    delayWorkingDays: 0,
    delayMinutes: 0,
    retired: !wanted.includes(lineage),
  }));
  return [...versions.map((old) => old.map((step) => ({ ...step, isNewest: false }))), rows.toSorted((a, b) => a.position - b.position)];
}

/** Deletes, inserts, renames (a new id in the stead of another) and moves steps. */
function rewritten(order: readonly string[], how: readonly number[], fresh: () => string): string[] {
  const steps = [...order];
  for (const [index, amount] of how.entries()) {
    const at = amount % (steps.length + 1);
    if (index % 4 === 0) steps.splice(at, 0, fresh());
    else if (index % 4 === 1 && steps.length > 1) steps.splice(at, 1);
    else if (index % 4 === 2 && at < steps.length) steps[at] = fresh();
    else if (steps.length > 1) steps.splice(at, 0, ...steps.splice((amount * 7) % steps.length, 1));
  }
  return steps;
}

const next = (versions: Versions, lead: Lead, sent: readonly string[] = lead.sent) =>
  nextStep(versions.flat(), { sequenceId: "s", staysInVersion: lead.staysInVersion }, sent)?.lineage ?? null;

/** Everything that the lead gets if nothing is edited any more. */
function toCome(versions: Versions, lead: Lead): string[] {
  const coming: string[] = [];
  for (let step = next(versions, lead); step !== null; step = next(versions, lead, [...lead.sent, ...coming])) coming.push(step);
  return coming;
}

/** Plays a history and hands every edit to `check`, with what each lead would have got before it. */
function play(events: readonly Event[], check: (versions: Versions, lead: Lead, comingBefore: readonly string[]) => void): Lead[] {
  let fresh = 0;
  const freshName = () => `n${(fresh += 1)}`;
  let versions = edited([], ["a", "b", "c"]);
  const leads: Lead[] = [{ sent: [], staysInVersion: null }];
  const wantedBy = (one: Extract<Event, { kind: "edit" | "back" }>) =>
    one.kind === "edit" ? rewritten(inUse(newest(versions)), one.how, freshName) : inUse(versions[one.to % versions.length] ?? []);
  for (const one of events) {
    if (one.kind === "enter") leads.push({ sent: [], staysInVersion: null });
    else if (one.kind === "send") {
      const lead = leads[one.lead % leads.length] as Lead;
      const step = next(versions, lead);
      if (step !== null) lead.sent.push(step);
    } else {
      const coming = leads.map((lead) => toCome(versions, lead));
      const replaced = versions.length;
      if (one.kind !== "take along") versions = edited(versions, wantedBy(one), leads);
      for (const [index, lead] of leads.entries()) {
        const stays = one.kind === "edit" && one.stays[index % 6] === true;
        lead.staysInVersion = stays ? (lead.staysInVersion ?? replaced) : null;
        check(versions, lead, coming[index] ?? []);
      }
    }
  }
  return leads;
}

const histories = fc.array(event, { maxLength: 30 });
const RUNS = { numRuns: 2_000 };

describe("over any history of edits, sends, moves and stays", () => {
  test("no lead is sent a step twice", () => {
    fc.assert(
      fc.property(histories, (events) => {
        const leads = play(events, () => undefined);
        for (const { sent } of leads) expect(new Set(sent).size).toBe(sent.length);
      }),
      RUNS,
    );
  });

  test("no lead skips a step that was to come and stands, after the edit too, behind all it was sent", () => {
    fc.assert(
      fc.property(histories, (events) => {
        play(events, (versions, lead, comingBefore) => {
          const order = inUse(followed(versions, lead));
          const last = Math.max(-1, ...lead.sent.map((lineage) => order.indexOf(lineage)));
          const owed = comingBefore.filter((lineage) => order.indexOf(lineage) > last);
          expect(toCome(versions, lead)).toEqual(expect.arrayContaining(owed));
        });
      }),
      RUNS,
    );
  });

  test("no lead goes back: what stands before a step that it was sent does not come any more, and what comes, comes in order", () => {
    fc.assert(
      fc.property(histories, (events) => {
        play(events, (versions, lead) => {
          const order = inUse(followed(versions, lead));
          const last = Math.max(-1, ...lead.sent.map((lineage) => order.indexOf(lineage)));
          const places = toCome(versions, lead).map((lineage) => order.indexOf(lineage));
          expect(places).toEqual(places.toSorted((a, b) => a - b));
          for (const place of places) expect(place).toBeGreaterThan(last);
        });
      }),
      RUNS,
    );
  });

  test("a lead that stays gets what it would have got", () => {
    fc.assert(
      fc.property(histories, (events) => {
        play(events, (versions, lead, comingBefore) => {
          expect(toCome(versions, lead)).toEqual(lead.staysInVersion === null ? toCome(versions, lead) : comingBefore);
        });
      }),
      RUNS,
    );
  });

  test("an edit that is taken back leaves a lead where it stood, unless it was sent something meanwhile", () => {
    const names = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"), { minLength: 1 });
    fc.assert(
      fc.property(names, names, fc.nat(5), (first, second, mails) => {
        const before = edited([], first);
        const lead: Lead = { sent: first.slice(0, mails), staysInVersion: null };
        const coming = toCome(before, lead);
        expect(toCome(edited(edited(before, second), first), lead)).toEqual(coming);
      }),
      RUNS,
    );
  });

  test("a lead that got every step goes on when one is put at the end", () => {
    const versions = edited([], ["a", "b"]);
    const lead: Lead = { sent: ["a", "b"], staysInVersion: null };
    expect(toCome(edited(versions, ["a", "b", "c"]), lead)).toEqual(["c"]);
    expect(toCome(edited(versions, ["c", "a", "b"]), lead)).toEqual([]);
  });
});
