// A person takes a lead out of everything: what runs for it ends, what is not on the wire yet is cancelled, in one transaction. The lead itself, its
// history and what suppresses its address stay. An import that names it again makes it available to other campaigns, never to those it was in.
import type { LeadId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Tx } from "../store/database.ts";
import { enrollmentsOfLead, stopEnrollments } from "../store/enrollment.ts";
import { markRemoved } from "../store/lead.ts";
import { cancelUnsent } from "../store/message-recall.ts";
import type { Agent } from "./agent.ts";
import { type NamedLead, namedLead } from "./named-lead.ts";

export interface RemovedLead {
  readonly leadId: LeadId;
  readonly email: string;
  /** Enrollments that ended. */
  readonly stopped: number;
  /** Messages that will not go out. One that is on the wire at this moment still does. */
  readonly cancelled: number;
}

/** Doing it again changes nothing. @throws AgentError not_found */
export async function removeLead(agent: Pick<Agent, "db" | "clock" | "log">, named: NamedLead): Promise<RemovedLead> {
  const at = agent.clock.now();
  const removed = await agent.db.transaction(async (tx) => {
    const { workspaceId, id: leadId, email } = await namedLead(tx, named);
    const before = await endAll(tx, workspaceId, leadId, at);
    await markRemoved(tx, workspaceId, leadId, at);
    // Enrollments first, the lead second, as every other stop does, so that two of them do not deadlock; then what was enrolled in between.
    const between = await endAll(tx, workspaceId, leadId, at);
    return { leadId, email, stopped: before.stopped + between.stopped, cancelled: before.cancelled + between.cancelled };
  });
  agent.log.info({ event: "lead.removed", lead: removed.leadId, stopped: removed.stopped, cancelled: removed.cancelled });
  return removed;
}

async function endAll(tx: Tx, workspaceId: WorkspaceId, leadId: LeadId, at: Instant): Promise<{ stopped: number; cancelled: number }> {
  const ids = (await enrollmentsOfLead(tx, workspaceId, leadId)).map((one) => one.id);
  const stopped = await stopEnrollments(tx, { workspaceId, ids, state: "removed", reason: "removed_by_person" }, at);
  return { stopped: stopped.length, cancelled: await cancelUnsent(tx, workspaceId, ids, "removed", at) };
}
