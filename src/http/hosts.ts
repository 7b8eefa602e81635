// Under which name was a page asked for? A web site must not reach pages through a name of its own that resolves to this machine (DNS rebinding),
// and what is for whoever sits at this machine is not for those who come through a proxy.
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Settings } from "../core/settings.ts";

/** Paths that people outside reach, under whatever name. */
const PUBLIC = /^\/(?:u\/|api\/|healthz$|readyz$)/;
/** Of no concern to anybody but whoever runs the machine. */
const OPERATOR = /^\/metrics\b/;
const LOCAL = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

/** Asked for at this machine, or at the address that the server listens on, and not through a proxy. */
export function isDirect({ headers }: FastifyRequest, { http }: Settings): boolean {
  if (headers["x-forwarded-for"] ?? headers["x-forwarded-host"] ?? headers["forwarded"] ?? headers.via) return false;
  const named = headers.host ?? "";
  return LOCAL.test(named) || hostOf(named) === http.host;
}

export function refuseForeignHosts(settings: Settings) {
  const { public_url: publicUrl } = settings.http;
  const publicHost = publicUrl === undefined ? null : new URL(publicUrl).hostname;
  return async (request: FastifyRequest, reply: FastifyReply) => {
    // The route that was found: its address can be written in many ways (`/%6detrics`, `http://host/metrics`).
    const path = request.routeOptions.url ?? request.url;
    if (PUBLIC.test(path) || isDirect(request, settings)) return;
    if (hostOf(request.headers.host ?? "") === publicHost && !OPERATOR.test(path)) return;
    await reply.code(421).send("This page is not served under this name: http.public_url says under which one it is.");
  };
}

function hostOf(named: string): string {
  return named.replace(/:\d+$/, "");
}
