// Which mails does a sender claim? New ones are written into the ledger with their claim; those that wait for another attempt are claimed anew.
import type { CampaignId, EnrollmentId, LeadId, MailboxId, MessageId, StepId, VariantId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { CHECKED, type Tx } from "./database.ts";
import type { Lease } from "./lease.ts";
import { MESSAGE_COLUMNS, type Message } from "./message.ts";

export interface NewClaim {
  readonly enrollmentId: EnrollmentId;
  readonly enrollmentVersion: number;
  readonly campaignId: CampaignId;
  readonly leadId: LeadId;
  readonly visit: number;
  readonly stepId: StepId;
  readonly stepLineage: string;
  /** Of the sequence. */
  readonly sequenceVersion: number;
  readonly variantId: VariantId;
  readonly messageId: string;
  readonly slotAt: Instant;
  readonly day: string;
  readonly quotaPeriods: readonly string[];
}

/** Writes claimed messages into the ledger. A step that has a message already is left out of the result: the unique key decides. */
export async function insertClaimed(
  tx: Tx,
  lease: Lease,
  claims: readonly NewClaim[],
  at: Instant,
): Promise<{ id: MessageId; enrollmentId: EnrollmentId }[]> {
  const { rows } = await tx.query<{ id: MessageId; enrollmentId: EnrollmentId }>(
    `insert into message (workspace_id, kind, campaign_id, enrollment_id, enrollment_version, lead_id, visit, step_id, step_lineage, sequence_version,
       variant_id, mailbox_id, message_id, recipient, recipient_key, state, slot_at, budget_day, quota_periods, fence, created_at, updated_at)
     select $1, 'step', campaign_id, enrollment_id, enrollment_version, lead_id, visit, step_id, step_lineage, sequence_version,
       variant_id, $2, message_id, lead.email, lead.identity_key, 'claimed', slot_at, day, string_to_array(quota_periods, ' '), $3, $4, $4
     from unnest($5::uuid[], $6::integer[], $7::uuid[], $8::uuid[], $9::integer[], $10::uuid[], $11::text[], $12::uuid[], $13::text[], $14::timestamptz[], $15::date[], $16::text[],
       $17::integer[])
       as new (enrollment_id, enrollment_version, campaign_id, lead_id, visit, step_id, step_lineage, variant_id, message_id, slot_at, day, quota_periods,
         sequence_version)
     join lead on lead.id = any($8) and (lead.workspace_id = $1) ${CHECKED} and lead.id = new.lead_id
     on conflict do nothing
     returning id, enrollment_id as "enrollmentId"`,
    [
      lease.workspaceId,
      lease.mailboxId,
      lease.fence,
      at,
      claims.map((claim) => claim.enrollmentId),
      claims.map((claim) => claim.enrollmentVersion),
      claims.map((claim) => claim.campaignId),
      claims.map((claim) => claim.leadId),
      claims.map((claim) => claim.visit),
      claims.map((claim) => claim.stepId),
      claims.map((claim) => claim.stepLineage),
      claims.map((claim) => claim.variantId),
      claims.map((claim) => claim.messageId),
      claims.map((claim) => claim.slotAt),
      claims.map((claim) => claim.day),
      claims.map((claim) => claim.quotaPeriods.join(" ")),
      claims.map((claim) => claim.sequenceVersion),
    ],
  );
  return rows;
}

export interface WaitingMessage extends Message {
  readonly leadZone: string | null;
  readonly leadDomain: string;
  /** 1: the first mail to its lead. */
  readonly priority: 0 | 1;
  /** Where its enrollment goes on from. */
  readonly staysInVersion: number | null;
  /** Until when the mailbox left its mail domain alone, once; null for never. */
  readonly domainFreeSince: Instant | null;
}

/**
 * Messages of a mailbox that wait for another attempt and whose campaign and enrollment still want them; locked. Not those to a mail domain that the
 * mailbox leaves alone; follow-ups only where they may go out, so that they do not fill the batch while they may not.
 */
export async function takeWaiting(
  tx: Tx,
  waiting: { workspaceId: WorkspaceId; mailboxId: MailboxId; followUps: boolean; now: Instant; limit: number },
): Promise<WaitingMessage[]> {
  const { rows } = await tx.query<WaitingMessage>(
    `select ${MESSAGE_COLUMNS}, lead.time_zone as "leadZone", lead.email_domain as "leadDomain", e.stays_in_version as "staysInVersion", e.priority,
       paused.until as "domainFreeSince"
     from message m
     join enrollment e on e.id = m.enrollment_id and e.pending_message_id = m.id and e.state = 'active'
     join campaign c on c.workspace_id = m.workspace_id and c.id = m.campaign_id and c.state = 'active' and c.pause_epoch = e.pause_epoch
     join lead on lead.id = e.lead_id
     left join recipient_domain_pause paused on paused.workspace_id = m.workspace_id and paused.mailbox_id = m.mailbox_id
       and paused.domain = split_part(m.recipient_key, '@', 2)
     where m.mailbox_id = $2 and (m.workspace_id = $1) ${CHECKED} and m.phase = 'waiting' and (m.next_attempt_at is null or m.next_attempt_at <= $3)
       and (paused.until is null or paused.until <= $3) and (e.priority > 0 or $4)
     order by coalesce(m.next_attempt_at, m.slot_at), m.id limit $5
     for update of m skip locked`,
    [waiting.workspaceId, waiting.mailboxId, waiting.now, waiting.followUps, waiting.limit],
  );
  return rows;
}

/** Claims waiting messages anew, in the slots they were given. They are locked by takeWaiting. */
export async function reclaim(
  tx: Tx,
  lease: Lease,
  claims: readonly { id: MessageId; slotAt: Instant; day: string; quotaPeriods: readonly string[] }[],
  at: Instant,
): Promise<void> {
  if (claims.length === 0) return;
  await tx.query(
    `update message m set state = 'claimed', reason = null, next_attempt_at = null, slot_at = claim.slot_at, budget_day = claim.day,
       quota_periods = string_to_array(claim.quota_periods, ' '), fence = $2,
       enrollment_version = e.version, updated_at = $3
     from unnest($4::uuid[], $5::timestamptz[], $6::date[], $7::text[]) as claim (id, slot_at, day, quota_periods), enrollment e
     where m.id = claim.id and (m.workspace_id = $1) ${CHECKED} and m.state in ('queued', 'deferred')
       and e.id = m.enrollment_id`,
    [
      lease.workspaceId,
      lease.fence,
      at,
      claims.map((claim) => claim.id),
      claims.map((claim) => claim.slotAt),
      claims.map((claim) => claim.day),
      claims.map((claim) => claim.quotaPeriods.join(" ")),
    ],
  );
}

/** Moves waiting messages whose slot came outside their window, or when a quota was full. */
export async function delayWaiting(
  tx: Tx,
  workspaceId: WorkspaceId,
  delays: readonly { id: MessageId; until: Instant; because: string }[],
  at: Instant,
): Promise<void> {
  if (delays.length === 0) return;
  await tx.query(
    `update message m set state = 'deferred', reason = coalesce(m.reason, delay.because), next_attempt_at = delay.until, updated_at = $2
     from unnest($3::uuid[], $4::timestamptz[], $5::text[]) as delay (id, until, because)
     where m.id = delay.id and (m.workspace_id = $1) ${CHECKED} and m.state in ('queued', 'deferred')`,
    [workspaceId, at, delays.map((delay) => delay.id), delays.map((delay) => delay.until), delays.map((delay) => delay.because)],
  );
}
