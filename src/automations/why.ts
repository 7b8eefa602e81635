// Why was this lead (not) written to, and which limit binds a mailbox or a campaign today? From the history and from the planner, never a guess.
import { isWorthAWarning } from "../core/domain-check.ts";
import { parseEmailAddress } from "../core/email-address.ts";
import { AgentError } from "../core/errors.ts";
import { type CampaignId, isId, type MailboxId, type WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { localTime } from "../core/local-time.ts";
import { dayTotals, type Limit } from "../core/schedule-totals.ts";
import { capOn } from "../core/send-budget.ts";
import { localDay, startOfDay } from "../core/sending-window.ts";
import { type Campaign, campaignById } from "../store/campaign.ts";
import type { Queryable } from "../store/database.ts";
import { checksByDomain } from "../store/domain-check.ts";
import { listMailboxes, type Mailbox, mailboxByAddress, mailboxById, mailboxesOfCampaign } from "../store/mailbox.ts";
import { inSnapshot, mailboxesInUse } from "../store/schedule-input.ts";
import { sentSince } from "../store/why.ts";
import type { Agent } from "./agent.ts";
import { type DryRun, type DryWait, dryRun } from "./dry-run.ts";
import { lookAhead, type MailboxAhead, type Outlook, planned } from "./plan-ahead.ts";
import { asMail, daysOfQuotas, type ScheduledMail } from "./print-schedule.ts";
import { type WaitReason, waitsSentence } from "./wait-reasons.ts";

export { whyLead } from "./why-lead.ts";

export interface MailboxToday {
  readonly mailboxId: MailboxId;
  readonly mailbox: string;
  /** The mailbox's local day. */
  readonly day: string;
  /** Mails that went out, or are on their way. */
  readonly sent: number;
  /** Mails that will, if nobody answers. */
  readonly toCome: number;
  /** What all campaigns and people have used of the cap. */
  readonly used: number;
  readonly cap: number;
  /** What keeps more from going out today; null: nothing more wants to. */
  readonly limitedBy: Limit | "paused" | "sent_unknown" | "backed_off" | null;
}

export interface WhyToday {
  readonly at: Instant;
  readonly mailboxes: readonly MailboxToday[];
  readonly next: ScheduledMail | null;
  readonly waits: readonly DryWait[];
  readonly sentences: readonly string[];
}

/** By address or id. Throws `not_found`. */
export async function whyMailbox(agent: Agent, workspaceId: WorkspaceId, addressOrId: string): Promise<WhyToday> {
  const { mailbox, checks, looked } = await inSnapshot(agent.db, async (tx) => {
    const key = parseEmailAddress(addressOrId)?.identityKey;
    const mailbox = key
      ? await mailboxByAddress(tx, workspaceId, key)
      : isId(addressOrId) && (await mailboxById(tx, workspaceId, addressOrId as MailboxId));
    if (!mailbox) throw new AgentError("not_found", `There is no mailbox ${addressOrId}.`);
    const checks = (await checksByDomain(tx, workspaceId)).filter(({ domain }) => mailbox.identityKey.endsWith(`@${domain}`));
    return { mailbox, checks, looked: await lookToday(agent, tx, workspaceId, [mailbox.id], null) };
  });
  const facts = today(looked, null);
  const warnings = checks.filter(isWorthAWarning).map(({ sentence }) => sentence);
  return { ...facts, sentences: [...stateOfMailbox(mailbox), ...warnings, ...sentencesOf(facts)] };
}

/** Throws `not_found`. */
export async function whyCampaign(agent: Agent, workspaceId: WorkspaceId, campaignId: CampaignId): Promise<WhyToday> {
  const { campaign, looked } = await inSnapshot(agent.db, async (tx) => {
    const campaign = await campaignById(tx, workspaceId, campaignId);
    if (!campaign) throw new AgentError("not_found", "There is no such campaign.");
    const pool = (await mailboxesOfCampaign(tx, workspaceId, campaignId)).map((mailbox) => mailbox.id);
    const mailboxIds = [...new Set([...pool, ...(await mailboxesInUse(tx, workspaceId, campaignId))])];
    return { campaign, looked: await lookToday(agent, tx, workspaceId, mailboxIds, campaignId) };
  });
  const facts = today(looked, campaignId);
  return { ...facts, sentences: [...stateOfCampaign(campaign), ...sentencesOf(facts)] };
}

/** What all mailboxes of the workspace do today. */
export async function whyWorkspace(agent: Agent, workspaceId: WorkspaceId): Promise<WhyToday> {
  const looked = await inSnapshot(agent.db, async (tx) => {
    const mailboxIds = (await listMailboxes(tx, workspaceId)).map((mailbox) => mailbox.id);
    return lookToday(agent, tx, workspaceId, mailboxIds, null);
  });
  const facts = today(looked, null);
  return { ...facts, sentences: sentencesOf(facts) };
}

type Facts = Omit<WhyToday, "sentences">;

interface LookedToday {
  readonly now: Instant;
  readonly outlook: Outlook;
  readonly dry: DryRun;
  readonly sent: ReadonlyMap<MailboxId, number>;
}

/** What is read in the snapshot. Planning comes after it: that may take longer than a transaction may idle. `campaignId` null: of all campaigns. */
async function lookToday(
  agent: Agent,
  q: Queryable,
  workspaceId: WorkspaceId,
  mailboxIds: readonly MailboxId[],
  campaignId: CampaignId | null,
): Promise<LookedToday> {
  const now = agent.clock.now();
  const outlook = await lookAhead(agent, q, workspaceId, mailboxIds, null);
  const dry = await dryRun(agent, q, workspaceId, mailboxIds);
  const sent = new Map<MailboxId, number>();
  for (const { mailbox } of outlook.mailboxes) {
    const since = startOfDay(localDay(now, mailbox.limits.zone), mailbox.limits.zone);
    sent.set(mailbox.id, await sentSince(q, workspaceId, { mailboxId: mailbox.id, campaignId }, since));
  }
  return { now, outlook, dry, sent };
}

function today({ now, outlook, dry, sent }: LookedToday, campaignId: CampaignId | null): Facts {
  const { mailboxes: ahead } = planned(outlook);
  const isOurs = (id: CampaignId) => campaignId === null || id === campaignId;
  const mails = ahead.flatMap(({ mailbox, sends }) =>
    sends.filter(({ item }) => isOurs(item.plan.id)).map((send) => asMail(mailbox.email, send)),
  );
  const [next = null] = mails.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  return {
    at: now,
    mailboxes: ahead.map((one) => mailboxToday(one, sent.get(one.mailbox.id) ?? 0, isOurs, now)),
    next,
    waits: dry.mailboxes.flatMap((one) => one.waits).filter((wait) => isOurs(wait.campaignId)),
  };
}

function mailboxToday(
  { mailbox, state, sends, quotaWaits }: MailboxAhead,
  sent: number,
  isOurs: (id: CampaignId) => boolean,
  now: Instant,
): MailboxToday {
  const { limits } = mailbox;
  const day = localDay(now, limits.zone);
  const planned = sends.map(({ item, ...slot }) => ({ ...slot, plannedAt: item.plannedAt, ours: isOurs(item.plan.id) }));
  const quotaDays = daysOfQuotas(quotaWaits);
  const total = dayTotals(limits, state.usedOn, planned, quotaDays).find((one) => one.day === day);
  const [used, cap] = [state.usedOn(day), capOn(limits, day)];
  const counts = { mailboxId: mailbox.id, mailbox: mailbox.email, day, sent, toCome: total?.mails ?? 0, used, cap };
  if (mailbox.state === "paused") return { ...counts, limitedBy: "paused" };
  if (mailbox.sentUnknownSince) return { ...counts, limitedBy: "sent_unknown" };
  if (mailbox.backoffUntil && mailbox.backoffUntil > now) return { ...counts, limitedBy: "backed_off" };
  const waits = planned.some((send) => localDay(send.plannedAt, limits.zone) <= day);
  const full = used >= cap ? "cap" : quotaDays.has(day) ? "quota" : null;
  const idle = waits ? (full ?? "window") : null;
  return { ...counts, limitedBy: total ? total.limitedBy : idle };
}

const LIMITS: Readonly<Record<NonNullable<MailboxToday["limitedBy"]>, string>> = {
  cap: "cap",
  quota: "limit of new leads, or of mails to one mail domain",
  gap: "gap between two mails",
  window: "sending window",
  paused: "pause",
  sent_unknown: "Sent folder, which has still to be read after the restore",
  backed_off: "server, which asked to slow down or did not answer",
};

/** How much today, what limits it, when the next goes out, and why whom waits. */
function sentencesOf({ mailboxes, next, waits }: Facts): string[] {
  const [sent, toCome] = [sum(mailboxes.map((one) => one.sent)), sum(mailboxes.map((one) => one.toCome))];
  const limits = mailboxes.flatMap(({ limitedBy, mailbox }) => (limitedBy ? `${mailbox}'s ${LIMITS[limitedBy]}` : []));
  const limited = limits.length === 0 ? "nothing that is due today has to wait" : `limited by ${limits.join(" and ")}`;
  const nextAt = next ? `The next goes to ${next.lead} at ${next.localTime} (${next.zone}).` : "Nothing is planned to go out.";
  const byReason = Map.groupBy(
    waits.filter((wait) => !ORDINARY.has(wait.reason)),
    (wait) => wait.reason,
  );
  const sentences = [...byReason].map(([reason, of]) => waitsSentence(reason, of.length));
  return [`${sent + toCome} today (${sent} so far, ${toCome} to come); ${limited}.`, nextAt, ...sentences];
}

/** Waits that need no explanation: the lead's time has simply not come. */
const ORDINARY: ReadonlySet<WaitReason> = new Set<WaitReason>(["not_due", "awaiting_reply"]);

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function stateOfMailbox(mailbox: Mailbox): string[] {
  const { email, state, pauseReason, pauseDetail, backoffUntil, limits } = mailbox;
  const why = [pauseReason, pauseDetail].filter(Boolean).join(": ");
  const until = pauseReason === "domain" ? "until that passes again" : "until a person resumes it";
  const held = sentUnknown(mailbox);
  if (state === "paused") return [`${email} is paused (${why}) ${until}.`, ...held];
  if (held.length > 0) return held;
  return backoffUntil ? [`${email} sends nothing before ${localTime(backoffUntil, limits.zone)} (${limits.zone}).`] : [];
}

function sentUnknown({ email, sentUnknownSince, limits, imap }: Mailbox): string[] {
  if (!sentUnknownSince) return [];
  const since = `${localTime(sentUnknownSince, limits.zone)} (${limits.zone})`;
  const byItself = imap
    ? "its Sent folder says so once it has been read, if it keeps a copy of every mail; if it keeps none,"
    : "it only sends, and keeps no copies:";
  return [
    `${email} sends nothing until it is known what it has sent since the backup of ${since} that was restored: ${byItself} a person has to say so with \`mailbox reconcile ${email}\`.`,
  ];
}

function stateOfCampaign({ name, state, stateReason, startsAt, timeZone }: Campaign): string[] {
  if (state === "active") return [];
  const date = state === "scheduled" && startsAt ? ` and starts at ${localTime(startsAt, timeZone)} (${timeZone})` : "";
  return [`The campaign "${name}" is ${state === "draft" ? "a draft" : state}${stateReason ? ` (${stateReason})` : ""}${date}.`];
}
