// A person lets a lead go on that is held: because it was answered by hand, wrote in another campaign, or is away.
import { parseEmailAddress } from "../core/email-address.ts";
import { AgentError } from "../core/errors.ts";
import type { WorkspaceId } from "../core/ids.ts";
import { enrollmentsOfLead } from "../store/enrollment.ts";
import { releaseHold } from "../store/enrollment-time.ts";
import { leadByAddress } from "../store/lead.ts";
import type { Agent } from "./agent.ts";

/** How many holds it ended; the address in any spelling. @throws AgentError not_found */
export async function resumeLead(agent: Pick<Agent, "db" | "clock">, workspaceId: WorkspaceId, address: string): Promise<number> {
  const lead = await leadByAddress(agent.db, workspaceId, parseEmailAddress(address)?.identityKey ?? "");
  if (!lead) throw new AgentError("not_found", `There is no lead ${address}.`);
  return agent.db.transaction(async (tx) => {
    let resumed = 0;
    for (const { id } of await enrollmentsOfLead(tx, workspaceId, lead.id)) {
      if (await releaseHold(tx, workspaceId, id, "resumed_by_person", agent.clock.now())) resumed += 1;
    }
    return resumed;
  });
}
