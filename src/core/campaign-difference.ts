// In which settings, sequences and words do two states of a campaign differ? For people who read it before they apply it.
import { structuredPatch } from "diff";
import { MAIN_SEQUENCE } from "./campaign-file-checks.ts";
import { movedSteps } from "./sequence.ts";
import type { StepOfFile, WrittenCampaign } from "./written-campaign.ts";

/** What stood there, and what would; null: nothing. */
export interface BeforeAndAfter {
  readonly before: string | null;
  readonly after: string | null;
}

export type StepDifferenceKind = "added" | "removed" | "moved" | "delay" | "words";

export interface StepDifference {
  /** Its `id` in the file. */
  readonly step: string;
  readonly kinds: readonly StepDifferenceKind[];
  /** Where its delay differs: how long after the step before it. */
  readonly delay: BeforeAndAfter | null;
  /** Where its words differ, line by line: `-` what goes, `+` what comes, a space for what stays around it, `…` for what is left out between. */
  readonly lines: readonly string[];
}

export interface SequenceDifference {
  readonly sequence: string;
  readonly kind: "added" | "removed" | "changed";
  /** Where the replies differ that lead into it. */
  readonly on: BeforeAndAfter | null;
  readonly steps: readonly StepDifference[];
}

export interface CampaignDifference {
  /** By their keys in the file, mailboxes and audience among them. */
  readonly settings: readonly (BeforeAndAfter & { readonly key: string })[];
  readonly sequences: readonly SequenceDifference[];
}

/** `before`: null when there is no such campaign yet. Both as `writeCampaign` writes them. */
export function campaignDifference(before: WrittenCampaign | null, after: WrittenCampaign): CampaignDifference {
  return { settings: settingDifferences(before ?? {}, after), sequences: sequenceDifferences(before, after) };
}

function settingDifferences(before: Partial<WrittenCampaign>, after: WrittenCampaign): CampaignDifference["settings"] {
  const { sequence: _old, sub_sequences: _oldSubs, ...left } = before;
  const { sequence: _new, sub_sequences: _newSubs, ...right } = after;
  const values = new Map(
    Object.entries(right).map(([key, value]): [string, BeforeAndAfter] => [key, { before: null, after: shown(value) }]),
  );
  for (const [key, value] of Object.entries(left)) values.set(key, { before: shown(value), after: values.get(key)?.after ?? null });
  return [...values].filter(([, value]) => value.before !== value.after).map(([key, value]) => ({ key, ...value }));
}

/** `monday-friday: 09:00-17:00, friday: 09:00-14:00`: one line, as the file would have it but for the brackets. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(shown).join(", ");
  if (typeof value === "object" && value !== null)
    return Object.entries(value)
      .map(([key, one]) => `${key}: ${shown(one)}`)
      .join(", ");
  return String(value);
}

interface WrittenSequence {
  readonly name: string;
  readonly on: string | null;
  readonly steps: readonly StepOfFile[];
}

function sequencesOf(campaign: WrittenCampaign | null): WrittenSequence[] {
  if (!campaign) return [];
  return [{ name: MAIN_SEQUENCE, on: null, steps: campaign.sequence }, ...(campaign.sub_sequences ?? [])];
}

function sequenceDifferences(before: WrittenCampaign | null, after: WrittenCampaign): SequenceDifference[] {
  const [left, right] = [sequencesOf(before), sequencesOf(after)];
  const counterpart = (list: readonly WrittenSequence[], { name }: WrittenSequence) =>
    list.find((other) => other.name.toLowerCase() === name.toLowerCase()) ?? null;
  const gone = left.filter((sequence) => !counterpart(right, sequence));
  return [
    ...right.map((sequence) => sequenceDifference(counterpart(left, sequence), sequence)),
    ...gone.map((sequence) => sequenceDifference(sequence, null)),
  ].filter(({ kind, on, steps }) => kind !== "changed" || on !== null || steps.length > 0);
}

function sequenceDifference(before: WrittenSequence | null, after: WrittenSequence | null): SequenceDifference {
  const on = { before: before?.on ?? null, after: after?.on ?? null };
  return {
    sequence: after?.name ?? before?.name ?? MAIN_SEQUENCE,
    kind: before ? (after ? "changed" : "removed") : "added",
    on: on.before === on.after ? null : on,
    steps: stepDifferences(before?.steps ?? [], after?.steps ?? []),
  };
}

function stepDifferences(before: readonly StepOfFile[], after: readonly StepOfFile[]): StepDifference[] {
  const moved = movedSteps(
    before.map((step) => step.id),
    after.map((step) => step.id),
  );
  const gone = before.filter((step) => !after.some((kept) => kept.id === step.id));
  return [
    ...after.map((step) =>
      stepDifference(
        before.find((old) => old.id === step.id),
        step,
        moved.has(step.id),
      ),
    ),
    ...gone.map((step) => stepDifference(step, undefined, false)),
  ].filter(({ kinds }) => kinds.length > 0);
}

function stepDifference(before: StepOfFile | undefined, after: StepOfFile | undefined, moved: boolean): StepDifference {
  const delay = { before: before ? delayOf(before) : null, after: after ? delayOf(after) : null };
  const lines = changedLines(before ? wordsOf(before) : "", after ? wordsOf(after) : "");
  const isKept = before !== undefined && after !== undefined;
  const kinds: StepDifferenceKind[] = isKept ? [] : [before ? "removed" : "added"];
  if (moved) kinds.push("moved");
  if (isKept && delay.before !== delay.after) kinds.push("delay");
  if (isKept && lines.length > 0) kinds.push("words");
  return { step: after?.id ?? before?.id ?? "", kinds, delay: delay.before === delay.after ? null : delay, lines };
}

function delayOf({ after }: StepOfFile): string {
  return after ?? "0 minutes";
}

function wordsOf({ subject, body, html }: StepOfFile): string {
  return [...(subject === undefined ? [] : [`subject: ${subject}`]), body, ...(html === undefined ? [] : [`html: ${html}`])].join("\n");
}

/** Lines that stay, on either side of those that change. */
const AROUND = 1;
/** Lines that go and come. The work grows with their square: two texts of 3,000 lines with nothing in common take seconds. */
const MOST_CHANGES = 1_000;

/** Of texts that differ in more lines than anybody reads, all of both. */
function changedLines(before: string, after: string): string[] {
  if (before === after) return [];
  const patch = structuredPatch("", "", before, after, "", "", { context: AROUND, maxEditLength: MOST_CHANGES });
  if (!patch) return [...marked("-", before), ...marked("+", after)];
  return patch.hunks.flatMap(({ lines }, index) => [...(index === 0 ? [] : ["…"]), ...lines.filter((line) => !line.startsWith("\\"))]);
}

function marked(mark: "-" | "+", text: string): string[] {
  return text.split("\n").map((line) => mark + line);
}
