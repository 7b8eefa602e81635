// What would go out now, and why does everything else wait? Decided by the code that claims, in a transaction that cannot change anything.
import type { HeldBack } from "../core/company-guard.ts";
import type { CampaignId, EnrollmentId, LeadId, MailboxId, WorkspaceId } from "../core/ids.ts";
import { after, DAY, type Instant } from "../core/instant.ts";
import { capOn } from "../core/send-budget.ts";
import { assignSlots, type MailboxState, type Slot } from "../core/send-plan.ts";
import { localDay } from "../core/sending-window.ts";
import { type CampaignPlan, campaignPlans } from "../store/campaign-plan.ts";
import type { Queryable } from "../store/database.ts";
import { listMailboxes, type Mailbox } from "../store/mailbox.ts";
import { inSnapshot, type WaitingEnrollment, waitingEnrollments } from "../store/schedule-input.ts";
import type { Agent } from "./agent.ts";
import { askedAgainAt, newcomersHeldBack } from "./hold-back-newcomers.ts";
import { mailboxStates } from "./mailbox-state.ts";
import { replyInboxIsRead } from "./reply-inbox.ts";
import { enrollmentTurn, nextTurn, spanUntil, type Turn, waitingMessageTurn } from "./turns.ts";
import { type Wait, type WaitReason, waitBeforeDue, waitSentence } from "./wait-reasons.ts";

export interface DrySend {
  readonly enrollmentId: EnrollmentId;
  readonly campaignId: CampaignId;
  readonly campaign: string;
  readonly leadId: LeadId;
  readonly lead: string;
  readonly step: string;
  readonly slotAt: Instant;
}

export interface DryWait {
  readonly enrollmentId: EnrollmentId;
  readonly campaignId: CampaignId;
  readonly campaign: string;
  readonly leadId: LeadId;
  readonly lead: string;
  readonly reason: WaitReason;
  /** When that reason ends; null: unknown, or a person decides. */
  readonly until: Instant | null;
  readonly sentence: string;
}

export interface MailboxDryRun {
  readonly mailboxId: MailboxId;
  readonly mailbox: string;
  readonly zone: string;
  /** Mails of its local day so far, and the most it may be. */
  readonly usedToday: number;
  readonly capToday: number;
  /** The slot that the next mail gets when one is due and has to wait for the cap or the gap; null when none does. */
  readonly nextSlotAt: Instant | null;
  /** In the order of their slots. */
  readonly sends: readonly DrySend[];
  readonly waits: readonly DryWait[];
}

export interface DryRun {
  readonly at: Instant;
  readonly mailboxes: readonly MailboxDryRun[];
}

export function dryRunDueSteps(agent: Agent, workspaceId: WorkspaceId): Promise<DryRun> {
  return inSnapshot(agent.db, (tx) => dryRun(agent, tx, workspaceId));
}

/** Of all mailboxes, or of those named. */
export async function dryRun(agent: Agent, q: Queryable, workspaceId: WorkspaceId, only?: readonly MailboxId[]): Promise<DryRun> {
  const now = agent.clock.now();
  const mailboxes = (await listMailboxes(q, workspaceId)).filter((mailbox) => only?.includes(mailbox.id) ?? true);
  const ids = mailboxes.map((mailbox) => mailbox.id);
  const enrollments = await waitingEnrollments(q, workspaceId, ids, now);
  const plans = await campaignPlans(
    q,
    workspaceId,
    enrollments.map((one) => one.campaignId),
  );
  const states = await mailboxStates(agent.settings, q, workspaceId, mailboxes, now);
  const held = await newcomersHeldBack(agent.settings, q, workspaceId, enrollments, plans, now);
  const byMailbox = Map.groupBy(enrollments, (one) => one.mailboxId);
  const runs: MailboxDryRun[] = [];
  for (const mailbox of mailboxes) {
    const inboxIsRead = await replyInboxIsRead(agent, q, mailbox, now);
    const state = states.get(mailbox.id);
    if (!state) continue;
    runs.push(dryRunOfMailbox(agent, { mailbox, state, inboxIsRead, plans, held, enrollments: byMailbox.get(mailbox.id) ?? [], now }));
  }
  return { at: now, mailboxes: runs };
}

interface Circumstances {
  readonly mailbox: Mailbox;
  readonly inboxIsRead: boolean;
  readonly state: MailboxState;
  readonly held: ReadonlyMap<EnrollmentId, HeldBack>;
  readonly plans: ReadonlyMap<CampaignId, CampaignPlan>;
  readonly enrollments: readonly WaitingEnrollment[];
  readonly now: Instant;
}

type DueTurn = Turn<WaitingEnrollment>;

function dryRunOfMailbox(agent: Agent, circumstances: Circumstances): MailboxDryRun {
  const { mailbox, state, now } = circumstances;
  const { turns, waits } = sorted(circumstances);
  const { sends, waits: more, nextSlotAt } = handedOut(agent, state, turns, circumstances);
  const zone = mailbox.limits.zone;
  const today = localDay(now, zone);
  return {
    mailboxId: mailbox.id,
    mailbox: mailbox.email,
    zone,
    usedToday: state.usedOn(today),
    capToday: capOn(mailbox.limits, today),
    nextSlotAt,
    sends,
    waits: [...waits, ...more].map(({ of, wait }) => asWait(mailbox, of, wait)),
  };
}

interface Waiting {
  readonly of: WaitingEnrollment;
  readonly wait: Wait;
}

/** What is due and may go, and what waits for something else than a slot. */
function sorted(circumstances: Circumstances): { turns: DueTurn[]; waits: Waiting[] } {
  const turns: DueTurn[] = [];
  const waits: Waiting[] = [];
  for (const of of circumstances.enrollments) {
    const plan = circumstances.plans.get(of.campaignId);
    const wait = bindingWait(waitBeforeDue(of, circumstances.now), waitOfMailbox(circumstances, of));
    const company = wait ? undefined : circumstances.held.get(of.id);
    if (company) {
      waits.push({ of, wait: { reason: company.reason, until: askedAgainAt(company, circumstances.now) } });
      continue;
    }
    const turn = plan && !wait ? dueTurn(plan, of) : null;
    if (turn?.step.variantId) turns.push(turn);
    else waits.push({ of, wait: wait ?? { reason: turn ? "step_without_text" : "unplanned", until: null } });
  }
  return { turns, waits };
}

const OVER_BY_ITSELF: ReadonlySet<WaitReason> = new Set(["not_due", "message_deferred", "domain_paused"]);

/** A paused mailbox has no end of its own: who asks why a mail waits for tomorrow wants to hear that tomorrow it will wait, too. */
function bindingWait(own: Wait | null, mailbox: Wait | null): Wait | null {
  const outweighed = mailbox !== null && mailbox.until === null && own !== null && OVER_BY_ITSELF.has(own.reason);
  return outweighed && mailbox.reason !== "reply_inbox_unread" ? mailbox : (own ?? mailbox);
}

function dueTurn(plan: CampaignPlan, of: WaitingEnrollment): DueTurn | null {
  if (!of.message) return enrollmentTurn(plan, of, of);
  return { ...waitingMessageTurn(plan, of.message, of, of), standing: of };
}

function waitOfMailbox({ mailbox, inboxIsRead, now }: Circumstances, of: WaitingEnrollment): Wait | null {
  if (mailbox.state === "paused") return { reason: of.inPool ? "mailbox_paused" : "mailbox_lost", until: null };
  if (mailbox.sentUnknownSince) return { reason: "sent_unknown", until: null };
  if (mailbox.backoffUntil && mailbox.backoffUntil > now) return { reason: "mailbox_backed_off", until: mailbox.backoffUntil };
  return of.priority === 0 && !inboxIsRead ? { reason: "reply_inbox_unread", until: null } : null;
}

/** What gets a slot up to now, in all claims together; whatever is left waits for the window, the cap or the gap. */
function handedOut(
  agent: Agent,
  state: MailboxState,
  turns: readonly DueTurn[],
  { inboxIsRead, now }: Circumstances,
): { sends: DrySend[]; waits: Waiting[]; nextSlotAt: Instant | null } {
  const sends: DrySend[] = [];
  const outcome = new Map<string, Wait | "sent">();
  let next: Instant | null = null;
  const follow = (turn: DueTurn, at: Instant) => (inboxIsRead ? nextTurn(turn, at) : null);
  for (const slot of assignSlots(state, turns, spanUntil(agent.settings, now, after(now, LOOK_AHEAD)), follow)) {
    if (slot.at > now) {
      next = slot.at;
      break;
    }
    const sent = outcome.get(slot.item.key) === "sent";
    if (slot.kind === "send") sends.push(asSend(slot.item, slot.at));
    if (!sent) outcome.set(slot.item.key, slot.kind === "send" ? "sent" : waitOfSlot(slot));
  }
  const left = turns.filter((turn) => !outcome.has(turn.key));
  const full: Wait = { reason: isSameDay(state, next, now) ? "gap" : "cap_used", until: next };
  const waits = turns.flatMap((turn): Waiting[] => {
    const wait = outcome.get(turn.key) ?? full;
    return wait === "sent" ? [] : [{ of: turn.of, wait }];
  });
  return { sends, waits, nextSlotAt: left.length === 0 ? null : next };
}

/** Longer than any gap, or any stretch of days without room that is worth waiting for. */
const LOOK_AHEAD = 400 * DAY;

function isSameDay({ limits }: MailboxState, next: Instant | null, now: Instant): boolean {
  return next !== null && localDay(next, limits.zone) === localDay(now, limits.zone);
}

function waitOfSlot(slot: Exclude<Slot<DueTurn>, { kind: "send" }>): Wait {
  if (slot.kind === "over") return { reason: "campaign_ended", until: null };
  return { reason: slot.because === "window" ? "outside_window" : slot.because, until: slot.until };
}

function asSend({ of, step }: DueTurn, slotAt: Instant): DrySend {
  const { id: enrollmentId, campaignId, campaign, leadId, lead } = of;
  return { enrollmentId, campaignId, campaign, leadId, lead, step: step.lineage, slotAt };
}

function asWait(mailbox: Mailbox, of: WaitingEnrollment, { reason, until }: Wait): DryWait {
  const { id: enrollmentId, campaignId, campaign, leadId, lead } = of;
  return { enrollmentId, campaignId, campaign, leadId, lead, reason, until, sentence: waitSentence(mailbox, of, { reason, until }) };
}
