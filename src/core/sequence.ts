// What changes between two versions of a sequence, and where every step stands afterwards?
//
// The rule for leads in the middle. A version orders every step that the sequence ever had; those it does not send are retired and only keep their
// place. A lead stands behind the last step, by that order, that its visit has a message for, and gets the steps in use behind that one, in order
// (nextStep in next-step.ts). So of two leads that got the same steps both go on with the same one, however they came to them, and:
//
// 1. no lead is sent a step twice, for what it was sent is never behind where it stands;
// 2. an edit never makes a lead go back: what stands before a step that it was sent goes to it no more, whenever it was put there;
// 3. an edit never makes a lead skip a step that was before it and still is: which stood behind its place, is in use, and stands behind all steps
//    in use that it was sent. For that, no retired step may come to stand behind one that it stood before (placesOf);
// 4. a lead that got every step goes on when one is put behind its place while its reply is awaited. One whose reply window is over is finished, and
//    nothing starts it again.
//
// A lead that stays in its version goes by the order, the delays and the words of that version until it leaves the sequence.
import { diffArrays } from "diff";
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
 * the old one does not get the new one on top. But it never comes to stand behind a wanted step that it stood before, in `stored` or in a
 * version that some lead stays in: whoever was sent it would skip that one.
 */
export function placesOf(
  stored: readonly PlacedStep[],
  wanted: readonly { readonly lineage: string }[],
  stayedIn: readonly (readonly PlacedStep[])[] = [],
): ReadonlyMap<string, number> {
  const order = wanted.map((step) => step.lineage);
  const known = new Set(stored.map((step) => step.lineage));
  const inUse = new Set(order);
  const versions = [stored, ...stayedIn].map((version) => version.toSorted((a, b) => a.position - b.position));
  const inOrder = versions[0] ?? [];
  for (const [index, step] of inOrder.entries()) {
    if (inUse.has(step.lineage)) continue;
    const before = inOrder[index - 1];
    const behind = before ? order.indexOf(before.lineage) + 1 : 0;
    const inItsStead = order[behind];
    const isReplaced = !step.retired && inItsStead !== undefined && !known.has(inItsStead);
    const ahead = versions.flatMap((version) => behindStep(version, step.lineage)).filter((later) => inUse.has(later.lineage));
    const atMost = Math.min(...ahead.map((later) => order.indexOf(later.lineage)));
    order.splice(Math.min(isReplaced ? behind + 1 : behind, atMost), 0, step.lineage);
  }
  return new Map(order.map((lineage, index) => [lineage, index + 1]));
}

function behindStep(version: readonly PlacedStep[], lineage: string): readonly PlacedStep[] {
  const place = version.findIndex((step) => step.lineage === lineage);
  return place === -1 ? [] : version.slice(place + 1);
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
  const inOrder = stored.filter((step) => !step.retired).toSorted((a, b) => a.position - b.position);
  const moved = movedSteps(
    inOrder.map((step) => step.lineage),
    wanted.map((step) => step.lineage),
  );
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

/** The fewest steps, of those in both orders, that have to change places. A step that only shifts because others came, went or moved has not moved. */
export function movedSteps(before: readonly string[], after: readonly string[]): ReadonlySet<string> {
  const [left, right] = [before.filter((name) => after.includes(name)), after.filter((name) => before.includes(name))];
  return new Set(diffArrays(left, right).flatMap(({ added, value }) => (added ? value : [])));
}
