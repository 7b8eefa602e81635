// A reply was judged: the lead enters the sub-sequence that answers it, or the history says why it enters none.
import type { WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { newestOf, nextStep } from "../core/next-step.ts";
import { chooseSubSequence } from "../core/sub-sequence.ts";
import type { EnrollmentState } from "../core/words.ts";
import { type CampaignPlan, campaignPlans } from "../store/campaign-plan.ts";
import type { Tx } from "../store/database.ts";
import { type Enrollment, hasBeenIn, lockEnrollment, noteEnrollment } from "../store/enrollment.ts";
import { enterSequence } from "../store/enrollment-entry.ts";
import { hasNewerReply, type Inbound } from "../store/inbound.ts";
import { cancelUnsent } from "../store/message-recall.ts";
import { lineagesOfVisit } from "../store/recovered-message.ts";

/** States from which nothing starts again: somebody, or a server, said no. */
export const ENDED_FOR_GOOD: ReadonlySet<EnrollmentState> = new Set(["unsubscribed", "bounced", "complained", "removed"]);

/** Returns whether it entered one. The enrollment is locked, so of two replies that are judged at once one goes first, and the newer one decides. */
export async function enterSubSequence(tx: Tx, workspaceId: WorkspaceId, reply: Inbound, at: Instant): Promise<boolean> {
  const enrollment = reply.enrollmentId && (await lockEnrollment(tx, workspaceId, reply.enrollmentId));
  if (!enrollment) return false;
  const plan = (await campaignPlans(tx, workspaceId, [enrollment.campaignId])).get(enrollment.campaignId);
  if (!plan) return false;
  const decision = await decide(tx, plan, enrollment, reply);
  const detail = { inbound: reply.id, interest_level: reply.interestLevel };
  if (decision.kind === "stay") {
    await noteEnrollment(tx, workspaceId, enrollment.id, decision.why, detail, at);
    return false;
  }
  const { sequence, how } = decision;
  return enter(tx, plan, enrollment, sequence, { ...detail, how }, at);
}

/** From its first step on, whoever decided it. What is not on the wire yet is cancelled. False when the sequence has no steps. */
export async function enter(
  tx: Tx,
  plan: CampaignPlan,
  enrollment: Enrollment,
  sequence: CampaignPlan["sequences"][number],
  why: object,
  at: Instant,
): Promise<boolean> {
  const { workspaceId, id, version } = enrollment;
  const detail = { ...why, sequence: sequence.name, trigger: sequence.trigger };
  // none, but after a restore: then this visit was begun before, and goes on
  const sent = await lineagesOfVisit(tx, workspaceId, id, enrollment.visit + 1);
  const first = nextStep(plan.steps, newestOf(sequence.id), sent);
  if (!first) {
    await noteEnrollment(tx, workspaceId, id, "sub_sequence_without_steps", detail, at);
    return false;
  }
  await cancelUnsent(tx, workspaceId, [id], "entered_sub_sequence", at);
  const entry = { workspaceId, id, version, sequenceId: sequence.id, firstStepId: first.id, anchorAt: at };
  return enterSequence(tx, { ...entry, reason: "entered_sub_sequence", detail }, at);
}

type Decision =
  | { readonly kind: "enter"; readonly sequence: CampaignPlan["sequences"][number]; readonly how: "exact" | "any" }
  | { readonly kind: "stay"; readonly why: string };

async function decide(tx: Tx, plan: CampaignPlan, enrollment: Enrollment, reply: Inbound): Promise<Decision> {
  if (ENDED_FOR_GOOD.has(enrollment.state)) return { kind: "stay", why: "ended_for_good" };
  if (await hasNewerReply(tx, plan.workspaceId, reply)) return { kind: "stay", why: "superseded_by_newer_reply" };
  if (plan.state !== "active" && plan.state !== "paused") return { kind: "stay", why: "campaign_not_running" };
  const candidates = plan.sequences.flatMap(({ id, trigger, isActive }) => (trigger ? [{ id, trigger, isActive }] : []));
  const choice = chooseSubSequence(reply.interestLevel, candidates);
  if (choice.kind === "wait_for_person") return { kind: "stay", why: "needs_review" };
  if (choice.kind === "none") return { kind: "stay", why: `no_sub_sequence_${choice.why}` };
  const sequence = plan.sequences.find((one) => one.id === choice.id);
  if (!sequence) return { kind: "stay", why: "no_sub_sequence_no_match" };
  // The same mails twice would show that nobody reads the answers: from here on a person writes.
  if (await hasBeenIn(tx, plan.workspaceId, enrollment.id, sequence.id)) return { kind: "stay", why: "already_had_sub_sequence" };
  return { kind: "enter", sequence, how: choice.how };
}
