// A reply was judged: which sub-sequence does the lead enter?
import { type RecordedInterest, TRIGGERS, type Trigger } from "./words.ts";

export interface SubSequenceCandidate<Id extends string> {
  readonly id: Id;
  readonly trigger: Trigger;
  readonly isActive: boolean;
}

export type SubSequenceChoice<Id extends string> =
  | { readonly kind: "enter"; readonly id: Id; readonly how: "exact" | "any" }
  /** `not_judged`: nobody has looked yet. `opt_out`: no more mail, whatever is configured. `no_match`: nothing active answers this level. */
  | { readonly kind: "none"; readonly why: "not_judged" | "opt_out" | "no_match" }
  /** The judgement is unsure: a person says what the reply means, and then it is chosen. */
  | { readonly kind: "wait_for_person" };

/** Levels that `any` leaves alone: somebody who declined, or was the wrong person, hears more only if that was written for them. */
const NOT_ANY: ReadonlySet<RecordedInterest> = new Set(["negative", "wrong_person"]);

/** Exact interest level → `any` → none. An inactive sub-sequence is none. At most one is active per trigger (the database sees to it). */
export function chooseSubSequence<Id extends string>(
  level: RecordedInterest,
  candidates: readonly SubSequenceCandidate<Id>[],
): SubSequenceChoice<Id> {
  if (level === "needs_review") return { kind: "wait_for_person" };
  if (level === "not_analyzed") return { kind: "none", why: "not_judged" };
  if (level === "unsubscribe") return { kind: "none", why: "opt_out" };
  const activeFor = (trigger: Trigger) => candidates.find((candidate) => candidate.isActive && candidate.trigger === trigger);
  const exact = activeFor(level);
  if (exact) return { kind: "enter", id: exact.id, how: "exact" };
  const any = NOT_ANY.has(level) ? undefined : activeFor("any");
  return any ? { kind: "enter", id: any.id, how: "any" } : { kind: "none", why: "no_match" };
}

/** False for what an older or a newer version of the product stored and this one does not know. */
export function isTrigger(word: string): word is Trigger {
  return (TRIGGERS as readonly string[]).includes(word);
}
