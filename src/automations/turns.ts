// What wants a slot in a mailbox's day? One answer for the claim, its dry run and the printed schedule. (What the mailbox has left: mailbox-state.ts.)
import { AgentError } from "../core/errors.ts";
import type { SequenceId } from "../core/ids.ts";
import { after, type Instant, SECOND } from "../core/instant.ts";
import { hoursFor, nextStep, stepDueAt } from "../core/next-step.ts";
import type { NewLeadLimit } from "../core/quota.ts";
import type { Span } from "../core/send-plan.ts";
import type { Settings } from "../core/settings.ts";
import type { Priority, Waiting } from "../core/slot-queue.ts";
import type { CampaignPlan, PlannedStep } from "../store/campaign-plan.ts";
import type { Enrollment } from "../store/enrollment.ts";
import type { Message } from "../store/message.ts";

/** Where a lead stands in a sequence. */
export interface Standing {
  readonly leadId: string;
  readonly leadZone: string | null;
  readonly leadDomain: string;
  readonly sequenceId: SequenceId;
  readonly staysInVersion: number | null;
  readonly visit: number;
  readonly sentLineages: readonly string[];
}

/** A step that waits for its slot. `of`: what its user wants to find again. */
export interface Turn<Of> extends Waiting {
  readonly plan: CampaignPlan;
  readonly step: PlannedStep;
  readonly standing: Standing;
  /** When it was due before windows, caps and gaps moved it. */
  readonly plannedAt: Instant;
  readonly of: Of;
}

export function turnOf<Of>(
  plan: CampaignPlan,
  standing: Standing,
  step: PlannedStep,
  dueAt: Instant,
  priority: Priority,
  of: Of,
  isFirstMail = priority === 1,
): Turn<Of> {
  const { leadId, leadDomain: domain } = standing;
  const newLead = isFirstMail ? newLeadLimit(plan) : null;
  const counted = { key: `${plan.id}/${leadId}`, leadId, domain, newLead };
  const hours = hoursFor(plan, standing.leadZone);
  const spread = plan.spread === "even";
  return { ...counted, spread, priority, dueAt, hours, endsAt: plan.endsAt, plan, step, standing, plannedAt: dueAt, of };
}

function newLeadLimit({ id: campaignId, zone, newLeadsPerDay: perDay, mailboxCaps: sharers }: CampaignPlan): NewLeadLimit | null {
  return perDay === null ? null : { campaignId, zone, perDay, sharers };
}

/** The step that a planned enrollment waits for; null when another one comes next: then it has to be planned anew. Its words may be gone (variantId). */
export function enrollmentTurn<Of>(plan: CampaignPlan, enrollment: Planned, of: Of): Turn<Of> | null {
  const step = nextStep(plan.steps, enrollment, enrollment.sentLineages);
  return step?.id === enrollment.nextStepId && step && enrollment.nextAt
    ? turnOf(plan, enrollment, step, enrollment.nextAt, enrollment.priority, of)
    : null;
}

type Planned = Standing & Pick<Enrollment, "nextStepId" | "nextAt" | "priority">;

/** A message that waits for another attempt. It goes before everything else: its slot has come once. `addressee`: of its enrollment. */
export function waitingMessageTurn<Of>(plan: CampaignPlan, message: WaitingStep, addressee: WaitingAddressee, of: Of): Turn<Of> {
  const step = plan.steps.find((one) => one.id === message.stepId);
  if (!step) throw new AgentError("internal", "A waiting message belongs to no step of its campaign.");
  const { leadId, visit } = message;
  const { leadZone, leadDomain, staysInVersion, priority } = addressee;
  const lead = { leadId: leadId ?? message.id, leadZone, leadDomain };
  const standing = { ...lead, visit: visit ?? 1, sequenceId: step.sequenceId, staysInVersion, sentLineages: [] };
  return turnOf(plan, standing, step, message.nextAttemptAt ?? message.slotAt, -1, of, priority === 1);
}

type WaitingAddressee = Pick<Standing, "leadZone" | "leadDomain" | "staysInVersion"> & { readonly priority: 0 | 1 };

export type WaitingStep = Pick<Message, "id" | "leadId" | "visit" | "stepId" | "slotAt" | "nextAttemptAt">;

/** What follows a step: the lead waits for the next one, nothing is left, or what is left cannot be sent. */
export type Following<Of> =
  | { readonly kind: "turn"; readonly turn: Turn<Of> }
  | { readonly kind: "end" }
  | { readonly kind: "never"; readonly step: string; readonly reason: "step_without_text" | "window_never_opens" };

/** What the lead waits for when it stands there, its delay counted from `anchor`. */
export function following<Of>(plan: CampaignPlan, standing: Standing, anchor: Instant, priority: Priority, of: Of): Following<Of> {
  const step = nextStep(plan.steps, standing, standing.sentLineages);
  if (!step) return { kind: "end" };
  if (!step.variantId) return { kind: "never", step: step.lineage, reason: "step_without_text" };
  const dueAt = stepDueAt(plan, step, { ...standing, anchor });
  if (!dueAt) return { kind: "never", step: step.lineage, reason: "window_never_opens" };
  return { kind: "turn", turn: turnOf(plan, standing, step, dueAt, priority, of) };
}

/** What the lead waits for once `turn` was sent in a slot. */
export function afterTurn<Of>({ plan, standing, step, of }: Turn<Of>, slot: Instant): Following<Of> {
  return following(plan, { ...standing, sentLineages: [...standing.sentLineages, step.lineage] }, slot, 0, of);
}

/** The turn that a send makes waiting, if any. */
export function nextTurn<Of>(turn: Turn<Of>, slot: Instant): Turn<Of> | null {
  const next = afterTurn(turn, slot);
  return next.kind === "turn" ? next.turn : null;
}

/** What was missed by at most catch_up_seconds keeps the slot it was planned for. Sweeps that are further apart than that miss nothing between them. */
export function spanUntil({ sending }: Settings, now: Instant, until: Instant): Span {
  const kept = Math.max(sending.catch_up_seconds, 2 * sending.interval_seconds);
  return { keptSince: after(now, -kept * SECOND), now, until };
}
