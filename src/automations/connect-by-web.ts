// Connects a mailbox through this server's public address, for installations whose people have no browser on its machine. The link that they open marks
// their browser (cookie) before it sends them to the provider; only that browser can come back.
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { openSecret, sealSecret } from "../core/encrypted-secret.ts";
import { AgentError } from "../core/errors.ts";
import type { WorkspaceId } from "../core/ids.ts";
import type { OAuthProvider } from "../core/oauth-provider.ts";
import type { Agent } from "./agent.ts";
import { beginConnecting, type ConnectRequest } from "./connect-mailbox.ts";

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

/** The link to open. Throws what `beginConnecting` throws. */
export async function beginByWeb(
  agent: Agent,
  workspaceId: WorkspaceId,
  provider: OAuthProvider,
  mailbox: ConnectRequest,
): Promise<string> {
  const base = agent.settings.http.public_url;
  if (!base) throw new AgentError("config_invalid", "Without http.public_url nobody can come back to this server; leave out --web.");
  const begunBy = randomBytes(32).toString("base64url");
  const redirectUri = publicUrl(base, CALLBACK_PATH).href;
  const link = await beginConnecting(agent, { workspaceId, provider, redirectUri, begunBy }, mailbox);
  const start: Start = { link, begunBy };
  const opening = publicUrl(base, START_PATH);
  // Sealed: else anybody could send people from here to anywhere.
  opening.searchParams.set("to", sealSecret(agent.keys.credentials, JSON.stringify(start), BINDING).toString("base64url"));
  return opening.href;
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
