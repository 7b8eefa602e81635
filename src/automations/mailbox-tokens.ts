// The access token of a mailbox that logs in by OAuth: renewed before it runs out, and when a server refuses it. One process at a time renews it (lease),
// because a provider may replace the refresh token each time, and takes the one before for stolen; what came is stored before anybody uses it.
import { setTimeout as sleep } from "node:timers/promises";
import { openSecret, sealSecret } from "../core/encrypted-secret.ts";
import { AgentError, type ErrorCode } from "../core/errors.ts";
import type { MailboxId } from "../core/ids.ts";
import { after, SECOND } from "../core/instant.ts";
import type { OAuthProvider } from "../core/oauth-provider.ts";
import { refreshTokens, type Tokens } from "../mail/openid.ts";
import { acquireLease, type Lease, releaseLease } from "../store/lease.ts";
import type { Mailbox } from "../store/mailbox.ts";
import { type MailboxGrant, mailboxGrant, renewGrant, type SealedTokens } from "../store/mailbox-grant.ts";
import type { MailboxPause } from "../store/mailbox-pause.ts";
import type { Agent } from "./agent.ts";
import { openIdAccess } from "./openid-access.ts";

/** Why a mailbox stops whose tokens cannot be renewed. What is not named here passes: it waits. */
export const TOKEN_PAUSES = {
  oauth_revoked: "grant_revoked",
  oauth_client: "oauth_client",
  oauth_not_set_up: "oauth_client",
} as const satisfies Readonly<Partial<Record<ErrorCode, MailboxPause>>>;

type Renewer = Pick<Agent, "db" | "clock" | "settings" | "keys" | "log" | "processId">;

/** A mailbox that logs in by OAuth, and at whom it was connected. */
export interface OAuthMailbox extends Pick<Mailbox, "workspaceId" | "id" | "email"> {
  readonly provider: OAuthProvider;
}

/**
 * A token that lasts for a while yet, and is not `refused`.
 *
 * Throws `oauth_revoked`, `oauth_client`, `oauth_unreachable`, `oauth_failed`, `oauth_not_set_up`.
 */
export async function accessToken(agent: Renewer, mailbox: OAuthMailbox, refused: string | null): Promise<string> {
  const known = await grantOf(agent, mailbox);
  return usableToken(agent, known, refused) ?? (await renewedToken(agent, mailbox, refused));
}

async function grantOf(agent: Renewer, mailbox: OAuthMailbox): Promise<MailboxGrant> {
  const grant = await mailboxGrant(agent.db, mailbox.workspaceId, mailbox.id);
  if (!grant) throw revoked(mailbox, "nothing is granted", undefined);
  return grant;
}

function usableToken({ keys, clock, settings }: Renewer, grant: MailboxGrant, refused: string | null): string | null {
  const soon = after(clock.now(), settings.oauth.renew_before_seconds * SECOND);
  const token = openSecret(keys.credentials, grant.access, tokenBinding(grant.mailboxId, "access_secret"));
  return grant.accessExpiresAt > soon && token !== refused ? token : null;
}

/** How often it is looked whether another process is done, real milliseconds. */
const LOOK_AGAIN_MS = 100;

/** Renewed by us, or by whoever is at it already. */
async function renewedToken(agent: Renewer, mailbox: OAuthMailbox, refused: string | null): Promise<string> {
  const { workspaceId, id: mailboxId, email } = mailbox;
  // Two questions to the provider, each with this time-out, come to their end before the lease does.
  const seconds = agent.settings.oauth.timeout_seconds * 3;
  for (let waited = 0; waited <= seconds * SECOND; waited += LOOK_AGAIN_MS) {
    const lease = await acquireLease(agent.db, { workspaceId, mailboxId, purpose: "token", holder: agent.processId, seconds });
    if (lease) return renewUnder(agent, lease, mailbox, refused);
    await sleep(LOOK_AGAIN_MS);
  }
  throw new AgentError("oauth_unreachable", `Another process renews the access token of ${email}, and takes too long.`, {
    retryable: true,
  });
}

async function renewUnder(agent: Renewer, lease: Lease, mailbox: OAuthMailbox, refused: string | null): Promise<string> {
  try {
    const grant = await grantOf(agent, mailbox);
    return usableToken(agent, grant, refused) ?? (await renew(agent, mailbox, grant));
  } finally {
    await releaseLease(agent.db, lease);
  }
}

async function renew(agent: Renewer, mailbox: OAuthMailbox, grant: MailboxGrant): Promise<string> {
  const { keys, clock, log } = agent;
  const refreshToken = openSecret(keys.credentials, grant.refresh, tokenBinding(mailbox.id, "refresh_secret"));
  const tokens = await refreshed(agent, mailbox, refreshToken);
  const kept = { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken };
  const stored = await storeInsistently(agent, grant, sealTokens(agent, mailbox.id, kept));
  log.info({ event: "mailbox.token_renewed", mailbox: mailbox.id, replaced: kept.refreshToken !== refreshToken, stored, at: clock.now() });
  // Somebody connected the mailbox again meanwhile: what they were given counts.
  return stored ? tokens.accessToken : accessToken(agent, mailbox, null);
}

async function refreshed(agent: Renewer, mailbox: OAuthMailbox, refreshToken: string): Promise<Tokens> {
  try {
    return await refreshTokens(openIdAccess(agent, mailbox.provider), refreshToken, agent.clock.now());
  } catch (error) {
    if (error instanceof AgentError && error.code === "oauth_revoked") throw revoked(mailbox, error.message, error);
    throw error;
  }
}

const STORING_ATTEMPTS = 5;

/** The provider may have replaced the refresh token by now, and the one in the database be worth nothing: a database that is away for a moment is waited for. */
async function storeInsistently({ db, clock, log }: Renewer, grant: MailboxGrant, tokens: SealedTokens): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await renewGrant(db, grant, tokens, clock.now());
    } catch (error) {
      log.error({ event: "mailbox.token_not_stored", mailbox: grant.mailboxId, attempt, err: error });
      if (attempt === STORING_ATTEMPTS) throw error;
      await sleep(attempt * SECOND);
    }
  }
}

function revoked({ email, provider }: OAuthMailbox, why: string, cause: unknown): AgentError {
  const advice = `connect it again: \`mailbox add ${email} --oauth ${provider}\``;
  return new AgentError("oauth_revoked", `${email} may no longer be used by OAuth (${why}); ${advice}.`, { cause, detail: { provider } });
}

export function sealTokens({ keys }: Pick<Agent, "keys">, id: MailboxId, tokens: Tokens & { readonly refreshToken: string }): SealedTokens {
  return {
    refresh: sealSecret(keys.credentials, tokens.refreshToken, tokenBinding(id, "refresh_secret")),
    access: sealSecret(keys.credentials, tokens.accessToken, tokenBinding(id, "access_secret")),
    accessExpiresAt: tokens.expiresAt,
  };
}

/** What a sealed token is bound to: copied into another row or column, it cannot be opened. */
function tokenBinding(id: MailboxId, column: "refresh_secret" | "access_secret"): string {
  return `mailbox_grant:${id}:${column}`;
}
