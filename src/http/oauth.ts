// Where people begin to connect a mailbox, and where their provider sends them back to (automations/connect-by-web.ts).
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Agent } from "../automations/agent.ts";
import { CALLBACK_PATH, readStart, START_PATH } from "../automations/connect-by-web.ts";
import { finishConnecting } from "../automations/connect-mailbox.ts";
import { AgentError } from "../core/errors.ts";
import type { Clock } from "../core/instant.ts";
import { html, page } from "./html.ts";

const COOKIE = "oauth_begun_by";

export function registerOAuth(app: FastifyInstance, agent: Agent, realTime: Clock): void {
  app.get<{ Querystring: { to?: unknown } }>(START_PATH, (request, reply) => {
    const { to } = request.query;
    const start = typeof to === "string" ? readStart(agent, to) : null;
    if (!start) return show(reply, 404, "This link is not known.", "Please copy it whole.");
    keepCookie(agent, reply, start.begunBy, agent.settings.oauth.request_seconds);
    return reply.redirect(start.link, 303);
  });

  app.get(CALLBACK_PATH, async (request, reply) => {
    const query = new URL(request.url, "http://localhost").searchParams;
    const begunBy = request.cookies[COOKIE] ?? "";
    try {
      const { email } = await finishConnecting(agent, { query, begunBy, realNow: realTime.now() });
      keepCookie(agent, reply, "", 0);
      return show(reply, 200, `${email} is connected.`, "Sending and reading work. You may close this page.");
    } catch (error) {
      if (!(error instanceof AgentError)) throw error;
      agent.log.warn({ event: "mailbox.not_connected", code: error.code, err: error });
      return show(reply, 400, "The mailbox was not connected.", error.message);
    }
  });
}

/** SameSite=Lax: the provider's redirect comes from another site. */
function keepCookie({ settings }: Agent, reply: FastifyReply, value: string, maxAge: number): void {
  const secure = settings.http.public_url?.startsWith("https:") ?? false;
  reply.setCookie(COOKIE, value, { path: "/oauth", maxAge, httpOnly: true, sameSite: "lax", secure });
}

function show(reply: FastifyReply, status: number, title: string, text: string): FastifyReply {
  const body = connectingPage(title, text);
  return reply.code(status).type("text/html; charset=utf-8").send(body);
}

export function connectingPage(title: string, text: string): string {
  return page(title, html`<h1>${title}</h1><p>${text}</p>`);
}
