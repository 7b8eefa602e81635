// Asks an OpenID provider over HTTP. Its addresses come from the issuer's own description: each name is resolved once, and what is connected to is an
// address that was checked. Redirects are not followed.
import type { LookupFunction } from "node:net";
import type { CustomFetch } from "openid-client";
import { Agent, request } from "undici";
import { AgentError } from "../core/errors.ts";
import { type HostAddress, resolveHost } from "./host-check.ts";

/** Descriptions and key sets have some kilobytes. */
const LONGEST_ANSWER = 1_000_000;

export interface OpenIdReach {
  readonly allowPrivateHosts: boolean;
  readonly timeoutMs: number;
}

/** For openid-client. Unencrypted only within this machine and private networks: what is sent there is as good as a password. */
export function checkedFetch({ allowPrivateHosts, timeoutMs }: OpenIdReach): CustomFetch {
  return async (address, { method, headers, body, signal }) => {
    const url = new URL(address);
    const addresses = await addressesOf(url, allowPrivateHosts);
    const dispatcher = new Agent({
      connect: { lookup: answering(addresses), timeout: timeoutMs },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      maxResponseSize: LONGEST_ANSWER,
    });
    try {
      const content = body instanceof URLSearchParams ? body.toString() : null; // openid-client sends nothing else
      const answer = await request(url, {
        dispatcher,
        method: method === "POST" ? "POST" : "GET",
        headers,
        body: content,
        signal: signal ?? null,
      });
      return new Response(await answer.body.text(), { status: answer.statusCode, headers: headersOf(answer.headers) });
    } finally {
      await dispatcher.destroy();
    }
  };
}

async function addressesOf(url: URL, allowPrivateHosts: boolean): Promise<readonly HostAddress[]> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const resolved = await resolveHost(host, { allowPrivateHosts, allowPublicHosts: url.protocol === "https:" });
  switch (resolved.kind) {
    case "found":
      return resolved.addresses;
    case "unknown":
      throw new AgentError("oauth_unreachable", `The OpenID provider's name ${host} is not known.`, {
        cause: resolved.cause,
        retryable: true,
      });
    case "private":
      throw new AgentError(
        "oauth_failed",
        `The OpenID provider ${host} stands in a private network; an operator can allow that (mailboxes.allow_private_hosts).`,
        { detail: { address: resolved.address } },
      );
    case "public":
      throw new AgentError("oauth_failed", `Nothing is sent unencrypted to the OpenID provider ${host}; its issuer must begin with https.`);
    default:
      return resolved satisfies never;
  }
}

function answering(addresses: readonly HostAddress[]): LookupFunction {
  const [first] = addresses;
  return (_host, { all }, done) => (all ? done(null, [...addresses]) : done(null, first?.address ?? "", first?.family));
}

function headersOf(raw: Readonly<Record<string, string | string[] | undefined>>): [string, string][] {
  return Object.entries(raw).flatMap(([name, value]) => [value ?? []].flat().map((one): [string, string] => [name, one]));
}
