// What a provider's answers mean when they are not as they should be.
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import type { AgentError } from "../core/errors.ts";
import { type OpenIdAccess, refreshTokens } from "./openid.ts";

const NOW = new Date("2026-03-02T08:00:00Z");

let server: Server;
afterEach(() => void server.close());

/** A provider whose token endpoint answers so. */
async function provider(status: number, answer: unknown): Promise<OpenIdAccess> {
  server = createServer(({ url }, response) => {
    response.setHeader("content-type", "application/json");
    if (url === "/token") response.writeHead(status).end(typeof answer === "string" ? answer : JSON.stringify(answer));
    else response.end(JSON.stringify({ issuer, token_endpoint: `${issuer}/token` }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = { clientId: "ours", clientSecret: "OUR-SECRET", allowPrivateHosts: true, timeoutMs: 2_000 };
  return { issuer, scopes: [], needed: [], parameters: {}, servers: "custom", loopback: "127.0.0.1", ...client };
}

async function failure(access: OpenIdAccess): Promise<AgentError> {
  return refreshTokens(access, "OUR-REFRESH-TOKEN", NOW).then(
    () => expect.unreachable("it worked"),
    (error: AgentError) => error,
  );
}

test("a token without an end is asked for anew after an hour, and the refresh token stays", async () => {
  const access = await provider(200, { access_token: "next", token_type: "Bearer" });
  const expiresAt = new Date("2026-03-02T09:00:00Z");
  await expect(refreshTokens(access, "first", NOW)).resolves.toEqual({ accessToken: "next", refreshToken: null, expiresAt });
});

describe("an answer of the token endpoint", () => {
  test.each([
    ["that the grant is no longer valid", 400, { error: "invalid_grant" }, "oauth_revoked", false],
    ["that somebody must sign in again", 400, { error: "interaction_required" }, "oauth_revoked", false],
    ["that our secret is wrong", 401, { error: "invalid_client" }, "oauth_client", false],
    ["that it is busy", 503, { error: "temporarily_unavailable" }, "oauth_unreachable", true],
    ["that it is asked too often", 429, { error: "invalid_request" }, "oauth_unreachable", true],
    ["of a proxy in between", 502, "<html>Bad gateway</html>", "oauth_unreachable", true],
    ["that is an error we do not know", 400, { error: "invalid_scope" }, "oauth_failed", false],
    ["that is no JSON", 200, "<html>", "oauth_failed", false],
    ["that holds no token", 200, {}, "oauth_failed", false],
  ])("%s", async (_what, status, answer, code, retryable) => {
    const error = await failure(await provider(status, answer));
    expect({ code: error.code, retryable: error.retryable }).toEqual({ code, retryable });
  });

  test("that is odd does not bring its tokens into the error, nor ours", async () => {
    const error = await failure(await provider(200, { access_token: "THEIR-TOKEN", token_type: "Bearer", expires_in: "soon" }));
    expect(error.code).toBe("oauth_failed");
    expect(inspect(error, { depth: null, showHidden: true })).not.toMatch(/THEIR-TOKEN|OUR-/);
  });

  test("is shown without what could steer a terminal, and not at any length", async () => {
    const error = await failure(await provider(400, { error: "invalid_scope", error_description: "a\u0007b\n".repeat(500) }));
    expect(error.message).toMatch(/^The OpenID provider \S+ refused \(invalid_scope: a b a b/);
    expect(error.message.length).toBeLessThan(400);
  });
});

test("nothing is sent unencrypted to the public internet", async () => {
  const access = { ...(await provider(200, {})), issuer: "http://192.0.2.1" };
  await expect(refreshTokens({ ...access, allowPrivateHosts: false }, "token", NOW)).rejects.toMatchObject({ code: "oauth_failed" });
  await expect(refreshTokens({ ...access, issuer: "http://8.8.8.8" }, "token", NOW)).rejects.toMatchObject({
    message: expect.stringContaining("must begin with https"),
  });
});
