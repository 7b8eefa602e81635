// Which mails go out of this mailbox now? One transaction holds the lease, locks the day's budget, takes due work in the planner's order
// and writes it into the ledger. Whatever happens after that, no step is sent twice and none is lost.
import { AgentError } from "../core/errors.ts";
import type { MessageId, VariantId } from "../core/ids.ts";
import { after, type Instant, latest, SECOND } from "../core/instant.ts";
import { hoursFor } from "../core/next-step.ts";
import { deriveMessageId } from "../core/outgoing-message.ts";
import { capOn } from "../core/send-budget.ts";
import { assignSlots, type Slot, type Waiting } from "../core/send-plan.ts";
import { localDay, startOfDay } from "../core/sending-window.ts";
import { type CampaignPlan, campaignPlans, type PlannedStep } from "../store/campaign-plan.ts";
import type { Tx } from "../store/database.ts";
import { type Enrollment, setNextAt, setPending, stopEnrollments, takeDue } from "../store/enrollment.ts";
import { holdsLease, type Lease } from "../store/lease.ts";
import type { Mailbox } from "../store/mailbox.ts";
import { delayWaiting, insertClaimed, type NewClaim, reclaim, takeWaiting, type WaitingMessage } from "../store/message.ts";
import { debitBudget, lockBudget } from "../store/send-budget.ts";
import type { Agent } from "./agent.ts";
import { replyInboxIsRead } from "./reply-inbox.ts";

interface StepTurn extends Waiting {
  readonly kind: "step";
  readonly enrollment: Enrollment;
  readonly step: PlannedStep & { readonly variantId: VariantId };
}

interface RetryTurn extends Waiting {
  readonly kind: "retry";
  readonly message: WaitingMessage;
}

type Turn = StepTurn | RetryTurn;
type Send = Extract<Slot<Turn>, { kind: "send" }>;

/** The ids of the messages claimed, in the order of their slots; none when the mailbox has nothing due, no budget left, or must wait. */
export async function claimMessages(agent: Agent, mailbox: Mailbox, lease: Lease): Promise<MessageId[]> {
  return agent.db.transaction(async (tx) => {
    if (!(await holdsLease(tx, lease)))
      throw new AgentError("lease_lost", "Another process sends from this mailbox now.", { retryable: true });
    const now = agent.clock.now();
    const day = localDay(now, mailbox.limits.zone);
    const cap = capOn(mailbox.limits, day);
    const budget = await lockBudget(tx, mailbox.workspaceId, mailbox.id, day, cap);
    if (budget.used >= cap) return [];
    const turns = await dueTurns(agent, tx, mailbox, now);
    const state = { limits: mailbox.limits, usedOn: (on: string) => (on === day ? budget.used : 0), lastSlotAt: budget.lastSlotAt };
    const notBefore = latest(after(now, -agent.settings.sending.catch_up_seconds * SECOND), startOfDay(day, mailbox.limits.zone));
    const slots: Slot<Turn>[] = [];
    for (const slot of assignSlots(state, turns, { notBefore, until: now })) {
      slots.push(slot);
      if (slots.length >= agent.settings.sending.batch) break;
    }
    await postpone(tx, mailbox, slots, now);
    return writeClaims(
      agent,
      tx,
      mailbox,
      lease,
      slots.filter((slot) => slot.kind === "send"),
      now,
    );
  });
}

/** Everything that is due: mails to try again, follow-ups (only while the inbox that would hold their answers is read), first mails. */
async function dueTurns(agent: Agent, tx: Tx, mailbox: Mailbox, now: Instant): Promise<Turn[]> {
  const { workspaceId, id: mailboxId } = mailbox;
  const limit = agent.settings.sending.batch;
  const inboxIsRead = await replyInboxIsRead(agent, tx, mailbox, now);
  const waiting = (await takeWaiting(tx, { workspaceId, mailboxId, now, limit })).filter((message) => inboxIsRead || !message.followUp);
  const due = await takeDue(tx, { workspaceId, mailboxId, priority: 1, now, limit });
  if (inboxIsRead) due.push(...(await takeDue(tx, { workspaceId, mailboxId, priority: 0, now, limit })));
  const campaignIds = [...due.map((one) => one.campaignId), ...waiting.flatMap((one) => one.campaignId ?? [])];
  const plans = campaignIds.length === 0 ? new Map() : await campaignPlans(tx, workspaceId, campaignIds);
  const turns: Turn[] = waiting.map((message) => retryTurn(message, plans));
  for (const enrollment of due) {
    const turn = stepTurn(enrollment, plans);
    if (turn) turns.push(turn);
    else await stopEnrollments(tx, { workspaceId, ids: [enrollment.id], state: "failed", reason: "step_without_text" }, now);
  }
  return turns;
}

function retryTurn(message: WaitingMessage, plans: ReadonlyMap<string, CampaignPlan>): RetryTurn {
  const plan = planOf(plans, message.campaignId);
  return {
    kind: "retry",
    key: message.id,
    leadId: message.leadId ?? message.id,
    priority: -1,
    dueAt: message.nextAttemptAt ?? message.slotAt,
    hours: hoursFor(plan, message.leadZone),
    message,
  };
}

function stepTurn(enrollment: Enrollment, plans: ReadonlyMap<string, CampaignPlan>): StepTurn | null {
  const plan = planOf(plans, enrollment.campaignId);
  const step = plan.steps.find((one) => one.id === enrollment.nextStepId && !one.retired);
  if (!step?.variantId || !enrollment.nextAt) return null;
  return {
    kind: "step",
    key: enrollment.id,
    leadId: enrollment.leadId,
    priority: enrollment.priority,
    dueAt: enrollment.nextAt,
    hours: hoursFor(plan, enrollment.leadZone),
    enrollment,
    step: { ...step, variantId: step.variantId },
  };
}

function planOf(plans: ReadonlyMap<string, CampaignPlan>, campaignId: string | null): CampaignPlan {
  const plan = plans.get(campaignId ?? "");
  if (!plan) throw new AgentError("internal", "A due message belongs to no campaign.");
  return plan;
}

/** What came up outside its window waits for the next opening, so that it does not stand in the way again. */
async function postpone(tx: Tx, mailbox: Mailbox, slots: readonly Slot<Turn>[], now: Instant): Promise<void> {
  const steps: { id: Enrollment["id"]; version: number; nextAt: Instant | null }[] = [];
  const retries: { id: MessageId; until: Instant }[] = [];
  for (const slot of slots) {
    if (slot.kind !== "wait") continue;
    if (slot.item.kind === "step") steps.push({ id: slot.item.enrollment.id, version: slot.item.enrollment.version, nextAt: slot.until });
    else if (slot.until) retries.push({ id: slot.item.message.id, until: slot.until });
  }
  await setNextAt(tx, mailbox.workspaceId, steps);
  await delayWaiting(tx, mailbox.workspaceId, retries, now);
}

async function writeClaims(
  agent: Agent,
  tx: Tx,
  mailbox: Mailbox,
  lease: Lease,
  sends: readonly Send[],
  now: Instant,
): Promise<MessageId[]> {
  const last = sends.at(-1);
  if (!last) return [];
  const retries = sends.flatMap((slot) =>
    slot.item.kind === "retry" ? [{ id: slot.item.message.id, slotAt: slot.at, day: slot.day }] : [],
  );
  const steps = sends.flatMap((slot) => (slot.item.kind === "step" ? [newClaim(agent, mailbox, slot.item, slot)] : []));
  await reclaim(tx, lease, retries, now);
  const inserted = steps.length === 0 ? [] : await insertClaimed(tx, lease, steps, now);
  await setPending(
    tx,
    mailbox.workspaceId,
    inserted.map((row) => ({ enrollmentId: row.enrollmentId, messageId: row.id })),
  );
  await debitBudget(tx, mailbox.workspaceId, mailbox.id, last.day, retries.length + inserted.length, last.at);
  await stopRepeated(tx, mailbox, steps, inserted, now);
  const idOf = new Map<string, MessageId>(inserted.map((row) => [row.enrollmentId, row.id]));
  return sends.flatMap((slot) => (slot.item.kind === "retry" ? slot.item.message.id : (idOf.get(slot.item.enrollment.id) ?? [])));
}

function newClaim(agent: Agent, mailbox: Mailbox, turn: StepTurn, slot: { at: Instant; day: string }): NewClaim {
  const { enrollment, step } = turn;
  const intent = { enrollmentId: enrollment.id, visit: enrollment.visit, lineage: step.lineage };
  return {
    enrollmentId: enrollment.id,
    enrollmentVersion: enrollment.version,
    campaignId: enrollment.campaignId,
    leadId: enrollment.leadId,
    visit: enrollment.visit,
    stepId: step.id,
    stepLineage: step.lineage,
    variantId: step.variantId,
    messageId: deriveMessageId(agent.keys.messageId, intent, mailbox.identityKey.slice(mailbox.identityKey.lastIndexOf("@") + 1)),
    slotAt: slot.at,
    day: slot.day,
  };
}

/** The ledger holds a message for this very step already: it must not go out again, and a person should see why the lead stands still. */
async function stopRepeated(
  tx: Tx,
  mailbox: Mailbox,
  wanted: readonly NewClaim[],
  inserted: readonly { enrollmentId: string }[],
  now: Instant,
): Promise<void> {
  const taken = new Set(inserted.map((row) => row.enrollmentId));
  const repeated = wanted.filter((claim) => !taken.has(claim.enrollmentId)).map((claim) => claim.enrollmentId);
  if (repeated.length === 0) return;
  await stopEnrollments(tx, { workspaceId: mailbox.workspaceId, ids: repeated, state: "failed", reason: "step_already_sent" }, now);
}
