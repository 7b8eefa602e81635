// When will each mail go out of these mailboxes if nobody answers? The planner that claims real mail, run ahead over everything that shares their days.
import type { CampaignId, MailboxId, WorkspaceId } from "../core/ids.ts";
import { after, DAY, type Instant } from "../core/instant.ts";
import { type MailboxState, quotasOf, type Slot, type Span, sendsAhead } from "../core/send-plan.ts";
import type { Settings } from "../core/settings.ts";
import { type CampaignPlan, campaignPlans, plansOnMailboxes } from "../store/campaign-plan.ts";
import type { Queryable } from "../store/database.ts";
import { listMailboxes, type Mailbox } from "../store/mailbox.ts";
import { type WaitingEnrollment, waitingEnrollments } from "../store/schedule-input.ts";
import type { Agent } from "./agent.ts";
import { newcomersHeldBack } from "./hold-back-newcomers.ts";
import { mailboxStates } from "./mailbox-state.ts";
import { afterTurn, spanUntil } from "./turns.ts";
import { type Stranded, type TurnToCome, turnsOfAudience, turnsOfEnrolled } from "./turns-to-come.ts";

export type SendToCome = Extract<Slot<TurnToCome>, { kind: "send" }>;

export interface MailboxAhead {
  readonly mailbox: Mailbox;
  readonly state: MailboxState;
  /** In the order of their slots. */
  readonly sends: readonly SendToCome[];
  /** By the name of a quota (core/quota.ts): the days on which it was full and mail waited. */
  readonly quotaWaits: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface Ahead {
  readonly mailboxes: readonly MailboxAhead[];
  readonly stranded: readonly Stranded[];
}

/** How far ahead is planned; a lead that is not reached by then counts as never reached. */
const HORIZON = 5 * 365 * DAY;

/** What will want slots, and what the mailboxes have left: everything that a plan is made from. */
export interface Outlook {
  readonly mailboxes: readonly { readonly mailbox: Mailbox; readonly state: MailboxState; readonly turns: readonly TurnToCome[] }[];
  readonly stranded: readonly Stranded[];
  readonly plans: ReadonlyMap<CampaignId, CampaignPlan>;
  readonly span: Span;
}

/**
 * `printed`: a campaign that does not run yet, or is paused, and is planned as if it started (resumed) now or at its date. Every other campaign on
 * these mailboxes takes part when it is scheduled or active. Replies, refusals and mail by hand are what a plan cannot know.
 * Only read here: a big plan takes longer to make than a transaction may idle, so it is made (`planned`) once this one is over.
 */
export async function lookAhead(
  agent: Pick<Agent, "clock" | "settings">,
  q: Queryable,
  workspaceId: WorkspaceId,
  mailboxIds: readonly MailboxId[],
  printed: CampaignPlan | null,
): Promise<Outlook> {
  const now = agent.clock.now();
  const span = spanUntil(agent.settings, now, after(now, HORIZON));
  const mailboxes = (await listMailboxes(q, workspaceId)).filter((mailbox) => mailboxIds.includes(mailbox.id));
  const waiting = await waitingEnrollments(q, workspaceId, mailboxIds, now);
  const plans = await plansAhead(q, workspaceId, mailboxIds, waiting, printed);
  const { turns, stranded } = await toCome(agent.settings, q, workspaceId, plans, waiting, now);
  const states = await mailboxStates(agent.settings, q, workspaceId, mailboxes, now);
  const byMailbox = Map.groupBy(turns, (turn) => turn.of.mailboxId);
  const asked = mailboxes.flatMap((mailbox) => {
    const state = states.get(mailbox.id);
    return state ? [{ mailbox, state, turns: byMailbox.get(mailbox.id) ?? [] }] : [];
  });
  return { mailboxes: asked, stranded, plans, span };
}

export function planned({ mailboxes, stranded, span }: Outlook): Ahead {
  const ahead = mailboxes.map(({ mailbox, state, turns }) => simulated(mailbox, state, turns, span));
  return { mailboxes: ahead, stranded: [...stranded, ...ahead.flatMap((one) => one.stranded)] };
}

/** Campaigns that send from these mailboxes: by their pool, and by leads that keep a mailbox which left it. */
async function plansAhead(
  q: Queryable,
  workspaceId: WorkspaceId,
  mailboxIds: readonly MailboxId[],
  waiting: readonly WaitingEnrollment[],
  printed: CampaignPlan | null,
): Promise<Map<CampaignId, CampaignPlan>> {
  const running = waiting.flatMap((one) => (one.campaignState === "active" ? one.campaignId : []));
  const plans = await campaignPlans(q, workspaceId, running);
  for (const plan of await plansOnMailboxes(q, workspaceId, mailboxIds)) plans.set(plan.id, plan);
  return printed ? plans.set(printed.id, printed) : plans;
}

async function toCome(
  settings: Settings,
  q: Queryable,
  workspaceId: WorkspaceId,
  plans: ReadonlyMap<CampaignId, CampaignPlan>,
  waiting: readonly WaitingEnrollment[],
  now: Instant,
): Promise<{ turns: TurnToCome[]; stranded: Stranded[] }> {
  const parts = [turnsOfEnrolled(plans, waiting, await newcomersHeldBack(settings, q, workspaceId, waiting, plans, now))];
  for (const plan of plans.values()) parts.push(await turnsOfAudience(settings, q, workspaceId, plan, now));
  return { turns: parts.flatMap((part) => part.turns), stranded: parts.flatMap((part) => part.stranded) };
}

function simulated(
  mailbox: Mailbox,
  state: MailboxState,
  turns: readonly TurnToCome[],
  span: Span,
): MailboxAhead & { readonly stranded: readonly Stranded[] } {
  const quotas = quotasOf(state);
  const quotaWaits = quotas.waitDays;
  if (mailbox.state === "paused") {
    return { mailbox, state, sends: [], quotaWaits, stranded: turns.map((turn) => strand(turn, "mailbox_paused")) };
  }
  if (mailbox.sentUnknownSince) {
    return { mailbox, state, sends: [], quotaWaits, stranded: turns.map((turn) => strand(turn, "sent_unknown")) };
  }
  const sends: SendToCome[] = [];
  const stranded: Stranded[] = [];
  const waiting = new Map(turns.map((turn) => [turn.key, turn]));
  const leave = (turn: TurnToCome, why?: Stranded) => {
    waiting.delete(turn.key);
    if (why) stranded.push(why);
  };
  const follow = (turn: TurnToCome, at: Instant): TurnToCome | null => {
    const next = afterTurn(turn, at);
    if (next.kind === "turn") waiting.set(turn.key, next.turn);
    else leave(turn, next.kind === "never" ? { of: turn.of, step: next.step, reason: next.reason } : undefined);
    return next.kind === "turn" ? next.turn : null;
  };
  for (const slot of sendsAhead(state, turns, span, follow, quotas)) {
    if (slot.kind === "send") sends.push(slot);
    else if (slot.kind === "over") leave(slot.item, strand(slot.item, "campaign_ends"));
    else if (!slot.until) leave(slot.item, strand(slot.item, slot.because === "window" ? "window_never_opens" : "no_room"));
  }
  const left = mailbox.limits.dailyCap === 0 ? "no_room" : "beyond_horizon";
  return { mailbox, state, sends, quotaWaits, stranded: [...stranded, ...[...waiting.values()].map((turn) => strand(turn, left))] };
}

function strand(turn: TurnToCome, reason: Stranded["reason"]): Stranded {
  return { of: turn.of, step: turn.step.lineage, reason };
}
