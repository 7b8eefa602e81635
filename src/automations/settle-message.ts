// A person decides about one message: an uncertain one was sent or goes out again; one that has not gone out yet shall not.
import { AgentError } from "../core/errors.ts";
import type { EnrollmentId, MessageId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { nextStep, stepDueAt } from "../core/next-step.ts";
import { campaignPlans } from "../store/campaign-plan.ts";
import type { Tx } from "../store/database.ts";
import { enrollmentById, lockEnrollment } from "../store/enrollment.ts";
import { skipStep } from "../store/enrollment-time.ts";
import { type Message, messageById } from "../store/message.ts";
import { lockMessage } from "../store/message-page.ts";
import { cancelMessage, sendAgain } from "../store/message-recall.ts";
import type { Agent } from "./agent.ts";
import { confirmSent } from "./confirm-sent.ts";

export interface MessageRef {
  readonly workspaceId: WorkspaceId;
  readonly messageId: MessageId;
}

/** It arrived: its lead goes on as after any other mail. Throws `not_found`, and `wrong_state` unless it is uncertain. */
export function sayWasSent(agent: Agent, ref: MessageRef): Promise<void> {
  return agent.db.transaction(async (tx) => {
    await confirmSent(agent, tx, await uncertain(tx, ref), "a person says so", agent.clock.now());
  });
}

/**
 * It did not arrive: the same bytes go out again, under the same Message-ID. Throws `not_found`, and `wrong_state` unless it is an uncertain step
 * whose sequence still runs: it would wait for ever, for nothing is sent to a lead that has answered, opted out or was removed meanwhile.
 */
export function sendAgainByPerson(agent: Agent, ref: MessageRef): Promise<void> {
  return agent.db.transaction(async (tx) => {
    const message = await uncertain(tx, ref);
    if (message.kind !== "step") throw wrongState(message, "a test is sent anew instead");
    await mustStillRun(tx, ref.workspaceId, message);
    await sendAgain(tx, ref.workspaceId, ref.messageId, agent.clock.now());
  });
}

/**
 * It will not go out, and its lead goes on with the step behind it, whose delay counts from the moment that this one had. Throws `not_found`, and
 * `wrong_state` when it is on the wire already.
 */
export function cancelByPerson(agent: Agent, { workspaceId, messageId }: MessageRef): Promise<void> {
  const at = agent.clock.now();
  return agent.db.transaction(async (tx) => {
    // The enrollment first, the message second, as every stop does, so that two of them do not deadlock.
    const message = await existing(tx, { workspaceId, messageId });
    const enrollment = message.enrollmentId && (await lockEnrollment(tx, workspaceId, message.enrollmentId));
    if (!(await cancelMessage(tx, workspaceId, messageId, "cancelled_by_person", at)))
      throw wrongState(message, "only one that has not gone out can be cancelled");
    if (enrollment && enrollment.pendingMessageId === messageId) await goOn(tx, workspaceId, enrollment.id, message, at);
  });
}

async function goOn(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: EnrollmentId,
  { slotAt, id: messageId, stepLineage }: Message,
  at: Instant,
): Promise<void> {
  const enrollment = await lockEnrollment(tx, workspaceId, id);
  const plan = enrollment && (await campaignPlans(tx, workspaceId, [enrollment.campaignId])).get(enrollment.campaignId);
  if (!enrollment || !plan) return;
  const step = nextStep(plan.steps, enrollment, enrollment.sentLineages);
  const lead = { leadId: enrollment.leadId, leadZone: enrollment.leadZone, visit: enrollment.visit, anchor: slotAt };
  const next = step && { stepId: step.id, at: stepDueAt(plan, step, lead) };
  const detail = { message: messageId, step: stepLineage };
  await skipStep(tx, enrollment, { anchorAt: slotAt, next, reason: "step_cancelled_by_person", detail }, at);
}

async function mustStillRun(tx: Tx, workspaceId: WorkspaceId, { recipient, enrollmentId }: Message): Promise<void> {
  const enrollment = enrollmentId && (await enrollmentById(tx, workspaceId, enrollmentId));
  if (!enrollment || enrollment.state === "active" || enrollment.state === "held") return;
  const { state, reason } = enrollment;
  throw new AgentError("wrong_state", `Nothing more is sent to ${recipient}: its sequence is ${state} (${reason}).`, { detail: { state } });
}

async function existing(tx: Tx, { workspaceId, messageId }: MessageRef): Promise<Message> {
  const message = await messageById(tx, workspaceId, messageId);
  if (!message) throw new AgentError("not_found", "There is no such message.");
  return message;
}

async function uncertain(tx: Tx, ref: MessageRef): Promise<Message> {
  const message = await lockMessage(tx, ref.workspaceId, ref.messageId);
  if (!message) throw new AgentError("not_found", "There is no such message.");
  if (message.state !== "uncertain") throw wrongState(message, "only of an uncertain one a person has to say what became of it");
  return message;
}

function wrongState({ state }: Message, because: string): AgentError {
  return new AgentError("wrong_state", `The message is ${state}; ${because}.`, { detail: { state } });
}
