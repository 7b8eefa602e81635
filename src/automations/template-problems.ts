// What is wrong with a campaign's texts, given what its leads can fill?
import type { CampaignId, WorkspaceId } from "../core/ids.ts";
import { templateProblems } from "../core/template-problems.ts";
import { campaignById } from "../store/campaign.ts";
import { customFieldNames } from "../store/campaign-readiness.ts";
import type { Queryable } from "../store/database.ts";
import { sequencesOfCampaign } from "../store/sequence.ts";

/** One sentence for each problem, naming its step. */
export async function templateProblemsOf(q: Queryable, workspaceId: WorkspaceId, campaignId: CampaignId): Promise<string[]> {
  const campaign = await campaignById(q, workspaceId, campaignId);
  if (!campaign) return [];
  const sequences = (await sequencesOfCampaign(q, workspaceId, campaignId)).filter((sequence) => sequence.isActive);
  const texts = sequences.flatMap((sequence) =>
    sequence.steps.flatMap(({ retired, lineage, text }) => (retired || !text ? [] : [{ name: `${sequence.name}: ${lineage}`, text }])),
  );
  return templateProblems(texts, { defaults: campaign.mergeDefaults, customFields: await customFieldNames(q, workspaceId) });
}
