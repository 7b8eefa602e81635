// After a restore: mails that went out since the backup come back into the ledger, and a mailbox sends again once it is known which they are.
import type { CampaignId, EnrollmentId, LeadId, MailboxId, MessageId, StepId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { only, type Queryable, type Tx } from "./database.ts";
import { SENT_HERE } from "./message.ts";

export interface RecoveredMessage {
  readonly campaignId: CampaignId;
  readonly enrollmentId: EnrollmentId;
  readonly enrollmentVersion: number;
  readonly leadId: LeadId;
  readonly visit: number;
  readonly stepId: StepId;
  readonly lineage: string;
  readonly mailboxId: MailboxId;
  readonly messageId: string;
  readonly inReplyTo: string | null;
  readonly subject: string | null;
  /** When it went out, as far as that is known. */
  readonly sentAt: Instant;
}

/**
 * Writes a mail into the ledger as one that waits, so that the statement that records every sent mail records this one, too, and debits its day once.
 * Null when this step, or this Message-ID, stands there already.
 */
export async function insertRecovered(tx: Tx, workspaceId: WorkspaceId, mail: RecoveredMessage): Promise<MessageId | null> {
  const { rows } = await tx.query<{ id: MessageId }>(
    `insert into message (workspace_id, kind, campaign_id, enrollment_id, enrollment_version, lead_id, visit, step_id, step_lineage, mailbox_id,
       message_id, in_reply_to, subject, recipient, recipient_key, state, slot_at, attempts, created_at, updated_at)
     select $1, 'step', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, lead.email, lead.identity_key, 'queued', $13, 1, $13, $13
     from lead where lead.workspace_id = $1 and lead.id = $5
     on conflict do nothing returning id`,
    [
      workspaceId,
      mail.campaignId,
      mail.enrollmentId,
      mail.enrollmentVersion,
      mail.leadId,
      mail.visit,
      mail.stepId,
      mail.lineage,
      mail.mailboxId,
      mail.messageId,
      mail.inReplyTo,
      mail.subject,
      mail.sentAt,
    ],
  );
  return rows[0]?.id ?? null;
}

/** The latest mails of a mailbox that were sent: copies of them must stand in its Sent folder, if it keeps any. */
export async function latestSentFrom(q: Queryable, workspaceId: WorkspaceId, mailboxId: MailboxId, limit: number): Promise<string[]> {
  const { rows } = await q.query<{ messageId: string }>(
    `select m.message_id as "messageId" from message m where m.workspace_id = $1 and m.mailbox_id = $2 and m.state = 'sent' and ${SENT_HERE} order by m.created_at desc limit $3`,
    [workspaceId, mailboxId, limit],
  );
  return rows.map((row) => row.messageId);
}

/** Whether every Sent folder was read to its end since the restore; false where there is none. */
export async function sentFoldersAreRead(q: Queryable, workspaceId: WorkspaceId, mailboxId: MailboxId): Promise<boolean> {
  const { rows } = await q.query<{ read: boolean | null }>(
    `select bool_and(read_to_end_at is not null) as read from (
       select distinct on (folder) read_to_end_at from inbox_cursor
       where workspace_id = $1 and mailbox_id = $2 and role = 'sent' order by folder, created_at desc) newest`,
    [workspaceId, mailboxId],
  );
  return only(rows).read ?? false;
}

/** It is known what the mailbox has sent; false when it was known before. */
export async function nowKnownWhatWasSent(q: Queryable, workspaceId: WorkspaceId, mailboxId: MailboxId, at: Instant): Promise<boolean> {
  const { rowCount } = await q.query(
    "update mailbox set sent_unknown_since = null, updated_at = $3 where workspace_id = $1 and id = $2 and sent_unknown_since is not null",
    [workspaceId, mailboxId, at],
  );
  return rowCount === 1;
}

/** Lineages that a visit of an enrollment has messages for, whatever became of them. */
export async function lineagesOfVisit(q: Queryable, workspaceId: WorkspaceId, id: EnrollmentId, visit: number): Promise<string[]> {
  const { rows } = await q.query<{ lineage: string }>(
    `select step_lineage as lineage from message where workspace_id = $1 and enrollment_id = $2 and visit = $3 and step_lineage is not null`,
    [workspaceId, id, visit],
  );
  return rows.map((row) => row.lineage);
}

/** The campaign whose id ends so: as a Feedback-ID names it. Null for none, or for several. */
export async function campaignEndingWith(q: Queryable, workspaceId: WorkspaceId, end: string): Promise<CampaignId | null> {
  const { rows } = await q.query<{ id: CampaignId }>("select id from campaign where workspace_id = $1 and right(id::text, 12) = $2", [
    workspaceId,
    end,
  ]);
  return rows.length === 1 ? (rows[0]?.id ?? null) : null;
}

/** A page of the enrollments of a mailbox, whatever their state, by id. */
export async function enrollmentsOfMailbox(
  q: Queryable,
  workspaceId: WorkspaceId,
  mailboxId: MailboxId,
  page: { readonly after: EnrollmentId | null; readonly limit: number },
): Promise<{ id: EnrollmentId; campaignId: CampaignId; visit: number }[]> {
  const { rows } = await q.query<{ id: EnrollmentId; campaignId: CampaignId; visit: number }>(
    `select id, campaign_id as "campaignId", visit from enrollment
     where workspace_id = $1 and mailbox_id = $2 and ($3::uuid is null or id > $3) order by id limit $4`,
    [workspaceId, mailboxId, page.after, page.limit],
  );
  return rows;
}
