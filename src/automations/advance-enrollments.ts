// Ends holds and reply windows whose moment has come, moves delays by the pauses they lived through, and plans what has no time yet.
import type { EnrollmentId, WorkspaceId } from "../core/ids.ts";
import { type Instant, latest } from "../core/instant.ts";
import { nextStep, replyWindowEnd, stepDueAt } from "../core/next-step.ts";
import { type CampaignPlan, campaignPlans, campaignsToShift } from "../store/campaign-plan.ts";
import type { Tx } from "../store/database.ts";
import {
  awaitReply,
  type Enrollment,
  finishSilent,
  planStep,
  releaseHolds,
  shiftIntoEpoch,
  unplannedEnrollments,
} from "../store/enrollment.ts";
import type { Agent } from "./agent.ts";

const BATCH = 500;

export async function advanceEnrollments(agent: Agent): Promise<{ released: number; finished: number; shifted: number; planned: number }> {
  const released = await inBatches(agent, (tx) => releaseHolds(tx, agent.clock.now(), BATCH));
  const finished = await inBatches(agent, (tx) => finishSilent(tx, agent.clock.now(), BATCH));
  let shifted = 0;
  for (const { workspaceId, campaignId } of await campaignsToShift(agent.db)) {
    shifted += await inBatches(agent, (tx) => shiftIntoEpoch(tx, workspaceId, campaignId, BATCH));
  }
  const planned = await inBatches(agent, (tx) => planBatch(agent, tx));
  return { released, finished, shifted, planned };
}

async function inBatches(agent: Agent, work: (tx: Tx) => Promise<number>): Promise<number> {
  let total = 0;
  for (;;) {
    const done = await agent.db.transaction(work);
    total += done;
    if (done < BATCH) return total;
  }
}

async function planBatch(agent: Agent, tx: Tx): Promise<number> {
  const enrollments = await unplannedEnrollments(tx, BATCH);
  const byWorkspace = Map.groupBy(enrollments, (enrollment) => enrollment.workspaceId);
  for (const [workspaceId, own] of byWorkspace) {
    const plans = await campaignPlans(
      tx,
      workspaceId,
      own.map((enrollment) => enrollment.campaignId),
    );
    for (const enrollment of own) {
      const plan = plans.get(enrollment.campaignId);
      if (plan) await planEnrollment(tx, plan, enrollment, agent.clock.now());
    }
  }
  return enrollments.length;
}

/** Gives an enrollment its next step and time: at the planned moment, or now when that has passed; at the end of the sequence it waits for a reply. */
async function planEnrollment(tx: Tx, plan: CampaignPlan, enrollment: Enrollment, now: Instant): Promise<void> {
  const key: { workspaceId: WorkspaceId; id: EnrollmentId; version: number } = enrollment;
  const step = nextStep(plan.steps, enrollment.sequenceId, enrollment.sentLineages);
  if (!step) {
    await awaitReply(tx, key, latest(now, replyWindowEnd(plan, enrollment.anchorAt)), now);
    return;
  }
  const due = stepDueAt(plan, step, {
    leadId: enrollment.leadId,
    leadZone: enrollment.leadZone,
    visit: enrollment.visit,
    anchor: enrollment.anchorAt,
  });
  await planStep(tx, key, step.id, due ?? NEVER);
}

/** The window never opens: the lead waits for an edit, which plans anew. */
const NEVER: Instant = new Date("9999-01-01T00:00:00Z");
