// Puts the leads of a campaign's audience into its main sequence: each gets its mailbox for good, and the time of its first mail.
import { FreeMailboxes } from "../core/free-mailbox.ts";
import type { CampaignId, LeadId, WorkspaceId } from "../core/ids.ts";
import { type Instant, latest, SECOND } from "../core/instant.ts";
import { firstAnchor, newestOf, nextStep, stepDueAt } from "../core/next-step.ts";
import { type CampaignPlan, campaignPlans, runningCampaigns } from "../store/campaign-plan.ts";
import type { Tx } from "../store/database.ts";
import { type AudienceLead, enroll, leadsToEnroll } from "../store/enrollment-entry.ts";
import { type PoolMailbox, poolOf } from "../store/enrollment-mailbox.ts";
import type { Agent } from "./agent.ts";
import { lockedHeldBack } from "./hold-back-newcomers.ts";

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
  // Asked once for all batches: what is sent between them must not make the rest go elsewhere than printed.
  const free = new FreeMailboxes(await poolOf(agent.db, campaign.workspaceId, campaign.campaignId));
  for (let after: LeadId | null = null; ; ) {
    const batch = await enrollBatch(agent, campaign, free, after);
    enrolled += batch.enrolled;
    if (batch.last === null) return { enrolled };
    after = batch.last;
  }
}

/** `last`: the last lead that was looked at; null when none was left. */
async function enrollBatch(
  agent: Agent,
  { workspaceId, campaignId }: { workspaceId: WorkspaceId; campaignId: CampaignId },
  free: FreeMailboxes<PoolMailbox>,
  after: LeadId | null,
): Promise<{ enrolled: number; last: LeadId | null }> {
  return agent.db.transaction(async (tx) => {
    const plan = (await campaignPlans(tx, workspaceId, [campaignId])).get(campaignId);
    const main = plan?.sequences.find((sequence) => sequence.kind === "main");
    const first = plan && main ? nextStep(plan.steps, newestOf(main.id), []) : null;
    if (plan?.state !== "active" || !main || !first) return { enrolled: 0, last: null };
    const leads = await leadsToEnroll(tx, workspaceId, campaignId, { after, limit: BATCH });
    const now = agent.clock.now();
    const admitted = await admittedLeads(agent, tx, plan, leads, now);
    const anchor = enteredAt(plan, now, agent.settings.sending.catch_up_seconds * SECOND);
    const entries = admitted.flatMap((lead) => {
      const mailboxId = free.next(lead.id);
      if (!mailboxId) return [];
      const nextAt = stepDueAt(plan, first, { leadId: lead.id, leadZone: lead.zone, visit: 1, anchor });
      return [{ leadId: lead.id, mailboxId, anchorAt: anchor, nextAt }];
    });
    const entry = { workspaceId, campaignId, sequenceId: main.id, firstStepId: first.id, pauseEpoch: plan.pauseEpoch };
    const enrolled = entries.length === 0 ? 0 : await enroll(tx, entry, entries, now);
    return { enrolled, last: leads.at(-1)?.id ?? null };
  });
}

/** Without those whose colleagues are being written to: they wait in the audience for the next round. */
async function admittedLeads(
  agent: Agent,
  tx: Tx,
  plan: CampaignPlan,
  leads: readonly AudienceLead[],
  now: Instant,
): Promise<AudienceLead[]> {
  const firstMails = leads.map((lead) => ({ leadId: lead.id, companyKey: lead.companyKey, plan, lead }));
  const held = await lockedHeldBack(agent.settings, tx, plan.workspaceId, firstMails, "busy", now);
  return firstMails.flatMap((mail) => (held.has(mail) ? [] : mail.lead));
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
