// A person lets a lead go on: that was held (out of office, answered by hand, on somebody's word), or that was removed.
import { enrollmentsOfLead } from "../store/enrollment.ts";
import { releaseHold } from "../store/enrollment-time.ts";
import { restoreLead } from "../store/lead.ts";
import type { Agent } from "./agent.ts";
import { enrollSoon } from "./enroll-soon.ts";
import { type NamedLead, namedLead } from "./named-lead.ts";

/** How many holds it ended. Doing it again changes nothing. @throws AgentError not_found */
export async function resumeLead(agent: Pick<Agent, "db" | "clock">, named: NamedLead): Promise<number> {
  const at = agent.clock.now();
  return agent.db.transaction(async (tx) => {
    const { workspaceId, id: leadId } = await namedLead(tx, named);
    let resumed = 0;
    for (const { id } of await enrollmentsOfLead(tx, workspaceId, leadId)) {
      if (await releaseHold(tx, workspaceId, id, "resumed_by_person", at)) resumed += 1;
    }
    return resumed;
  });
}

/** A lead that was removed is available again to campaigns that it was never in. Doing it again changes nothing. @throws AgentError not_found */
export async function restoreRemovedLead(agent: Pick<Agent, "db" | "clock" | "jobs">, named: NamedLead): Promise<void> {
  const at = agent.clock.now();
  await agent.db.transaction(async (tx) => {
    const { workspaceId, id } = await namedLead(tx, named);
    if (await restoreLead(tx, workspaceId, id, at)) await enrollSoon(agent, tx, workspaceId);
  });
}
