// What will want a slot if nobody answers? Running enrollments where they stand, and the leads that are still to be enrolled.
import type { CompanyReason, HeldBack } from "../core/company-guard.ts";
import { FreeMailboxes } from "../core/free-mailbox.ts";
import type { CampaignId, EnrollmentId, LeadId, MailboxId, WorkspaceId } from "../core/ids.ts";
import { after, type Instant, latest } from "../core/instant.ts";
import { firstAnchor, newestOf } from "../core/next-step.ts";
import type { Settings } from "../core/settings.ts";
import type { CampaignPlan } from "../store/campaign-plan.ts";
import type { Queryable } from "../store/database.ts";
import { type AudienceLead, leadsToEnroll } from "../store/enrollment-entry.ts";
import { poolOf } from "../store/enrollment-mailbox.ts";
import { domainPauses, leadAddresses, type PendingMessage, type WaitingEnrollment } from "../store/schedule-input.ts";
import { startOf } from "./enroll-leads.ts";
import { heldBack } from "./hold-back-newcomers.ts";
import { afterTurn, enrollmentTurn, type Following, following, type Turn, waitingMessageTurn } from "./turns.ts";

/** Whom a mail to come goes to, and from where. */
export interface Addressee {
  readonly campaignId: CampaignId;
  readonly leadId: LeadId;
  readonly lead: string;
  readonly mailboxId: MailboxId;
}

export type TurnToCome = Turn<Addressee>;

export type UnreachedReason =
  | "bounced"
  | "unsubscribed"
  | "complained"
  | "suppressed"
  | "removed"
  | "no_mailbox"
  | "no_steps"
  | "mailbox_paused"
  | "sent_unknown"
  | "no_room"
  | "window_never_opens"
  | "campaign_ends"
  | "step_without_text"
  | "held_by_person"
  | "message_uncertain"
  | CompanyReason
  | "beyond_horizon";

/** A lead that gets no (further) mail, and the step at which that shows. */
export interface Stranded {
  readonly of: Omit<Addressee, "mailboxId">;
  readonly step: string | null;
  readonly reason: UnreachedReason;
}

export interface ToCome {
  readonly turns: readonly TurnToCome[];
  readonly stranded: readonly Stranded[];
}

/** Of running enrollments. Those of campaigns without a plan here do not run and take no slots. */
export function turnsOfEnrolled(
  plans: ReadonlyMap<CampaignId, CampaignPlan>,
  waiting: readonly WaitingEnrollment[],
  held: ReadonlyMap<EnrollmentId, HeldBack>,
): ToCome {
  return collected(
    waiting.flatMap((enrollment) => {
      const plan = plans.get(enrollment.campaignId);
      if (!plan || enrollment.state === "awaiting_reply") return [];
      const { campaignId, leadId, lead, mailboxId } = enrollment;
      const of = { campaignId, leadId, lead, mailboxId };
      const company = held.get(enrollment.id);
      return [{ of, outlook: company ? never(company.reason) : outlookOf(plan, enrollment, of) }];
    }),
  );
}

/** Of the leads that the campaign will enroll: at its start, or now when it runs. By the rule of enroll-leads.ts. */
export async function turnsOfAudience(
  settings: Settings,
  q: Queryable,
  workspaceId: WorkspaceId,
  plan: CampaignPlan,
  now: Instant,
): Promise<ToCome> {
  const leads = await leadsToEnroll(q, workspaceId, plan.id, { after: null, limit: EVERYBODY });
  const ids = leads.map((lead) => lead.id);
  const free = new FreeMailboxes(await poolOf(q, workspaceId, plan.id));
  const held = await heldAtEntry(settings, q, plan, leads, latest(now, startOf(plan, now)));
  const addresses = await leadAddresses(q, workspaceId, ids);
  const pauses = await domainPauses(q, workspaceId, plan.mailboxIds, now);
  const pausedUntil = (mailboxId: MailboxId, domain: string | undefined) =>
    pauses.find((pause) => pause.mailboxId === mailboxId && pause.domain === domain)?.until ?? LONG_AGO;
  const main = plan.sequences.find((sequence) => sequence.kind === "main");
  return collected(
    leads.map(({ id: leadId, zone }) => {
      const company = held.get(leadId);
      const address = addresses.get(leadId);
      const lead = { campaignId: plan.id, leadId, lead: address?.email ?? leadId };
      if (company) return { of: lead, outlook: never(company.reason) };
      const mailboxId = free.next(leadId);
      if (!main) return { of: lead, outlook: never("no_steps") };
      if (!mailboxId) return { of: lead, outlook: never("no_mailbox") };
      const standing = { leadId, leadZone: zone, leadDomain: address?.domain ?? "", ...newestOf(main.id), visit: 1, sentLineages: [] };
      const first = following(plan, standing, firstAnchor(now, startOf(plan, now)), 1, { ...lead, mailboxId });
      if (first.kind === "end") return { of: lead, outlook: never("no_steps") };
      return { of: lead, outlook: startingNotBefore(first, pausedUntil(mailboxId, address?.domain)) };
    }),
  );
}

/** Who would have to wait if all entered at that moment. */
async function heldAtEntry(
  settings: Settings,
  q: Queryable,
  plan: CampaignPlan,
  leads: readonly AudienceLead[],
  at: Instant,
): Promise<Map<LeadId, HeldBack>> {
  const firstMails = leads.map(({ id: leadId, companyKey }) => ({ leadId, companyKey, plan }));
  const held = await heldBack(settings, q, plan.workspaceId, firstMails, "busy", at);
  return new Map([...held].map(([{ leadId }, wait]) => [leadId, wait]));
}

const EVERYBODY = 2 ** 31 - 1;

type Outlook = Following<Addressee> | { readonly kind: "never"; readonly step: string | null; readonly reason: UnreachedReason };

function never(reason: UnreachedReason): Outlook {
  return { kind: "never", step: null, reason };
}

function collected(outlooks: readonly { of: Stranded["of"]; outlook: Outlook }[]): ToCome {
  return {
    turns: outlooks.flatMap(({ outlook }) => (outlook.kind === "turn" ? [outlook.turn] : [])),
    stranded: outlooks.flatMap(({ of, outlook }) => (outlook.kind === "never" ? [{ of, step: outlook.step, reason: outlook.reason }] : [])),
  };
}

function outlookOf(plan: CampaignPlan, enrollment: WaitingEnrollment, of: Addressee): Outlook {
  if (enrollment.suppressed) return never("suppressed");
  if (enrollment.state === "held" && !enrollment.nextAt) return never("held_by_person");
  const outlook = enrollment.message ? afterMessage(plan, enrollment, enrollment.message, of) : stepToCome(plan, enrollment, of);
  return startingNotBefore(outlook, heldBackUntil(enrollment));
}

function afterMessage(plan: CampaignPlan, enrollment: WaitingEnrollment, message: PendingMessage, of: Addressee): Outlook {
  const turn = { ...waitingMessageTurn(plan, message, enrollment, of), standing: enrollment };
  switch (message.state) {
    case "queued":
    case "deferred":
      return { kind: "turn", turn };
    case "claimed":
    case "transmitting":
      return afterTurn(turn, message.slotAt);
    case "uncertain":
      return { kind: "never", step: turn.step.lineage, reason: "message_uncertain" };
    case "sent":
    case "failed":
    case "cancelled":
      return stepToCome(plan, enrollment, of);
    default:
      return message.state satisfies never;
  }
}

/** As it is planned; or as it will be planned, when its time has to be found first (advance-enrollments.ts). */
function stepToCome(plan: CampaignPlan, enrollment: WaitingEnrollment, of: Addressee): Outlook {
  const { state, nextAt, shiftMs, anchorAt, priority } = enrollment;
  if (state !== "active" || !nextAt || shiftMs !== null) return following(plan, enrollment, after(anchorAt, shiftMs ?? 0), priority, of);
  const turn = enrollmentTurn(plan, enrollment, of);
  if (!turn) return following(plan, enrollment, anchorAt, priority, of);
  return turn.step.variantId ? { kind: "turn", turn } : { kind: "never", step: turn.step.lineage, reason: "step_without_text" };
}

/** The end of a hold, and of a pause of its mail domain. */
function heldBackUntil({ state, nextAt, domainPausedUntil }: WaitingEnrollment): Instant {
  return latest(state === "held" && nextAt ? nextAt : LONG_AGO, domainPausedUntil ?? LONG_AGO);
}

const LONG_AGO: Instant = new Date(0);

/** As the store has it once that moment has come; whether its window is open then is for the planner to ask. */
function startingNotBefore(outlook: Outlook, moment: Instant): Outlook {
  if (outlook.kind !== "turn" || moment <= outlook.turn.dueAt) return outlook;
  return { kind: "turn", turn: { ...outlook.turn, dueAt: moment, plannedAt: moment } };
}
