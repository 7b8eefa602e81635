// How a provider is asked: what it is, as whom we ask, and within which limits.
import { AgentError } from "../core/errors.ts";
import { SECOND } from "../core/instant.ts";
import { type OAuthProvider, oauthClient, oauthFacts } from "../core/oauth-provider.ts";
import type { OpenIdAccess } from "../mail/openid.ts";
import type { Agent } from "./agent.ts";

/** Throws `oauth_not_set_up`. */
export function openIdAccess({ settings }: Pick<Agent, "settings">, provider: OAuthProvider): OpenIdAccess {
  const facts = oauthFacts(provider, settings);
  const client = oauthClient(provider, settings);
  if (!facts || !client) {
    const missing = facts ? `oauth.${provider}.client_id and client_secret` : "oauth.custom.issuer, client_id and client_secret";
    throw new AgentError(
      "oauth_not_set_up",
      `This installation is not registered at ${provider}: set ${missing} (docs/how-to/connect-google-and-microsoft.md).`,
    );
  }
  return {
    ...facts,
    ...client,
    allowPrivateHosts: settings.mailboxes.allow_private_hosts,
    timeoutMs: settings.oauth.timeout_seconds * SECOND,
  };
}
