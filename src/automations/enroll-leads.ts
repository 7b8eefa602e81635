// Puts the leads of a campaign's audience into its main sequence: each gets its mailbox for good, and the time of its first mail.
import type { CampaignId, WorkspaceId } from "../core/ids.ts";
import { type Instant, latest, SECOND } from "../core/instant.ts";
import { firstAnchor, nextStep, stepDueAt } from "../core/next-step.ts";
import { mailboxFor } from "../core/send-plan.ts";
import { type CampaignPlan, campaignPlans, runningCampaigns } from "../store/campaign-plan.ts";
import { enroll, leadsToEnroll } from "../store/enrollment.ts";
import type { Agent } from "./agent.ts";

const BATCH = 1_000;

/** The sweep: every running campaign may have got new leads. */
export async function enrollAllLeads(agent: Agent): Promise<{ campaigns: number }> {
  const campaigns = await runningCampaigns(agent.db);
  await agent.db.transaction(async (tx) => {
    for (const campaign of campaigns) await agent.jobs.enqueue(tx, "enroll-leads", campaign, campaign.campaignId);
  });
  return { campaigns: campaigns.length };
}

/** Enrolls one campaign's leads, a thousand at a time, until none is left. Does nothing unless it is active. */
export async function enrollLeads(
  agent: Agent,
  campaign: { workspaceId: WorkspaceId; campaignId: CampaignId },
): Promise<{ enrolled: number }> {
  let enrolled = 0;
  for (;;) {
    const batch = await enrollBatch(agent, campaign.workspaceId, campaign.campaignId);
    enrolled += batch;
    if (batch === 0) return { enrolled };
  }
}

async function enrollBatch(agent: Agent, workspaceId: WorkspaceId, campaignId: CampaignId): Promise<number> {
  return agent.db.transaction(async (tx) => {
    const plan = (await campaignPlans(tx, workspaceId, [campaignId])).get(campaignId);
    const main = plan?.sequences.find((sequence) => sequence.kind === "main");
    const first = plan && main ? nextStep(plan.steps, main.id, []) : null;
    if (plan?.state !== "active" || !main || !first) return 0;
    const leads = await leadsToEnroll(tx, workspaceId, campaignId, BATCH);
    const now = agent.clock.now();
    const entries = leads.flatMap((lead) => {
      const mailboxId = mailboxFor(lead.id, plan.mailboxIds);
      if (!mailboxId) return [];
      const anchor = enteredAt(plan, now, agent.settings.sending.catch_up_seconds * SECOND);
      return [
        {
          leadId: lead.id,
          mailboxId,
          anchorAt: anchor,
          nextAt: stepDueAt(plan, first, { leadId: lead.id, leadZone: lead.zone, visit: 1, anchor }),
        },
      ];
    });
    if (entries.length === 0) return 0;
    return enroll(tx, { workspaceId, campaignId, sequenceId: main.id, firstStepId: first.id, pauseEpoch: plan.pauseEpoch }, entries, now);
  });
}

/** When the campaign began (or will): its date if it has one, else the moment somebody started it. */
export function startOf(plan: CampaignPlan, now: Instant): Instant {
  const { startsAt, activatedAt } = plan;
  if (startsAt && activatedAt) return latest(startsAt, activatedAt);
  return startsAt ?? activatedAt ?? now;
}

/** Leads that are enrolled in the moments after the start entered at the start, so that a printed schedule comes true to the second. */
function enteredAt(plan: CampaignPlan, now: Instant, moments: number): Instant {
  const start = startOf(plan, now);
  return firstAnchor(now.getTime() - start.getTime() <= moments ? start : now, start);
}
