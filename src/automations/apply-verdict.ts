// What follows from a mail that came in: one named consequence for each verdict, all in the transaction that stored it.
import { DateTime } from "luxon";
import { parseEmailAddress } from "../core/email-address.ts";
import type { EnrollmentId, InboundMessageId } from "../core/ids.ts";
import { after, DAY, type Instant } from "../core/instant.ts";
import { readOptOut } from "../core/opt-out-token.ts";
import { isPublicMailDomain } from "../core/public-mail-domains.ts";
import { localDay } from "../core/sending-window.ts";
import { campaignPlans } from "../store/campaign-plan.ts";
import type { Tx } from "../store/database.ts";
import { recordEngagement } from "../store/engagement.ts";
import {
  type Enrollment,
  enrollmentsAtDomain,
  enrollmentsOfLead,
  lockEnrollment,
  noteEnrollment,
  stopEnrollments,
} from "../store/enrollment.ts";
import { holdEnrollments } from "../store/enrollment-time.ts";
import { leadByAddress, raiseStatus } from "../store/lead.ts";
import { type Message, messageById, messagesByMessageId } from "../store/message.ts";
import { cancelUnsent } from "../store/message-recall.ts";
import { countMailByHand } from "../store/send-budget.ts";
import type { Agent } from "./agent.ts";
import { confirmSent } from "./confirm-sent.ts";
import { handleBounce, handleComplaint } from "./handle-bounce.ts";
import { type Judged, senderKey } from "./judge-inbound.ts";
import { processUnsubscribes } from "./process-unsubscribe.ts";

type Stored = Judged & { readonly id: InboundMessageId };
/** What its consequences need to know of a reply. */
export type Reply = Pick<Stored, "workspaceId" | "id" | "receivedAt">;

export async function applyVerdict(agent: Agent, tx: Tx, received: Stored): Promise<void> {
  await proveSent(agent, tx, received);
  if (received.optOut) return optOut(agent, tx, received);
  switch (received.class.kind) {
    case "complaint":
      return complaint(tx, received, received.class);
    case "bounce":
      return bounce(tx, received, received.class);
    case "auto_reply":
      return autoReply(agent, tx, received, received.class);
    case "own":
      return answeredByPerson(tx, received);
    case "human":
      return reply(agent, tx, received);
    default:
      return received.class satisfies never;
  }
}

/** A copy in the Sent folder, an answer or a bounce proves that an uncertain message went out. */
async function proveSent(agent: Agent, tx: Tx, { workspaceId, mail, match, ownMessage, receivedAt }: Stored): Promise<void> {
  const copies = ownMessage && mail.messageId ? await messagesByMessageId(tx, workspaceId, [mail.messageId]) : [];
  const answered = match.kind === "matched" ? [match.message] : [];
  for (const message of [...copies, ...answered]) {
    if (message.state === "uncertain") await confirmSent(agent, tx, message, ownMessage ? "a copy came in" : "it was answered", receivedAt);
  }
}

async function optOut(agent: Agent, tx: Tx, received: Stored): Promise<void> {
  const { workspaceId, optOut, receivedAt, id } = received;
  if (!optOut) return;
  const named = optOut.token ? await messageOfToken(agent, tx, received, optOut.token) : null;
  const keys = [named?.recipientKey, senderKey(received.mail), answeredLeadKey(received)];
  const request = {
    workspaceId,
    campaignId: null,
    source: optOut.source,
    evidence: { inbound: id, ...optOut.evidence },
    inboundMessageId: id,
  };
  await processUnsubscribes(tx, keys, request, receivedAt);
}

async function messageOfToken(agent: Agent, tx: Tx, { workspaceId }: Stored, token: string): Promise<Message | null> {
  const claim = readOptOut(agent.keys.optOut, token);
  return claim && claim.workspaceId === workspaceId ? messageById(tx, workspaceId, claim.messageId) : null;
}

/** Somebody who answers our mail to a lead from another address of theirs asks for that lead. */
function answeredLeadKey({ match }: Stored): string | null {
  return match.kind === "matched" && match.method !== "subject_and_address" ? match.message.recipientKey : null;
}

async function complaint(tx: Tx, received: Stored, { complaint: about }: Extract<Judged["class"], { kind: "complaint" }>): Promise<void> {
  const { match, id, receivedAt } = received;
  if (match.kind !== "matched") return;
  const { message } = match;
  await handleComplaint(tx, { ...message, messageId: message.id }, { feedbackType: about.feedbackType, inboundMessageId: id }, receivedAt);
}

async function bounce(tx: Tx, received: Stored, { bounce: report }: Extract<Judged["class"], { kind: "bounce" }>): Promise<void> {
  const { match, id, receivedAt } = received;
  if (match.kind !== "matched") return;
  const { message } = match;
  await handleBounce(
    tx,
    { ...message, messageId: message.id },
    { class: report.class, status: report.status, reason: report.reason, inboundMessageId: id },
    receivedAt,
  );
}

/** An out-of-office notice holds the lead's enrollments until the day they are back; any other automatic answer changes nothing. */
async function autoReply(
  agent: Agent,
  tx: Tx,
  received: Stored,
  { autoReply: notice }: Extract<Judged["class"], { kind: "auto_reply" }>,
): Promise<void> {
  const { workspaceId, match, id, receivedAt } = received;
  if (match.kind !== "matched") return;
  const { message } = match;
  await recordAnswer(tx, received, message, "auto_reply", { kind: notice.kind });
  if (!message.leadId || notice.kind !== "out_of_office") return;
  const enrollments = await enrollmentsOfLead(tx, workspaceId, message.leadId);
  const zone = enrollments[0]?.leadZone ?? "UTC";
  const until = notice.returnDate
    ? DateTime.fromISO(notice.returnDate, { zone }).startOf("day").toJSDate()
    : after(receivedAt, agent.settings.receiving.out_of_office_days * DAY);
  if (until <= receivedAt) return;
  await hold(tx, enrollments, { until, reason: "out_of_office", detail: { inbound: id, return_date: notice.returnDate } }, receivedAt);
}

/** The answer becomes a fact about the message that it answers. */
async function recordAnswer(
  tx: Tx,
  { workspaceId, id, receivedAt }: Reply,
  { id: messageId, leadId, campaignId, enrollmentId, mailboxId }: Message,
  kind: "reply" | "auto_reply",
  evidence: object = {},
): Promise<void> {
  const event = { kind, messageId, leadId, campaignId, enrollmentId, mailboxId, inboundMessageId: id, evidence };
  await recordEngagement(tx, workspaceId, event, receivedAt);
}

/**
 * A person wrote from the account by hand: it counts against its day, and where it went to a lead, the lead is theirs until they say otherwise. What
 * they wrote before the lead was enrolled holds nothing: a Sent folder that its server rebuilt is read from the beginning.
 */
async function answeredByPerson(tx: Tx, received: Stored): Promise<void> {
  const { workspaceId, mailbox, mail, match, fetched, ownMessage, receivedAt, id } = received;
  if (ownMessage || fetched.role !== "sent") return;
  const filedAt = fetched.internalDate ?? mail.date;
  const writtenAt = filedAt && filedAt < receivedAt ? filedAt : receivedAt;
  await countMailByHand(tx, workspaceId, mailbox.id, localDay(writtenAt, mailbox.limits.zone));
  const leadIds = new Set(match.kind === "matched" && match.message.leadId ? [match.message.leadId] : []);
  for (const { address } of [...mail.to, ...mail.cc]) {
    const key = parseEmailAddress(address)?.identityKey;
    const lead = key === undefined ? null : await leadByAddress(tx, workspaceId, key);
    if (lead) leadIds.add(lead.id);
  }
  for (const leadId of leadIds) {
    const enrollments = (await enrollmentsOfLead(tx, workspaceId, leadId)).filter((one) => one.createdAt <= writtenAt);
    await hold(tx, enrollments, { until: null, reason: "answered_by_person", detail: { inbound: id } }, receivedAt);
  }
}

async function reply(agent: Agent, tx: Tx, received: Stored): Promise<void> {
  if (received.match.kind === "matched") await followReply(agent, tx, received, received.match.message);
}

/** The sequence stops at once; what the reply means is judged in a job, outside of this transaction. */
export async function followReply(agent: Agent, tx: Tx, received: Reply, message: Message): Promise<void> {
  const { workspaceId, id, receivedAt } = received;
  const { leadId, enrollmentId } = message;
  await recordAnswer(tx, received, message, "reply");
  if (leadId) await raiseStatus(tx, workspaceId, leadId, "engaged", receivedAt);
  const enrollment = enrollmentId && (await lockEnrollment(tx, workspaceId, enrollmentId));
  if (!enrollment) return;
  await stopForReply(tx, received, enrollment.id);
  await holdOthers(tx, received, enrollment);
  await agent.jobs.enqueue(tx, "analyze-reply", { workspaceId, inboundMessageId: id }, id);
}

async function stopForReply(tx: Tx, { workspaceId, id, receivedAt }: Reply, enrollmentId: EnrollmentId): Promise<void> {
  const stop = { workspaceId, ids: [enrollmentId], state: "replied" as const, reason: "replied", detail: { inbound: id } };
  const [stopped] = await stopEnrollments(tx, stop, receivedAt);
  await cancelUnsent(tx, workspaceId, [enrollmentId], "replied", receivedAt);
  if (!stopped) await noteEnrollment(tx, workspaceId, enrollmentId, "replied_again", { inbound: id }, receivedAt);
}

/** A lead that talks to us in one campaign is not written to by another; where the campaign says so, nor is anybody else of the company. */
async function holdOthers(tx: Tx, { workspaceId, id, receivedAt }: Reply, replied: Enrollment): Promise<void> {
  const plan = (await campaignPlans(tx, workspaceId, [replied.campaignId])).get(replied.campaignId);
  if (!plan) return;
  const detail = { inbound: id, campaign: replied.campaignId };
  if (plan.holdOtherCampaigns) {
    const others = (await enrollmentsOfLead(tx, workspaceId, replied.leadId)).filter((one) => one.id !== replied.id);
    await hold(tx, others, { until: null, reason: "replied_in_other_campaign", detail }, receivedAt);
  }
  if (plan.holdCompany && !isPublicMailDomain(replied.leadDomain)) {
    const colleagues = (await enrollmentsAtDomain(tx, workspaceId, replied.leadDomain)).filter((one) => one.leadId !== replied.leadId);
    await hold(tx, colleagues, { until: null, reason: "colleague_replied", detail }, receivedAt);
  }
}

interface Hold {
  /** Null: until a person decides. */
  readonly until: Instant | null;
  readonly reason: string;
  readonly detail: object;
}

async function hold(tx: Tx, enrollments: readonly Enrollment[], why: Hold, at: Instant): Promise<void> {
  const [first] = enrollments;
  if (!first) return;
  await holdEnrollments(tx, { workspaceId: first.workspaceId, ids: enrollments.map((one) => one.id), ...why }, at);
}
