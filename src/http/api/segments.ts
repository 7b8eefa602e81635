// Saved segments: a filter of leads under a name, in the words of leads.list.
import { z } from "zod";
import { addSegment, changeSegment } from "../../automations/save-segment.ts";
import { AgentError } from "../../core/errors.ts";
import type { WorkspaceId } from "../../core/ids.ts";
import type { Queryable } from "../../store/database.ts";
import { deleteSegment, listSegments, type Segment, type SegmentId, segmentById } from "../../store/segment.ts";
import { idOf, instant, pageOfItems, pageRequest, paging, words } from "./contract.ts";
import { shownFilter, storedFilter } from "./lead-contract.ts";
import { operation } from "./operation.ts";

const segment = z
  .object({
    id: idOf<"segment">(),
    name: z.string(),
    filter: shownFilter,
    version: z.number().int(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "Segment" });
const name = words(200);
const ofSegment = z.object({ segmentId: idOf<"segment">() });

async function existing(q: Queryable, workspaceId: WorkspaceId, id: SegmentId): Promise<Segment> {
  const found = await segmentById(q, workspaceId, id);
  if (!found) throw new AgentError("not_found", "There is no such segment.");
  return found;
}

export const segmentOperations = [
  operation({
    id: "segments.list",
    method: "GET",
    path: "/segments",
    summary: "Saved segments in the order of the alphabet",
    permission: "leads:read",
    query: z.strictObject(paging),
    result: pageOfItems(segment),
    handle: async ({ agent, workspaceId }, { query }) => listSegments(agent.db, workspaceId, pageRequest(query)),
  }),
  operation({
    id: "segments.read",
    method: "GET",
    path: "/segments/:segmentId",
    summary: "A segment; its leads are leads.list?segment=ID",
    permission: "leads:read",
    params: ofSegment,
    result: segment,
    handle: async ({ agent, workspaceId }, { params }) => existing(agent.db, workspaceId, params.segmentId),
  }),
  operation({
    id: "segments.create",
    method: "POST",
    path: "/segments",
    summary: "Keeps a filter under a name; a name that there is already is refused (409) with that segment's id",
    permission: "leads:write",
    body: z.strictObject({ name, filter: storedFilter }),
    result: segment,
    status: 201,
    handle: async ({ agent, workspaceId }, { body }) => existing(agent.db, workspaceId, await addSegment(agent, workspaceId, body)),
  }),
  operation({
    id: "segments.change",
    method: "PATCH",
    path: "/segments/:segmentId",
    summary: "Gives a segment another name, or another filter in place of its old one",
    permission: "leads:write",
    params: ofSegment,
    body: z.strictObject({ name: name.optional(), filter: storedFilter.optional() }),
    result: segment,
    handle: async ({ agent, workspaceId, ifMatch }, { params: { segmentId }, body }) => {
      await changeSegment(agent, { workspaceId, segmentId, change: body, ifMatch });
      return existing(agent.db, workspaceId, segmentId);
    },
  }),
  operation({
    id: "segments.delete",
    method: "DELETE",
    path: "/segments/:segmentId",
    summary: "Forgets a segment; the leads stay",
    permission: "leads:write",
    params: ofSegment,
    handle: async ({ agent, workspaceId }, { params }) => {
      if (!(await deleteSegment(agent.db, workspaceId, params.segmentId))) throw new AgentError("not_found", "There is no such segment.");
    },
  }),
];
