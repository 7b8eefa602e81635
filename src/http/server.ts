// The web server: the page that shows live state, opt-out links, health. Bound to this machine unless configured otherwise.
import cookie from "@fastify/cookie";
import formbody from "@fastify/formbody";
import rateLimit from "@fastify/rate-limit";
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import type { Agent } from "../automations/agent.ts";
import { AgentError } from "../core/errors.ts";
import type { WorkspaceId } from "../core/ids.ts";
import { type Clock, HOUR, MINUTE } from "../core/instant.ts";
import { registerAccountPages } from "./account-pages.ts";
import { api } from "./api/api.ts";
import { registerHealth } from "./health.ts";
import { refuseForeignHosts } from "./hosts.ts";
import { registerLivePage } from "./live-page.ts";
import { registerOAuth } from "./oauth.ts";
import { problemOf, sendProblem } from "./problem.ts";
import { registerUnsubscribe } from "./unsubscribe.ts";

/** A connection on which nothing moves for so long is closed; live streams show life every 15 seconds. */
const SILENCE = 5 * MINUTE;
/** Nobody waits longer for a request that comes drop by drop; the largest upload takes 140 kB/s for it. */
const SLOWEST_REQUEST = HOUR;

/** Of logins and links, which do not age faster because a sandbox's days pass in seconds. */
const wallClock: Clock = { now: () => new Date() };

export interface WebServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function startWebServer(agent: Agent, workspaceId: WorkspaceId): Promise<WebServer> {
  const { host, port } = agent.settings.http;
  const app = await buildWebServer(agent, workspaceId, wallClock);
  try {
    const url = await app.listen({ host, port });
    return { url, close: () => app.close() };
  } catch (cause) {
    await app.close();
    throw unavailable(host, port, cause as NodeJS.ErrnoException);
  }
}

function unavailable(host: string, port: number, cause: NodeJS.ErrnoException): AgentError {
  const why =
    cause.code === "EADDRINUSE"
      ? "another program listens there"
      : cause.code === "EACCES"
        ? "this user may not"
        : (cause.code ?? cause.message);
  return new AgentError(
    "port_unavailable",
    `The web server cannot listen on ${host}:${port}: ${why}; choose another with --port or http.port.`,
    {
      cause,
    },
  );
}

export async function buildWebServer(agent: Agent, workspaceId: WorkspaceId, realTime: Clock = wallClock): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: 65_536,
    connectionTimeout: SILENCE,
    requestTimeout: SLOWEST_REQUEST,
    trustProxy: agent.settings.http.trusted_proxies,
    routerOptions: { maxParamLength: 500 },
    // A path that no route can be found for, because it is too long or not even a path.
    frameworkErrors: (error, _request, reply) => void sendProblem(reply, problemOf(error)),
  });
  await app.register(formbody);
  await app.register(cookie);
  await app.register(rateLimit, { global: false });
  // RFC 8058 allows a multipart body; the URL says everything, so bodies are not looked into.
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.addHook("onRequest", refuseForeignHosts(agent.settings));
  app.addHook("onSend", securityHeaders);
  app.setErrorHandler((error: { statusCode?: number; code?: string }, request, reply) => {
    const status = error.statusCode && error.statusCode < 500 ? error.statusCode : 500;
    if (status === 500) agent.log.error({ event: "http.failed", route: request.routeOptions.url, err: error });
    return reply
      .code(status)
      .type("application/problem+json")
      .send({ title: status === 500 ? "Internal error" : "Bad request", status });
  });
  registerHealth(app, agent);
  registerUnsubscribe(app, agent);
  registerOAuth(app, agent, realTime);
  registerLivePage(app, agent, realTime, workspaceId);
  await app.register((pages) => registerAccountPages(pages, agent, realTime, workspaceId));
  await app.register(api, { agent, realTime, workspaceId });
  return app;
}

async function securityHeaders(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.header("x-content-type-options", "nosniff");
  reply.header("referrer-policy", "no-referrer");
  reply.header("x-frame-options", "DENY");
  // What stands here is somebody's own, and old the next moment.
  if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
  if (!reply.hasHeader("content-security-policy"))
    reply.header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'");
}
