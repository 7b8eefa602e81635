// Asks an OpenID provider for leave to use a mailbox, and for access tokens afterwards (OpenID Connect; RFC 6749, 7636, 9700), by openid-client.
import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientError,
  type Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  fetchUserInfo,
  None,
  ResponseBodyError,
  randomNonce,
  randomPKCECodeVerifier,
  refreshTokenGrant,
  type TokenEndpointResponse,
} from "openid-client";
import { z } from "zod";
import { AgentError } from "../core/errors.ts";
import { type Instant, SECOND } from "../core/instant.ts";
import type { OAuthClient, OAuthFacts } from "../core/oauth-provider.ts";
import { checkedFetch, type OpenIdReach } from "./openid-fetch.ts";

export interface OpenIdAccess extends OpenIdReach, OAuthFacts, OAuthClient {}

/** What ties the answer to the request: neither must become known to anybody else before it came. */
export interface Proof {
  readonly codeVerifier: string;
  readonly nonce: string;
}

export interface Tokens {
  readonly accessToken: string;
  readonly expiresAt: Instant;
  /** Null: the one before stays. */
  readonly refreshToken: string | null;
}

export interface Granted extends Tokens {
  readonly refreshToken: string;
  readonly subject: string;
  /** The addresses by which the provider knows who signed in; none when it does not say. */
  readonly addresses: readonly string[];
}

export function newProof(): Proof {
  return { codeVerifier: randomPKCECodeVerifier(), nonce: randomNonce() };
}

/** Where the mailbox's owner signs in and agrees. */
export async function authorizationLink(
  access: OpenIdAccess,
  { redirectUri, state, account, proof }: { redirectUri: string; state: string; account: string; proof: Proof },
): Promise<string> {
  const provider = await discovered(access);
  const challenge = await calculatePKCECodeChallenge(proof.codeVerifier);
  const link = buildAuthorizationUrl(provider, {
    ...access.parameters,
    redirect_uri: redirectUri,
    scope: access.scopes.join(" "),
    state,
    nonce: proof.nonce,
    code_challenge: challenge,
    code_challenge_method: "S256",
    login_hint: account,
  });
  return link.href;
}

/**
 * What was granted to who came back to `callback`.
 *
 * Throws `oauth_failed` when they did not agree, or the answer is not one to our request.
 */
export async function redeemCode(access: OpenIdAccess, callback: URL, state: string, proof: Proof, now: Instant): Promise<Granted> {
  const provider = await discovered(access);
  try {
    const checks = { expectedState: state, expectedNonce: proof.nonce, pkceCodeVerifier: proof.codeVerifier, idTokenExpected: true };
    const answer = await authorizationCodeGrant(provider, callback, checks);
    const claims = claimsSchema.parse(answer.claims() ?? {});
    const tokens = tokensOf(answer, now);
    if (tokens.refreshToken === null) throw noRefreshToken(access);
    refuseUnticked(access, answer.scope);
    const addresses = await addressesOf(provider, tokens.accessToken, claims);
    return { ...tokens, refreshToken: tokens.refreshToken, subject: claims.sub, addresses };
  } catch (error) {
    throw openIdError(error, access);
  }
}

/** Throws `oauth_revoked` when what was granted is no longer valid; `oauth_client`; `oauth_unreachable`, which passes; `oauth_failed`. */
export async function refreshTokens(access: OpenIdAccess, refreshToken: string, now: Instant): Promise<Tokens> {
  const provider = await discovered(access);
  try {
    return tokensOf(await refreshTokenGrant(provider, refreshToken), now);
  } catch (error) {
    throw openIdError(error, access);
  }
}

/** Asked anew each time, which is once an hour and mailbox: nothing grows old. */
async function discovered(access: OpenIdAccess): Promise<Configuration> {
  const { issuer, clientId, clientSecret, timeoutMs } = access;
  try {
    return await discovery(new URL(issuer), clientId, clientSecret ?? {}, clientSecret === null ? None() : undefined, {
      [customFetch]: checkedFetch(access),
      timeout: Math.ceil(timeoutMs / SECOND),
      // `checkedFetch` lets plain http go to this machine and private networks only.
      execute: issuer.startsWith("http:") ? [allowInsecureRequests] : [],
    });
  } catch (error) {
    throw openIdError(error, access);
  }
}

/** Microsoft names work accounts by `preferred_username`, and leaves `email` out where the directory has none. */
const claimsSchema = z.object({
  sub: z.string().min(1).max(500),
  email: z.string().max(320).optional().catch(undefined),
  preferred_username: z.string().max(320).optional().catch(undefined),
});

type Claims = z.output<typeof claimsSchema>;

async function addressesOf(provider: Configuration, accessToken: string, claims: Claims): Promise<string[]> {
  const named = namesIn(claims);
  if (named.length > 0 || !provider.serverMetadata().userinfo_endpoint) return named;
  return namesIn(claimsSchema.parse(await fetchUserInfo(provider, accessToken, claims.sub)));
}

function namesIn({ email, preferred_username: username }: Claims): string[] {
  return [email, username].filter((name) => name?.includes("@") === true) as string[];
}

/** RFC 6749 §5.1 recommends `expires_in`; without it we ask again after an hour. */
const USUAL_SECONDS = 3_600;

function tokensOf(answer: TokenEndpointResponse, now: Instant): Tokens {
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: lasts = USUAL_SECONDS } = answer;
  return { accessToken, refreshToken: refreshToken ?? null, expiresAt: new Date(now.getTime() + lasts * SECOND) };
}

function noRefreshToken({ issuer }: OpenIdAccess): AgentError {
  const advice = "is offline access among the scopes that the registration may ask for?";
  return new AgentError("oauth_failed", `${issuer} gave access for an hour only, and no refresh token; ${advice}`);
}

/** RFC 6749 §5.1: without `scope`, everything was granted that was asked for. */
function refuseUnticked({ issuer, needed }: OpenIdAccess, scope: string | undefined): void {
  if (scope === undefined || needed.every((one) => scope.split(" ").includes(one))) return;
  throw new AgentError("oauth_failed", `${issuer} granted no access to mail: tick its box when you agree.`, { detail: { scope } });
}

/** RFC 6749 §4.1.2.1, §5.2. */
const REVOKED = new Set(["invalid_grant", "interaction_required", "login_required", "consent_required"]);
const CLIENT = new Set(["invalid_client", "unauthorized_client"]);
const PASSING = new Set(["temporarily_unavailable", "server_error"]);

function openIdError(error: unknown, { issuer }: OpenIdAccess): AgentError {
  if (error instanceof AgentError) return error;
  const inner = error instanceof Error ? error.cause : undefined;
  if (inner instanceof AgentError) return inner; // of checkedFetch
  if (error instanceof AuthorizationResponseError) {
    return new AgentError("oauth_failed", `Access was not granted (${said(error)}).`, {
      cause: bare(error),
      detail: { error: error.error },
    });
  }
  if (error instanceof ResponseBodyError) return refusedBy(issuer, error);
  if (isPassing(error)) {
    return new AgentError("oauth_unreachable", `The OpenID provider ${issuer} does not answer; it is tried again.`, {
      cause: bare(error),
      retryable: true,
    });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new AgentError("oauth_failed", `The answer of the OpenID provider ${issuer} is not as expected (${message}).`, {
    cause: bare(error),
  });
}

function refusedBy(issuer: string, error: ResponseBodyError): AgentError {
  const options = { cause: bare(error), detail: { error: error.error, status: error.status } };
  const refused = `The OpenID provider ${issuer} refused (${said(error)})`;
  if (PASSING.has(error.error) || error.status >= 500 || error.status === 429)
    return new AgentError("oauth_unreachable", `${refused}; it is tried again.`, { ...options, retryable: true });
  if (REVOKED.has(error.error)) return new AgentError("oauth_revoked", `${refused}: what was granted is no longer valid`, options);
  if (CLIENT.has(error.error))
    return new AgentError("oauth_client", `${refused}: check the client id and secret of this installation.`, options);
  return new AgentError("oauth_failed", `${refused}.`, options);
}

/** openid-client hangs the provider's whole answer on its errors, tokens included; what is logged must not hold it. */
function bare(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const inner = error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return Object.assign(new Error(error.message + inner), { name: error.name });
}

const LONGEST_DESCRIPTION = 300;

/** Hostile text, fit to be stored and shown. */
function said({ error, error_description: description }: { error: string; error_description?: string }): string {
  return [error, description]
    .filter(Boolean)
    .join(": ")
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .slice(0, LONGEST_DESCRIPTION)
    .toWellFormed();
}

/** The network, a time-out, or a status that says that the server itself is in trouble. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof ClientError)) return !(error instanceof TypeError || error instanceof z.ZodError);
  if (error.code === "OAUTH_TIMEOUT" || error.code === "OAUTH_ABORT" || error.code === undefined) return true;
  return error.cause instanceof Response && (error.cause.status >= 500 || error.cause.status === 429);
}
