// A person says that an address or a whole domain must not be written to, or takes that back. What somebody asked for themselves (an opt-out, a
// complaint) is only taken back with evidence that they want to hear from us again.
import { AgentError } from "../core/errors.ts";
import type { EnrollmentId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { SuppressionTarget } from "../core/suppression-target.ts";
import type { SuppressionReason } from "../core/words.ts";
import type { Tx } from "../store/database.ts";
import { enrollmentsAtDomain, enrollmentsOfLead, noteEnrollment, stopEnrollments } from "../store/enrollment.ts";
import { leadByAddress } from "../store/lead.ts";
import { cancelUnsent } from "../store/message-recall.ts";
import {
  lockSuppression,
  removeSuppression,
  type Suppression,
  type SuppressionId,
  suppress,
  suppressionOfKey,
} from "../store/suppression.ts";
import type { Agent } from "./agent.ts";

export interface SuppressedByPerson extends SuppressionTarget {
  /** False when it stood already. */
  readonly added: boolean;
  readonly stopped: number;
  readonly cancelled: number;
}

type Worker = Pick<Agent, "db" | "clock" | "log">;

/** Suppresses for the whole workspace, ends what runs, cancels what is not on the wire. `note` says why, in the person's words. */
export async function suppressByPerson(
  agent: Worker,
  { workspaceId, target, note }: { readonly workspaceId: WorkspaceId; readonly target: SuppressionTarget; readonly note: string | null },
): Promise<SuppressedByPerson> {
  const at = agent.clock.now();
  const done = await agent.db.transaction(async (tx) => {
    const evidence = { source: "person", ...(note === null ? {} : { note }) };
    const added = await suppress(tx, { workspaceId, ...target, campaignId: null, reason: "person", evidence }, at);
    const ids = await enrollmentsOf(tx, workspaceId, target);
    const stopped = await stopEnrollments(tx, { workspaceId, ids, state: "removed", reason: "suppressed_by_person", detail: evidence }, at);
    return { ...target, added, stopped: stopped.length, cancelled: await cancelUnsent(tx, workspaceId, ids, "suppressed", at) };
  });
  agent.log.info({ event: "suppression.added", kind: target.kind, stopped: done.stopped, cancelled: done.cancelled });
  return done;
}

async function enrollmentsOf(tx: Tx, workspaceId: WorkspaceId, { kind, key }: SuppressionTarget): Promise<EnrollmentId[]> {
  if (kind === "domain") return (await enrollmentsAtDomain(tx, workspaceId, key)).map((one) => one.id);
  const lead = await leadByAddress(tx, workspaceId, key);
  return lead ? (await enrollmentsOfLead(tx, workspaceId, lead.id)).map((one) => one.id) : [];
}

/** What only the person behind the address can take back. Rows of an import say that they opted out. */
const ASKED_FOR: Readonly<Partial<Record<SuppressionReason, string>>> = {
  unsubscribe: "opted out",
  import: "opted out",
  complaint: "complained about our mail",
};

export type Lift = { readonly workspaceId: WorkspaceId; readonly evidence: string | null } & (
  | { readonly id: SuppressionId }
  /** The one of the whole workspace. */
  | { readonly target: SuppressionTarget }
);

/**
 * Takes a suppression back; what it had ended stays ended.
 *
 * @param lift.evidence how it is known that the person wants to hear from us again; needed for opt-outs and complaints
 * @throws AgentError not_found, or suppression_protected without that evidence
 */
export async function liftSuppression(agent: Worker, lift: Lift): Promise<Suppression> {
  const { workspaceId, evidence } = lift;
  const at = agent.clock.now();
  const lifted = await agent.db.transaction(async (tx) => {
    const found = "id" in lift ? await lockSuppression(tx, workspaceId, lift.id) : await suppressionOfKey(tx, workspaceId, lift.target.key);
    if (!found)
      throw new AgentError("not_found", "id" in lift ? "There is no such suppression." : `${shown(lift.target)} is not suppressed.`);
    const what = ASKED_FOR[found.reason];
    if (what !== undefined && evidence === null) throw isProtected(found, what);
    await removeSuppression(tx, workspaceId, found.id, at);
    await note(tx, found, evidence, at);
    return found;
  });
  agent.log.warn({ event: "suppression.lifted", kind: lifted.kind, reason: lifted.reason, suppressedAt: lifted.createdAt, evidence });
  return lifted;
}

function isProtected({ kind, key, reason, createdAt }: Suppression, what: string): AgentError {
  return new AgentError(
    "suppression_protected",
    `${shown({ kind, key })} ${what} on ${createdAt.toISOString().slice(0, 10)}; only with evidence that they want our mail again: --force --evidence "how you know".`,
    { detail: { kind, key, reason, since: createdAt } },
  );
}

/** The row is gone, so the history of the lead tells what it was. */
async function note(
  tx: Tx,
  { workspaceId, kind, key, reason, createdAt }: Suppression,
  evidence: string | null,
  at: Instant,
): Promise<void> {
  const lead = kind === "address" ? await leadByAddress(tx, workspaceId, key) : null;
  if (!lead) return;
  for (const { id } of await enrollmentsOfLead(tx, workspaceId, lead.id))
    await noteEnrollment(tx, workspaceId, id, "suppression_lifted", { reason, suppressed_at: createdAt, evidence }, at);
}

function shown({ kind, key }: SuppressionTarget): string {
  return kind === "domain" ? `@${key}` : key;
}
