// The first page: what campaigns, replies and messages do right now. It follows by server-sent events.
import type { FastifyInstance, FastifyRequest } from "fastify";
import { sessionOf } from "../access/sign-in.ts";
import type { Agent } from "../automations/agent.ts";
import { type WhyToday, whyWorkspace } from "../automations/why.ts";
import type { WorkspaceId } from "../core/ids.ts";
import type { Clock, Instant } from "../core/instant.ts";
import { listCampaigns } from "../store/campaign.ts";
import { latestInbound } from "../store/inbound.ts";
import { membershipsOf } from "../store/member.ts";
import { latestMessages, uncertainMessages } from "../store/message.ts";
import { listReplies } from "../store/reply-review.ts";
import { anyAccount } from "../store/user-account.ts";
import { sessionToken } from "./caller.ts";
import { isDirect } from "./hosts.ts";
import { page } from "./html.ts";
import { openLiveFeed, type Sections } from "./live-feed.ts";
import { LIVE_POLICY, LIVE_SCRIPT } from "./live-script.ts";
import { type LiveFacts, livePageBody, liveSections } from "./live-view.ts";

const SHOWN = 12;

/** Until the first account is made it is for whoever sits at this machine; from then on for the team alone. */
export function registerLivePage(app: FastifyInstance, agent: Agent, realTime: Clock, workspaceId: WorkspaceId): void {
  const today = plannedRarely(() => whyWorkspace(agent, workspaceId));
  const look = async () => liveSections(await liveFacts(agent, workspaceId, await today()));
  const feed = openLiveFeed(look, agent.log);
  app.addHook("preClose", async () => feed.close());
  const mayLook = async (request: FastifyRequest) =>
    (await anyAccount(agent.db)) ? isOfTeam(agent, request, realTime.now(), workspaceId) : isDirect(request, agent.settings);
  app.get("/", async (request, reply) => {
    if (!(await mayLook(request))) return reply.redirect("/sign-in", 303);
    reply.type("text/html; charset=utf-8").header("content-security-policy", LIVE_POLICY);
    return page("Marketing Agent", livePageBody(await look()), LIVE_SCRIPT);
  });
  app.get("/events", async (request, reply) => {
    // Other sites cannot read the stream, but could use up its listeners.
    if (request.headers["sec-fetch-site"] === "cross-site") return reply.code(403).send();
    if (!(await mayLook(request))) return reply.code(401).send();
    reply.hijack();
    const listener = { to: reply.raw, write: oneEvent, isWelcome: () => mayLook(request) };
    if (!(await feed.listen(listener))) reply.raw.writeHead(503, { connection: "close" }).end();
    return reply;
  });
}

/** JSON has no line ends, so one data line holds it. */
function oneEvent(changed: Sections): string {
  return `data: ${JSON.stringify(changed)}\n\n`;
}

async function isOfTeam({ db }: Agent, request: FastifyRequest, now: Instant, workspaceId: WorkspaceId): Promise<boolean> {
  const token = sessionToken(request);
  const session = token === null ? null : await sessionOf(db, token, now);
  return session !== null && (await membershipsOf(db, session.userId)).some((membership) => membership.workspaceId === workspaceId);
}

async function liveFacts(agent: Agent, workspaceId: WorkspaceId, today: LiveFacts["today"]): Promise<LiveFacts> {
  const { db } = agent;
  const [campaigns, inbound, messages, uncertain, toReview] = await Promise.all([
    listCampaigns(db, workspaceId),
    latestInbound(db, workspaceId, SHOWN),
    latestMessages(db, workspaceId, SHOWN),
    uncertainMessages(db, workspaceId),
    listReplies(db, workspaceId, { onlyToReview: true, limit: SHOWN }),
  ]);
  return { now: agent.clock.now(), campaigns, today, inbound, messages, uncertain, toReview };
}

/** The plan of ten thousand leads takes seconds: it is made anew after twenty times as long as it took, so that looking at the page never slows sending. */
const REST = 20;

function plannedRarely(plan: () => Promise<WhyToday>): () => Promise<WhyToday> {
  let last: Promise<WhyToday> | undefined;
  let freshUntil = 0;
  const planned = async () => {
    const began = performance.now();
    try {
      return await plan();
    } finally {
      freshUntil = performance.now() + REST * (performance.now() - began);
    }
  };
  return () => {
    if (!last || performance.now() > freshUntil) {
      freshUntil = Number.POSITIVE_INFINITY;
      last = planned();
    }
    return last;
  };
}
