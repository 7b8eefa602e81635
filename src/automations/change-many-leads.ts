// A person gives many leads tags or a place in a list, or takes them away: those that were named, or all that a filter finds.
import type { LeadId, ListId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Tx } from "../store/database.ts";
import { planAnew } from "../store/fresh-plans.ts";
import { leadIdsAmong } from "../store/lead.ts";
import { addMembers, removeMembers } from "../store/lead-list.ts";
import { type LeadFilter, leadIdsThatFit } from "../store/lead-search.ts";
import { addTags, removeTags } from "../store/lead-tag.ts";
import type { Agent } from "./agent.ts";
import { enrollSoon } from "./enroll-soon.ts";
import { requireLists } from "./lead-lists.ts";

/** Leads a transaction: a filter may find a million, and none of them is to be locked for minutes. */
const BATCH = 5_000;

export interface LeadsChange {
  readonly addTags: readonly string[];
  readonly removeTags: readonly string[];
  readonly addToLists: readonly ListId[];
  readonly removeFromLists: readonly ListId[];
}

export interface LeadsChanged {
  /** Those that were named or found. */
  readonly leads: number;
  readonly tagsAdded: number;
  readonly tagsRemoved: number;
  readonly listed: number;
  readonly unlisted: number;
}

/** By their ids, or by what fits them. */
export type ChosenLeads = { readonly leadIds: readonly LeadId[] } | { readonly filter: LeadFilter };

const NONE: LeadsChanged = { leads: 0, tagsAdded: 0, tagsRemoved: 0, listed: 0, unlisted: 0 };

/** Ids of nobody here are left out. Doing it again changes nothing. @throws AgentError not_found for a list */
export async function changeManyLeads(
  agent: Pick<Agent, "db" | "clock" | "jobs">,
  workspaceId: WorkspaceId,
  chosen: ChosenLeads,
  change: LeadsChange,
): Promise<LeadsChanged> {
  const at = agent.clock.now();
  let all = NONE;
  let after: LeadId | null = null;
  do {
    const done: { readonly changed: LeadsChanged; readonly last: LeadId | null } = await agent.db.transaction(async (tx) => {
      await planAnew(tx);
      await requireLists(tx, workspaceId, [...change.addToLists, ...change.removeFromLists]);
      const ids = await nextIds(tx, workspaceId, chosen, after);
      const changed = await changeBatch(tx, workspaceId, ids, change, at);
      if (changed.listed > 0) await enrollSoon(agent, tx, workspaceId);
      return { changed, last: ids.length === BATCH ? (ids.at(-1) ?? null) : null };
    });
    all = sum(all, done.changed);
    after = done.last;
  } while (after !== null);
  return all;
}

function nextIds(tx: Tx, workspaceId: WorkspaceId, chosen: ChosenLeads, after: LeadId | null): Promise<LeadId[]> {
  return "filter" in chosen
    ? leadIdsThatFit(tx, workspaceId, chosen.filter, { after, limit: BATCH })
    : leadIdsAmong(tx, workspaceId, chosen.leadIds);
}

async function changeBatch(
  tx: Tx,
  workspaceId: WorkspaceId,
  ids: readonly LeadId[],
  change: LeadsChange,
  at: Instant,
): Promise<LeadsChanged> {
  let [listed, unlisted] = [0, 0];
  const tagsAdded = await addTags(tx, workspaceId, ids, change.addTags);
  const tagsRemoved = await removeTags(tx, workspaceId, ids, change.removeTags);
  for (const list of change.addToLists) listed += await addMembers(tx, workspaceId, list, ids, at);
  for (const list of change.removeFromLists) unlisted += await removeMembers(tx, workspaceId, list, ids);
  return { leads: ids.length, tagsAdded, tagsRemoved, listed, unlisted };
}

function sum(a: LeadsChanged, b: LeadsChanged): LeadsChanged {
  return {
    leads: a.leads + b.leads,
    tagsAdded: a.tagsAdded + b.tagsAdded,
    tagsRemoved: a.tagsRemoved + b.tagsRemoved,
    listed: a.listed + b.listed,
    unlisted: a.unlisted + b.unlisted,
  };
}
