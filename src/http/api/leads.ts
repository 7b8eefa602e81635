// Leads: who they are, what happened to them and why, and what a person decides about them; the tags they carry.
import { z } from "zod";
import { addLead, changeLead } from "../../automations/change-lead.ts";
import { changeManyLeads } from "../../automations/change-many-leads.ts";
import { checkAddresses } from "../../automations/check-addresses.ts";
import { removeLead } from "../../automations/remove-lead.ts";
import { restoreRemovedLead, resumeLead } from "../../automations/resume-lead.ts";
import { whyLead } from "../../automations/why-lead.ts";
import { AgentError } from "../../core/errors.ts";
import type { CampaignId, LeadId, WorkspaceId } from "../../core/ids.ts";
import { LEAD_STATUSES } from "../../core/words.ts";
import { campaignById } from "../../store/campaign.ts";
import type { Queryable } from "../../store/database.ts";
import { leadById } from "../../store/lead.ts";
import { historyOfLead, standingsOfLead } from "../../store/lead-history.ts";
import { listsOfLead } from "../../store/lead-list.ts";
import { countLeadsThatFit, type LeadFilter, leadsByAddress, newestLeads } from "../../store/lead-search.ts";
import { listTags, tagsOfLead } from "../../store/lead-tag.ts";
import { suppressionFor } from "../../store/suppression.ts";
import { exactAddress, idOf, instant, nothing, pageOfItems, pageRequest, paging } from "./contract.ts";
import {
  filterOf,
  inSegment,
  lead,
  leadFilter,
  leadId,
  leadValues,
  listedLead,
  listId,
  ofLead,
  searchText,
  tags,
} from "./lead-contract.ts";
import { leadWhy } from "./lead-why.ts";
import { operation } from "./operation.ts";

const MOST_CHOSEN = 1_000;

const historyItem = z
  .object({
    id: z.uuid(),
    at: instant,
    kind: z.enum(["enrollment", "message", "inbound"]),
    code: z.string().describe("An enrollment's reason, a message's state, or an inbound message's verdict"),
    campaignId: idOf<"campaign">().nullable(),
    campaign: z.string().nullable(),
    enrollmentId: idOf<"enrollment">().nullable(),
    mailboxId: idOf<"mailbox">().nullable(),
    subject: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "LeadHistoryItem" });

const chosen = z
  .strictObject({
    leadIds: z.array(leadId).min(1).max(MOST_CHOSEN).optional(),
    filter: z
      .strictObject({ ...leadFilter, ...inSegment })
      .optional()
      .describe("All that it finds; {} is every lead"),
    addTags: tags.default([]),
    removeTags: tags.default([]),
    addToLists: z.array(listId).max(20).default([]),
    removeFromLists: z.array(listId).max(20).default([]),
  })
  .refine(({ leadIds, filter }) => (leadIds === undefined) !== (filter === undefined), "needs either leadIds or a filter")
  .refine(
    ({ addTags, removeTags, addToLists, removeFromLists }) =>
      addTags.length + removeTags.length + addToLists.length + removeFromLists.length > 0,
    "needs something to do: tags or lists to add or to take away",
  );

async function leadInFull(q: Queryable, workspaceId: WorkspaceId, id: LeadId): Promise<z.output<typeof lead>> {
  const found = await leadById(q, workspaceId, id);
  if (!found) throw new AgentError("not_found", "There is no such lead.");
  return {
    ...found,
    tags: await tagsOfLead(q, workspaceId, id),
    suppression: await suppressionFor(q, workspaceId, found.identityKey, null),
    lists: await listsOfLead(q, workspaceId, id),
    enrollments: await standingsOfLead(q, workspaceId, id),
  };
}

async function audienceOf(q: Queryable, workspaceId: WorkspaceId, id: CampaignId): Promise<LeadFilter> {
  const campaign = await campaignById(q, workspaceId, id);
  if (!campaign) throw new AgentError("not_found", "There is no such campaign.");
  return campaign.listId ? { list: campaign.listId } : {};
}

export const leadOperations = [
  operation({
    id: "leads.list",
    method: "GET",
    path: "/leads",
    summary: "The leads that fit all filters, newest first or by address",
    permission: "leads:read",
    query: z.strictObject({
      ...paging,
      ...leadFilter,
      ...inSegment,
      email: exactAddress.optional(),
      sort: z.enum(["newest", "email"]).default("newest"),
    }),
    result: pageOfItems(listedLead),
    handle: async ({ agent, workspaceId }, { query: { sort, limit, cursor, email, ...asked } }) => {
      const filter = { ...(await filterOf(agent.db, workspaceId, asked)), identityKey: email };
      const page = pageRequest({ limit, cursor });
      return sort === "email" ? leadsByAddress(agent.db, workspaceId, filter, page) : newestLeads(agent.db, workspaceId, filter, page);
    },
  }),
  operation({
    id: "leads.count",
    method: "GET",
    path: "/leads/count",
    summary: "How many leads fit all filters",
    permission: "leads:read",
    query: z.strictObject({ ...leadFilter, ...inSegment }),
    result: z.object({ leads: z.number().int() }),
    handle: async ({ agent, workspaceId }, { query }) => ({
      leads: await countLeadsThatFit(agent.db, workspaceId, await filterOf(agent.db, workspaceId, query)),
    }),
  }),
  operation({
    id: "leads.read",
    method: "GET",
    path: "/leads/:leadId",
    summary: "A lead with its lists, tags, enrollments, and what keeps us from writing to it",
    permission: "leads:read",
    params: ofLead,
    result: lead,
    handle: async ({ agent, workspaceId }, { params }) => leadInFull(agent.db, workspaceId, params.leadId),
  }),
  operation({
    id: "leads.create",
    method: "POST",
    path: "/leads",
    summary: "Adds a lead; an address that there is already is refused (409) with that lead's id",
    permission: "leads:write",
    body: z.strictObject({ email: z.string().max(320), ...leadValues, tags: tags.default([]), lists: z.array(listId).max(20).default([]) }),
    result: lead,
    status: 201,
    handle: async ({ agent, workspaceId, caller }, { body: { email, tags: given, lists, custom, ...fields } }) => {
      const { firstName = null, lastName = null, company = null, title = null, phone = null, timeZone = null } = fields;
      const kept = Object.fromEntries(Object.entries(custom ?? {}).filter(([, value]) => value !== null));
      const values = { firstName, lastName, company, title, phone, timeZone, custom: kept };
      const source = caller.actor.kind === "user" ? "person" : "api";
      const id = await addLead(agent, { workspaceId, email, values, tags: given, lists, source });
      return leadInFull(agent.db, workspaceId, id);
    },
  }),
  operation({
    id: "leads.change",
    method: "PATCH",
    path: "/leads/:leadId",
    summary: "Changes what is known of a lead; absent stays, null takes away. Its address is who it is, and stays",
    permission: "leads:write",
    params: ofLead,
    body: z.strictObject({ ...leadValues, status: z.enum(LEAD_STATUSES).optional(), tags: tags.optional() }),
    result: lead,
    handle: async ({ agent, workspaceId, ifMatch }, { params: { leadId: id }, body }) => {
      await changeLead(agent, { workspaceId, leadId: id, change: body, ifMatch });
      return leadInFull(agent.db, workspaceId, id);
    },
  }),
  operation({
    id: "leads.remove",
    method: "POST",
    path: "/leads/:leadId/remove",
    summary: "Takes a lead out of everything: what runs for it ends, what is unsent is cancelled; its history stays",
    permission: "leads:write",
    params: ofLead,
    body: nothing,
    result: z.object({ stopped: z.number().int(), cancelled: z.number().int() }),
    handle: async ({ agent, workspaceId }, { params }) => removeLead(agent, { workspaceId, ...params }),
  }),
  operation({
    id: "leads.restore",
    method: "POST",
    path: "/leads/:leadId/restore",
    summary: "Makes a lead that was removed available again to campaigns that it was never in",
    permission: "leads:write",
    params: ofLead,
    body: nothing,
    result: lead,
    handle: async ({ agent, workspaceId }, { params: { leadId: id } }) => {
      await restoreRemovedLead(agent, { workspaceId, leadId: id });
      return leadInFull(agent.db, workspaceId, id);
    },
  }),
  operation({
    id: "leads.resume",
    method: "POST",
    path: "/leads/:leadId/resume",
    summary: "Ends the holds of a lead: its sequences go on",
    permission: "leads:write",
    params: ofLead,
    body: nothing,
    result: z.object({ resumed: z.number().int() }),
    handle: async ({ agent, workspaceId }, { params }) => ({ resumed: await resumeLead(agent, { workspaceId, leadId: params.leadId }) }),
  }),
  operation({
    id: "leads.history",
    method: "GET",
    path: "/leads/:leadId/history",
    summary: "What happened to a lead, newest first: changes of its enrollments, what was sent, what came in",
    permission: "leads:read",
    params: ofLead,
    query: z.strictObject(paging),
    result: pageOfItems(historyItem),
    handle: async ({ agent, workspaceId }, { params: { leadId: id }, query }) => {
      if (!(await leadById(agent.db, workspaceId, id))) throw new AgentError("not_found", "There is no such lead.");
      return historyOfLead(agent.db, workspaceId, id, pageRequest(query));
    },
  }),
  operation({
    id: "leads.why",
    method: "GET",
    path: "/leads/:leadId/why",
    summary: "Why a lead was (not) written to, what is planned for it, and what stands in the way",
    permission: "leads:read",
    params: ofLead,
    result: leadWhy,
    handle: async ({ agent, workspaceId }, { params }) => whyLead(agent, workspaceId, params.leadId),
  }),
  operation({
    id: "leads.changeMany",
    method: "POST",
    path: "/leads/change-many",
    summary: "Gives many leads tags and places in lists, or takes them away: up to 1,000 by their ids, or all that a filter finds",
    permission: "leads:write",
    body: chosen,
    result: z.object({
      leads: z.number().int().describe("Those that were named or found"),
      tagsAdded: z.number().int(),
      tagsRemoved: z.number().int(),
      listed: z.number().int(),
      unlisted: z.number().int(),
    }),
    ownTransactions: true,
    handle: async ({ agent, workspaceId }, { body: { leadIds, filter, ...change } }) => {
      const by = leadIds ? { leadIds } : { filter: await filterOf(agent.db, workspaceId, filter ?? {}) };
      return changeManyLeads(agent, workspaceId, by, change);
    },
  }),
  operation({
    id: "leads.check",
    method: "POST",
    path: "/leads/check",
    summary: "Looks at the addresses of leads again: their form, their domain, what DNS says of it. Campaigns leave invalid ones out",
    permission: "leads:write",
    body: z.strictObject({
      filter: z
        .strictObject({ ...leadFilter, ...inSegment })
        .default({})
        .describe("{} is every lead"),
      campaign: idOf<"campaign">().optional().describe("Only its audience"),
    }),
    result: z
      .object({
        leads: z.number().int(),
        good: z.number().int(),
        doubtful: z.number().int(),
        invalid: z.number().int(),
        unrated: z.number().int().describe("Nothing speaks for or against them"),
        changed: z.number().int().describe("Those that were rated otherwise before"),
        unansweredDomains: z
          .number()
          .int()
          .describe("DNS said nothing about them, or there was no time to ask; a further check asks again"),
      })
      .meta({ id: "CheckedAddresses" }),
    ownTransactions: true,
    handle: async ({ agent, workspaceId }, { body: { filter, campaign } }) => {
      const asked = await filterOf(agent.db, workspaceId, filter);
      return checkAddresses(agent, workspaceId, campaign ? { ...asked, ...(await audienceOf(agent.db, workspaceId, campaign)) } : asked);
    },
  }),
  operation({
    id: "tags.list",
    method: "GET",
    path: "/tags",
    summary: "The tags that leads carry, in the order of the alphabet, with how many carry them",
    permission: "leads:read",
    query: z.strictObject({ ...paging, search: searchText.optional() }),
    result: pageOfItems(z.object({ tag: z.string(), leads: z.number().int() }).meta({ id: "Tag" })),
    handle: async ({ agent, workspaceId }, { query: { search, ...page } }) =>
      listTags(agent.db, workspaceId, search ?? null, pageRequest(page)),
  }),
];
