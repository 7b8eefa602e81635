// Ends holds and reply windows whose moment has come, moves delays by the pauses they lived through, gives leads whose mailbox is lost another one,
// and plans what has no time yet.
import { type Instant, latest } from "../core/instant.ts";
import { nextStep, replyWindowEnd, stepDueAt } from "../core/next-step.ts";
import { mailboxFor } from "../core/send-plan.ts";
import { type CampaignPlan, campaignPlans, campaignsToShift } from "../store/campaign-plan.ts";
import type { Tx } from "../store/database.ts";
import { leftBehind, moveToMailbox } from "../store/enrollment-mailbox.ts";
import {
  awaitReply,
  finishSilent,
  type PlannedEnrollment,
  planSteps,
  releaseHolds,
  shiftIntoEpoch,
  type UnplannedEnrollment,
  unplannedEnrollments,
} from "../store/enrollment-time.ts";
import type { Agent } from "./agent.ts";

const BATCH = 500;

type Advanced = Readonly<Record<"released" | "finished" | "shifted" | "moved" | "planned", number>>;

export async function advanceEnrollments(agent: Agent): Promise<Advanced> {
  const released = await inBatches(agent, (tx) => releaseHolds(tx, agent.clock.now(), BATCH));
  const finished = await inBatches(agent, (tx) => finishSilent(tx, agent.clock.now(), BATCH));
  let shifted = 0;
  for (const { workspaceId, campaignId } of await campaignsToShift(agent.db)) {
    shifted += await inBatches(agent, (tx) => shiftIntoEpoch(tx, workspaceId, campaignId, BATCH));
  }
  const moved = await inBatches(agent, (tx) => moveBatch(agent, tx));
  const planned = await inBatches(agent, (tx) => planBatch(agent, tx));
  return { released, finished, shifted, moved, planned };
}

async function inBatches(agent: Agent, work: (tx: Tx) => Promise<number>): Promise<number> {
  let total = 0;
  for (;;) {
    const done = await agent.db.transaction(work);
    total += done;
    if (done < BATCH) return total;
  }
}

/** Leads that no mail was sent to go to a mailbox that their campaign still sends from; the others wait for theirs, which they know. */
async function moveBatch(agent: Agent, tx: Tx): Promise<number> {
  let moved = 0;
  for (const enrollment of await leftBehind(tx, BATCH)) {
    const mailboxId = mailboxFor(enrollment.leadId, enrollment.pool);
    if (mailboxId && (await moveToMailbox(tx, enrollment, mailboxId, agent.clock.now()))) moved += 1;
  }
  return moved;
}

async function planBatch(agent: Agent, tx: Tx): Promise<number> {
  const enrollments = await unplannedEnrollments(tx, BATCH);
  for (const [workspaceId, own] of Map.groupBy(enrollments, (enrollment) => enrollment.workspaceId)) {
    const plans = await campaignPlans(
      tx,
      workspaceId,
      own.map((enrollment) => enrollment.campaignId),
    );
    const planned: PlannedEnrollment[] = [];
    for (const enrollment of own) {
      const plan = plans.get(enrollment.campaignId);
      if (!plan) continue;
      const next = nextOf(plan, enrollment);
      if (next) planned.push({ ...enrollment, ...next });
      else await endSequence(tx, plan, enrollment, agent.clock.now());
    }
    await planSteps(tx, workspaceId, planned);
  }
  return enrollments.length;
}

/** Its next step and time: its delay after the step before, but never in a hold. Null at the end of the sequence. */
function nextOf(plan: CampaignPlan, enrollment: UnplannedEnrollment): Pick<PlannedEnrollment, "stepId" | "nextAt"> | null {
  const step = nextStep(plan.steps, enrollment, enrollment.sentLineages);
  if (!step) return null;
  const { leadId, leadZone, visit, anchorAt: anchor, heldUntil } = enrollment;
  const due = stepDueAt(plan, step, { leadId, leadZone, visit, anchor });
  return { stepId: step.id, nextAt: due ? latest(due, heldUntil ?? due) : NEVER };
}

async function endSequence(tx: Tx, plan: CampaignPlan, enrollment: UnplannedEnrollment, now: Instant): Promise<void> {
  await awaitReply(tx, enrollment, latest(now, replyWindowEnd(plan, enrollment.anchorAt)), now);
}

/** The window never opens: the lead waits for an edit, which plans anew. */
const NEVER: Instant = new Date("9999-01-01T00:00:00Z");
