// Connects a mailbox through this server's public address, for installations whose people have no browser on its machine. The link that they open marks
// their browser (cookie) before it sends them to the provider; only that browser can come back.
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { openSecret, sealSecret } from "../core/encrypted-secret.ts";
import { AgentError } from "../core/errors.ts";
import type { Agent } from "./agent.ts";
import { type Beginning, type Begun, beginConnecting, type ConnectRequest } from "./connect-mailbox.ts";

/** Where the provider sends people back to, and where they begin, below the public address. */
export const CALLBACK_PATH = "/oauth/callback";
export const START_PATH = "/oauth/start";

export interface Start {
  /** At the provider. */
  readonly link: string;
  /** What the browser is marked with. */
  readonly begunBy: string;
}

const BINDING = "oauth_start";

/** Throws what `beginConnecting` throws, and `oauth_not_set_up` for a server without a public address. */
export async function beginByWeb(
  agent: Agent,
  beginning: Pick<Beginning, "workspaceId" | "provider" | "by">,
  mailbox: ConnectRequest,
): Promise<Begun> {
  const base = agent.settings.http.public_url;
  if (!base)
    throw new AgentError(
      "oauth_not_set_up",
      "Nobody can come back from the provider to this server: its operator has to set http.public_url. On its own machine, leave out --web.",
    );
  const begunBy = randomBytes(32).toString("base64url");
  const redirectUri = publicUrl(base, CALLBACK_PATH).href;
  const { id, link, expiresAt } = await beginConnecting(agent, { ...beginning, redirectUri, begunBy }, mailbox);
  const start: Start = { link, begunBy };
  const opening = publicUrl(base, START_PATH);
  // Sealed: else anybody could send people from here to anywhere.
  opening.searchParams.set("to", sealSecret(agent.keys.credentials, JSON.stringify(start), BINDING).toString("base64url"));
  return { id, link: opening.href, expiresAt };
}

const startSchema = z.object({ link: z.url({ protocol: /^https?$/ }), begunBy: z.string().min(1) });

/** Null for what was not made here. It may be opened again: what it leads to works once, and for some minutes. */
export function readStart({ keys }: Pick<Agent, "keys">, sealed: string): Start | null {
  try {
    return startSchema.parse(JSON.parse(openSecret(keys.credentials, Buffer.from(sealed, "base64url"), BINDING)));
  } catch (error) {
    if (error instanceof AgentError) return null;
    throw error;
  }
}

function publicUrl(base: string, path: string): URL {
  return new URL(base.replace(/\/+$/, "") + path);
}
