// A mail of ours was not delivered, or somebody called it spam. Only what is surely the address's fault (or the person's will) ends things for good.
import type { FailureClass } from "../core/failure-class.ts";
import type { CampaignId, EnrollmentId, InboundMessageId, LeadId, MailboxId, MessageId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Tx } from "../store/database.ts";
import { recordEngagement } from "../store/engagement.ts";
import { enrollmentsOfLead, noteEnrollment, stopEnrollments } from "../store/enrollment.ts";
import { markReachability } from "../store/lead.ts";
import { cancelUnsent } from "../store/message-recall.ts";
import { suppress } from "../store/suppression.ts";

/** The message that failed, as far as it is known. */
export interface FailedMessage {
  readonly workspaceId: WorkspaceId;
  readonly messageId: MessageId;
  readonly recipientKey: string;
  readonly leadId: LeadId | null;
  readonly campaignId: CampaignId | null;
  readonly enrollmentId: EnrollmentId | null;
  readonly mailboxId: MailboxId;
}

export interface Failure {
  readonly class: FailureClass;
  readonly status: string | null;
  /** The server's words. Hostile text. */
  readonly reason: string;
  readonly inboundMessageId: InboundMessageId | null;
}

export async function handleBounce(tx: Tx, message: FailedMessage, failure: Failure, at: Instant): Promise<void> {
  const evidence = { class: failure.class, status: failure.status, reason: failure.reason.slice(0, 500) };
  const { workspaceId, messageId, enrollmentId } = message;
  await recordFailure(tx, message, "bounce", failure.inboundMessageId, evidence, at);
  if (failure.class === "hard") await endForAddress(tx, message, "bounced", { message: messageId, ...evidence }, at);
  else if (enrollmentId)
    await noteEnrollment(tx, workspaceId, enrollmentId, `bounce_${failure.class}`, { message: messageId, ...evidence }, at);
}

export async function handleComplaint(
  tx: Tx,
  message: FailedMessage,
  complaint: { readonly feedbackType: string; readonly inboundMessageId: InboundMessageId },
  at: Instant,
): Promise<void> {
  const evidence = { feedback_type: complaint.feedbackType };
  await recordFailure(tx, message, "complaint", complaint.inboundMessageId, evidence, at);
  await endForAddress(tx, message, "complained", { message: message.messageId, ...evidence }, at);
}

async function recordFailure(
  tx: Tx,
  { workspaceId, messageId, leadId, campaignId, enrollmentId, mailboxId }: FailedMessage,
  kind: "bounce" | "complaint",
  inboundMessageId: InboundMessageId | null,
  evidence: object,
  at: Instant,
): Promise<void> {
  await recordEngagement(tx, workspaceId, { kind, messageId, leadId, campaignId, enrollmentId, mailboxId, inboundMessageId, evidence }, at);
}

/** Nobody writes to this address again: it is suppressed, all that runs for the lead ends, what is unsent is cancelled. */
async function endForAddress(
  tx: Tx,
  message: FailedMessage,
  state: "bounced" | "complained",
  evidence: object,
  at: Instant,
): Promise<void> {
  const { workspaceId, recipientKey, leadId } = message;
  const reason = state === "bounced" ? "bounce" : "complaint";
  await suppress(tx, { workspaceId, kind: "address", key: recipientKey, campaignId: null, reason, evidence }, at);
  if (!leadId) return;
  const ids = (await enrollmentsOfLead(tx, workspaceId, leadId)).map((one) => one.id);
  await stopEnrollments(tx, { workspaceId, ids, state, reason: state, detail: evidence }, at);
  await cancelUnsent(tx, workspaceId, ids, state, at);
  await markReachability(tx, workspaceId, leadId, state, at);
}
