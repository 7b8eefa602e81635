// A mail was sent: where does its enrollment stand now?
import type { MessageId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { nextStep, replyWindowEnd, stepDueAt } from "../core/next-step.ts";
import { type CampaignPlan, campaignPlans } from "../store/campaign-plan.ts";
import type { Queryable } from "../store/database.ts";
import { type MessageStanding, messageStandings } from "../store/enrollment.ts";
import type { SentRecord } from "../store/message-outcome.ts";

/** The next step of each enrollment and when it is due, from the sequence as it stands now: an edit may have come between. */
export async function sentRecords(
  q: Queryable,
  workspaceId: WorkspaceId,
  sent: readonly { id: MessageId; response: string }[],
): Promise<SentRecord[]> {
  const standings = await messageStandings(
    q,
    workspaceId,
    sent.map((one) => one.id),
  );
  const plans = await campaignPlans(
    q,
    workspaceId,
    [...standings.values()].map((one) => one.campaignId),
  );
  return sent.map(({ id, response }) => {
    const standing = standings.get(id);
    const plan = standing && plans.get(standing.campaignId);
    if (!standing || !plan) return { id, response, next: null, awaitReplyUntil: LONG_AGO };
    return { id, response, next: nextOf(plan, standing), awaitReplyUntil: replyWindowEnd(plan, standing.slotAt) };
  });
}

/** Of a mail whose enrollment was deleted: nothing follows. */
const LONG_AGO: Instant = new Date(0);

function nextOf(plan: CampaignPlan, standing: MessageStanding): SentRecord["next"] {
  const step = nextStep(plan.steps, standing, standing.sentLineages);
  const { leadId, leadZone, visit, slotAt } = standing;
  return step && { stepId: step.id, at: stepDueAt(plan, step, { leadId, leadZone, visit, anchor: slotAt }) };
}
