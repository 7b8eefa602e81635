// A person puts a campaign away: it is shown among the archived ones and never runs again. What was sent and answered stays.
import { AgentError } from "../core/errors.ts";
import type { CampaignId, WorkspaceId } from "../core/ids.ts";
import { campaignById } from "../store/campaign.ts";
import { archiveCampaign } from "../store/campaign-state.ts";
import type { Agent } from "./agent.ts";

/** Throws `not_found`, and `campaign_state` while it is active: it has to be paused before. Doing it again changes nothing. */
export async function archiveByPerson(
  agent: Pick<Agent, "db" | "clock" | "log">,
  { workspaceId, campaignId }: { readonly workspaceId: WorkspaceId; readonly campaignId: CampaignId },
): Promise<void> {
  const campaign = await campaignById(agent.db, workspaceId, campaignId);
  if (!campaign) throw new AgentError("not_found", "There is no such campaign.");
  if (campaign.state === "archived") return;
  const archived = await agent.db.transaction((tx) =>
    archiveCampaign(tx, workspaceId, campaignId, "archived_by_person", agent.clock.now()),
  );
  if (!archived)
    throw new AgentError("campaign_state", `The campaign "${campaign.name}" is ${campaign.state}; pause it before you archive it.`);
  agent.log.info({ event: "campaign.changed", campaign: campaignId });
}
