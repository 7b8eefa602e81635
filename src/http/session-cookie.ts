// The cookie that holds a person's session.
import type { FastifyReply, FastifyRequest } from "fastify";
import { type Client, SESSION_LASTS } from "../access/sign-in.ts";
import { SECOND } from "../core/instant.ts";
import { sessionCookieName } from "./caller.ts";

export function clientOf(request: FastifyRequest): Client {
  return { ip: request.ip, userAgent: request.headers["user-agent"] ?? null };
}

export function keepSession(request: FastifyRequest, reply: FastifyReply, session: string): void {
  const secure = request.protocol === "https";
  reply.setCookie(sessionCookieName(secure), session, {
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    secure,
    maxAge: SESSION_LASTS / SECOND,
  });
}

export function forgetSession(reply: FastifyReply): void {
  for (const secure of [true, false]) reply.clearCookie(sessionCookieName(secure), { path: "/", secure });
}
