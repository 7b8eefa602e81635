// Starts campaigns whose time has come and that are ready, and ends those whose time is over or whose leads are all through.
import { checkReadiness, type Readiness } from "../core/campaign.ts";
import { AgentError } from "../core/errors.ts";
import type { CampaignId, WorkspaceId } from "../core/ids.ts";
import type { Campaign } from "../store/campaign.ts";
import { campaignById } from "../store/campaign.ts";
import { readinessFacts } from "../store/campaign-readiness.ts";
import {
  activate,
  campaignsToEnd,
  campaignsToStart,
  completeCampaign,
  finishedCampaigns,
  noteCampaign,
  pauseCampaign,
  resumeCampaign,
  scheduleCampaign,
} from "../store/campaign-state.ts";
import type { Agent } from "./agent.ts";
import { lintCampaign } from "./lint-campaign.ts";
import { templateProblemsOf } from "./template-problems.ts";

interface CampaignRef {
  readonly workspaceId: WorkspaceId;
  readonly campaignId: CampaignId;
}

export async function startAndFinishCampaigns(agent: Agent): Promise<{ started: number; not_ready: number; ended: number }> {
  const counts = { started: 0, not_ready: 0, ended: 0 };
  for (const ref of await campaignsToStart(agent.db, agent.clock.now())) {
    const readiness = await campaignReadiness(agent, ref);
    if (readiness.ready) counts.started += (await begin(agent, ref, "start_date")) ? 1 : 0;
    else {
      counts.not_ready += 1;
      await sayNotReady(agent, ref, readiness);
    }
  }
  for (const { atEnd, ...ref } of await campaignsToEnd(agent.db, agent.clock.now())) {
    const end = atEnd === "pause" ? pauseCampaign : completeCampaign;
    counts.ended += (await inTransaction(agent, ref, (tx) => end(tx, ref.workspaceId, ref.campaignId, "end_date", agent.clock.now())))
      ? 1
      : 0;
  }
  for (const ref of await finishedCampaigns(agent.db)) {
    counts.ended += (await inTransaction(agent, ref, (tx) =>
      completeCampaign(tx, ref.workspaceId, ref.campaignId, "all_finished", agent.clock.now()),
    ))
      ? 1
      : 0;
  }
  return counts;
}

/**
 * What a person's `start` does: resumes a paused campaign, schedules one whose date is still to come, starts every other one that is ready.
 * Throws `campaign_not_ready` with everything that is missing in `detail.missing`, or `campaign_state`.
 */
export async function startCampaign(agent: Agent, ref: CampaignRef): Promise<"active" | "scheduled"> {
  const campaign = await existing(agent, ref);
  const readiness = await campaignReadiness(agent, ref);
  if (!readiness.ready) throw notReady(campaign, readiness);
  const now = agent.clock.now();
  if (campaign.startsAt !== null && campaign.startsAt > now && campaign.state === "draft") {
    await inTransaction(agent, ref, (tx) => scheduleCampaign(tx, ref.workspaceId, ref.campaignId, now));
    return "scheduled";
  }
  const started = campaign.state === "paused" ? await resume(agent, ref) : await begin(agent, ref, "started_by_person");
  if (!started) throw new AgentError("campaign_state", `The campaign "${campaign.name}" is ${campaign.state} and cannot be started.`);
  return "active";
}

/** Nothing more goes out until it is started again. Throws `campaign_state` unless it is active. */
export async function pauseByPerson(agent: Agent, ref: CampaignRef): Promise<void> {
  const campaign = await existing(agent, ref);
  const paused = await inTransaction(agent, ref, (tx) =>
    pauseCampaign(tx, ref.workspaceId, ref.campaignId, "paused_by_person", agent.clock.now()),
  );
  if (!paused)
    throw new AgentError("campaign_state", `The campaign "${campaign.name}" is ${campaign.state}; only an active one can be paused.`);
}

export async function campaignReadiness(agent: Agent, { workspaceId, campaignId }: CampaignRef): Promise<Readiness> {
  const facts = await readinessFacts(agent.db, workspaceId, campaignId);
  if (!facts) throw new AgentError("not_found", "There is no such campaign.");
  const templateProblems = await templateProblemsOf(agent.db, workspaceId, campaignId);
  // what cannot be read as a template cannot be written on trial either
  const lint = templateProblems.length > 0 ? [] : await lintCampaign(agent, workspaceId, campaignId);
  const { http, sending } = agent.settings;
  return checkReadiness(facts, {
    publicUrl: http.public_url ?? null,
    templateProblems,
    lint,
    maxInvalidPercent: sending.max_invalid_percent,
    now: agent.clock.now(),
  });
}

async function existing(agent: Agent, { workspaceId, campaignId }: CampaignRef): Promise<Campaign> {
  const campaign = await campaignById(agent.db, workspaceId, campaignId);
  if (!campaign) throw new AgentError("not_found", "There is no such campaign.");
  return campaign;
}

function begin(agent: Agent, ref: CampaignRef, reason: string): Promise<boolean> {
  return inTransaction(agent, ref, async (tx) => {
    if (!(await activate(tx, ref.workspaceId, ref.campaignId, reason, agent.clock.now()))) return false;
    await agent.jobs.enqueue(tx, "enroll-leads", ref, ref.campaignId);
    return true;
  });
}

function resume(agent: Agent, ref: CampaignRef): Promise<boolean> {
  return inTransaction(agent, ref, async (tx) => {
    const resumed = await resumeCampaign(tx, ref.workspaceId, ref.campaignId, agent.clock.now());
    if (resumed) await agent.jobs.enqueue(tx, "advance-enrollments", {}, "advance-enrollments");
    return resumed !== null;
  });
}

function inTransaction(agent: Agent, ref: CampaignRef, work: Parameters<Agent["db"]["transaction"]>[0]): Promise<boolean> {
  return agent.db.transaction(work).then((won) => {
    if (won) agent.log.info({ event: "campaign.changed", campaign: ref.campaignId });
    return won === true;
  });
}

function notReady(campaign: Campaign, readiness: Extract<Readiness, { ready: false }>): AgentError {
  const sentences = readiness.missing.map(({ sentence, todo }) => `- ${sentence} ${todo}`).join("\n");
  return new AgentError("campaign_not_ready", `The campaign "${campaign.name}" is not ready:\n${sentences}`, {
    detail: { missing: readiness.missing },
  });
}

/** It stays scheduled, and its history says once what is missing. */
async function sayNotReady(agent: Agent, ref: CampaignRef, readiness: Extract<Readiness, { ready: false }>): Promise<void> {
  const missing = readiness.missing.map((one) => one.code);
  const noted = await noteCampaign(agent.db, ref.workspaceId, ref.campaignId, "not_ready", { missing }, agent.clock.now());
  if (noted) agent.log.warn({ event: "campaign.not_ready", campaign: ref.campaignId, missing });
}
