// mailbox add --oauth: prints a link, and waits on a loopback port until the browser comes back from the provider (RFC 8252 §7.3).
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { AddedMailbox } from "../../automations/add-mailbox.ts";
import type { Agent } from "../../automations/agent.ts";
import { CALLBACK_PATH } from "../../automations/connect-by-web.ts";
import { beginConnecting, type ConnectRequest, finishConnecting } from "../../automations/connect-mailbox.ts";
import { AgentError } from "../../core/errors.ts";
import type { WorkspaceId } from "../../core/ids.ts";
import { SECOND } from "../../core/instant.ts";
import { type OAuthProvider, oauthFacts } from "../../core/oauth-provider.ts";
import { connectingPage } from "../../http/oauth.ts";
import { operator } from "./local-api.ts";

export interface Loopback {
  /** 0: whichever is free. */
  readonly port: number;
  /** Told where to sign in. */
  readonly onLink: (link: string) => void;
}

interface Wanted {
  readonly workspaceId: WorkspaceId;
  readonly provider: OAuthProvider;
  readonly mailbox: ConnectRequest;
}

/** Throws what beginning or finishing throws, and `oauth_failed` when nobody comes back in time. */
export async function connectByLoopback(
  agent: Agent,
  { workspaceId, provider, mailbox }: Wanted,
  loopback: Loopback,
): Promise<AddedMailbox> {
  const server = createServer();
  const { promise: cameBack, resolve: comeBack } = Promise.withResolvers<Return>();
  const timeout = setTimeout(() => comeBack({ kind: "nobody" }), agent.settings.oauth.request_seconds * SECOND);
  try {
    const port = await listen(server, loopback.port);
    const host = oauthFacts(provider, agent.settings)?.loopback ?? "127.0.0.1";
    const begunBy = randomBytes(32).toString("base64url");
    const redirectUri = `http://${host}:${port}${CALLBACK_PATH}`;
    const { link } = await beginConnecting(agent, { workspaceId, provider, redirectUri, begunBy, by: operator() }, mailbox);
    const state = new URL(link).searchParams.get("state");
    server.on("request", ({ url }, response) => {
      const { pathname, searchParams } = new URL(url ?? "/", redirectUri);
      // Browsers ask for icons, and other programs for anything.
      if (pathname !== CALLBACK_PATH || searchParams.get("state") !== state)
        void answer(response, 404, "Not here.", "This page waits for a provider.");
      else comeBack({ kind: "browser", query: searchParams, response });
    });
    loopback.onLink(link);
    const back = await cameBack;
    if (back.kind === "nobody") throw new AgentError("oauth_failed", "Nobody came back from the provider in time. Begin again.");
    return await finish(agent, back, begunBy);
  } finally {
    clearTimeout(timeout);
    server.close();
    server.closeAllConnections();
  }
}

type Return =
  | { readonly kind: "browser"; readonly query: URLSearchParams; readonly response: ServerResponse }
  /** In time. */
  | { readonly kind: "nobody" };

async function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (cause) {
    throw new AgentError("port_unavailable", `Nothing can listen on 127.0.0.1:${port}; choose another with --callback-port.`, { cause });
  }
  return (server.address() as AddressInfo).port;
}

async function finish(agent: Agent, { query, response }: Extract<Return, { kind: "browser" }>, begunBy: string): Promise<AddedMailbox> {
  try {
    const { email, ...added } = await finishConnecting(agent, { query, begunBy, realNow: new Date() });
    await answer(response, 200, `${email} is connected.`, "Sending and reading work. You may close this page.");
    return added;
  } catch (error) {
    await answer(response, 400, "The mailbox was not connected.", error instanceof AgentError ? error.message : "See the command line.");
    throw error;
  }
}

async function answer(response: ServerResponse, status: number, title: string, text: string): Promise<void> {
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
  };
  response.writeHead(status, headers).end(connectingPage(title, text));
  await once(response, "close");
}
