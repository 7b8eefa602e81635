// The opt-out link in every mail. A GET only asks: scanners follow links. A POST ends it at once, from a person's click or a mail program's button
// (RFC 8058: no login, no redirect, the same answer however often).
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Agent } from "../automations/agent.ts";
import { processUnsubscribe } from "../automations/process-unsubscribe.ts";
import type { MessageId, WorkspaceId } from "../core/ids.ts";
import { readOptOut } from "../core/opt-out-token.ts";
import { messageById } from "../store/message.ts";
import { type Html, html, page } from "./html.ts";

export function registerUnsubscribe(app: FastifyInstance, agent: Agent): void {
  app.get<{ Params: { token: string } }>("/u/:token", (request, reply) => {
    const claim = readOptOut(agent.keys.optOut, request.params.token);
    return claim ? send(reply, 200, ASK) : send(reply, 404, UNKNOWN);
  });
  app.post<{ Params: { token: string } }>("/u/:token", async (request, reply) => {
    const claim = readOptOut(agent.keys.optOut, request.params.token);
    const done = claim && (await optOut(agent, claim.workspaceId, claim.messageId));
    return done ? send(reply, 200, DONE) : send(reply, 404, UNKNOWN);
  });
}

/** The recipient stands in the send ledger, which outlives the lead; so the link works for years. */
async function optOut(agent: Agent, workspaceId: WorkspaceId, messageId: MessageId): Promise<boolean> {
  const message = await messageById(agent.db, workspaceId, messageId);
  if (!message) return false;
  const evidence = { message: messageId };
  await agent.db.transaction((tx) =>
    processUnsubscribe(
      tx,
      { workspaceId, identityKey: message.recipientKey, campaignId: null, source: "link", evidence },
      agent.clock.now(),
    ),
  );
  agent.log.info({ event: "lead.unsubscribed", message: messageId, source: "link" });
  return true;
}

function send(reply: FastifyReply, status: number, body: Html): FastifyReply {
  return reply.code(status).type("text/html; charset=utf-8").send(body);
}

const ASK = page(
  "Unsubscribe",
  html`<h1>No more mail from us?</h1><p>Press the button, and we will not write to you again.</p><form method="post"><button type="submit">Unsubscribe</button></form>`,
);
const DONE = page("Unsubscribed", html`<h1>You are unsubscribed.</h1><p>We will not write to you again.</p>`);
const UNKNOWN = page(
  "Unknown link",
  html`<h1>This link is not known.</h1><p>Please copy it whole from the mail, or answer the mail with “stop”.</p>`,
);
