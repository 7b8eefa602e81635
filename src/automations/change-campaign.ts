// Changes single settings or texts of a campaign: as somebody who edits its file and applies it would.
import { AgentError } from "../core/errors.ts";
import type { CampaignId, StepId, WorkspaceId } from "../core/ids.ts";
import type { Clock } from "../core/instant.ts";
import type { StepOfFile, WrittenCampaign } from "../core/written-campaign.ts";
import type { Actor } from "../store/audit.ts";
import { lockCampaign } from "../store/campaign.ts";
import { type Database, joined } from "../store/database.ts";
import { type AppliedCampaign, applyCampaign } from "./apply-campaign.ts";
import { type ExportedCampaign, exportCampaign } from "./export-campaign.ts";
import { readWrittenCampaign } from "./read-campaign-file.ts";

type Deps = Readonly<{ db: Database; clock: Clock }>;

export interface CampaignRef {
  readonly workspaceId: WorkspaceId;
  readonly campaignId: CampaignId;
  /** Who does it; null when nobody says so. */
  readonly author?: Actor | null;
}

/** By their keys in the file. Absent: stays. Null: taken away, so that the default of the file counts. */
export type SettingChanges = Readonly<{ [Key in keyof Omit<WrittenCampaign, "sequence" | "sub_sequences">]?: unknown }>;
export type StepChanges = Readonly<{ [Key in keyof Omit<StepOfFile, "id">]?: unknown }>;

/** Throws what `applyCampaign` throws, and `campaign_file_invalid` for what may not stand in a file. */
export function changeCampaign(deps: Deps, ref: CampaignRef, changes: SettingChanges, ifVersion: string | null): Promise<AppliedCampaign> {
  return edit(deps, ref, ifVersion, ({ written }) => merged(written, changes));
}

/** Throws also `not_found` when there is no such step in use. */
export function changeStep(
  deps: Deps,
  ref: CampaignRef & { readonly stepId: StepId },
  changes: StepChanges,
  ifVersion: string | null,
): Promise<AppliedCampaign> {
  return edit(deps, ref, ifVersion, (exported) => withStep(exported, ref.stepId, changes));
}

/** A draft of the same settings and texts under another name. Without the dates, which are of the campaign that was copied. */
export async function duplicateCampaign(
  deps: Deps,
  { workspaceId, campaignId, author = null }: CampaignRef,
  name: string,
): Promise<AppliedCampaign> {
  const { written } = await exportCampaign(deps.db, workspaceId, campaignId);
  const copy = merged(written, { name, starts_at: null, ends_at: null });
  return applyCampaign(deps, { workspaceId, file: readWrittenCampaign(copy), target: "new", author });
}

/** The campaign is locked while it is read, so that of two changes at once neither undoes the other. */
async function edit(
  deps: Deps,
  { workspaceId, campaignId, author = null }: CampaignRef,
  ifVersion: string | null,
  edited: (exported: ExportedCampaign) => object,
): Promise<AppliedCampaign> {
  return deps.db.transaction(async (tx) => {
    await lockCampaign(tx, workspaceId, campaignId);
    const file = readWrittenCampaign(edited(await exportCampaign(tx, workspaceId, campaignId)));
    return applyCampaign({ ...deps, db: joined(deps.db, tx) }, { workspaceId, file, target: campaignId, ifVersion, author });
  });
}

function merged(written: object, changes: object): object {
  return Object.fromEntries(Object.entries({ ...written, ...changes }).filter(([, value]) => value !== null && value !== undefined));
}

function withStep({ written, sequences }: ExportedCampaign, stepId: StepId, changes: StepChanges): object {
  const sequence = sequences.find(({ steps }) => steps.some((step) => step.id === stepId));
  const name = sequence?.steps.find((step) => step.id === stepId)?.lineage;
  if (!sequence || name === undefined) throw new AgentError("not_found", "The campaign has no such step.");
  const edited = (steps: readonly StepOfFile[]) => steps.map((step) => (step.id === name ? merged(step, changes) : step));
  if (sequence.kind === "main") return { ...written, sequence: edited(written.sequence) };
  const subs = written.sub_sequences ?? [];
  return { ...written, sub_sequences: subs.map((sub) => (sub.name === sequence.name ? { ...sub, steps: edited(sub.steps) } : sub)) };
}
