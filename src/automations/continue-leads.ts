// Leads that another tool has begun to write to go on where it stopped: what it sent stands in the ledger, and delays count from its last mail.
import { AgentError } from "../core/errors.ts";
import type { CampaignId, ImportId, LeadId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { LeadColumn } from "../core/lead-columns.ts";
import { type DayOrder, type LeadProgress, type ProgressRead, progressReader } from "../core/lead-progress.ts";
import { deriveMessageId } from "../core/outgoing-message.ts";
import { mailboxFor } from "../core/send-plan.ts";
import { type CampaignPlan, campaignPlans, type PlannedStep } from "../store/campaign-plan.ts";
import type { Queryable, Tx } from "../store/database.ts";
import { type StopState, stopEnrollments } from "../store/enrollment.ts";
import {
  type CampaignEntry,
  type ContinuedEnrollment,
  type ContinuedEntry,
  continuedBy,
  enrollContinued,
  holdUnclear,
  leadIdsByKey,
  markBounced,
  moveAnchors,
  recordSentElsewhere,
  type SentElsewhere,
  takenMessageIds,
  UNCLEAR,
} from "../store/enrollment-continue.ts";
import { holdEnrollments } from "../store/enrollment-time.ts";
import type { RatedAddress } from "../store/lead-address.ts";
import type { Agent } from "./agent.ts";

export interface Continuation {
  readonly campaignId: CampaignId;
  /** What `03/04/2026` means; null: such a row is rejected. */
  readonly dayOrder: DayOrder | null;
}

/** A row of the file, by the address of its lead. */
export interface ContinuedLead {
  readonly identityKey: string;
  readonly progress: LeadProgress;
}

export interface OpenContinuation {
  readonly plan: CampaignPlan;
  readonly steps: readonly PlannedStep[];
  readonly read: (cells: readonly string[]) => ProgressRead;
}

/** @throws AgentError not_found, campaign_state, campaign_not_ready without steps or mailboxes, csv_unreadable when no column tells how far leads came */
export async function openContinuation(
  q: Queryable,
  workspaceId: WorkspaceId,
  { campaignId, dayOrder }: Continuation,
  columns: readonly LeadColumn[],
  now: Instant,
): Promise<OpenContinuation> {
  const plan = (await campaignPlans(q, workspaceId, [campaignId])).get(campaignId);
  if (!plan) throw new AgentError("not_found", "There is no such campaign.");
  if (plan.state === "completed" || plan.state === "archived") {
    throw new AgentError("campaign_state", `The campaign "${plan.name}" is ${plan.state}; leads can only go on in one that is not over.`);
  }
  const main = plan.sequences.find((sequence) => sequence.kind === "main");
  const steps = plan.steps.filter((step) => step.sequenceId === main?.id && step.isNewest && !step.retired);
  if (steps.length === 0 || plan.mailboxIds.length === 0) {
    throw new AgentError("campaign_not_ready", `The campaign "${plan.name}" has no step or no mailbox to send from.`);
  }
  if (!columns.some((column) => column.kind === "progress" && column.says === "last_step")) {
    throw new AgentError(
      "csv_unreadable",
      "No column says which step was sent last; name one `Last step`, or say which it is by `last_step`.",
    );
  }
  return { plan, steps, read: progressReader(columns, { steps: steps.map((step) => step.lineage), zone: plan.zone, dayOrder, now }) };
}

export interface ContinuedRows {
  readonly continued: readonly ContinuedLead[];
  /** Addresses of rows that do not say clearly how far the tool came. */
  readonly unclear: readonly string[];
  readonly rated: readonly RatedAddress[];
}

/** Takes the leads, which exist by now, into the campaign. Returns how many were not in it before. */
export async function continueLeads(
  agent: Pick<Agent, "keys">,
  tx: Tx,
  { plan, steps }: OpenContinuation,
  importId: ImportId,
  { continued, unclear, rated }: ContinuedRows,
  at: Instant,
): Promise<number> {
  const { workspaceId, id: campaignId, pauseEpoch } = plan;
  const [first] = steps;
  if (!first || continued.length + unclear.length === 0) return 0;
  const ids = await leadIdsByKey(tx, workspaceId, [...continued.map((row) => row.identityKey), ...unclear]);
  const entry = { workspaceId, campaignId, sequenceId: first.sequenceId, firstStepId: first.id, pauseEpoch, importId };
  const placed = (key: string) => {
    const leadId = ids.get(key);
    const mailboxId = leadId && mailboxFor(leadId, plan.mailboxIds);
    return leadId && mailboxId ? [{ leadId, mailboxId }] : [];
  };
  const told = continued.flatMap(({ identityKey, progress }) =>
    placed(identityKey).map((lead) => ({ ...lead, progress, anchorAt: progress.sentAt ?? at })),
  );
  const entered = await enrollContinued(tx, entry, atTheLatest(told), at);
  const enrollments = new Map((await continuedBy(tx, entry, [...ids.values()])).map((one) => [one.leadId, one]));
  const known = told.flatMap(({ leadId, progress }) => {
    const enrollment = enrollments.get(leadId);
    return enrollment ? [{ enrollment, progress }] : [];
  });
  await recordSentElsewhere(tx, workspaceId, await mailsOf(agent, tx, steps, known, at), at);
  const moves = known.map(({ enrollment, progress }) => ({ id: enrollment.id, anchorAt: progress.sentAt ?? at }));
  await moveAnchors(tx, workspaceId, moves, at);
  await endThose(tx, workspaceId, importId, known, at);
  await failInvalid(
    tx,
    workspaceId,
    rated.flatMap((one) => (one.quality === "invalid" ? placed(one.identityKey) : [])),
    enrollments,
    at,
  );
  await holdThose(tx, entry, unclear.flatMap(placed), enrollments, at);
  return entered;
}

/** One for each lead: a statement may not change a row twice. */
function atTheLatest(entries: readonly ContinuedEntry[]): ContinuedEntry[] {
  return [...new Map(entries.toSorted((a, b) => a.anchorAt.getTime() - b.anchorAt.getTime()).map((one) => [one.leadId, one])).values()];
}

/** A campaign leaves invalid addresses out; these are in it already, for the ledger's sake. */
async function failInvalid(
  tx: Tx,
  workspaceId: WorkspaceId,
  invalid: readonly { readonly leadId: LeadId }[],
  enrollments: ReadonlyMap<LeadId, ContinuedEnrollment>,
  at: Instant,
): Promise<void> {
  const ids = invalid.flatMap(({ leadId }) => enrollments.get(leadId)?.id ?? []);
  if (ids.length > 0) await stopEnrollments(tx, { workspaceId, ids, state: "failed", reason: "address_invalid" }, at);
}

/** Also those that another row of the file has brought in: what the unclear one would say may be a later step. */
async function holdThose(
  tx: Tx,
  entry: CampaignEntry,
  unclear: readonly Omit<ContinuedEntry, "anchorAt">[],
  enrollments: ReadonlyMap<LeadId, ContinuedEnrollment>,
  at: Instant,
): Promise<void> {
  if (unclear.length === 0) return;
  const { workspaceId, importId } = entry;
  const ids = unclear.flatMap(({ leadId }) => enrollments.get(leadId)?.id ?? []);
  await holdEnrollments(tx, { workspaceId, ids, until: null, reason: UNCLEAR, detail: { import: importId } }, at);
  await holdUnclear(tx, entry, unclear, at);
}

interface Known {
  readonly enrollment: ContinuedEnrollment;
  readonly progress: LeadProgress;
}

/** One message for every step that lies behind a lead. When the earlier ones went out nobody knows; they stand at the time of the last. */
async function mailsOf(
  { keys }: Pick<Agent, "keys">,
  tx: Tx,
  steps: readonly PlannedStep[],
  known: readonly Known[],
  at: Instant,
): Promise<SentElsewhere[]> {
  const taken = await takenMessageIds(
    tx,
    known.flatMap(({ progress }) => progress.mail?.messageId ?? []),
  );
  return known.flatMap(({ enrollment, progress }) =>
    steps.slice(0, progress.stepsSent).map((step, index): SentElsewhere => {
      const isLast = index === progress.stepsSent - 1;
      const mail = isLast && progress.mail && !taken.has(progress.mail.messageId) ? progress.mail : null;
      if (mail) taken.add(mail.messageId);
      const intent = { enrollmentId: enrollment.id, visit: 1, lineage: step.lineage };
      return {
        enrollmentId: enrollment.id,
        stepId: step.id,
        lineage: step.lineage,
        messageId: mail?.messageId ?? deriveMessageId(keys.messageId, intent, enrollment.mailboxDomain),
        subject: mail?.subject ?? null,
        sentAt: progress.sentAt ?? at,
      };
    }),
  );
}

async function endThose(tx: Tx, workspaceId: WorkspaceId, importId: ImportId, known: readonly Known[], at: Instant): Promise<void> {
  const bounced: LeadId[] = [];
  for (const state of ["finished", "replied", "bounced"] as const satisfies readonly StopState[]) {
    const ended = known.filter(({ progress }) => progress.ended === state);
    if (ended.length === 0) continue;
    if (state === "bounced") bounced.push(...ended.map(({ enrollment }) => enrollment.leadId));
    const ids = ended.map(({ enrollment }) => enrollment.id);
    await stopEnrollments(tx, { workspaceId, ids, state, reason: `${state}_elsewhere`, detail: { import: importId } }, at);
  }
  if (bounced.length > 0) await markBounced(tx, workspaceId, bounced, at);
}
