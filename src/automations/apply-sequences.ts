// The sequences of a campaign become what its file says. A step keeps its row by its lineage, a sub-sequence by its name; what the file no
// longer has is retired, never deleted, because mails refer to it. Once the campaign has run, an edit of a sequence makes a new version of it.
import type { CampaignFile, WrittenSubSequence } from "../core/campaign-file.ts";
import { MAIN_SEQUENCE } from "../core/campaign-file-checks.ts";
import type { SequenceId, StepId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import {
  changesOrder,
  type PlacedStep,
  placesOf,
  type StepChange,
  type StepText,
  stepChanges,
  type WrittenStep,
} from "../core/sequence.ts";
import { writeDuration } from "../core/written-time.ts";
import type { Actor } from "../store/audit.ts";
import type { Campaign } from "../store/campaign.ts";
import type { Tx } from "../store/database.ts";
import {
  activateSubSequence,
  deactivateSequences,
  insertSequence,
  insertStep,
  insertText,
  type NewSequence,
  placeSteps,
  retireText,
  rewriteUnusedText,
  type SequenceWithSteps,
  type StepWithText,
  sequencesOfCampaign,
  setStepDelay,
} from "../store/sequence.ts";
import { beginVersion, versionsStayedIn } from "../store/sequence-version.ts";

export interface SequenceEdit {
  readonly changes: readonly string[];
  /** Every sequence that the campaign has, or had. */
  readonly all: readonly SequenceId[];
  /** Versions that a newer one has replaced. */
  readonly replaced: readonly ReplacedVersion[];
  /** Sequences in which a lead's next step may be another one now. */
  readonly reordered: readonly SequenceId[];
  /** Steps whose delay changed. */
  readonly delayed: readonly StepId[];
}

export interface ReplacedVersion {
  readonly sequenceId: SequenceId;
  readonly version: number;
}

/** Who edits, and when. */
interface Edit {
  readonly author: Actor | null;
  readonly at: Instant;
}

/** A sequence as it stands, and the steps it shall have. */
interface Pair {
  readonly label: string;
  readonly id: SequenceId;
  readonly stored: readonly StepWithText[];
  readonly wanted: readonly WrittenStep[];
}

export async function applySequences(tx: Tx, campaign: Campaign, file: CampaignFile, by: Edit): Promise<SequenceEdit> {
  const stored = await sequencesOfCampaign(tx, campaign.workspaceId, campaign.id);
  const main = stored.find((sequence) => sequence.kind === "main");
  const mainId = main?.id ?? (await addSequence(tx, campaign, { campaignId: campaign.id, name: MAIN_SEQUENCE, sub: null }, by));
  const subs = stored.filter((sequence) => sequence.kind === "sub");
  const dropped = await dropSubSequences(tx, campaign, subs, file.subSequences);
  const pairs: Pair[] = [{ label: "sequence", id: mainId, stored: main?.steps ?? [], wanted: file.sequence }];
  const changes = [...dropped.changes];
  for (const sub of file.subSequences) {
    const kept = await keepSubSequence(
      tx,
      campaign,
      mainId,
      subs.find((before) => sameName(before, sub)),
      sub,
      by,
    );
    changes.push(...kept.changes);
    pairs.push(kept.pair);
  }
  const edits: Omit<SequenceEdit, "all">[] = [];
  for (const pair of [...pairs, ...dropped.pairs]) edits.push(await applySteps(tx, campaign, pair, by));
  return {
    changes: [...changes, ...edits.flatMap((edit) => edit.changes)],
    all: [...pairs, ...dropped.pairs].map((pair) => pair.id),
    replaced: edits.flatMap((edit) => edit.replaced),
    reordered: edits.flatMap((edit) => edit.reordered),
    delayed: edits.flatMap((edit) => edit.delayed),
  };
}

function addSequence(tx: Tx, { workspaceId }: Campaign, sequence: NewSequence, { author, at }: Edit): Promise<SequenceId> {
  return insertSequence(tx, workspaceId, sequence, author, at);
}

function sameName(a: { readonly name: string }, b: { readonly name: string }): boolean {
  return a.name.toLowerCase() === b.name.toLowerCase();
}

/** Nothing enters a sub-sequence that the file no longer has, and its steps are retired: leads inside get no text that somebody deleted. */
async function dropSubSequences(
  tx: Tx,
  campaign: Campaign,
  stored: readonly SequenceWithSteps[],
  wanted: readonly WrittenSubSequence[],
): Promise<{ changes: string[]; pairs: Pair[] }> {
  const gone = stored.filter((sequence) => !wanted.some((sub) => sameName(sub, sequence)));
  const active = gone.filter((sequence) => sequence.isActive);
  // Those whose trigger changes step aside too, so that two can swap theirs.
  const changing = stored.filter((sequence) => wanted.some((sub) => sameName(sub, sequence) && sub.trigger !== sequence.trigger));
  const aside = [...active, ...changing].map((sequence) => sequence.id);
  if (aside.length > 0) await deactivateSequences(tx, campaign.workspaceId, aside);
  return {
    changes: active.map((sequence) => `sub-sequence "${sequence.name}" removed`),
    pairs: gone.map((sequence) => ({ label: `sub-sequence "${sequence.name}"`, id: sequence.id, stored: sequence.steps, wanted: [] })),
  };
}

async function keepSubSequence(
  tx: Tx,
  campaign: Campaign,
  parentId: SequenceId,
  before: SequenceWithSteps | undefined,
  sub: WrittenSubSequence,
  by: Edit,
): Promise<{ changes: string[]; pair: Pair }> {
  const label = `sub-sequence "${sub.name}"`;
  if (!before) {
    const id = await addSequence(tx, campaign, { campaignId: campaign.id, name: sub.name, sub: { parentId, trigger: sub.trigger } }, by);
    return { changes: [`${label} added`], pair: { label, id, stored: [], wanted: sub.steps } };
  }
  const changes: string[] = [];
  if (!before.isActive) changes.push(`${label} restored`);
  if (before.trigger !== sub.trigger) changes.push(`${label} on: ${before.trigger ?? "none"} → ${sub.trigger}`);
  if (before.name !== sub.name) changes.push(`${label} renamed`);
  if (changes.length > 0) await activateSubSequence(tx, campaign.workspaceId, before.id, sub.name, sub.trigger);
  return { changes, pair: { label, id: before.id, stored: before.steps, wanted: sub.steps } };
}

async function applySteps(tx: Tx, campaign: Campaign, { label, id, stored, wanted }: Pair, by: Edit): Promise<Omit<SequenceEdit, "all">> {
  const changes = stepChanges(stored, wanted);
  const phrases = changes.map((change) => changePhrase(change));
  const isNew = stored.length === 0;
  const replaced = isNew || changes.length === 0 ? null : await replaceVersion(tx, campaign, id, phrases, by);
  const delayed: StepId[] = [];
  for (const change of changes) {
    const before = stored.find((step) => step.lineage === change.lineage);
    const step = wanted.find((one) => one.lineage === change.lineage);
    if (!step) continue;
    if (change.kind === "added") await addStep(tx, campaign, id, step);
    if (change.kind === "text" && before) await writeText(tx, campaign, before, step.text, replaced !== null, by.at);
    if (change.kind === "delay" && before) {
      await setStepDelay(tx, campaign.workspaceId, before.id, step.delay);
      delayed.push(before.id);
    }
  }
  const reordered = changes.some(changesOrder);
  if (reordered) {
    const stayedIn = isNew ? [] : await versionsStayedIn(tx, campaign.workspaceId, id);
    await placeSteps(tx, campaign.workspaceId, id, placedSteps(stored, wanted, stayedIn), by.at);
  }
  return {
    changes: phrases.map((phrase) => `${label}: ${phrase}`),
    replaced: replaced === null ? [] : [{ sequenceId: id, version: replaced }],
    reordered: reordered ? [id] : [],
    delayed,
  };
}

/** Null: the campaign has never run, so nobody was sent the version that stands, and it is edited as it is. */
async function replaceVersion(
  tx: Tx,
  { workspaceId, activatedAt }: Campaign,
  sequenceId: SequenceId,
  changes: readonly string[],
  { author, at }: Edit,
): Promise<number | null> {
  return activatedAt === null ? null : beginVersion(tx, { workspaceId, sequenceId, author, changes }, at);
}

async function addStep(tx: Tx, campaign: Campaign, sequenceId: SequenceId, step: WrittenStep): Promise<void> {
  const id = await insertStep(tx, campaign.workspaceId, sequenceId, step.lineage, step.delay);
  await insertText(tx, campaign.workspaceId, id, step.text);
}

/** A text that mails were made of, or that a version has, is kept beside the new one. */
async function writeText(tx: Tx, campaign: Campaign, step: StepWithText, text: StepText, isKept: boolean, at: Instant): Promise<void> {
  if (step.variantId !== null) {
    if (!isKept && (await rewriteUnusedText(tx, campaign.workspaceId, { campaignId: campaign.id, id: step.variantId }, text))) return;
    await retireText(tx, campaign.workspaceId, step.variantId, at);
  }
  await insertText(tx, campaign.workspaceId, step.id, text);
}

function placedSteps(
  stored: readonly StepWithText[],
  wanted: readonly WrittenStep[],
  stayedIn: readonly (readonly PlacedStep[])[],
): { lineage: string; position: number; retired: boolean }[] {
  return [...placesOf(stored, wanted, stayedIn)].map(([lineage, position]) => ({
    lineage,
    position,
    retired: !wanted.some((step) => step.lineage === lineage),
  }));
}

function changePhrase(change: StepChange): string {
  switch (change.kind) {
    case "delay":
      return `step "${change.lineage}" after ${writeDuration(change.from)} → ${writeDuration(change.to)}`;
    case "text":
      return `step "${change.lineage}" has a new text`;
    case "added":
    case "restored":
    case "retired":
    case "moved":
      return `step "${change.lineage}" ${change.kind}`;
    default:
      return change satisfies never;
  }
}
