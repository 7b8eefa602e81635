// A process was frozen, and thaws with the outcome of a mail that its successor has taken over: the outcome changes nothing, and the log says so.
import type { MessageId } from "../core/ids.ts";
import type { Queryable } from "../store/database.ts";
import type { Lease } from "../store/lease.ts";
import { messageById } from "../store/message.ts";
import type { Agent } from "./agent.ts";

export async function noteIgnoredOutcome(agent: Agent, q: Queryable, lease: Lease, id: MessageId, outcome: string): Promise<void> {
  const message = await messageById(q, lease.workspaceId, id);
  const reason = message?.fence === lease.fence ? "state_changed" : "claimed_by_another";
  agent.log.warn({ event: "message.outcome_ignored", message: id, outcome, from: message?.state, reason });
}
