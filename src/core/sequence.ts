// What changes between two versions of a sequence, and where every step stands afterwards? (Which step a lead gets next: next-step.ts.)
import type { Delay } from "./sending-window.ts";

/** What a step says. */
export interface StepText {
  /** Null: a follow-up in the thread of the mail before it. */
  readonly subject: string | null;
  readonly bodyText: string;
  readonly bodyHtml: string | null;
}

/** A step as the campaign file has it: its place in the list is its place in the sequence. */
export interface WrittenStep {
  /** The name that survives edits: what a lead was already sent is remembered by it. */
  readonly lineage: string;
  /** After the step before it, or the enrollment. */
  readonly delay: Delay;
  readonly text: StepText;
}

/** A step as it stands in the store. A retired one is sent to nobody and keeps its place, so that "after it" still has a meaning. */
export interface PlacedStep {
  readonly lineage: string;
  readonly position: number;
  readonly retired: boolean;
}

/**
 * The place of every step once `wanted` are in use, in that order, counted from 1.
 *
 * A step that is not wanted stays behind the step it stood behind; a new one written in its stead takes its place, so a lead that was sent
 * the old one does not get the new one on top.
 */
export function placesOf(stored: readonly PlacedStep[], wanted: readonly { readonly lineage: string }[]): ReadonlyMap<string, number> {
  const order = wanted.map((step) => step.lineage);
  const known = new Set(stored.map((step) => step.lineage));
  const inUse = new Set(order);
  let before: string | null = null;
  for (const step of stored.toSorted((a, b) => a.position - b.position)) {
    if (!inUse.has(step.lineage)) {
      const place: number = before === null ? 0 : order.indexOf(before) + 1;
      const inItsStead = order[place];
      const isReplaced = !step.retired && inItsStead !== undefined && !known.has(inItsStead);
      order.splice(isReplaced ? place + 1 : place, 0, step.lineage);
    }
    before = step.lineage;
  }
  return new Map(order.map((lineage, index) => [lineage, index + 1]));
}

export type StepChange =
  | { readonly kind: "added" | "restored" | "retired" | "moved"; readonly lineage: string }
  | { readonly kind: "delay"; readonly lineage: string; readonly from: Delay; readonly to: Delay }
  | { readonly kind: "text"; readonly lineage: string };

/** A stored step with what it says; null when nothing is written for it. */
export interface StoredStep extends PlacedStep {
  readonly delay: Delay;
  readonly text: StepText | null;
}

/** What has to happen to `stored` so that it is `wanted`, step by step in the wanted order, then what is retired. Empty when nothing has to. */
export function stepChanges(stored: readonly StoredStep[], wanted: readonly WrittenStep[]): StepChange[] {
  const moved = movedLineages(stored, wanted);
  const changes = wanted.flatMap((step): StepChange[] => {
    const { lineage } = step;
    const before = stored.find((candidate) => candidate.lineage === lineage);
    if (!before) return [{ kind: "added", lineage }];
    const found: StepChange[] = before.retired ? [{ kind: "restored", lineage }] : [];
    if (moved.has(lineage)) found.push({ kind: "moved", lineage });
    if (!sameDelay(before.delay, step.delay)) found.push({ kind: "delay", lineage, from: before.delay, to: step.delay });
    if (!before.text || !sameText(before.text, step.text)) found.push({ kind: "text", lineage });
    return found;
  });
  const gone = stored.filter((step) => !step.retired && !wanted.some((kept) => kept.lineage === step.lineage));
  return [...changes, ...gone.map((step): StepChange => ({ kind: "retired", lineage: step.lineage }))];
}

/** Changes after which some lead's next step may be another one. */
export function changesOrder(change: StepChange): boolean {
  return change.kind !== "delay" && change.kind !== "text";
}

export function sameText(a: StepText, b: StepText): boolean {
  return a.subject === b.subject && a.bodyText === b.bodyText && a.bodyHtml === b.bodyHtml;
}

function sameDelay(a: Delay, b: Delay): boolean {
  return a.days === b.days && a.workingDays === b.workingDays && a.minutes === b.minutes;
}

/** Steps in use before and after whose rank among those changed. A step that only shifts because another came or went has not moved. */
function movedLineages(stored: readonly PlacedStep[], wanted: readonly { readonly lineage: string }[]): ReadonlySet<string> {
  const kept = stored.filter((step) => !step.retired && wanted.some((other) => other.lineage === step.lineage));
  const before = kept.toSorted((a, b) => a.position - b.position).map((step) => step.lineage);
  const after = wanted.map((step) => step.lineage).filter((lineage) => before.includes(lineage));
  return new Set(after.filter((lineage, index) => before[index] !== lineage));
}
