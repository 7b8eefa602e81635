// The planned time of every mail of a campaign: before it starts, or of what is left. From the planner that sends, so without replies it comes true.
import { AgentError } from "../core/errors.ts";
import { namedDaysWithoutMail } from "../core/holidays.ts";
import type { CampaignId, LeadId, MailboxId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { localTime } from "../core/local-time.ts";
import { type DayTotal, dayTotals, type Limit } from "../core/schedule-totals.ts";
import type { CampaignState } from "../core/words.ts";
import { type CampaignPlan, campaignPlans } from "../store/campaign-plan.ts";
import type { Queryable } from "../store/database.ts";
import { excludedLeads, inSnapshot, mailboxesInUse } from "../store/schedule-input.ts";
import type { Agent } from "./agent.ts";
import { type Ahead, lookAhead, type MailboxAhead, type Outlook, planned, type SendToCome } from "./plan-ahead.ts";
import type { Stranded, UnreachedReason } from "./turns-to-come.ts";

export interface ScheduledMail {
  readonly at: Instant;
  readonly leadId: LeadId;
  readonly lead: string;
  readonly mailboxId: MailboxId;
  readonly mailbox: string;
  readonly sequence: string;
  /** The step's lineage: its name in the campaign file. */
  readonly step: string;
  /** `YYYY-MM-DD HH:MM` in the zone in which the window is meant for this lead. */
  readonly localTime: string;
  readonly zone: string;
}

export interface MailboxDay extends DayTotal {
  readonly mailboxId: MailboxId;
  readonly mailbox: string;
}

export interface UnreachedLead {
  readonly leadId: LeadId;
  readonly lead: string;
  /** The first step that it does not get; null: any. */
  readonly step: string | null;
  readonly reason: UnreachedReason;
  readonly sentence: string;
}

export interface CampaignSchedule {
  readonly campaign: string;
  readonly state: CampaignState;
  /** The moment for which it was made. */
  readonly madeAt: Instant;
  readonly mails: readonly ScheduledMail[];
  readonly days: readonly MailboxDay[];
  readonly firstAt: Instant | null;
  readonly lastAt: Instant | null;
  /** One sentence per mailbox and limit that makes mail wait for a later day, and one for the holidays in between. */
  readonly limits: readonly string[];
  readonly unreached: readonly UnreachedLead[];
}

/** Throws `not_found`. Changes nothing. A campaign that is over has no mails left. */
export async function campaignSchedule(
  agent: Pick<Agent, "db" | "clock" | "settings">,
  workspaceId: WorkspaceId,
  campaignId: CampaignId,
): Promise<CampaignSchedule> {
  const { plan, madeAt, outlook, excluded } = await readCampaign(agent, workspaceId, campaignId);
  const ahead = outlook ? planned(outlook) : NOTHING;
  const stranded = [...ahead.stranded, ...excluded];
  return { campaign: plan.name, state: plan.state, madeAt, ...asSchedule(plan, { ...ahead, stranded }) };
}

interface ReadCampaign {
  readonly plan: CampaignPlan;
  readonly madeAt: Instant;
  /** Null: it is over. */
  readonly outlook: Outlook | null;
  readonly excluded: readonly Stranded[];
}

function readCampaign(
  agent: Pick<Agent, "db" | "clock" | "settings">,
  workspaceId: WorkspaceId,
  campaignId: CampaignId,
): Promise<ReadCampaign> {
  return inSnapshot(agent.db, async (tx) => {
    const madeAt = agent.clock.now();
    const { plan, outlook } = await campaignOutlook(agent, tx, workspaceId, campaignId);
    if (!outlook) return { plan, madeAt, outlook, excluded: [] };
    const excluded = (await excludedLeads(tx, workspaceId, campaignId)).map(
      ({ reason, ...lead }): Stranded => ({ of: { campaignId, ...lead }, step: null, reason }),
    );
    return { plan, madeAt, outlook, excluded };
  });
}

/** What the plan of a campaign's mails is made from: `mailsOf(plan, planned(outlook))`. Throws `not_found`. */
export async function campaignOutlook(
  agent: Pick<Agent, "clock" | "settings">,
  q: Queryable,
  workspaceId: WorkspaceId,
  campaignId: CampaignId,
): Promise<Pick<ReadCampaign, "plan" | "outlook">> {
  const plan = (await campaignPlans(q, workspaceId, [campaignId])).get(campaignId);
  if (!plan) throw new AgentError("not_found", "There is no such campaign.");
  if (plan.state === "completed" || plan.state === "archived") return { plan, outlook: null };
  const mailboxIds = [...new Set([...plan.mailboxIds, ...(await mailboxesInUse(q, workspaceId, campaignId))])];
  return { plan, outlook: await lookAhead(agent, q, workspaceId, mailboxIds, plan) };
}

const NOTHING: Ahead = { mailboxes: [], stranded: [] };

function asSchedule(plan: CampaignPlan, ahead: Ahead): Omit<CampaignSchedule, "campaign" | "state" | "madeAt"> {
  const sorted = mailsOf(plan, ahead);
  const days = ahead.mailboxes.flatMap((one) => daysOf(plan.id, one));
  return {
    mails: sorted,
    days,
    firstAt: sorted[0]?.at ?? null,
    lastAt: sorted.at(-1)?.at ?? null,
    limits: [...limitSentences(days), ...quotaSentences(plan, ahead.mailboxes), ...holidaySentences(plan, sorted)],
    unreached: ahead.stranded
      .filter((one) => one.of.campaignId === plan.id)
      .map(({ of, step, reason }) => ({
        leadId: of.leadId,
        lead: of.lead,
        step,
        reason,
        sentence: unreachedSentence(of.lead, reason, plan),
      }))
      .toSorted((a, b) => (a.lead < b.lead ? -1 : 1)),
  };
}

/** The mails of one campaign, in the order of their moments. */
export function mailsOf(plan: CampaignPlan, ahead: Ahead): ScheduledMail[] {
  const mails = ahead.mailboxes.flatMap(({ mailbox, sends }) =>
    sends.filter((send) => send.item.plan.id === plan.id).map((send) => asMail(mailbox.email, send)),
  );
  return mails.toSorted((a, b) => a.at.getTime() - b.at.getTime() || (a.mailbox < b.mailbox ? -1 : 1));
}

/** A mail to come, as people read it. */
export function asMail(mailbox: string, { item, at }: SendToCome): ScheduledMail {
  const { plan, step, hours, of } = item;
  return {
    at,
    leadId: of.leadId,
    lead: of.lead,
    mailboxId: of.mailboxId,
    mailbox,
    sequence: plan.sequences.find((sequence) => sequence.id === step.sequenceId)?.name ?? "",
    step: step.lineage,
    localTime: localTime(at, hours.zone),
    zone: hours.zone,
  };
}

/** The days of a mailbox on which the campaign sends. */
function daysOf(campaignId: CampaignId, { mailbox, state, sends, quotaWaits }: MailboxAhead): MailboxDay[] {
  const planned = sends.map(({ item, at, day }) => ({ at, day, plannedAt: item.plannedAt, ours: item.plan.id === campaignId }));
  const totals = dayTotals(mailbox.limits, state.usedOn, planned, daysOfQuotas(quotaWaits)).filter((day) => day.mails > 0);
  return totals.map((day) => ({ mailboxId: mailbox.id, mailbox: mailbox.email, ...day }));
}

export function daysOfQuotas(quotaWaits: MailboxAhead["quotaWaits"]): ReadonlySet<string> {
  return new Set([...quotaWaits.values()].flatMap((days) => [...days]));
}

/** Quotas have sentences of their own. */
const LIMITS: Readonly<Record<Exclude<Limit, "quota">, string>> = {
  cap: "its daily cap",
  gap: "the gap between two mails",
  window: "the end of the sending window",
};

function limitSentences(days: readonly MailboxDay[]): string[] {
  const limited = Map.groupBy(
    days.flatMap((day) => (day.limitedBy && day.limitedBy !== "quota" ? { mailbox: day.mailbox, limit: LIMITS[day.limitedBy] } : [])),
    (day) => `${day.mailbox}: ${day.limit} makes mail wait`,
  );
  return [...limited].map(([sentence, { length }]) => `${sentence} on ${length} ${length === 1 ? "day" : "days"}.`);
}

/** What is limited besides the caps of the mailboxes, where it makes mail of the campaign wait. */
function quotaSentences(plan: CampaignPlan, mailboxes: readonly MailboxAhead[]): string[] {
  const domains = new Set(
    mailboxes.flatMap(({ sends }) => sends.filter(({ item }) => item.plan.id === plan.id).map(({ item }) => item.domain)),
  );
  const waits = new Map<string, Set<string>>();
  for (const [name, days] of mailboxes.flatMap(({ quotaWaits }) => [...quotaWaits])) {
    const [kind, what = ""] = name.split("/");
    const limit = kind === "new_leads" ? `its limit of ${plan.newLeadsPerDay} new leads a day` : `the limit of mails to ${what}`;
    if (what === plan.id || domains.has(what)) waits.set(limit, new Set([...(waits.get(limit) ?? []), ...days]));
  }
  return [...waits].map(([limit, { size }]) => `${plan.name}: ${limit} makes mail wait on ${size} ${size === 1 ? "day" : "days"}.`);
}

/** The holidays between the first mail and the last, by the zones of the leads. */
function holidaySentences(plan: CampaignPlan, mails: readonly ScheduledMail[]): string[] {
  const [first, last] = [mails[0], mails.at(-1)];
  if (!first || !last) return [];
  const zones = new Set(mails.map((mail) => mail.zone));
  const days = namedDaysWithoutMail(plan, [...zones], first.at, last.at);
  return days.length === 0 ? [] : [`No mail goes out on ${days.join(", ")}.`];
}

/** Of these it is not known when their turn will come, but it may. */
const WAITING: ReadonlySet<UnreachedReason> = new Set(["company_full", "company_cooling_off"]);

export function unreachedSentence(lead: string, reason: UnreachedReason, plan: CampaignPlan): string {
  const because: Readonly<Record<UnreachedReason, string>> = {
    bounced: "mail to this address bounced",
    unsubscribed: "it has opted out",
    complained: "it complained about our mail",
    suppressed: "its address or domain is suppressed",
    removed: "a person removed it",
    no_mailbox: "the campaign has no mailbox to send from",
    no_steps: "the main sequence has no steps",
    mailbox_paused: "its mailbox is paused",
    company_full: "as many people of its company as may be are being written to; it follows when there is room",
    company_cooling_off: "somebody of its company was written to lately; it follows after the cool-off",
    company_refused: "somebody of its company has refused or opted out",
    no_room: "its mailbox has no room for it on any day",
    sent_unknown: "it is not known yet what its mailbox has sent since the backup that was restored",
    window_never_opens: "the sending window never opens",
    campaign_ends: `the campaign ends at ${plan.endsAt?.toISOString() ?? "its date"}`,
    step_without_text: "the step has no text",
    held_by_person: "it is held until a person decides",
    message_uncertain: "nobody knows whether its last mail was sent; a person has to say so",
    beyond_horizon: "its turn would come more than five years from now",
  };
  return `${lead} ${WAITING.has(reason) ? "waits" : "gets no further mail"}: ${because[reason]}.`;
}
