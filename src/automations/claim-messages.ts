// Which mails go out of this mailbox now? One transaction holds the lease, locks the day's budget, takes due work in the planner's order
// and writes it into the ledger. Whatever happens after that, no step is sent twice and none is lost.
import { AgentError } from "../core/errors.ts";
import type { MessageId, VariantId } from "../core/ids.ts";
import { after, CLOCK_SKEW, type Instant, latest } from "../core/instant.ts";
import { deriveMessageId } from "../core/outgoing-message.ts";
import type { Debit, QuotaKind } from "../core/quota.ts";
import { capOn } from "../core/send-budget.ts";
import { claimSlots, type MailboxState, type Slot, type Span } from "../core/send-plan.ts";
import { localDay } from "../core/sending-window.ts";
import { type CampaignPlan, campaignPlans } from "../store/campaign-plan.ts";
import type { Tx } from "../store/database.ts";
import { type Enrollment, stopEnrollments } from "../store/enrollment.ts";
import { type DueEnrollment, mailboxSends, setNextAt, setPending, takeDue } from "../store/enrollment-claim.ts";
import { holdsLease, type Lease } from "../store/lease.ts";
import type { Mailbox } from "../store/mailbox.ts";
import { delayWaiting, insertClaimed, type NewClaim, reclaim, takeWaiting, type WaitingMessage } from "../store/message-claim.ts";
import { bringSlotsBack, debitBudget, lockBudget } from "../store/send-budget.ts";
import { debitQuotas } from "../store/send-quota.ts";
import type { Agent } from "./agent.ts";
import { askedAgainAt, lockedHeldBack } from "./hold-back-newcomers.ts";
import { mailboxStates } from "./mailbox-state.ts";
import { replyInboxIsRead } from "./reply-inbox.ts";
import { enrollmentTurn, nextTurn, spanUntil, type Turn, waitingMessageTurn } from "./turns.ts";

type Due =
  | { readonly kind: "step"; readonly enrollment: Enrollment; readonly variantId: VariantId }
  | { readonly kind: "retry"; readonly message: WaitingMessage };
type DueTurn = Turn<Due>;
type Send = Extract<Slot<DueTurn>, { kind: "send" }>;

export interface Claimed {
  /** In the order of their slots; none when the mailbox has nothing due, no budget left, or must wait. */
  readonly ids: readonly MessageId[];
  /** When the first of the mails becomes due that follow these. */
  readonly nextDueAt: Instant | null;
}

export async function claimMessages(agent: Agent, mailbox: Mailbox, lease: Lease): Promise<Claimed> {
  for (;;) {
    const { postponed, ...claimed } = await agent.db.hot.transaction((tx) => claimOnce(agent, tx, mailbox, lease));
    // A full batch of mail that came up outside its window must not keep the rest from its slots.
    if (claimed.ids.length > 0 || postponed === 0) return claimed;
  }
}

const NOTHING = { ids: [], nextDueAt: null, postponed: 0 };

async function claimOnce(agent: Agent, tx: Tx, mailbox: Mailbox, lease: Lease): Promise<Claimed & { postponed: number }> {
  if (!(await holdsLease(tx, lease)))
    throw new AgentError("lease_lost", "Another process sends from this mailbox now.", { retryable: true });
  // paused since it was read: what is claimed would be put back at once, and claimed again, for ever
  if (!(await mailboxSends(tx, mailbox.workspaceId, mailbox.id))) return NOTHING;
  const now = agent.clock.now();
  const span = spanUntil(agent.settings, now, now);
  const days = daysOf(span, mailbox);
  const state = await lockedState(agent, tx, mailbox, days, now);
  if (days.every((day) => state.usedOn(day) >= capOn(mailbox.limits, day))) return NOTHING;
  const { turns, inboxIsRead, heldBack } = await dueTurns(agent, tx, mailbox, now);
  const follow = (turn: DueTurn, at: Instant) => (inboxIsRead ? nextTurn(turn, at) : null);
  const slots = claimSlots(state, turns, span, follow, agent.settings.sending.batch);
  const sends = slots.filter((slot) => slot.kind === "send");
  const postponed = heldBack + (await postpone(tx, mailbox, slots, now));
  return { ids: await writeClaims(agent, tx, mailbox, lease, sends, days, now), nextDueAt: firstFollowing(sends), postponed };
}

/** When the first of the mails becomes due that follow these, whether or not it may be sent now. */
function firstFollowing(sends: readonly Send[]): Instant | null {
  const due = sends.flatMap(({ item, at }) => nextTurn(item, at)?.dueAt ?? []);
  return due.reduce<Instant | null>((first, at) => (first && first <= at ? first : at), null);
}

/** The local days in which a slot may lie: shortly after midnight one that was missed before it still belongs to yesterday. */
function daysOf({ keptSince, now }: Span, mailbox: Mailbox): string[] {
  return [...new Set([localDay(keptSince, mailbox.limits.zone), localDay(now, mailbox.limits.zone)])];
}

/** What the mailbox has left, its budget rows of `days` locked in order. */
async function lockedState(agent: Agent, tx: Tx, mailbox: Mailbox, days: readonly string[], now: Instant): Promise<MailboxState> {
  for (const day of days) await lockBudget(tx, mailbox.workspaceId, mailbox.id, day, capOn(mailbox.limits, day));
  const read = async () => {
    const state = (await mailboxStates(agent.settings, tx, mailbox.workspaceId, [mailbox], now)).get(mailbox.id);
    if (!state) throw new AgentError("internal", "A mailbox has no state.");
    return state;
  };
  const state = await read();
  if (state.lastSlotAt === null || state.lastSlotAt <= after(now, CLOCK_SKEW)) return state;
  await bringSlotsBack(tx, mailbox.workspaceId, mailbox.id, now);
  return read();
}

/** Everything that is due: mails to try again, follow-ups (only while the inbox that would hold their answers is read), first mails. */
async function dueTurns(
  agent: Agent,
  tx: Tx,
  mailbox: Mailbox,
  now: Instant,
): Promise<{ turns: DueTurn[]; inboxIsRead: boolean; heldBack: number }> {
  const { workspaceId, id: mailboxId } = mailbox;
  const limit = agent.settings.sending.batch;
  const inboxIsRead = await replyInboxIsRead(agent, tx, mailbox, now);
  const waiting = await takeWaiting(tx, { workspaceId, mailboxId, followUps: inboxIsRead, now, limit });
  const due = await takeDue(tx, { workspaceId, mailboxId, priority: 1, now, limit });
  if (inboxIsRead) due.push(...(await takeDue(tx, { workspaceId, mailboxId, priority: 0, now, limit })));
  const campaignIds = [...due.map((one) => one.campaignId), ...waiting.flatMap((one) => one.campaignId ?? [])];
  const plans = campaignIds.length === 0 ? new Map() : await campaignPlans(tx, workspaceId, campaignIds);
  const turns: DueTurn[] = waiting.map((message) => retryTurn(planOf(plans, message.campaignId), message));
  const held = await holdBack(agent, tx, mailbox, due, plans, now);
  for (const enrollment of due.filter((one) => !held.has(one.id))) {
    const turn = stepTurn(planOf(plans, enrollment.campaignId), enrollment);
    if (turn === "planned for another step") await setNextAt(tx, workspaceId, [{ ...enrollment, nextAt: null, because: null }]);
    else if (turn) turns.push(turn);
    else await stopEnrollments(tx, { workspaceId, ids: [enrollment.id], state: "failed", reason: "step_without_text" }, now);
  }
  return { turns, inboxIsRead, heldBack: held.size };
}

/**
 * First mails to people whose colleagues are being written to: they wait, and so take nobody's slot. Whoever wrote to somebody new at one of these
 * companies since their enrollment has committed when its lock is ours, and is seen.
 */
async function holdBack(
  agent: Agent,
  tx: Tx,
  mailbox: Mailbox,
  due: readonly DueEnrollment[],
  plans: ReadonlyMap<string, CampaignPlan>,
  now: Instant,
): Promise<ReadonlySet<Enrollment["id"]>> {
  const firsts = due.filter((one) => one.priority === 1).map((one) => ({ ...one, plan: planOf(plans, one.campaignId) }));
  const held = [...(await lockedHeldBack(agent.settings, tx, mailbox.workspaceId, firsts, "written", now))];
  const moves = held.map(([{ id, version }, wait]) => ({ id, version, nextAt: askedAgainAt(wait, now), because: wait.reason }));
  await setNextAt(tx, mailbox.workspaceId, moves);
  return new Set(moves.map((move) => move.id));
}

function retryTurn(plan: CampaignPlan, message: WaitingMessage): DueTurn {
  const nextAttemptAt = notBefore(message.nextAttemptAt ?? message.slotAt, message.domainFreeSince);
  return waitingMessageTurn(plan, { ...message, nextAttemptAt }, message, { kind: "retry", message });
}

/** Null: the step has no text. It was planned for another step when an edit came between the plan that somebody read and what they wrote. */
function stepTurn(plan: CampaignPlan, enrollment: DueEnrollment): DueTurn | "planned for another step" | null {
  const nextAt = enrollment.nextAt && notBefore(enrollment.nextAt, enrollment.domainFreeSince);
  const turn = enrollmentTurn(plan, { ...enrollment, nextAt }, null);
  if (!turn) return "planned for another step";
  return turn.step.variantId ? { ...turn, of: { kind: "step", enrollment, variantId: turn.step.variantId } } : null;
}

/** No slot lies in a time in which the mail domain was left alone. */
function notBefore(dueAt: Instant, domainFreeSince: Instant | null): Instant {
  return domainFreeSince ? latest(dueAt, domainFreeSince) : dueAt;
}

function planOf(plans: ReadonlyMap<string, CampaignPlan>, campaignId: string | null): CampaignPlan {
  const plan = plans.get(campaignId ?? "");
  if (!plan) throw new AgentError("internal", "A due message belongs to no campaign.");
  return plan;
}

/**
 * What came up outside its window, or when its quota was full, waits for the next opening, so that it does not stand in the way again. Returns how many left the queue.
 * What came up after the end of its campaign stays as it is: its end may be extended.
 */
async function postpone(tx: Tx, mailbox: Mailbox, slots: readonly Slot<DueTurn>[], now: Instant): Promise<number> {
  const last = new Map(slots.map((slot) => [slot.item.key, slot]));
  const steps: { id: Enrollment["id"]; version: number; nextAt: Instant | null; because: QuotaKind | null }[] = [];
  const retries: { id: MessageId; until: Instant; because: string }[] = [];
  for (const slot of last.values()) {
    if (slot.kind !== "wait") continue;
    const { item, until, because } = slot;
    const quota = because === "window" ? null : because;
    if (item.of.kind === "step") {
      const { id, version } = item.of.enrollment;
      steps.push({ id, version, nextAt: until, because: quota });
    } else if (until) retries.push({ id: item.of.message.id, until, because: quota ?? "outside_window" });
  }
  await setNextAt(tx, mailbox.workspaceId, steps);
  await delayWaiting(tx, mailbox.workspaceId, retries, now);
  return steps.filter(({ nextAt }) => !nextAt || nextAt > now).length + retries.filter(({ until }) => until > now).length;
}

async function writeClaims(
  agent: Agent,
  tx: Tx,
  mailbox: Mailbox,
  lease: Lease,
  sends: readonly Send[],
  days: readonly string[],
  now: Instant,
): Promise<MessageId[]> {
  const last = sends.at(-1);
  if (!last) return [];
  const retries = sends.flatMap((slot) =>
    slot.item.of.kind === "retry" ? [{ id: slot.item.of.message.id, slotAt: slot.at, day: slot.day, quotaPeriods: periodsOf(slot) }] : [],
  );
  const steps = sends.flatMap((slot) => (slot.item.of.kind === "step" ? [newClaim(agent, mailbox, slot, slot.item.of)] : []));
  await reclaim(tx, lease, retries, now);
  const inserted = steps.length === 0 ? [] : await insertClaimed(tx, lease, steps, now);
  await setPending(
    tx,
    mailbox.workspaceId,
    inserted.map((row) => ({ enrollmentId: row.enrollmentId, messageId: row.id })),
  );
  await stopRepeated(tx, mailbox, steps, inserted, now);
  const idOf = new Map<string, MessageId>(inserted.map((row) => [row.enrollmentId, row.id]));
  const claimed = sends.flatMap(({ item: { of }, day, debits }) => {
    const id = of.kind === "retry" ? of.message.id : idOf.get(of.enrollment.id);
    return id ? [{ id, day, debits }] : [];
  });
  for (const day of days) {
    const mails = claimed.filter((one) => one.day === day).length;
    await debitBudget(tx, mailbox.workspaceId, mailbox.id, day, mails, last);
  }
  await debitQuotas(tx, mailbox.workspaceId, mailbox.id, counted(claimed.flatMap((one) => one.debits)));
  return claimed.map((one) => one.id);
}

function counted(debits: readonly Debit[]): (Debit & { mails: number })[] {
  const byPeriod = Map.groupBy(debits, (debit) => debit.period);
  return [...byPeriod.values()].flatMap((same) => same.slice(0, 1).map((debit) => ({ ...debit, mails: same.length })));
}

function periodsOf({ debits }: Send): string[] {
  return debits.map((debit) => debit.period);
}

function newClaim(agent: Agent, mailbox: Mailbox, slot: Send, due: Extract<Due, { kind: "step" }>): NewClaim {
  const { enrollment, variantId } = due;
  const { step } = slot.item;
  const intent = { enrollmentId: enrollment.id, visit: enrollment.visit, lineage: step.lineage };
  return {
    enrollmentId: enrollment.id,
    enrollmentVersion: enrollment.version,
    campaignId: enrollment.campaignId,
    leadId: enrollment.leadId,
    visit: enrollment.visit,
    stepId: step.id,
    stepLineage: step.lineage,
    sequenceVersion: step.version,
    variantId,
    messageId: deriveMessageId(agent.keys.messageId, intent, mailbox.identityKey.slice(mailbox.identityKey.lastIndexOf("@") + 1)),
    slotAt: slot.at,
    day: slot.day,
    quotaPeriods: periodsOf(slot),
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
