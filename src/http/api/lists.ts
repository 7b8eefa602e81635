// Lists of leads: what campaigns take as their audience.
import { z } from "zod";
import { addList, changeListName, putIntoList, removeList, takeFromList } from "../../automations/lead-lists.ts";
import { AgentError } from "../../core/errors.ts";
import type { ListId, WorkspaceId } from "../../core/ids.ts";
import type { Queryable } from "../../store/database.ts";
import { type LeadList, listById, listLists } from "../../store/lead-list.ts";
import { instant, pageOfItems, pageRequest, paging, words } from "./contract.ts";
import { leadId, listId, searchText } from "./lead-contract.ts";
import { operation } from "./operation.ts";

const list = z.object({ id: listId, name: z.string(), leads: z.number().int(), createdAt: instant }).meta({ id: "LeadList" });
const named = z.strictObject({ name: words(200).transform((name) => name.toWellFormed()) });
const ofList = z.object({ listId });
const members = z.strictObject({ leadIds: z.array(leadId).min(1).max(1_000) });

async function existing(q: Queryable, workspaceId: WorkspaceId, id: ListId): Promise<LeadList> {
  const found = await listById(q, workspaceId, id);
  if (!found) throw new AgentError("not_found", "There is no such list.");
  return found;
}

export const listOperations = [
  operation({
    id: "lists.list",
    method: "GET",
    path: "/lists",
    summary: "The lists in the order of the alphabet, with how many leads stand in each",
    permission: "leads:read",
    query: z.strictObject({ ...paging, search: searchText.optional() }),
    result: pageOfItems(list),
    handle: async ({ agent, workspaceId }, { query: { search, ...page } }) =>
      listLists(agent.db, workspaceId, search ?? null, pageRequest(page)),
  }),
  operation({
    id: "lists.read",
    method: "GET",
    path: "/lists/:listId",
    summary: "A list; its leads are leads.list?list=ID",
    permission: "leads:read",
    params: ofList,
    result: list,
    handle: async ({ agent, workspaceId }, { params }) => existing(agent.db, workspaceId, params.listId),
  }),
  operation({
    id: "lists.create",
    method: "POST",
    path: "/lists",
    summary: "Makes an empty list; a name that there is already is refused (409) with that list's id",
    permission: "leads:write",
    body: named,
    result: list,
    status: 201,
    handle: async ({ agent, workspaceId }, { body }) => existing(agent.db, workspaceId, await addList(agent, workspaceId, body.name)),
  }),
  operation({
    id: "lists.rename",
    method: "PATCH",
    path: "/lists/:listId",
    summary: "Gives a list another name",
    permission: "leads:write",
    params: ofList,
    body: named,
    result: list,
    handle: async ({ agent, workspaceId }, { params, body }) => {
      await changeListName(agent, { workspaceId, ...params }, body.name);
      return existing(agent.db, workspaceId, params.listId);
    },
  }),
  operation({
    id: "lists.delete",
    method: "DELETE",
    path: "/lists/:listId",
    summary: "Deletes a list that no campaign uses (409 otherwise); its leads stay",
    permission: "leads:write",
    params: ofList,
    handle: async ({ agent, workspaceId }, { params }) => removeList(agent, { workspaceId, ...params }),
  }),
  operation({
    id: "lists.addLeads",
    method: "POST",
    path: "/lists/:listId/leads",
    summary: "Puts leads into a list; campaigns that run on it take them in",
    permission: "leads:write",
    params: ofList,
    body: members,
    result: z.object({ added: z.number().int() }),
    handle: async ({ agent, workspaceId }, { params, body }) => ({
      added: await putIntoList(agent, { workspaceId, ...params }, body.leadIds),
    }),
  }),
  operation({
    id: "lists.removeLeads",
    method: "POST",
    path: "/lists/:listId/leads/remove",
    summary: "Takes leads out of a list; sequences that run for them go on",
    permission: "leads:write",
    params: ofList,
    body: members,
    result: z.object({ removed: z.number().int() }),
    handle: async ({ agent, workspaceId }, { params, body }) => ({
      removed: await takeFromList(agent, { workspaceId, ...params }, body.leadIds),
    }),
  }),
];
