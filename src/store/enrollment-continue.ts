// Leads that another tool has written to: they stand in the sequence where it stopped, and the ledger holds what it sent, so that nothing goes out again.
import type { CampaignId, EnrollmentId, ImportId, LeadId, MailboxId, SequenceId, StepId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { CHECKED, type Queryable, type Tx } from "./database.ts";
import { EXISTING } from "./lead-import.ts";
import { SENT_ELSEWHERE } from "./message.ts";

/** Why an enrollment is held whose row nobody could read. */
export const UNCLEAR = "progress_unclear";

export interface CampaignEntry {
  readonly workspaceId: WorkspaceId;
  readonly campaignId: CampaignId;
  readonly sequenceId: SequenceId;
  readonly firstStepId: StepId;
  readonly pauseEpoch: number;
  readonly importId: ImportId;
}

export interface ContinuedEntry {
  readonly leadId: LeadId;
  readonly mailboxId: MailboxId;
  readonly anchorAt: Instant;
}

/**
 * Enrolls leads from `anchorAt` on, with no time planned yet: what comes next is found by what the ledger holds. A lead that is enrolled already
 * stays as it is, unless it is held because a row of an earlier file was not clear: then it goes on by the newest version, whose steps the file names. One
 * that is being removed is waited for. Returns how many were new.
 */
export async function enrollContinued(tx: Tx, entry: CampaignEntry, leads: readonly ContinuedEntry[], at: Instant): Promise<number> {
  const { rowCount } = await tx.query(
    `with enrolled as (
       insert into enrollment (workspace_id, campaign_id, lead_id, mailbox_id, state, reason, sequence_id, next_step_id, anchor_at, next_at,
         priority, pause_epoch, created_at, updated_at)
       select $1, $2, lead_id, mailbox_id, 'active', 'continued', $3, $4, anchor_at, null, 0, $5, $6, $6
       from unnest($8::uuid[], $9::uuid[], $10::timestamptz[]) as new (lead_id, mailbox_id, anchor_at)
       join lead on lead.id = new.lead_id and (lead.workspace_id = $1) ${CHECKED} and lead.removed_at is null for key share of lead
       on conflict (workspace_id, campaign_id, lead_id) do update set state = 'active', reason = 'continued', anchor_at = excluded.anchor_at,
         stays_in_version = null, next_step_id = excluded.next_step_id, next_at = null, pause_epoch = excluded.pause_epoch, version = enrollment.version + 1, updated_at = $6
       where enrollment.state = 'held' and enrollment.reason = '${UNCLEAR}' and not exists (
         select from enrollment_event held where held.workspace_id = enrollment.workspace_id and held.enrollment_id = enrollment.id
           and held.reason = '${UNCLEAR}' and held.detail ->> 'import' = $7::uuid::text)
       returning workspace_id, id)
     insert into enrollment_event (workspace_id, enrollment_id, at, reason, to_state, detail)
     select workspace_id, id, $6, 'continued', 'active', jsonb_build_object('import', $7::uuid) from enrolled`,
    [...entryValues(entry, leads, at), leads.map((lead) => lead.anchorAt)],
  );
  return rowCount ?? 0;
}

/**
 * Holds leads that exist, and were not in the campaign, until a corrected row comes or a person decides: the campaign would begin at its beginning
 * with them, and what was sent to them nobody knows.
 */
export async function holdUnclear(
  tx: Tx,
  entry: CampaignEntry,
  leads: readonly Omit<ContinuedEntry, "anchorAt">[],
  at: Instant,
): Promise<void> {
  await tx.query(
    `with held as (
       insert into enrollment (workspace_id, campaign_id, lead_id, mailbox_id, state, reason, sequence_id, next_step_id, anchor_at, next_at,
         priority, pause_epoch, created_at, updated_at)
       select $1, $2, lead_id, mailbox_id, 'held', '${UNCLEAR}', $3, $4, $6, null, 0, $5, $6, $6
       from unnest($8::uuid[], $9::uuid[]) as new (lead_id, mailbox_id)
       join lead on lead.id = new.lead_id and (lead.workspace_id = $1) ${CHECKED} and lead.removed_at is null for key share of lead
       on conflict (workspace_id, campaign_id, lead_id) do nothing
       returning workspace_id, id)
     insert into enrollment_event (workspace_id, enrollment_id, at, reason, to_state, detail)
     select workspace_id, id, $6, '${UNCLEAR}', 'held', jsonb_build_object('import', $7::uuid) from held`,
    entryValues(entry, leads, at),
  );
}

/** As $1 to $9. */
function entryValues(entry: CampaignEntry, leads: readonly Omit<ContinuedEntry, "anchorAt">[], at: Instant): unknown[] {
  const { workspaceId, campaignId, sequenceId, firstStepId, pauseEpoch, importId } = entry;
  const ids = [leads.map((lead) => lead.leadId), leads.map((lead) => lead.mailboxId)];
  return [workspaceId, campaignId, sequenceId, firstStepId, pauseEpoch, at, importId, ...ids];
}

/** The leads with these addresses. */
export async function leadIdsByKey(q: Queryable, workspaceId: WorkspaceId, identityKeys: readonly string[]): Promise<Map<string, LeadId>> {
  const { rows } = await q.query<{ key: string; id: LeadId }>(
    `select new.identity_key as key, lead.id from unnest($2::text[]) as new (identity_key) ${EXISTING}`,
    [workspaceId, identityKeys],
  );
  return new Map(rows.map((row) => [row.key, row.id]));
}

export interface ContinuedEnrollment {
  readonly id: EnrollmentId;
  readonly leadId: LeadId;
  readonly mailboxId: MailboxId;
  readonly mailboxDomain: string;
}

/**
 * Of these leads the enrollments, locked, that this import made, or that another one made and nothing has happened to since: what further rows say of
 * them counts, too. An import that broke off between the rows of a lead is so completed when the file comes again.
 */
export async function continuedBy(
  tx: Tx,
  { workspaceId, campaignId, importId }: Pick<CampaignEntry, "workspaceId" | "campaignId" | "importId">,
  leadIds: readonly LeadId[],
): Promise<ContinuedEnrollment[]> {
  const { rows } = await tx.query<ContinuedEnrollment>(
    `select e.id, e.lead_id as "leadId", e.mailbox_id as "mailboxId", split_part(mailbox.identity_key, '@', 2) as "mailboxDomain"
     from enrollment e join mailbox on mailbox.workspace_id = e.workspace_id and mailbox.id = e.mailbox_id
     where e.workspace_id = $1 and e.campaign_id = $2 and e.lead_id = any($3) and (e.state = 'active' and e.reason = 'continued' or exists (
       select from enrollment_event entered where entered.workspace_id = e.workspace_id and entered.enrollment_id = e.id
         and entered.reason = 'continued' and entered.detail ->> 'import' = $4::uuid::text))
     order by e.id for update of e`,
    [workspaceId, campaignId, leadIds, importId],
  );
  return rows;
}

export interface SentElsewhere {
  readonly enrollmentId: EnrollmentId;
  readonly stepId: StepId;
  readonly lineage: string;
  /** Derived, or the one that the mail had: then with its subject. */
  readonly messageId: string;
  readonly subject: string | null;
  readonly sentAt: Instant;
}

/** Writes into the ledger what another tool sent. It debits no budget. A step that has a message already keeps it. */
export async function recordSentElsewhere(tx: Tx, workspaceId: WorkspaceId, mails: readonly SentElsewhere[], at: Instant): Promise<void> {
  await tx.query(
    `insert into message (workspace_id, kind, campaign_id, enrollment_id, enrollment_version, lead_id, visit, step_id, step_lineage, mailbox_id,
       message_id, recipient, recipient_key, subject, state, reason, slot_at, sent_at, created_at, updated_at)
     select $1, 'step', e.campaign_id, e.id, e.version, e.lead_id, 1, new.step_id, new.lineage, e.mailbox_id,
       new.message_id, lead.email, lead.identity_key, new.subject, 'sent', '${SENT_ELSEWHERE}', new.sent_at, new.sent_at, $2, $2
     from unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])
       as new (enrollment_id, step_id, lineage, message_id, subject, sent_at)
     join enrollment e on e.id = new.enrollment_id and (e.workspace_id = $1) ${CHECKED}
     join lead on lead.id = e.lead_id
     on conflict on constraint message_step_once do nothing`,
    [
      workspaceId,
      at,
      mails.map((mail) => mail.enrollmentId),
      mails.map((mail) => mail.stepId),
      mails.map((mail) => mail.lineage),
      mails.map((mail) => mail.messageId),
      mails.map((mail) => mail.subject),
      mails.map((mail) => mail.sentAt),
    ],
  );
}

/** Which of these Message-IDs some message has, in whatever workspace. */
export async function takenMessageIds(q: Queryable, messageIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await q.query<{ id: string }>("select message_id as id from message where message_id = any($1)", [messageIds]);
  return new Set(rows.map((row) => row.id));
}

/** Delays count from the latest mail that any row tells of; the planner finds the step and the time. */
export async function moveAnchors(
  tx: Tx,
  workspaceId: WorkspaceId,
  moves: readonly { readonly id: EnrollmentId; readonly anchorAt: Instant }[],
  at: Instant,
): Promise<void> {
  await tx.query(
    `update enrollment e set anchor_at = greatest(e.anchor_at, move.anchor_at), next_at = null, version = e.version + 1, updated_at = $2
     from (select id, max(anchor_at) as anchor_at from unnest($3::uuid[], $4::timestamptz[]) as told (id, anchor_at) group by id) move
     where e.id = move.id and (e.workspace_id = $1) ${CHECKED} and e.state = 'active' and e.reason = 'continued' and e.pending_message_id is null`,
    [workspaceId, at, moves.map((move) => move.id), moves.map((move) => move.anchorAt)],
  );
}

/** Another tool's mail to them came back: no campaign writes to them. */
export async function markBounced(tx: Tx, workspaceId: WorkspaceId, leadIds: readonly LeadId[], at: Instant): Promise<void> {
  await tx.query(
    `update lead set reachability = 'bounced', updated_at = $3 where id = any($2) and (workspace_id = $1) ${CHECKED} and reachability = 'ok'`,
    [workspaceId, leadIds, at],
  );
}
