// After a restore: a mail in the Sent folder, or an answer, tells of a mail that went out since the backup. It comes back into the ledger before anything
// else is made of what came in, so that it is not sent again, its lead goes on from there, and the answer finds what it answers.
import { parseEmailAddress } from "../core/email-address.ts";
import type { CampaignId, EnrollmentId, LeadId, MailboxId, WorkspaceId } from "../core/ids.ts";
import { embeddedHeaders, fieldOf, headerOf, type InboundMail, messageIdsIn } from "../core/inbound-mail.ts";
import type { Instant } from "../core/instant.ts";
import { capOn } from "../core/send-budget.ts";
import { localDay } from "../core/sending-window.ts";
import { intentsOf, readFeedbackId, type SentIntent } from "../core/sent-intent.ts";
import { answeredCandidates, OWN_MESSAGE_HEADER } from "../core/thread.ts";
import type { FetchedMessage } from "../mail/inbox-pool.ts";
import { type CampaignPlan, campaignPlans } from "../store/campaign-plan.ts";
import type { Queryable, Tx } from "../store/database.ts";
import { type Enrollment, enrollmentsOfLead, lockEnrollment } from "../store/enrollment.ts";
import { setPending } from "../store/enrollment-claim.ts";
import { installationFacts } from "../store/installation.ts";
import { leadByAddress } from "../store/lead.ts";
import { type Mailbox, mailboxById } from "../store/mailbox.ts";
import { type Message, messageById, messagesByMessageId } from "../store/message.ts";
import { campaignEndingWith, insertRecovered } from "../store/recovered-message.ts";
import { countMailByHand, lockBudget } from "../store/send-budget.ts";
import { suppress } from "../store/suppression.ts";
import type { Agent } from "./agent.ts";
import { confirmSent } from "./confirm-sent.ts";

interface Found {
  readonly mailbox: Mailbox;
  readonly fetched: FetchedMessage;
  readonly mail: InboundMail;
  readonly at: Instant;
}

/** After a restore, and for ever: what comes in may tell of a mail that the ledger does not know. */
export async function ledgerMayLackMails(q: Queryable, mailbox: Mailbox): Promise<boolean> {
  return mailbox.sentUnknownSince !== null || (await installationFacts(q)).restoredFrom !== null;
}

/** Where the ledger may lack mails: whether it is a mail of ours that went out from here, whatever the ledger could make of it. */
export async function recogniseSent(agent: Agent, tx: Tx, found: Found): Promise<boolean> {
  const { fetched, mail } = found;
  if (fetched.role === "sent") return ofSentFolder(agent, tx, found);
  const ids = answeredCandidates(mail).flatMap(({ method, value }) => (method === "plus_address" ? [] : [value]));
  await enterAll(agent, tx, found, ids, [mail.from?.address, ...recipientsOfEmbedded(mail)]);
  return false;
}

async function ofSentFolder(agent: Agent, tx: Tx, found: Found): Promise<boolean> {
  const { mail } = found;
  const header = headerOf(mail, OWN_MESSAGE_HEADER)?.trim();
  const ids = [...new Set([mail.messageId, header].filter((id) => typeof id === "string" && id !== ""))] as string[];
  const recipients = mail.to.map(({ address }) => address);
  if (await enterAll(agent, tx, found, ids, recipients)) return true;
  return header ? enterByHeaders(agent, tx, found, header, recipients) : false;
}

/** True when at least one of these Message-IDs is that of a mail of ours: it counts as sent from now on. */
async function enterAll(
  agent: Agent,
  tx: Tx,
  found: Found,
  ids: readonly string[],
  addresses: readonly (string | undefined)[],
): Promise<boolean> {
  const { workspaceId } = found.mailbox;
  const known = ids.length === 0 ? [] : await messagesByMessageId(tx, workspaceId, ids);
  for (const message of known) await confirmSince(agent, tx, message, evidenceOf(found), sentAtOf(found));
  const unknown = ids.filter((id) => !known.some((message) => message.messageId === id));
  if (unknown.length === 0) return known.length > 0;
  const enrollments = await enrollmentsAt(tx, workspaceId, addresses);
  let entered = known.length > 0;
  for (const id of unknown) {
    const intent = await derivedFrom(agent, tx, id, enrollments);
    if (!intent) continue;
    await enterSent(agent, tx, workspaceId, {
      ...intent,
      messageId: id,
      ...writtenIn(found),
      sentAt: sentAtOf(found),
      evidence: evidenceOf(found),
    });
    entered = true;
  }
  return entered;
}

async function enrollmentsAt(tx: Tx, workspaceId: WorkspaceId, addresses: readonly (string | undefined)[]): Promise<Enrollment[]> {
  const leads = new Set<LeadId>();
  for (const address of addresses) {
    const key = parseEmailAddress(address ?? "")?.identityKey;
    const lead = key === undefined ? null : await leadByAddress(tx, workspaceId, key);
    if (lead) leads.add(lead.id);
  }
  const enrollments: Enrollment[] = [];
  for (const lead of leads) enrollments.push(...(await enrollmentsOfLead(tx, workspaceId, lead)));
  return enrollments;
}

/** Bounces and complaints come from servers; whom the mail went to stands in what they embed. */
function recipientsOfEmbedded(mail: InboundMail): string[] {
  return embeddedHeaders(mail).flatMap((fields) => (fieldOf(fields, "to") ?? "").match(/[^\s<>,;"]{1,100}@[^\s<>,;"]{1,200}/g) ?? []);
}

async function derivedFrom(
  agent: Agent,
  tx: Tx,
  messageId: string,
  enrollments: readonly Enrollment[],
): Promise<SentIntent<EnrollmentId> | null> {
  const domain = /@([^@<>]+)>$/.exec(messageId)?.[1];
  if (domain === undefined) return null;
  for (const enrollment of enrollments) {
    const plan = await planOf(tx, enrollment);
    for (const [id, intent] of intentsOf(agent.keys.messageId, [enrollment], lineagesIn(plan), domain)) if (id === messageId) return intent;
  }
  return null;
}

async function planOf(tx: Tx, { workspaceId, campaignId }: Pick<Enrollment, "workspaceId" | "campaignId">): Promise<CampaignPlan | null> {
  return (await campaignPlans(tx, workspaceId, [campaignId])).get(campaignId) ?? null;
}

export function lineagesIn(plan: CampaignPlan | null): string[] {
  return [...new Set((plan?.steps ?? []).map((step) => step.lineage))];
}

export interface SentSinceBackup extends SentIntent<EnrollmentId> {
  readonly messageId: string;
  /** In whose Sent folder it stands; null: that of its enrollment sent it. */
  readonly mailboxId: MailboxId | null;
  readonly subject: string | null;
  readonly inReplyTo: string | null;
  readonly sentAt: Instant;
  readonly evidence: string;
}

/** Into the ledger, once, and its day debited once; its enrollment goes on from there. A later visit is left to the answer that begins it. */
export async function enterSent(agent: Agent, tx: Tx, workspaceId: WorkspaceId, sent: SentSinceBackup): Promise<boolean> {
  const { sentAt, evidence, visit, lineage } = sent;
  const enrollment = await lockEnrollment(tx, workspaceId, sent.enrollmentId);
  const mailbox = enrollment && (await mailboxById(tx, workspaceId, sent.mailboxId ?? enrollment.mailboxId));
  const step = enrollment && stepOf(await planOf(tx, enrollment), enrollment, sent);
  if (!enrollment || !mailbox || !step) return false;
  const { campaignId, leadId, version: enrollmentVersion } = enrollment;
  const { messageId, inReplyTo, subject } = sent;
  const mail = { campaignId, leadId, visit, lineage, stepId: step.id, mailboxId: mailbox.id, messageId, inReplyTo, subject, sentAt };
  const id = await insertRecovered(tx, workspaceId, { ...mail, enrollmentId: enrollment.id, enrollmentVersion });
  if (!id) return false;
  if (enrollment.visit === visit && enrollment.pendingMessageId === null)
    await setPending(tx, workspaceId, [{ enrollmentId: enrollment.id, messageId: id }]);
  const message = await messageById(tx, workspaceId, id);
  if (message) await confirmSince(agent, tx, message, evidence, sentAt);
  return true;
}

/** Counts as sent from now on, and against its day, of which the backup may know nothing. False when it counted before. */
export async function confirmSince(agent: Agent, tx: Tx, message: Message, evidence: string, at: Instant): Promise<boolean> {
  if (message.state === "sent") return false;
  const mailbox = await mailboxById(tx, message.workspaceId, message.mailboxId);
  if (mailbox) {
    const day = localDay(message.slotAt, mailbox.limits.zone);
    await lockBudget(tx, mailbox.workspaceId, mailbox.id, day, capOn(mailbox.limits, day));
  }
  await confirmSent(agent, tx, message, evidence, at);
  return true;
}

/** A lineage may stand in several sequences: of the visit that runs it is the one of its own sequence, of a later one that of another. */
function stepOf(plan: CampaignPlan | null, { sequenceId, visit: running }: Enrollment, { lineage, visit }: SentIntent<EnrollmentId>) {
  const steps = (plan?.steps ?? []).filter((step) => step.lineage === lineage);
  return steps.find((step) => (step.sequenceId === sequenceId) === (visit === running)) ?? steps[0] ?? null;
}

/**
 * A copy of a mail to a lead that was enrolled after the backup, or came with it: its Message-ID cannot be derived again, but it says which step it was.
 * Where the lead stands in that campaign again, it goes on; else the campaign never writes to that address.
 */
async function enterByHeaders(agent: Agent, tx: Tx, found: Found, header: string, recipients: readonly string[]): Promise<true> {
  const { mailbox, mail } = found;
  const { workspaceId } = mailbox;
  const said = readFeedbackId(headerOf(mail, "feedback-id") ?? "");
  const campaignId = said?.kind === "step" ? await campaignEndingWith(tx, workspaceId, said.campaign) : null;
  const [messageId] = messageIdsIn(header);
  let entered = false;
  for (const address of said && campaignId && messageId ? recipients : []) {
    const enrollment = (await enrollmentsAt(tx, workspaceId, [address])).find((one) => one.campaignId === campaignId);
    const step = enrollment && (await planOf(tx, enrollment))?.steps.find((one) => one.id.endsWith(said?.step ?? "-"));
    if (enrollment && step && messageId) {
      const visit = step.sequenceId === enrollment.sequenceId ? enrollment.visit : enrollment.visit + 1;
      const sent = { enrollmentId: enrollment.id, visit, lineage: step.lineage, messageId, ...writtenIn(found) };
      entered = (await enterSent(agent, tx, workspaceId, { ...sent, sentAt: sentAtOf(found), evidence: evidenceOf(found) })) || entered;
    } else await leaveAlone(tx, found, address, campaignId);
  }
  agent.log.info({ event: "restore.sent_by_headers", mailbox: mailbox.id, kind: said?.kind ?? null, entered });
  // a mail that stands in no ledger still counts against its day
  if (!entered) await countMailByHand(tx, workspaceId, mailbox.id, localDay(sentAtOf(found), mailbox.limits.zone));
  return true;
}

async function leaveAlone(tx: Tx, { mailbox, mail, at }: Found, address: string, campaignId: CampaignId | null): Promise<void> {
  const key = parseEmailAddress(address)?.identityKey;
  if (key === undefined || campaignId === null) return;
  const evidence = { message_id: mail.messageId, mailbox: mailbox.email, note: "sent to before a restore, which does not know the lead" };
  await suppress(tx, { workspaceId: mailbox.workspaceId, kind: "address", key, campaignId, reason: "restore", evidence }, at);
}

/** Of an answer neither the subject nor the thread is our mail's, and it may have come to another mailbox. */
function writtenIn({ fetched, mail, mailbox }: Found): Pick<SentSinceBackup, "subject" | "inReplyTo" | "mailboxId"> {
  if (fetched.role !== "sent") return { subject: null, inReplyTo: null, mailboxId: null };
  return { subject: mail.subject, inReplyTo: mail.inReplyTo[0] ?? null, mailboxId: mailbox.id };
}

/** Of a copy its Date, which we wrote; of an answer the moment it came in: no follow-up may come too early. */
function sentAtOf({ fetched, mail, at }: Found): Instant {
  const written = fetched.role === "sent" ? (mail.date ?? fetched.internalDate) : null;
  return written && written < at ? written : at;
}

function evidenceOf({ fetched }: Found): string {
  return fetched.role === "sent" ? `a copy stands in ${fetched.folder}` : "it was answered";
}
