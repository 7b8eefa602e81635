// A lead keeps its mailbox. What if that one is paused and its campaign sends from others now? Who has never been written to may change.
import type { CampaignId, EnrollmentId, LeadId, MailboxId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { CHECKED, type Queryable, type Tx } from "./database.ts";

export interface PoolMailbox {
  readonly id: MailboxId;
  readonly dailyCap: number;
  /** First mails of the campaign that wait in it. */
  readonly waiting: number;
  readonly paused: boolean;
}

/** The mailboxes that a campaign sends from, and how much each has before it. */
export async function poolOf(q: Queryable, workspaceId: WorkspaceId, campaignId: CampaignId): Promise<PoolMailbox[]> {
  const { rows } = await q.query<PoolMailbox>(
    `select mailbox.id, mailbox.daily_cap as "dailyCap", mailbox.state = 'paused' as paused, (
       select count(*)::integer from enrollment e
       where e.workspace_id = member.workspace_id and e.campaign_id = member.campaign_id and e.mailbox_id = member.mailbox_id
         and e.priority = 1 and e.state = 'active') as waiting
     from campaign_mailbox member join mailbox on mailbox.workspace_id = member.workspace_id and mailbox.id = member.mailbox_id
     where member.workspace_id = $1 and member.campaign_id = $2 order by mailbox.id`,
    [workspaceId, campaignId],
  );
  return rows;
}

export interface LeftBehind {
  readonly workspaceId: WorkspaceId;
  readonly id: EnrollmentId;
  readonly campaignId: CampaignId;
  readonly leadId: LeadId;
  readonly mailboxId: MailboxId;
  readonly version: number;
  /** The active mailboxes of the campaign; at least one. */
  readonly pool: readonly MailboxId[];
}

/** Enrollments of running campaigns that wait for a paused mailbox which left the campaign, and for which no mail was ever claimed. */
export async function leftBehind(q: Queryable, limit: number): Promise<LeftBehind[]> {
  const { rows } = await q.query<LeftBehind>(
    `select e.workspace_id as "workspaceId", e.id, e.campaign_id as "campaignId", e.lead_id as "leadId", e.mailbox_id as "mailboxId", e.version,
       pool.ids as pool
     from mailbox lost
     join campaign c on c.workspace_id = lost.workspace_id and c.state = 'active' and not exists (
       select from campaign_mailbox pool where pool.workspace_id = c.workspace_id and pool.campaign_id = c.id and pool.mailbox_id = lost.id)
     cross join lateral (
       select array_agg(mailbox.id) as ids from campaign_mailbox member
       join mailbox on mailbox.workspace_id = member.workspace_id and mailbox.id = member.mailbox_id and mailbox.state = 'active'
       where member.workspace_id = c.workspace_id and member.campaign_id = c.id) pool
     join enrollment e on e.workspace_id = c.workspace_id and e.campaign_id = c.id and e.mailbox_id = lost.id
       and e.state = 'active' and e.pending_message_id is null and e.next_at is not null
     where lost.state = 'paused' and pool.ids is not null
       and not exists (select from message m where m.enrollment_id = e.id)
     order by e.id limit $1`,
    [limit],
  );
  return rows;
}

/** Gives an enrollment another mailbox. False when it changed since it was read: a sender, or a person, was faster. */
export async function moveToMailbox(
  tx: Tx,
  { workspaceId, id, mailboxId, version }: LeftBehind,
  to: MailboxId,
  at: Instant,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `with moved as (
       update enrollment set mailbox_id = $4, version = version + 1, updated_at = $5
       where id = $2 and (workspace_id = $1) ${CHECKED} and version = $3 and state = 'active' and pending_message_id is null returning workspace_id, id)
     insert into enrollment_event (workspace_id, enrollment_id, at, reason, from_state, to_state, detail)
     select workspace_id, id, $5, 'mailbox_changed', 'active', 'active', jsonb_build_object('from', $6::uuid, 'to', $4::uuid) from moved`,
    [workspaceId, id, version, to, at, mailboxId],
  );
  return rowCount === 1;
}
