// One lead in one campaign: where it stands, its history, and its end. A change carries its precondition and reports whether it won.
import type { CampaignId, EnrollmentId, LeadId, MailboxId, MessageId, SequenceId, StepId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { EnrollmentState } from "../core/words.ts";
import { CHECKED, type Queryable, type Tx } from "./database.ts";

export interface Enrollment {
  readonly workspaceId: WorkspaceId;
  readonly id: EnrollmentId;
  readonly campaignId: CampaignId;
  readonly leadId: LeadId;
  readonly leadZone: string | null;
  readonly leadDomain: string;
  readonly companyKey: string | null;
  readonly mailboxId: MailboxId;
  readonly state: EnrollmentState;
  readonly reason: string;
  readonly sequenceId: SequenceId;
  /** The version of the sequence that it stays in; null: it follows the newest one. */
  readonly staysInVersion: number | null;
  readonly visit: number;
  readonly nextStepId: StepId | null;
  readonly anchorAt: Instant;
  readonly nextAt: Instant | null;
  readonly priority: 0 | 1;
  readonly pauseEpoch: number;
  readonly pendingMessageId: MessageId | null;
  readonly version: number;
  readonly createdAt: Instant;
  /** Lineages that this visit has a message for, whatever became of it. */
  readonly sentLineages: readonly string[];
}

/**
 * Of `enrollment e`: the lineages that its visit has a message for. Not asked for the workspace, which the enrollment names: whatever the statistics
 * know, there is one index then.
 */
const SENT_LINEAGES = "array(select sent.step_lineage from message sent where sent.enrollment_id = e.id and sent.visit = e.visit)";

export const ENROLLMENT_COLUMNS = `
  e.workspace_id as "workspaceId", e.id, e.campaign_id as "campaignId", e.lead_id as "leadId", lead.time_zone as "leadZone",
  lead.email_domain as "leadDomain", lead.company_key as "companyKey",
  e.mailbox_id as "mailboxId", e.state, e.reason, e.sequence_id as "sequenceId",
  e.stays_in_version as "staysInVersion", e.visit, e.next_step_id as "nextStepId",
  e.anchor_at as "anchorAt", e.next_at as "nextAt", e.priority, e.pause_epoch as "pauseEpoch",
  e.pending_message_id as "pendingMessageId", e.version, e.created_at as "createdAt",
  ${SENT_LINEAGES} as "sentLineages"`;

export const ENROLLMENT_JOINED = "enrollment e join lead on lead.id = e.lead_id";

/** States from which something may still be sent. */
export const RUNNING = "('active', 'held', 'awaiting_reply')";

export async function enrollmentById(q: Queryable, workspaceId: WorkspaceId, id: EnrollmentId): Promise<Enrollment | null> {
  const { rows } = await q.query<Enrollment>(
    `select ${ENROLLMENT_COLUMNS} from ${ENROLLMENT_JOINED} where e.id = $2 and (e.workspace_id = $1) ${CHECKED}`,
    [workspaceId, id],
  );
  return rows[0] ?? null;
}

/** Where the enrollment of a message stands, and the slot that the planner gave the message. */
export interface MessageStanding
  extends Pick<Enrollment, "campaignId" | "leadId" | "leadZone" | "sequenceId" | "staysInVersion" | "visit" | "sentLineages"> {
  readonly messageId: MessageId;
  readonly slotAt: Instant;
}

/** Of these messages, by message; those whose enrollment was deleted are left out. */
export async function messageStandings(
  q: Queryable,
  workspaceId: WorkspaceId,
  messageIds: readonly MessageId[],
): Promise<Map<MessageId, MessageStanding>> {
  const { rows } = await q.query<MessageStanding>(
    `select m.id as "messageId", m.slot_at as "slotAt", e.campaign_id as "campaignId", e.lead_id as "leadId", lead.time_zone as "leadZone",
       e.sequence_id as "sequenceId", e.stays_in_version as "staysInVersion", e.visit, ${SENT_LINEAGES} as "sentLineages"
     from message m
     join enrollment e on e.id = m.enrollment_id
     join lead on lead.id = e.lead_id
     where m.id = any($2) and (m.workspace_id = $1) ${CHECKED}`,
    [workspaceId, messageIds],
  );
  return new Map(rows.map((row) => [row.messageId, row]));
}

/** The enrollment, locked until the transaction ends. */
export async function lockEnrollment(tx: Tx, workspaceId: WorkspaceId, id: EnrollmentId): Promise<Enrollment | null> {
  await tx.query(`select from enrollment where id = $2 and (workspace_id = $1) ${CHECKED} for update`, [workspaceId, id]);
  return enrollmentById(tx, workspaceId, id);
}

export async function enrollmentsOfLead(q: Queryable, workspaceId: WorkspaceId, leadId: LeadId): Promise<Enrollment[]> {
  const { rows } = await q.query<Enrollment>(
    `select ${ENROLLMENT_COLUMNS} from ${ENROLLMENT_JOINED} where e.workspace_id = $1 and e.lead_id = $2 order by e.created_at`,
    [workspaceId, leadId],
  );
  return rows;
}

/** Running enrollments of everybody with an address at a domain. */
export async function enrollmentsAtDomain(q: Queryable, workspaceId: WorkspaceId, domain: string): Promise<Enrollment[]> {
  const { rows } = await q.query<Enrollment>(
    `select ${ENROLLMENT_COLUMNS} from ${ENROLLMENT_JOINED} where e.workspace_id = $1 and lead.email_domain = $2 and e.state in ${RUNNING} order by e.id`,
    [workspaceId, domain],
  );
  return rows;
}

/** True when the enrollment stands in the sequence, or was sent one of its mails before. After a restore a visit to come may have mails already. */
export async function hasBeenIn(q: Queryable, workspaceId: WorkspaceId, id: EnrollmentId, sequenceId: SequenceId): Promise<boolean> {
  const { rowCount } = await q.query(
    `select from enrollment e where e.id = $2 and (e.workspace_id = $1) ${CHECKED} and (e.sequence_id = $3 or exists (
       select from message m join step on step.workspace_id = m.workspace_id and step.id = m.step_id
       where m.enrollment_id = e.id and m.visit <= e.visit and step.sequence_id = $3
         and m.state in ('sent', 'uncertain')))`,
    [workspaceId, id, sequenceId],
  );
  return rowCount === 1;
}

export type StopState = Exclude<EnrollmentState, "active" | "held" | "awaiting_reply">;

/** What can still be ended: what runs; and for the ends that last, also what a later reply could start again. */
function endableBefore(state: StopState): readonly EnrollmentState[] {
  const running: readonly EnrollmentState[] = ["active", "held", "awaiting_reply"];
  return state === "replied" || state === "finished" || state === "failed" ? running : [...running, "finished", "replied", "failed"];
}

/** Ends enrollments: nothing more is sent. Returns those it ended, so a race has one winner. Their unsent messages are cancelled by cancelUnsent. */
export async function stopEnrollments(
  tx: Tx,
  stop: { workspaceId: WorkspaceId; ids: readonly EnrollmentId[]; state: StopState; reason: string; detail?: object },
  at: Instant,
): Promise<EnrollmentId[]> {
  const { rows } = await tx.query<{ id: EnrollmentId }>(
    `with before as (
       select workspace_id, id, state from enrollment where id = any($2) and (workspace_id = $1) ${CHECKED} and state = any($7) order by id for update),
     ended as (
       update enrollment e set state = $3, reason = $4, next_at = null, version = version + 1, updated_at = $5
       from before where e.id = before.id
       returning e.workspace_id, e.id, before.state as from_state)
     insert into enrollment_event (workspace_id, enrollment_id, at, reason, from_state, to_state, detail)
     select workspace_id, id, $5, $4, from_state, $3, $6 from ended returning enrollment_id as id`,
    [stop.workspaceId, stop.ids, stop.state, stop.reason, at, stop.detail ?? {}, endableBefore(stop.state)],
  );
  return rows.map((row) => row.id);
}

/** Writes a line into the history of an enrollment without changing its state. */
export async function noteEnrollment(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: EnrollmentId,
  reason: string,
  detail: object,
  at: Instant,
): Promise<void> {
  await tx.query("insert into enrollment_event (workspace_id, enrollment_id, at, reason, detail) values ($1, $2, $3, $4, $5)", [
    workspaceId,
    id,
    at,
    reason,
    detail,
  ]);
}

export interface EnrollmentEvent {
  readonly at: Instant;
  readonly reason: string;
  readonly fromState: EnrollmentState | null;
  readonly toState: EnrollmentState | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

export async function historyOf(q: Queryable, workspaceId: WorkspaceId, id: EnrollmentId): Promise<EnrollmentEvent[]> {
  const { rows } = await q.query<EnrollmentEvent>(
    `select at, reason, from_state as "fromState", to_state as "toState", detail from enrollment_event
     where workspace_id = $1 and enrollment_id = $2 order by at, id`,
    [workspaceId, id],
  );
  return rows;
}
