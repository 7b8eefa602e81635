// The send ledger: one row per outgoing email, never deleted. What it holds, and what can be asked of it. It is changed by message-claim.ts,
// message-text.ts, message-outcome.ts and message-recall.ts, every change with its precondition in the WHERE.
import type { CampaignId, EnrollmentId, LeadId, MailboxId, MessageId, StepId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { MessageState } from "../core/words.ts";
import { CHECKED, HIDDEN_WORKSPACE, type Queryable } from "./database.ts";

export interface Message {
  readonly workspaceId: WorkspaceId;
  readonly id: MessageId;
  readonly kind: "step" | "answer" | "test" | "notice";
  readonly campaignId: CampaignId | null;
  readonly enrollmentId: EnrollmentId | null;
  readonly visit: number | null;
  readonly stepLineage: string | null;
  readonly stepId: StepId | null;
  /** The version of the sequence that it was written from; null for what is no step, and for what another tool sent. */
  readonly sequenceVersion: number | null;
  readonly leadId: LeadId | null;
  readonly mailboxId: MailboxId;
  readonly messageId: string;
  readonly inReplyTo: string | null;
  readonly recipient: string;
  readonly recipientKey: string;
  readonly subject: string | null;
  readonly state: MessageState;
  readonly slotAt: Instant;
  readonly budgetDay: string | null;
  /** Of the lease under which it was claimed last. */
  readonly fence: number | null;
  readonly attempts: number;
  readonly nextAttemptAt: Instant | null;
  readonly sentAt: Instant | null;
  readonly reason: string | null;
  readonly smtpResponse: string | null;
  readonly createdAt: Instant;
}

/** The reason of a sent message that no mailbox of ours sent, but the tool before us. It forbids its step; it counts nowhere as mail of ours. */
export const SENT_ELSEWHERE = "sent_elsewhere";

/** Of `message m`: true unless the tool before us sent it. */
export const SENT_HERE = `m.reason is distinct from '${SENT_ELSEWHERE}'`;

/** Of `message m`, as a Message. */
export const MESSAGE_COLUMNS = `
  m.workspace_id as "workspaceId", m.id, m.kind, m.campaign_id as "campaignId", m.enrollment_id as "enrollmentId", m.visit,
  m.step_lineage as "stepLineage", m.step_id as "stepId", m.sequence_version as "sequenceVersion",
  m.lead_id as "leadId", m.mailbox_id as "mailboxId",
  m.message_id as "messageId", m.in_reply_to as "inReplyTo", m.recipient, m.recipient_key as "recipientKey", m.subject, m.state,
  m.slot_at as "slotAt", m.budget_day as "budgetDay", m.fence, m.attempts, m.next_attempt_at as "nextAttemptAt", m.sent_at as "sentAt",
  m.reason, m.smtp_response as "smtpResponse", m.created_at as "createdAt"`;

export async function messageById(q: Queryable, workspaceId: WorkspaceId, id: MessageId): Promise<Message | null> {
  const { rows } = await q.query<Message>(`select ${MESSAGE_COLUMNS} from message m where m.id = $2 and (m.workspace_id = $1) ${CHECKED}`, [
    workspaceId,
    id,
  ]);
  return rows[0] ?? null;
}

/** Our messages with one of these Message-IDs. */
export async function messagesByMessageId(q: Queryable, workspaceId: WorkspaceId, messageIds: readonly string[]): Promise<Message[]> {
  const { rows } = await q.query<Message>(
    `select ${MESSAGE_COLUMNS} from message m where m.workspace_id = ${HIDDEN_WORKSPACE} and m.message_id = any($2)`,
    [workspaceId, messageIds],
  );
  return rows;
}

/** The latest mails that went (or may have gone) to an address since `since`, newest first. */
export async function messagesTo(
  q: Queryable,
  workspaceId: WorkspaceId,
  recipientKey: string,
  since: Instant,
  limit: number,
): Promise<Message[]> {
  const { rows } = await q.query<Message>(
    `select ${MESSAGE_COLUMNS} from message m
     where m.workspace_id = ${HIDDEN_WORKSPACE} and m.recipient_key = $2 and coalesce(m.sent_at, m.transmitting_at) >= $3 and m.state in ('sent', 'uncertain')
     order by m.sent_at desc nulls last limit $4`,
    [workspaceId, recipientKey, since, limit],
  );
  return rows;
}

export async function messagesOfEnrollment(q: Queryable, workspaceId: WorkspaceId, enrollmentId: EnrollmentId): Promise<Message[]> {
  const { rows } = await q.query<Message>(
    `select ${MESSAGE_COLUMNS} from message m where m.workspace_id = $1 and m.enrollment_id = $2 order by m.created_at`,
    [workspaceId, enrollmentId],
  );
  return rows;
}

export async function uncertainMessages(q: Queryable, workspaceId: WorkspaceId): Promise<Message[]> {
  const { rows } = await q.query<Message>(
    `select ${MESSAGE_COLUMNS} from message m where m.workspace_id = $1 and m.phase = 'uncertain' order by m.created_at`,
    [workspaceId],
  );
  return rows;
}

/** How many messages of ours stand in each state. */
export async function messageCounts(q: Queryable, workspaceId: WorkspaceId): Promise<{ state: MessageState; messages: number }[]> {
  const { rows } = await q.query<{ state: MessageState; messages: number }>(
    `select m.state, count(*) as messages from message m where m.workspace_id = $1 and ${SENT_HERE} group by m.state order by 2 desc`,
    [workspaceId],
  );
  return rows;
}

/** The newest messages of a workspace. */
export async function latestMessages(q: Queryable, workspaceId: WorkspaceId, limit: number): Promise<Message[]> {
  const { rows } = await q.query<Message>(
    `select ${MESSAGE_COLUMNS} from message m where m.workspace_id = $1 order by m.id desc limit $2`,
    [workspaceId, limit],
  );
  return rows;
}

/** Different recipients of one domain that refused a mailbox by policy since `since`. */
export async function policyRefusals(
  q: Queryable,
  workspaceId: WorkspaceId,
  mailboxId: MailboxId,
  domain: string,
  since: Instant,
): Promise<number> {
  const { rows } = await q.query<{ recipients: number }>(
    `select count(distinct recipient_key)::integer as recipients from message
     where workspace_id = $1 and mailbox_id = $2 and state = 'failed' and reason = 'refused_by_policy'
       and split_part(recipient_key, '@', 2) = $3 and updated_at >= $4`,
    [workspaceId, mailboxId, domain, since],
  );
  return rows[0]?.recipients ?? 0;
}
