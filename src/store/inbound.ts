// Mail that came in: stored once, with what it was judged to be and what it belongs to.
import type { CampaignId, EnrollmentId, InboundMessageId, LeadId, MailboxId, MessageId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { RecordedInterest } from "../core/words.ts";
import type { Queryable, Tx } from "./database.ts";

export const VERDICTS = ["bounce", "complaint", "auto_reply", "unsubscribe_request", "reply", "own", "unrelated"] as const;
export type Verdict = (typeof VERDICTS)[number];
export type MatchMethod =
  | "in_reply_to"
  | "references"
  | "plus_address"
  | "quoted_original"
  | "original_recipient"
  | "subject_and_address"
  | "address"
  | "person";

export interface NewInbound {
  readonly mailboxId: MailboxId;
  readonly folder: string;
  readonly uidValidity: number;
  readonly uid: number;
  /** SHA-256 of the content. */
  readonly fingerprint: Buffer;
  readonly receivedAt: Instant;
  readonly sentDate: Instant | null;
  readonly messageId: string | null;
  readonly fromAddress: string | null;
  readonly fromName: string | null;
  readonly subject: string | null;
  readonly verdict: Verdict;
  readonly verdictWhy: readonly string[];
  readonly disposition: "matched" | "unmatched" | "ignored";
  readonly dispositionReason: string;
  readonly matchMethod: MatchMethod | null;
  readonly answeredMessageId: MessageId | null;
  readonly enrollmentId: EnrollmentId | null;
  readonly campaignId: CampaignId | null;
  readonly leadId: LeadId | null;
  readonly suggestedLeadId: LeadId | null;
  readonly visibleText: string | null;
}

/** Stores a mail if neither its place nor its content is known; null when it is. */
export async function storeInbound(tx: Tx, workspaceId: WorkspaceId, mail: NewInbound): Promise<InboundMessageId | null> {
  const { rows } = await tx.query<{ id: InboundMessageId }>(
    `insert into inbound_message (workspace_id, mailbox_id, folder, uid_validity, uid, fingerprint, received_at, sent_date, message_id,
       from_address, from_name, subject, verdict, verdict_why, disposition, disposition_reason, match_method, answered_message_id,
       enrollment_id, campaign_id, lead_id, suggested_lead_id, visible_text)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::jsonb, $15, $16, $17, $18, $19, $20, $21, $22, $23)
     on conflict do nothing returning id`,
    [
      workspaceId,
      mail.mailboxId,
      mail.folder,
      mail.uidValidity,
      mail.uid,
      mail.fingerprint,
      mail.receivedAt,
      mail.sentDate,
      mail.messageId,
      mail.fromAddress,
      mail.fromName,
      mail.subject,
      mail.verdict,
      JSON.stringify(mail.verdictWhy),
      mail.disposition,
      mail.dispositionReason,
      mail.matchMethod,
      mail.answeredMessageId,
      mail.enrollmentId,
      mail.campaignId,
      mail.leadId,
      mail.suggestedLeadId,
      mail.visibleText,
    ],
  );
  return rows[0]?.id ?? null;
}

/**
 * Stores mails of one folder that are tied to nothing, if neither their place nor their content is known: their fingerprints, and nothing else of them.
 * Gives the ids of those that were stored, by UID.
 */
export async function storeStrangers(
  tx: Tx,
  workspaceId: WorkspaceId,
  at: Pick<NewInbound, "mailboxId" | "folder" | "uidValidity" | "receivedAt">,
  mails: readonly Pick<NewInbound, "uid" | "fingerprint" | "verdict">[],
): Promise<ReadonlyMap<number, InboundMessageId>> {
  const { rows } = await tx.query<{ uid: number; id: InboundMessageId }>(
    `insert into inbound_message (workspace_id, mailbox_id, folder, uid_validity, received_at, uid, fingerprint, verdict, disposition, disposition_reason)
     select $1, $2, $3, $4, $5, uid, fingerprint, verdict, 'ignored', 'not_ours'
     from unnest($6::bigint[], $7::bytea[], $8::text[]) as mail (uid, fingerprint, verdict)
     on conflict do nothing returning uid, id`,
    [
      workspaceId,
      at.mailboxId,
      at.folder,
      at.uidValidity,
      at.receivedAt,
      mails.map((mail) => mail.uid),
      mails.map((mail) => mail.fingerprint),
      mails.map((mail) => mail.verdict),
    ],
  );
  return new Map(rows.map((row) => [row.uid, row.id]));
}

export async function storeInboundBody(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: InboundMessageId,
  receivedAt: Instant,
  raw: Uint8Array,
): Promise<void> {
  await tx.query("insert into inbound_body (workspace_id, inbound_message_id, received_at, raw) values ($1, $2, $3, $4)", [
    workspaceId,
    id,
    receivedAt,
    raw,
  ]);
}

export interface Inbound {
  readonly id: InboundMessageId;
  readonly mailboxId: MailboxId;
  readonly receivedAt: Instant;
  readonly fromAddress: string | null;
  readonly fromName: string | null;
  readonly subject: string | null;
  readonly verdict: Verdict;
  readonly disposition: "matched" | "unmatched" | "ignored";
  readonly dispositionReason: string;
  readonly matchMethod: MatchMethod | null;
  readonly answeredMessageId: MessageId | null;
  readonly enrollmentId: EnrollmentId | null;
  readonly campaignId: CampaignId | null;
  readonly leadId: LeadId | null;
  readonly suggestedLeadId: LeadId | null;
  readonly interestLevel: RecordedInterest;
  readonly visibleText: string | null;
}

const COLUMNS = `
  i.id, i.mailbox_id as "mailboxId", i.received_at as "receivedAt", i.from_address as "fromAddress", i.from_name as "fromName", i.subject,
  i.verdict, i.disposition, i.disposition_reason as "dispositionReason", i.match_method as "matchMethod",
  i.answered_message_id as "answeredMessageId", i.enrollment_id as "enrollmentId",
  i.campaign_id as "campaignId", i.lead_id as "leadId", i.suggested_lead_id as "suggestedLeadId", i.interest_level as "interestLevel",
  i.visible_text as "visibleText"`;

export async function inboundById(q: Queryable, workspaceId: WorkspaceId, id: InboundMessageId): Promise<Inbound | null> {
  const { rows } = await q.query<Inbound>(`select ${COLUMNS} from inbound_message i where i.workspace_id = $1 and i.id = $2`, [
    workspaceId,
    id,
  ]);
  return rows[0] ?? null;
}

/** The newest mails of a workspace that are tied to something, or wait to be. */
export async function latestInbound(q: Queryable, workspaceId: WorkspaceId, limit: number): Promise<Inbound[]> {
  const { rows } = await q.query<Inbound>(
    `select ${COLUMNS} from inbound_message i where i.workspace_id = $1 and i.disposition in ('matched', 'unmatched')
     order by i.received_at desc, i.id desc limit $2`,
    [workspaceId, limit],
  );
  return rows;
}

/** True when the enrollment received another reply after this one: that one decides then. */
export async function hasNewerReply(q: Queryable, workspaceId: WorkspaceId, inbound: Inbound): Promise<boolean> {
  const { rowCount } = await q.query(
    `select from inbound_message i where i.workspace_id = $1 and i.enrollment_id = $2 and i.verdict in ('reply', 'unsubscribe_request')
       and (i.received_at, i.id) > ($3, $4) limit 1`,
    [workspaceId, inbound.enrollmentId, inbound.receivedAt, inbound.id],
  );
  return (rowCount ?? 0) > 0;
}

export interface RecordedAnalysis {
  readonly analyst: string;
  readonly version: string;
  readonly level: Exclude<RecordedInterest, "not_analyzed">;
  readonly confidence: number;
  readonly evidence: string | null;
  readonly why: readonly string[];
}

/** Keeps a judgement and makes it the one that counts; false when the reply was judged already. */
export async function recordAnalysis(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: InboundMessageId,
  analysis: RecordedAnalysis,
  at: Instant,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `with judged as (
       update inbound_message set interest_level = $5 where workspace_id = $1 and id = $2 and interest_level = 'not_analyzed'
       returning workspace_id, id)
     insert into reply_analysis (workspace_id, inbound_message_id, at, analyst, analyst_version, interest_level, confidence, evidence, why)
     select workspace_id, id, $9, $3, $4, $5, $6, $7, $8::jsonb from judged`,
    [
      workspaceId,
      id,
      analysis.analyst,
      analysis.version,
      analysis.level,
      analysis.confidence,
      analysis.evidence,
      JSON.stringify(analysis.why),
      at,
    ],
  );
  return rowCount === 1;
}

/** What came in, by verdict and disposition: every mail stands in exactly one. */
export async function inboundCounts(
  q: Queryable,
  workspaceId: WorkspaceId,
): Promise<{ verdict: Verdict; disposition: Inbound["disposition"]; interestLevel: RecordedInterest; mails: number }[]> {
  const { rows } = await q.query<{ verdict: Verdict; disposition: Inbound["disposition"]; interestLevel: RecordedInterest; mails: number }>(
    `select verdict, disposition, interest_level as "interestLevel", count(*) as mails from inbound_message
     where workspace_id = $1 group by 1, 2, 3 order by 4 desc`,
    [workspaceId],
  );
  return rows;
}

/** Marks that a person has dealt with it (null: has not); false when there is no such mail. */
export async function setHandled(
  q: Queryable,
  workspaceId: WorkspaceId,
  id: InboundMessageId,
  handledAt: Instant | null,
): Promise<boolean> {
  const { rowCount } = await q.query(
    `update inbound_message set handled_at = case when $3::timestamptz is not null then coalesce(handled_at, $3) end
     where workspace_id = $1 and id = $2`,
    [workspaceId, id, handledAt],
  );
  return rowCount === 1;
}

/** A person says whose mail an unmatched one is; false when it is not unmatched. */
export async function assignInbound(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: InboundMessageId,
  to: {
    readonly leadId: LeadId;
    readonly enrollmentId: EnrollmentId | null;
    readonly campaignId: CampaignId | null;
    readonly answeredMessageId: MessageId | null;
  },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update inbound_message set disposition = 'matched', disposition_reason = 'person', match_method = 'person', lead_id = $3, enrollment_id = $4,
       campaign_id = $5, answered_message_id = $6
     where workspace_id = $1 and id = $2 and disposition = 'unmatched'`,
    [workspaceId, id, to.leadId, to.enrollmentId, to.campaignId, to.answeredMessageId],
  );
  return rowCount === 1;
}
