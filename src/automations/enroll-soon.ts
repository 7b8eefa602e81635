// Leads that are new to a workspace, or to a list, may belong to campaigns that run: they do not wait for the next sweep.
import type { WorkspaceId } from "../core/ids.ts";
import { runningCampaigns } from "../store/campaign-plan.ts";
import type { Queryable } from "../store/database.ts";
import type { Agent } from "./agent.ts";

export async function enrollSoon(agent: Pick<Agent, "jobs">, tx: Queryable, workspaceId: WorkspaceId): Promise<void> {
  for (const campaign of await runningCampaigns(tx)) {
    if (campaign.workspaceId === workspaceId) await agent.jobs.enqueue(tx, "enroll-leads", campaign, campaign.campaignId);
  }
}
