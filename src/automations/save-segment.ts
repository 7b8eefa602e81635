// A person keeps a filter of leads under a name, and changes it later. Names are unique whatever their case.
import { AgentError } from "../core/errors.ts";
import type { WorkspaceId } from "../core/ids.ts";
import type { Tx } from "../store/database.ts";
import type { LeadFilter } from "../store/lead-search.ts";
import { insertSegment, lockSegment, type SegmentId, segmentIdByName, updateSegment } from "../store/segment.ts";
import type { Agent } from "./agent.ts";

type Worker = Pick<Agent, "db" | "clock">;

/** @throws AgentError already_exists, with the id of the segment that has the name */
export function addSegment(agent: Worker, workspaceId: WorkspaceId, segment: { name: string; filter: LeadFilter }): Promise<SegmentId> {
  return agent.db.transaction(async (tx) => {
    const id = await insertSegment(tx, workspaceId, segment, agent.clock.now());
    if (id === null) throw await taken(tx, workspaceId, segment.name);
    return id;
  });
}

export interface SegmentEdit {
  readonly workspaceId: WorkspaceId;
  readonly segmentId: SegmentId;
  readonly change: { readonly name?: string | undefined; readonly filter?: LeadFilter | undefined };
  /** The version that the change was made from; null does not care. */
  readonly ifMatch: string | null;
}

/** @throws AgentError not_found, precondition_failed, already_exists */
export async function changeSegment(agent: Worker, { workspaceId, segmentId, change, ifMatch }: SegmentEdit): Promise<void> {
  await agent.db.transaction(async (tx) => {
    const segment = await lockSegment(tx, workspaceId, segmentId);
    if (!segment) throw new AgentError("not_found", "There is no such segment.");
    if (ifMatch !== null && ifMatch !== String(segment.version)) {
      throw new AgentError("precondition_failed", "Somebody changed the segment since it was read; read it again.");
    }
    const { name = segment.name, filter = segment.filter } = change;
    const named = await segmentIdByName(tx, workspaceId, name);
    if (named !== null && named !== segmentId) throw await taken(tx, workspaceId, name);
    await updateSegment(tx, workspaceId, segmentId, { name, filter }, agent.clock.now());
  });
}

async function taken(tx: Tx, workspaceId: WorkspaceId, name: string): Promise<AgentError> {
  const segmentId = await segmentIdByName(tx, workspaceId, name);
  return new AgentError("already_exists", `There is a segment ${name} already.`, { detail: { segmentId } });
}
