// Who asks? A person by the session in a cookie, a program by its key; and what they may do in which workspace.
import type { FastifyRequest } from "fastify";
import { apiKeyOf } from "../access/api-keys.ts";
import { sessionOf } from "../access/sign-in.ts";
import { AgentError } from "../core/errors.ts";
import type { WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { type Permission, permissionsOf, type Role } from "../core/permissions.ts";
import type { Actor } from "../store/audit.ts";
import type { Queryable } from "../store/database.ts";
import { membershipsOf } from "../store/member.ts";

export interface Caller {
  readonly actor: Actor;
  readonly workspaceId: WorkspaceId;
  readonly permissions: ReadonlySet<Permission>;
  /** Of a person; null for a key. */
  readonly role: Role | null;
  readonly email: string | null;
  /** Null: the command line on the machine itself. */
  readonly ip: string | null;
  /** The token of a person's session; null for a key. */
  readonly session: string | null;
}

/** `__Host-` (RFC 6265bis §4.1.3.2) binds it to this host and https; browsers refuse it on plain http, where the product listens on loopback. */
export function sessionCookieName(secure: boolean): string {
  return secure ? "__Host-session" : "session";
}

/** Over https only the name that is bound to this host counts: a cookie of the other name may be another host's of the same domain. */
export function sessionToken(request: FastifyRequest): string | null {
  return request.cookies[sessionCookieName(request.protocol === "https")] ?? null;
}

/** AgentError `unauthenticated`; `forbidden` for a workspace that the person does not belong to, or a request from another site. */
export async function callerOf(q: Queryable, request: FastifyRequest, now: Instant): Promise<Caller> {
  const { authorization } = request.headers;
  if (authorization !== undefined) return programOf(q, authorization, request.ip, now);
  const token = sessionToken(request);
  const session = token === null ? null : await sessionOf(q, token, now);
  if (!session || token === null) throw new AgentError("unauthenticated", "Sign in, or send an API key: Authorization: Bearer mak_…");
  refuseForeignSites(request);
  const membership = await chosenMembership(q, session.userId, request.headers["workspace-id"]);
  return {
    actor: { kind: "user", id: session.userId, name: session.name },
    workspaceId: membership.workspaceId,
    permissions: new Set(permissionsOf(membership.role)),
    role: membership.role,
    email: session.email,
    ip: request.ip,
    session: token,
  };
}

async function programOf(q: Queryable, authorization: string, ip: string, now: Instant): Promise<Caller> {
  const token = /^Bearer\s+(\S{20,200})$/i.exec(authorization)?.[1];
  const key = token === undefined ? null : await apiKeyOf(q, token, now);
  if (!key) throw new AgentError("unauthenticated", "The API key is unknown, revoked or expired.");
  const actor = { kind: "api_key", id: key.id, name: key.name } as const;
  return { actor, workspaceId: key.workspaceId, permissions: new Set(key.scopes), role: null, email: null, ip, session: null };
}

async function chosenMembership(q: Queryable, userId: Parameters<typeof membershipsOf>[1], wanted: string | string[] | undefined) {
  const memberships = await membershipsOf(q, userId);
  const chosen = wanted === undefined ? memberships[0] : memberships.find(({ workspaceId }) => workspaceId === wanted);
  if (!chosen) throw new AgentError("forbidden", wanted === undefined ? "You belong to no team." : "You do not belong to this workspace.");
  return chosen;
}

/**
 * A browser sends the cookie along whoever wrote the page, SameSite=Lax aside; so a change must come from our own pages. Programs that are no
 * browsers send neither header.
 */
export function refuseForeignSites(request: FastifyRequest): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  const site = request.headers["sec-fetch-site"];
  const { origin, host } = request.headers;
  const foreign = site === undefined ? origin !== undefined && hostOf(origin) !== host : site !== "same-origin" && site !== "none";
  if (foreign) throw new AgentError("forbidden", "This request came from a page of another site.");
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
