// What a printed schedule and a dry run read: one unlocked snapshot of everything that waits, and of who is still to be enrolled.
import type { CampaignId, EnrollmentId, LeadId, MailboxId, MessageId, SequenceId, StepId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { CampaignState, EnrollmentState, MessageState } from "../core/words.ts";
import type { Database, Queryable, Tx } from "./database.ts";
import type { Postponement } from "./enrollment-claim.ts";

/** Runs `work` in one transaction that sees a single moment and cannot change anything. */
export function inSnapshot<Result>(db: Database, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  return db.transaction(async (tx) => {
    await tx.query("set transaction isolation level repeatable read, read only");
    return work(tx);
  });
}

/** The message that an enrollment waits for. */
export interface PendingMessage {
  readonly id: MessageId;
  readonly state: MessageState;
  readonly leadId: LeadId;
  readonly visit: number;
  readonly stepId: StepId | null;
  readonly slotAt: Instant;
  readonly nextAttemptAt: Instant | null;
  readonly reason: string | null;
}

export interface WaitingEnrollment {
  readonly id: EnrollmentId;
  readonly campaignId: CampaignId;
  readonly campaign: string;
  readonly campaignState: CampaignState;
  readonly leadId: LeadId;
  readonly lead: string;
  readonly leadZone: string | null;
  readonly leadDomain: string;
  readonly companyKey: string | null;
  readonly mailboxId: MailboxId;
  readonly state: EnrollmentState;
  readonly reason: string;
  readonly sequenceId: SequenceId;
  readonly staysInVersion: number | null;
  readonly visit: number;
  readonly nextStepId: StepId | null;
  readonly anchorAt: Instant;
  readonly nextAt: Instant | null;
  /** Why it is no earlier, where a quota was full, or its company was written to. */
  readonly postponedBecause: Postponement | null;
  readonly priority: 0 | 1;
  readonly sentLineages: readonly string[];
  /** Milliseconds by which pauses have still to move its delays, were the campaign resumed now; null: by none. */
  readonly shiftMs: number | null;
  readonly domainPausedUntil: Instant | null;
  readonly suppressed: boolean;
  /** Its campaign still sends from its mailbox. */
  readonly inPool: boolean;
  readonly message: PendingMessage | null;
}

type Row = Omit<WaitingEnrollment, "message"> & {
  messageId: MessageId | null;
  messageState: MessageState;
  messageStepId: StepId | null;
  slotAt: Instant;
  nextAttemptAt: Instant | null;
  messageReason: string | null;
};

/** Everything on these mailboxes that may still act, in campaigns of whatever state. */
export async function waitingEnrollments(
  q: Queryable,
  workspaceId: WorkspaceId,
  mailboxIds: readonly MailboxId[],
  now: Instant,
): Promise<WaitingEnrollment[]> {
  const { rows } = await q.query<Row>(
    `select e.id, e.campaign_id as "campaignId", c.name as campaign, c.state as "campaignState", e.lead_id as "leadId", lead.email as lead,
       lead.time_zone as "leadZone", lead.email_domain as "leadDomain", lead.company_key as "companyKey",
       e.mailbox_id as "mailboxId", e.state, e.reason, e.sequence_id as "sequenceId", e.stays_in_version as "staysInVersion", e.visit,
       e.next_step_id as "nextStepId", e.anchor_at as "anchorAt", e.next_at as "nextAt",
       case when e.postponed_until = e.next_at then e.postponed_because end as "postponedBecause", e.priority,
       array(select m.step_lineage from message m
         where m.enrollment_id = e.id and m.visit = e.visit) as "sentLineages",
       case when e.pause_epoch < c.pause_epoch or c.state = 'paused' then (1000 * (
         coalesce((select sum(extract(epoch from pause.resumed_at - pause.paused_at)) from campaign_pause pause
           where pause.workspace_id = c.workspace_id and pause.campaign_id = c.id and pause.epoch > e.pause_epoch), 0)
         + coalesce(extract(epoch from $3 - c.paused_at), 0)))::float8 end as "shiftMs",
       (select paused.until from recipient_domain_pause paused where paused.workspace_id = e.workspace_id and paused.mailbox_id = e.mailbox_id
         and paused.domain = lead.email_domain and paused.until > $3) as "domainPausedUntil",
       exists (select from suppression s where s.workspace_id = lead.workspace_id and s.key in (lead.identity_key, lead.email_domain)
         and (s.campaign_id is null or s.campaign_id = c.id)) as suppressed,
       exists (select from campaign_mailbox pool
         where pool.workspace_id = e.workspace_id and pool.campaign_id = e.campaign_id and pool.mailbox_id = e.mailbox_id) as "inPool",
       m.id as "messageId", m.state as "messageState", m.step_id as "messageStepId", m.slot_at as "slotAt",
       m.next_attempt_at as "nextAttemptAt", m.reason as "messageReason"
     from enrollment e
     join campaign c on c.workspace_id = e.workspace_id and c.id = e.campaign_id
     join lead on lead.id = e.lead_id
     left join message m on m.id = e.pending_message_id
     where e.workspace_id = $1 and e.mailbox_id = any($2) and e.state in ('active', 'held', 'awaiting_reply')
     order by e.id`,
    [workspaceId, mailboxIds, now],
  );
  return rows.map(fromRow);
}

function fromRow({ messageId, messageState, messageStepId, slotAt, nextAttemptAt, messageReason, ...rest }: Row): WaitingEnrollment {
  const { leadId, visit } = rest;
  const message = messageId && {
    id: messageId,
    state: messageState,
    leadId,
    visit,
    stepId: messageStepId,
    slotAt,
    nextAttemptAt,
    reason: messageReason,
  };
  return { ...rest, message };
}

/** Mailboxes that hold running enrollments of a campaign, also those that it no longer sends new leads from. */
export async function mailboxesInUse(q: Queryable, workspaceId: WorkspaceId, campaignId: CampaignId): Promise<MailboxId[]> {
  const { rows } = await q.query<{ id: MailboxId }>(
    `select distinct mailbox_id as id from enrollment where workspace_id = $1 and campaign_id = $2 and state in ('active', 'held', 'awaiting_reply')`,
    [workspaceId, campaignId],
  );
  return rows.map((row) => row.id);
}

export interface LeadAddress {
  readonly email: string;
  readonly domain: string;
}

export async function leadAddresses(q: Queryable, workspaceId: WorkspaceId, ids: readonly LeadId[]): Promise<Map<LeadId, LeadAddress>> {
  const { rows } = await q.query<LeadAddress & { id: LeadId }>(
    "select id, email, email_domain as domain from lead where workspace_id = $1 and id = any($2)",
    [workspaceId, ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

export interface DomainPause {
  readonly mailboxId: MailboxId;
  readonly domain: string;
  readonly until: Instant;
}

/** The mail domains that these mailboxes leave alone at `now`. */
export async function domainPauses(
  q: Queryable,
  workspaceId: WorkspaceId,
  mailboxIds: readonly MailboxId[],
  now: Instant,
): Promise<DomainPause[]> {
  const { rows } = await q.query<DomainPause>(
    `select mailbox_id as "mailboxId", domain, until from recipient_domain_pause
     where workspace_id = $1 and mailbox_id = any($2) and until > $3`,
    [workspaceId, mailboxIds, now],
  );
  return rows;
}

export type Exclusion = "bounced" | "unsubscribed" | "complained" | "suppressed" | "removed";

/** Leads of a campaign's audience that leadsToEnroll (store/enrollment-entry.ts) leaves out because they must not be written to, and why. */
export async function excludedLeads(
  q: Queryable,
  workspaceId: WorkspaceId,
  campaignId: CampaignId,
): Promise<{ leadId: LeadId; lead: string; reason: Exclusion }[]> {
  const { rows } = await q.query<{ leadId: LeadId; lead: string; reason: Exclusion }>(
    `select * from (
       select lead.id as "leadId", lead.email as lead,
         case when lead.reachability <> 'ok' then lead.reachability
           when exists (select from suppression s where s.workspace_id = lead.workspace_id and s.key in (lead.identity_key, lead.email_domain)
             and (s.campaign_id is null or s.campaign_id = c.id)) then 'suppressed'
           when lead.removed_at is not null then 'removed' end as reason
       from campaign c join lead on lead.workspace_id = c.workspace_id
       where c.workspace_id = $1 and c.id = $2
         and (c.list_id is null or exists (
           select from lead_list_member member
           where member.workspace_id = c.workspace_id and member.list_id = c.list_id and member.lead_id = lead.id))
         and not exists (
           select from enrollment e where e.workspace_id = c.workspace_id and e.campaign_id = c.id and e.lead_id = lead.id)) audience
     where reason is not null order by lead`,
    [workspaceId, campaignId],
  );
  return rows;
}
