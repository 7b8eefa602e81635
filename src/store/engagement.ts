// What happened to a message after it was sent: append-only events with their evidence.
import type { CampaignId, EnrollmentId, InboundMessageId, LeadId, MailboxId, MessageId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Queryable } from "./database.ts";

export interface EngagementEvent {
  readonly kind: "open" | "click" | "reply" | "auto_reply" | "bounce" | "complaint" | "unsubscribe";
  readonly messageId?: MessageId | null;
  readonly campaignId?: CampaignId | null;
  readonly enrollmentId?: EnrollmentId | null;
  readonly leadId?: LeadId | null;
  readonly mailboxId?: MailboxId | null;
  readonly inboundMessageId?: InboundMessageId | null;
  readonly evidence?: object;
}

export async function recordEngagement(q: Queryable, workspaceId: WorkspaceId, event: EngagementEvent, at: Instant): Promise<void> {
  await q.query(
    `insert into engagement_event (workspace_id, at, kind, message_id, campaign_id, enrollment_id, lead_id, mailbox_id, inbound_message_id, evidence)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      workspaceId,
      at,
      event.kind,
      event.messageId ?? null,
      event.campaignId ?? null,
      event.enrollmentId ?? null,
      event.leadId ?? null,
      event.mailboxId ?? null,
      event.inboundMessageId ?? null,
      event.evidence ?? {},
    ],
  );
}
