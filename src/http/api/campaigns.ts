// Campaigns: the list, one with its texts, its file, and its life from draft to archive. When it sends: campaign-schedule.ts.
import { z } from "zod";
import { applyCampaign } from "../../automations/apply-campaign.ts";
import { archiveByPerson } from "../../automations/archive-campaign.ts";
import { changeCampaign, changeStep, duplicateCampaign } from "../../automations/change-campaign.ts";
import { campaignYaml, type ExportedCampaign, exportCampaign } from "../../automations/export-campaign.ts";
import { planCampaign } from "../../automations/plan-campaign.ts";
import { readCampaignFile } from "../../automations/read-campaign-file.ts";
import { campaignReadiness, pauseByPerson, startCampaign } from "../../automations/start-and-finish-campaigns.ts";
import type { CampaignId, StepId } from "../../core/ids.ts";
import { writeDuration } from "../../core/written-time.ts";
import { campaignById } from "../../store/campaign.ts";
import { campaignCounts, pageOfCampaigns } from "../../store/campaign-page.ts";
import { campaignHistory } from "../../store/campaign-state.ts";
import {
  appliedCampaign,
  campaign,
  campaignChanges,
  campaignEvent,
  campaignFile,
  campaignPlan,
  campaignState,
  campaignSummary,
  FILE_BYTES,
  readiness,
  stepChanges,
} from "./campaign-contract.ts";
import { idOf, nothing, oneOrMore, pageOfItems, pageRequest, paging, words } from "./contract.ts";
import { found } from "./found.ts";
import { type Context, operation } from "./operation.ts";

const params = z.object({ campaignId: idOf<"campaign">() });

export const campaignOperations = [
  operation({
    id: "campaigns.list",
    method: "GET",
    path: "/campaigns",
    summary: "The campaigns with their numbers, newest first",
    permission: "campaigns:read",
    query: z.strictObject({
      ...paging,
      state: oneOrMore(campaignState).optional(),
      search: words(200).optional().describe("A part of the name or the goal"),
      name: words(200).optional().describe("The whole name, in whatever case"),
    }),
    result: pageOfItems(campaignSummary),
    handle: async ({ agent, workspaceId }, { query }) => {
      const filter = { states: query.state ?? null, search: query.search ?? null, name: query.name ?? null };
      return pageOfCampaigns(agent.db, workspaceId, filter, pageRequest(query));
    },
  }),
  operation({
    id: "campaigns.apply",
    method: "PUT",
    path: "/campaigns/file",
    summary: "Makes the campaign of that name what its file says, or adds it as a draft",
    permission: "campaigns:write",
    body: campaignFile,
    bodyLimit: FILE_BYTES,
    result: appliedCampaign,
    handle: async ({ agent, workspaceId, caller, ifMatch }, { body }) => {
      const { leadsInside = null } = body;
      const request = { workspaceId, file: readCampaignFile(body.file), ifVersion: ifMatch, leadsInside, author: caller.actor };
      const { campaignId: id, ...applied } = await applyCampaign(agent, request);
      const { version } = found(await campaignById(agent.db, workspaceId, id));
      return { id, ...applied, version };
    },
  }),
  operation({
    id: "campaigns.plan",
    method: "POST",
    path: "/campaigns/plan",
    summary: "What applying a file would change, and for whom; changes nothing",
    permission: "campaigns:read",
    body: campaignFile,
    bodyLimit: FILE_BYTES,
    result: campaignPlan,
    handle: async ({ agent, workspaceId, ifMatch }, { body }) =>
      planCampaign(agent, { workspaceId, file: readCampaignFile(body.file), ifVersion: ifMatch, leadsInside: body.leadsInside ?? null }),
  }),
  operation({
    id: "campaigns.read",
    method: "GET",
    path: "/campaigns/:campaignId",
    summary: "A campaign with its settings, sequences and texts",
    permission: "campaigns:read",
    params,
    result: campaign,
    handle: async (context, { params }) => shown(context, params.campaignId),
  }),
  operation({
    id: "campaigns.change",
    method: "PATCH",
    path: "/campaigns/:campaignId",
    summary: "Changes single settings, by their keys in the campaign file",
    permission: "campaigns:write",
    params,
    body: campaignChanges,
    result: campaign,
    handle: async (context, { params, body }) => {
      const { agent, workspaceId, caller, ifMatch } = context;
      await changeCampaign(agent, { workspaceId, ...params, author: caller.actor }, body, ifMatch);
      return shown(context, params.campaignId);
    },
  }),
  operation({
    id: "campaigns.changeStep",
    method: "PATCH",
    path: "/campaigns/:campaignId/steps/:stepId",
    summary: "Changes the words or the delay of one step",
    permission: "campaigns:write",
    params: params.extend({ stepId: idOf<"step">() }),
    body: stepChanges,
    bodyLimit: 1_600_000,
    result: campaign,
    handle: async (context, { params, body }) => {
      const { agent, workspaceId, caller, ifMatch } = context;
      await changeStep(agent, { workspaceId, ...params, author: caller.actor }, body, ifMatch);
      return shown(context, params.campaignId);
    },
  }),
  operation({
    id: "campaigns.export",
    method: "GET",
    path: "/campaigns/:campaignId/file",
    summary: "The campaign as a file, which changes nothing when it is applied; comments of the file that it came from are not kept",
    permission: "campaigns:read",
    params,
    result: z.object({ file: z.string().describe("YAML"), version: z.number().int() }),
    handle: async ({ agent, workspaceId }, { params }) => {
      const { written, campaign: stored } = await exportCampaign(agent.db, workspaceId, params.campaignId);
      return { file: campaignYaml(written), version: stored.version };
    },
  }),
  operation({
    id: "campaigns.duplicate",
    method: "POST",
    path: "/campaigns/:campaignId/duplicate",
    summary: "Adds a draft with the same settings and texts under another name, without the dates",
    permission: "campaigns:write",
    params,
    body: z.strictObject({ name: words(200) }),
    result: campaign,
    status: 201,
    handle: async (context, { params, body }) => {
      const { agent, workspaceId, caller } = context;
      const { campaignId } = await duplicateCampaign(agent, { workspaceId, ...params, author: caller.actor }, body.name);
      return shown(context, campaignId);
    },
  }),
  operation({
    id: "campaigns.readiness",
    method: "GET",
    path: "/campaigns/:campaignId/readiness",
    summary: "Everything that is missing before it can start",
    permission: "campaigns:read",
    params,
    result: readiness,
    handle: async ({ agent, workspaceId }, { params }) => {
      const result = await campaignReadiness(agent, { workspaceId, ...params });
      return { ready: result.ready, missing: result.ready ? [] : result.missing, warnings: result.warnings };
    },
  }),
  operation({
    id: "campaigns.start",
    method: "POST",
    path: "/campaigns/:campaignId/start",
    summary: "Starts it, schedules it when its date is to come, or resumes it",
    permission: "campaigns:write",
    params,
    body: nothing,
    result: campaign,
    handle: async (context, { params }) => {
      await startCampaign(context.agent, { workspaceId: context.workspaceId, ...params });
      return shown(context, params.campaignId);
    },
  }),
  operation({
    id: "campaigns.pause",
    method: "POST",
    path: "/campaigns/:campaignId/pause",
    summary: "Nothing more goes out until it is started again; delays stand still",
    permission: "campaigns:write",
    params,
    body: nothing,
    result: campaign,
    handle: async (context, { params }) => {
      await pauseByPerson(context.agent, { workspaceId: context.workspaceId, ...params });
      return shown(context, params.campaignId);
    },
  }),
  operation({
    id: "campaigns.archive",
    method: "POST",
    path: "/campaigns/:campaignId/archive",
    summary: "Puts it away for good; an active one has to be paused before",
    permission: "campaigns:write",
    params,
    body: nothing,
    result: campaign,
    handle: async (context, { params }) => {
      await archiveByPerson(context.agent, { workspaceId: context.workspaceId, ...params });
      return shown(context, params.campaignId);
    },
  }),
  operation({
    id: "campaigns.history",
    method: "GET",
    path: "/campaigns/:campaignId/history",
    summary: "What happened to it, oldest first",
    permission: "campaigns:read",
    params,
    result: z.object({ items: z.array(campaignEvent) }),
    handle: async ({ agent, workspaceId }, { params }) => {
      found(await campaignById(agent.db, workspaceId, params.campaignId));
      return { items: await campaignHistory(agent.db, workspaceId, params.campaignId) };
    },
  }),
];

async function shown({ agent, workspaceId }: Context, id: CampaignId): Promise<z.output<typeof campaign>> {
  const exported = await exportCampaign(agent.db, workspaceId, id);
  const counts = found(await campaignCounts(agent.db, workspaceId, id));
  const { state, stateReason, activatedAt, pausedAt, version, createdAt, updatedAt } = exported.campaign;
  const about = { id, state, stateReason, activatedAt, pausedAt, version, createdAt, updatedAt };
  return { ...about, ...counts, settings: settingsOf(exported), sequences: sequencesOf(exported) };
}

type Shown = z.output<typeof campaign>;

function settingsOf({ written }: ExportedCampaign): Shown["settings"] {
  const { sequence: _sequence, sub_sequences: _subs, ...settings } = written;
  const absent = {
    goal: null,
    starts_at: null,
    ends_at: null,
    holidays: [],
    postal_address: null,
    defaults: {},
    new_leads_per_day: null,
    company: {},
  };
  return { ...absent, ...settings } as Shown["settings"];
}

function sequencesOf({ sequences }: ExportedCampaign): Shown["sequences"] {
  return sequences.map(({ id, kind, name, trigger, steps }) => ({
    id,
    kind,
    name,
    on: trigger,
    steps: steps.map((step) => ({
      id: step.id satisfies StepId,
      name: step.lineage,
      after: writeDuration(step.delay),
      subject: step.text?.subject ?? null,
      body: step.text?.bodyText ?? "",
      html: step.text?.bodyHtml ?? null,
    })),
  }));
}
