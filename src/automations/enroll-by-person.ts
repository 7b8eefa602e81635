// A person puts a lead into a campaign, whatever its audience is, or into a sub-sequence, whatever a reply said.
import { AgentError } from "../core/errors.ts";
import { FreeMailboxes } from "../core/free-mailbox.ts";
import type { CampaignId, LeadId, SequenceId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { firstAnchor, newestOf, nextStep, stepDueAt } from "../core/next-step.ts";
import { type CampaignPlan, campaignPlans } from "../store/campaign-plan.ts";
import type { Tx } from "../store/database.ts";
import { enroll, type LeadToEnroll, leadToEnroll } from "../store/enrollment-entry.ts";
import { poolOf } from "../store/enrollment-mailbox.ts";
import type { Agent } from "./agent.ts";
import { startOf } from "./enroll-leads.ts";
import { ENDED_FOR_GOOD, enter } from "./enter-sub-sequence.ts";
import { lockedHeldBack } from "./hold-back-newcomers.ts";
import { type EnrollmentRef, existing, wrongState } from "./hold-by-person.ts";
import { waitCause } from "./wait-reasons.ts";

/**
 * Throws `not_found`, `campaign_state` unless the campaign is active, `already_exists` when the lead is in it, and `wrong_state` when it must not be
 * written to, or not now because of its colleagues.
 */
export function enrollByPerson(
  agent: Agent,
  { workspaceId, campaignId, leadId }: { readonly workspaceId: WorkspaceId; readonly campaignId: CampaignId; readonly leadId: LeadId },
): Promise<void> {
  const now = agent.clock.now();
  return agent.db.transaction(async (tx) => {
    const plan = await planOf(tx, workspaceId, campaignId);
    if (plan.state !== "active") throw notRunning(plan);
    const lead = await leadToEnroll(tx, workspaceId, campaignId, leadId);
    if (!lead) throw new AgentError("not_found", "There is no such lead.");
    refuseUnreachable(lead);
    await refuseColleague(agent, tx, plan, { leadId, companyKey: lead.companyKey }, now);
    const added = await enrollIntoMain(tx, plan, { id: leadId, zone: lead.zone }, now);
    if (!added) throw new AgentError("already_exists", "The lead is in this campaign already.");
  });
}

async function enrollIntoMain(tx: Tx, plan: CampaignPlan, lead: { id: LeadId; zone: string | null }, now: Instant): Promise<boolean> {
  const main = plan.sequences.find((sequence) => sequence.kind === "main");
  const first = main && nextStep(plan.steps, newestOf(main.id), []);
  const mailboxId = new FreeMailboxes(await poolOf(tx, plan.workspaceId, plan.id)).next(lead.id);
  if (!main || !first || !mailboxId) throw new AgentError("campaign_not_ready", "The campaign has no step or no mailbox to send from.");
  const { workspaceId, id: campaignId, pauseEpoch } = plan;
  const anchorAt = firstAnchor(now, startOf(plan, now));
  const nextAt = stepDueAt(plan, first, { leadId: lead.id, leadZone: lead.zone, visit: 1, anchor: anchorAt });
  const into = { workspaceId, campaignId, sequenceId: main.id, firstStepId: first.id, pauseEpoch };
  return (await enroll(tx, into, [{ leadId: lead.id, mailboxId, anchorAt, nextAt }], now)) === 1;
}

async function refuseColleague(
  agent: Agent,
  tx: Tx,
  plan: CampaignPlan,
  lead: { readonly leadId: LeadId; readonly companyKey: string | null },
  now: Instant,
): Promise<void> {
  const [held] = (await lockedHeldBack(agent.settings, tx, plan.workspaceId, [{ ...lead, plan }], "busy", now)).values();
  if (held) throw new AgentError("wrong_state", `The lead cannot be enrolled now: ${waitCause(held.reason)}.`, { detail: { ...held } });
}

function refuseUnreachable({ reachability, removed, suppressed, invalid, enrolled }: LeadToEnroll): void {
  if (enrolled) throw new AgentError("already_exists", "The lead is in this campaign already.");
  const why = suppressed
    ? "its address or domain is suppressed"
    : removed
      ? "a person removed it"
      : invalid
        ? "its address is known to be invalid"
        : reachability;
  if (why !== "ok")
    throw new AgentError("wrong_state", `The lead must not be written to: ${why}.`, {
      detail: { reachability, removed, suppressed, invalid },
    });
}

/**
 * Enters it anew, from its first step on; also one that the lead had before, for a person knows what they do.
 * Throws `not_found` (also for a sub-sequence that the campaign no longer has), `campaign_state`, and `wrong_state` when the lead stands in that
 * sub-sequence now or has said no.
 */
export function enterByPerson(
  agent: Agent,
  { workspaceId, enrollmentId, sequenceId }: EnrollmentRef & { readonly sequenceId: SequenceId },
): Promise<void> {
  const now = agent.clock.now();
  return agent.db.transaction(async (tx) => {
    const enrollment = await existing(tx, workspaceId, enrollmentId);
    const plan = await planOf(tx, workspaceId, enrollment.campaignId);
    const sequence = plan.sequences.find((one) => one.id === sequenceId && one.kind === "sub" && one.isActive);
    if (!sequence) throw new AgentError("not_found", "The campaign has no such sub-sequence.");
    if (ENDED_FOR_GOOD.has(enrollment.state)) throw wrongState(enrollment, "it has ended for good");
    if (plan.state !== "active" && plan.state !== "paused") throw notRunning(plan);
    const isInside = enrollment.sequenceId === sequenceId && ["active", "held", "awaiting_reply"].includes(enrollment.state);
    if (isInside) throw wrongState(enrollment, `it is in "${sequence.name}" already`);
    if (!(await enter(tx, plan, enrollment, sequence, { how: "person" }, now)))
      throw new AgentError("campaign_not_ready", `The sub-sequence "${sequence.name}" has no steps.`);
    await agent.jobs.enqueue(tx, "advance-enrollments", {}, "advance-enrollments");
  });
}

async function planOf(tx: Tx, workspaceId: WorkspaceId, id: CampaignId): Promise<CampaignPlan> {
  const plan = (await campaignPlans(tx, workspaceId, [id])).get(id);
  if (!plan) throw new AgentError("not_found", "There is no such campaign.");
  return plan;
}

function notRunning({ name, state }: CampaignPlan): AgentError {
  return new AgentError("campaign_state", `The campaign "${name}" is ${state}; leads enter one that runs.`);
}
