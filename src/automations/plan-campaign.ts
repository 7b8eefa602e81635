// What would applying a campaign file change, and which leads stand where it changes something? The apply itself tells, in a transaction that is
// undone.
import type { CampaignFile } from "../core/campaign-file.ts";
import type { WorkspaceId } from "../core/ids.ts";
import type { Clock } from "../core/instant.ts";
import type { EnrollmentState } from "../core/words.ts";
import { campaignByName } from "../store/campaign.ts";
import { type Standing, standings } from "../store/campaign-page.ts";
import { type Database, joined, type Tx } from "../store/database.ts";
import { type AppliedCampaign, applyCampaign } from "./apply-campaign.ts";
import { campaignYaml, exportCampaign } from "./export-campaign.ts";

/** Leads at one place of the campaign, before and after. */
export interface PlannedStanding {
  readonly state: EnrollmentState;
  readonly sequence: string;
  /** The step that comes next; null when none does. */
  readonly nextStep: string | null;
  readonly before: number;
  readonly after: number;
}

export interface CampaignChangePlan extends Pick<AppliedCampaign, "created" | "changes" | "moved"> {
  readonly name: string;
  /** The file of the campaign as it stands, to compare with `after`; null when there is none of that name. */
  readonly before: string | null;
  readonly after: string;
  /** Everybody who may still be written to. */
  readonly standings: readonly PlannedStanding[];
}

/** Changes nothing. Throws what `applyCampaign` throws. */
export async function planCampaign(
  deps: { readonly db: Database; readonly clock: Clock },
  { workspaceId, file, ifVersion = null }: { workspaceId: WorkspaceId; file: CampaignFile; ifVersion?: string | null },
): Promise<CampaignChangePlan> {
  let plan: CampaignChangePlan | null = null;
  const undone = new Error("A plan is undone.");
  try {
    await deps.db.transaction(async (tx) => {
      plan = await applyAndCompare({ ...deps, db: joined(deps.db, tx) }, tx, { workspaceId, file, ifVersion });
      throw undone;
    });
  } catch (error) {
    if (error !== undone || plan === null) throw error;
  }
  return plan as unknown as CampaignChangePlan;
}

async function applyAndCompare(
  deps: { readonly db: Database; readonly clock: Clock },
  tx: Tx,
  request: { workspaceId: WorkspaceId; file: CampaignFile; ifVersion: string | null },
): Promise<CampaignChangePlan> {
  const { workspaceId, file } = request;
  const present = await campaignByName(tx, workspaceId, file.name);
  const before = present && campaignYaml((await exportCampaign(tx, workspaceId, present.id)).written);
  const stood = present ? await standings(tx, workspaceId, present.id) : [];
  const { campaignId, created, changes, moved } = await applyCampaign(deps, request);
  const after = campaignYaml((await exportCampaign(tx, workspaceId, campaignId)).written);
  const stand = await standings(tx, workspaceId, campaignId);
  return { name: file.name, created, changes, moved, before, after, standings: compared(stood, stand) };
}

function compared(before: readonly Standing[], after: readonly Standing[]): PlannedStanding[] {
  const places = new Map<string, { -readonly [Key in keyof PlannedStanding]: PlannedStanding[Key] }>();
  const count = (side: "before" | "after", all: readonly Standing[]) => {
    for (const { enrollments, ...place } of all) {
      const key = JSON.stringify([place.state, place.sequence, place.nextStep]);
      const known = places.get(key) ?? { ...place, before: 0, after: 0 };
      places.set(key, { ...known, [side]: known[side] + enrollments });
    }
  };
  count("before", before);
  count("after", after);
  return [...places.values()];
}
