// Lists of leads: made, renamed, deleted, filled. A list that a campaign uses stays.
import { AgentError } from "../core/errors.ts";
import type { LeadId, ListId, WorkspaceId } from "../core/ids.ts";
import { listIdByName } from "../store/campaign.ts";
import type { Tx } from "../store/database.ts";
import { addMembers, campaignsOfList, createList, deleteList, lockLists, removeMembers, renameList } from "../store/lead-list.ts";
import type { Agent } from "./agent.ts";
import { enrollSoon } from "./enroll-soon.ts";

type Worker = Pick<Agent, "db" | "clock">;

export interface OfList {
  readonly workspaceId: WorkspaceId;
  readonly listId: ListId;
}

/** Locks the lists against their deletion. @throws AgentError not_found */
export async function requireLists(tx: Tx, workspaceId: WorkspaceId, lists: readonly ListId[]): Promise<void> {
  const found = await lockLists(tx, workspaceId, lists);
  const missing = lists.find((list) => !found.includes(list));
  if (missing !== undefined) throw new AgentError("not_found", `There is no list ${missing}.`);
}

/** @throws AgentError already_exists, with the id of the list that has the name */
export function addList(agent: Worker, workspaceId: WorkspaceId, name: string): Promise<ListId> {
  return agent.db.transaction(async (tx) => {
    const id = await createList(tx, workspaceId, name, agent.clock.now());
    if (id === null) throw await takenName(tx, workspaceId, name);
    return id;
  });
}

/** @throws AgentError not_found, already_exists */
export async function changeListName(agent: Worker, { workspaceId, listId }: OfList, name: string): Promise<void> {
  await agent.db.transaction(async (tx) => {
    await requireLists(tx, workspaceId, [listId]);
    if (!(await renameList(tx, workspaceId, listId, name))) throw await takenName(tx, workspaceId, name);
  });
}

async function takenName(tx: Tx, workspaceId: WorkspaceId, name: string): Promise<AgentError> {
  const listId = await listIdByName(tx, workspaceId, name);
  return new AgentError("already_exists", `There is a list ${name} already.`, { detail: { listId } });
}

/** The leads stay. @throws AgentError not_found, in_use with the campaigns */
export async function removeList(agent: Worker, { workspaceId, listId }: OfList): Promise<void> {
  await agent.db.transaction(async (tx) => {
    const campaigns = await campaignsOfList(tx, workspaceId, listId);
    if (campaigns.length > 0) {
      const names = campaigns.map(({ name }) => name).join(", ");
      throw new AgentError("in_use", `The list is the audience of ${names}.`, { detail: { campaigns } });
    }
    if (!(await deleteList(tx, workspaceId, listId))) throw new AgentError("not_found", "There is no such list.");
  });
}

/** How many were not in it before; ids of nobody here are left out. @throws AgentError not_found */
export function putIntoList(
  agent: Worker & Pick<Agent, "jobs">,
  { workspaceId, listId }: OfList,
  leads: readonly LeadId[],
): Promise<number> {
  return agent.db.transaction(async (tx) => {
    await requireLists(tx, workspaceId, [listId]);
    const added = await addMembers(tx, workspaceId, listId, leads, agent.clock.now());
    if (added > 0) await enrollSoon(agent, tx, workspaceId);
    return added;
  });
}

/** How many were in it. What runs for them goes on. @throws AgentError not_found */
export function takeFromList(agent: Worker, { workspaceId, listId }: OfList, leads: readonly LeadId[]): Promise<number> {
  return agent.db.transaction(async (tx) => {
    await requireLists(tx, workspaceId, [listId]);
    return removeMembers(tx, workspaceId, listId, leads);
  });
}
