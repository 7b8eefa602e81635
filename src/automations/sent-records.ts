// A mail was sent: where does its enrollment stand now?
import type { MessageId, WorkspaceId } from "../core/ids.ts";
import { nextStep, replyWindowEnd, stepDueAt } from "../core/next-step.ts";
import { type CampaignPlan, campaignPlans } from "../store/campaign-plan.ts";
import type { Tx } from "../store/database.ts";
import { type Enrollment, enrollmentsOfMessages } from "../store/enrollment.ts";
import { messageSlots } from "../store/message.ts";
import type { SentRecord } from "../store/message-outcome.ts";

/** The next step of each enrollment and when it is due, from the sequence as it stands now: an edit may have come between. */
export async function sentRecords(
  tx: Tx,
  workspaceId: WorkspaceId,
  sent: readonly { id: MessageId; response: string }[],
): Promise<SentRecord[]> {
  const ids = sent.map((one) => one.id);
  const enrollments = await enrollmentsOfMessages(tx, workspaceId, ids);
  const slots = await messageSlots(tx, workspaceId, ids);
  const plans = await campaignPlans(
    tx,
    workspaceId,
    [...enrollments.values()].map((one) => one.campaignId),
  );
  return sent.map(({ id, response }) => {
    const enrollment = enrollments.get(id);
    const plan = enrollment && plans.get(enrollment.campaignId);
    const slot = slots.get(id) ?? new Date(0);
    if (!enrollment || !plan) return { id, response, next: null, awaitReplyUntil: slot };
    return { id, response, next: nextOf(plan, enrollment, slot), awaitReplyUntil: replyWindowEnd(plan, slot) };
  });
}

function nextOf(plan: CampaignPlan, enrollment: Enrollment, anchor: Date): SentRecord["next"] {
  const step = nextStep(plan.steps, enrollment, enrollment.sentLineages);
  if (!step) return null;
  const lead = { leadId: enrollment.leadId, leadZone: enrollment.leadZone, visit: enrollment.visit, anchor };
  return { stepId: step.id, at: stepDueAt(plan, step, lead) };
}
