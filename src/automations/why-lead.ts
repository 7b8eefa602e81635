// Why was this lead (not) written to? What happened to it, in order; what is planned; what stands in the way.
import { parseEmailAddress } from "../core/email-address.ts";
import { AgentError } from "../core/errors.ts";
import { namedDaysWithoutMail } from "../core/holidays.ts";
import { type CampaignId, isId, type MailboxId, type WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { localTime } from "../core/local-time.ts";
import type { EnrollmentState } from "../core/words.ts";
import { campaignPlans } from "../store/campaign-plan.ts";
import type { Queryable } from "../store/database.ts";
import { type Enrollment, type EnrollmentEvent, enrollmentsOfLead, historyOf } from "../store/enrollment.ts";
import { listMailboxes } from "../store/mailbox.ts";
import { type Message, messagesOfEnrollment, SENT_ELSEWHERE } from "../store/message.ts";
import { inSnapshot } from "../store/schedule-input.ts";
import { type LeadFacts, leadFacts, type ReceivedMail, receivedFrom } from "../store/why.ts";
import type { Agent } from "./agent.ts";
import { type DrySend, type DryWait, dryRun } from "./dry-run.ts";
import { lookAhead, type Outlook, planned } from "./plan-ahead.ts";
import { asMail, type ScheduledMail, unreachedSentence } from "./print-schedule.ts";

/** One thing that happened. `code`: an enrollment's reason, a message's state, or an inbound message's verdict. */
export interface Happening {
  readonly at: Instant;
  readonly kind: "enrollment" | "message" | "inbound";
  readonly campaign: string | null;
  readonly code: string;
  readonly sentence: string;
}

export interface LeadInCampaign {
  readonly campaignId: CampaignId;
  readonly campaign: string;
  readonly state: EnrollmentState;
  readonly reason: string;
  /** What goes out at this very moment. */
  readonly now: readonly DrySend[];
  /** Why nothing does; null when something does, or when the enrollment has ended. */
  readonly wait: DryWait | null;
}

export interface LeadWhy {
  readonly lead: LeadFacts;
  readonly happened: readonly Happening[];
  readonly campaigns: readonly LeadInCampaign[];
  /** What it gets if it does not answer, in order. */
  readonly planned: readonly ScheduledMail[];
  readonly sentences: readonly string[];
}

/** By address or id. Throws `not_found`. */
export async function whyLead(agent: Agent, workspaceId: WorkspaceId, addressOrId: string): Promise<LeadWhy> {
  const { lead, enrollments, happened, campaigns, outlook } = await inSnapshot(agent.db, async (tx) => {
    const lead = await leadFacts(tx, workspaceId, {
      identityKey: parseEmailAddress(addressOrId)?.identityKey ?? null,
      id: isId(addressOrId) ? addressOrId : null,
    });
    if (!lead) throw new AgentError("not_found", `There is no lead ${addressOrId}.`);
    const enrollments = await enrollmentsOfLead(tx, workspaceId, lead.id);
    const names = await namesFor(tx, workspaceId, enrollments);
    const happened = await happenings(tx, workspaceId, lead, enrollments, names);
    return { lead, enrollments, happened, ...(await standings(agent, tx, workspaceId, enrollments, names)) };
  });
  // After the snapshot: planning may take longer than a transaction may idle.
  const { mails: ahead, holidays, outside } = plannedFor(lead, outlook, enrollments);
  const sentences = [
    ...stateOf(lead),
    ...happened.map((one) => one.sentence),
    ...campaigns.map(standingSentence),
    ...outside,
    ...(outside.length > 0 && ahead.length === 0 ? [] : plannedSentence(lead, ahead, enrollments)),
    ...holidays,
  ];
  return { lead, happened, campaigns, planned: ahead, sentences };
}

interface Names {
  readonly campaign: (id: CampaignId | null) => string | null;
  readonly mailbox: (id: MailboxId) => string;
}

async function namesFor(q: Queryable, workspaceId: WorkspaceId, enrollments: readonly Enrollment[]): Promise<Names> {
  const plans = await campaignPlans(
    q,
    workspaceId,
    enrollments.map((one) => one.campaignId),
  );
  const mailboxes = new Map((await listMailboxes(q, workspaceId)).map((mailbox) => [mailbox.id, mailbox.email]));
  return { campaign: (id) => (id && plans.get(id)?.name) ?? null, mailbox: (id) => mailboxes.get(id) ?? id };
}

async function happenings(
  q: Queryable,
  workspaceId: WorkspaceId,
  lead: LeadFacts,
  enrollments: readonly Enrollment[],
  names: Names,
): Promise<Happening[]> {
  const time = (at: Instant) => localTime(at, lead.zone ?? "UTC");
  const happened: Happening[] = [];
  for (const { id, campaignId } of enrollments) {
    const campaign = names.campaign(campaignId);
    for (const event of await historyOf(q, workspaceId, id)) happened.push(ofEvent(event, campaign, time));
    for (const message of await messagesOfEnrollment(q, workspaceId, id)) happened.push(ofMessage(message, campaign, names, time));
  }
  for (const mail of await receivedFrom(q, workspaceId, lead.id)) happened.push(ofInbound(mail, names, time));
  return happened.toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

type Time = (at: Instant) => string;

function ofEvent({ at, reason, fromState, toState }: EnrollmentEvent, campaign: string | null, time: Time): Happening {
  const change = toState && toState !== fromState ? `, now ${toState}` : "";
  return { at, kind: "enrollment", campaign, code: reason, sentence: `${time(at)}: ${reason} in "${campaign ?? "?"}"${change}.` };
}

function ofMessage(message: Message, campaign: string | null, names: Names, time: Time): Happening {
  const { state, sentAt, slotAt, reason, nextAttemptAt, stepLineage, sequenceVersion, mailboxId, smtpResponse } = message;
  const at = sentAt ?? slotAt;
  if (reason === SENT_ELSEWHERE) {
    const sentence = `${time(at)}: step "${stepLineage ?? "?"}" of "${campaign ?? "?"}" had been sent by the tool before.`;
    return { at, kind: "message", campaign, code: SENT_ELSEWHERE, sentence };
  }
  const retry = nextAttemptAt ? `, next attempt at ${time(nextAttemptAt)}` : "";
  const why = state === "sent" || !reason ? "" : ` (${[reason, smtpResponse].filter(Boolean).join(": ")})`;
  const version = sequenceVersion !== null && sequenceVersion > 1 ? ` (version ${sequenceVersion})` : "";
  const sentence = `${time(at)}: step "${stepLineage ?? "?"}"${version} of "${campaign ?? "?"}" ${state} from ${names.mailbox(mailboxId)}${why}${retry}.`;
  return { at, kind: "message", campaign, code: state, sentence };
}

function ofInbound(mail: ReceivedMail, names: Names, time: Time): Happening {
  const { receivedAt: at, verdict, interestLevel, verdictWhy, campaignId } = mail;
  const level = verdict === "reply" ? `, ${interestLevel}` : "";
  const why = verdictWhy.length === 0 ? "" : ` (${verdictWhy.join("; ")})`;
  return {
    at,
    kind: "inbound",
    campaign: names.campaign(campaignId),
    code: verdict,
    sentence: `${time(at)}: a mail came in, judged ${verdict}${level}${why}.`,
  };
}

/** What goes out now, what waits and why, and what its plan is made from. A lead that is in no campaign may still be about to enter one. */
async function standings(
  agent: Agent,
  q: Queryable,
  workspaceId: WorkspaceId,
  enrollments: readonly Enrollment[],
  names: Names,
): Promise<{ campaigns: LeadInCampaign[]; outlook: Outlook }> {
  const own = [...new Set(enrollments.map((one) => one.mailboxId))];
  const mailboxIds = own.length > 0 ? own : (await listMailboxes(q, workspaceId)).map((mailbox) => mailbox.id);
  const { mailboxes: dry } = await dryRun(agent, q, workspaceId, own);
  const [sends, waits] = [dry.flatMap((one) => one.sends), dry.flatMap((one) => one.waits)];
  const campaigns = enrollments.map(({ id, campaignId, state, reason }) => ({
    campaignId,
    campaign: names.campaign(campaignId) ?? "?",
    state,
    reason,
    now: sends.filter((send) => send.enrollmentId === id),
    wait: waits.find((wait) => wait.enrollmentId === id) ?? null,
  }));
  return { campaigns, outlook: await lookAhead(agent, q, workspaceId, mailboxIds, null) };
}

/** `holidays`: a sentence that names those before the next mail. `outside`: why campaigns that want it have not taken it in. */
function plannedFor(
  lead: LeadFacts,
  outlook: Outlook,
  enrollments: readonly Enrollment[],
): { mails: ScheduledMail[]; holidays: string[]; outside: string[] } {
  const ahead = planned(outlook);
  const own = ahead.mailboxes.flatMap(({ mailbox, sends }) =>
    sends.filter(({ item }) => item.of.leadId === lead.id).map((send) => ({ mail: asMail(mailbox.email, send), plan: send.item.plan })),
  );
  const sorted = own.toSorted((a, b) => a.mail.at.getTime() - b.mail.at.getTime());
  const [next] = sorted;
  const days = next ? namedDaysWithoutMail(next.plan, [next.mail.zone], outlook.span.now, next.mail.at) : [];
  const outside = ahead.stranded.filter(
    ({ of }) => of.leadId === lead.id && !enrollments.some((enrollment) => enrollment.campaignId === of.campaignId),
  );
  return {
    mails: sorted.map(({ mail }) => mail),
    holidays: days.length === 0 ? [] : [`No mail goes out on ${days.join(", ")}.`],
    outside: outside.flatMap(({ of, reason }) => {
      const plan = outlook.plans.get(of.campaignId);
      return plan ? [`In "${plan.name}" ${unreachedSentence(of.lead, reason, plan)}`] : [];
    }),
  };
}

/** What the reasons of core/address-quality.ts mean. */
const INVALID: Readonly<Record<string, string>> = {
  verification: "a verification service said so",
  disposable: "its domain gives out addresses for minutes",
  no_reply: "nobody reads it",
  no_mail_server: "its domain takes no mail",
  syntax: "it is none",
};

function stateOf({ email, reachability, suppressed, invalid, removedAt, zone }: LeadFacts): string[] {
  const removed = removedAt
    ? `A person removed ${email} at ${localTime(removedAt, zone ?? "UTC")}; only an import that names it again makes it available to other campaigns.`
    : null;
  const left = invalid && `${email} is left out of campaigns: its address is known to be invalid (${INVALID[invalid] ?? invalid}).`;
  const unreachable = reachability === "ok" ? null : `${email} must not be written to: ${reachability}.`;
  return [unreachable, suppressed && `${email} is suppressed (${suppressed}).`, left, removed].filter((sentence) => sentence !== null);
}

function standingSentence({ campaign, state, reason, now, wait }: LeadInCampaign): string {
  if (wait) return `In "${campaign}" ${wait.sentence}`;
  const [send] = now;
  return send ? `In "${campaign}" step "${send.step}" goes out now.` : `In "${campaign}" it has ended: ${state} (${reason}).`;
}

function plannedSentence({ email }: LeadFacts, planned: readonly ScheduledMail[], enrollments: readonly Enrollment[]): string[] {
  const [next] = planned;
  if (next) return [`Unless it answers, ${email} gets step "${next.step}" at ${next.localTime} (${next.zone}) from ${next.mailbox}.`];
  return [enrollments.length === 0 ? `${email} is in no campaign that runs or is scheduled.` : `Nothing more is planned for ${email}.`];
}
