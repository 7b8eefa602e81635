// What a person does about the own account: the first set-up, signing in and out, joining a team, password, second factor.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { invitationBehind, joinAs, joinWithNewAccount } from "../../access/members.ts";
import { LEAST_PASSWORD, LONGEST_PASSWORD } from "../../access/password.ts";
import { confirmTotp, offerTotp, removeTotp } from "../../access/second-factor.ts";
import { isSetupToken, setUp } from "../../access/set-up.ts";
import { changePassword, sessionOf, signIn, signOut, verifyPassword } from "../../access/sign-in.ts";
import type { Agent } from "../../automations/agent.ts";
import { AgentError } from "../../core/errors.ts";
import type { UserId, WorkspaceId } from "../../core/ids.ts";
import type { Clock } from "../../core/instant.ts";
import { PERMISSIONS, permissionsOf, ROLES } from "../../core/permissions.ts";
import { membershipsOf } from "../../store/member.ts";
import { accountById, renameAccount } from "../../store/user-account.ts";
import { refuseForeignSites, sessionToken } from "../caller.ts";
import { clientOf, forgetSession, keepSession } from "../session-cookie.ts";
import { API_PREFIX } from "./answer.ts";
import { idOf, instant, words } from "./contract.ts";

const email = z.string().min(3).max(320);
const password = z.string().min(1).max(LONGEST_PASSWORD);
const newPassword = z.string().min(LEAST_PASSWORD).max(LONGEST_PASSWORD);
const token = z.string().min(20).max(200);
const person = { name: words(200), password: newPassword };

const me = z.object({
  id: idOf<"user">(),
  email: z.string(),
  name: z.string(),
  hasSecondFactor: z.boolean(),
  createdAt: instant,
  workspaces: z.array(
    z.object({
      workspaceId: idOf<"workspace">(),
      workspaceName: z.string(),
      role: z.enum(ROLES),
      permissions: z.array(z.enum(PERMISSIONS)),
    }),
  ),
});
const invitation = z.object({
  email: z.string(),
  role: z.enum(ROLES),
  workspaceName: z.string(),
  hasAccount: z.boolean().describe("Sign in to join, instead of making an account"),
});
const done = { 204: z.null().describe("Done") };

/** Ten tries a minute from one address: argon2 makes each expensive for us, too. */
const FEW = { rateLimit: { max: 10, timeWindow: "1 minute" } };

/** Into a scope of its own: the check of where requests come from is for its routes. */
export function registerAccount(plain: FastifyInstance, agent: Agent, realTime: Clock, workspaceId: WorkspaceId): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const { db } = agent;
  const key = agent.keys.credentials;
  const tags = ["account"];
  app.addHook("onRequest", async (request) => refuseForeignSites(request));

  app.get(
    `${API_PREFIX}/account/setup/:token`,
    {
      schema: {
        operationId: "account.checkSetup",
        summary: "Whether a set-up link works",
        tags,
        params: z.object({ token }),
        response: { 200: z.object({ works: z.boolean() }) },
      },
      config: FEW,
    },
    async (request) => ({
      works: await isSetupToken(db, request.params.token, realTime.now()),
    }),
  );
  app.post(
    `${API_PREFIX}/account/setup`,
    {
      schema: {
        operationId: "account.setUp",
        summary: "Makes the first account, signed in",
        tags,
        body: z.strictObject({ token, email, ...person }),
        response: done,
      },
      config: FEW,
    },
    async (request, reply) => {
      const { token: link, ...account } = request.body;
      const session = await setUp(db, { token: link, workspaceId, account, client: clientOf(request) }, realTime.now());
      return signedIn(request, reply, session);
    },
  );
  app.post(
    `${API_PREFIX}/account/session`,
    {
      schema: {
        operationId: "account.signIn",
        summary: "Signs in; the session is a cookie",
        tags,
        body: z.strictObject({ email, password, code: z.string().max(40).optional() }),
        response: done,
      },
      config: FEW,
    },
    async (request, reply) => {
      const { code, ...rest } = request.body;
      const session = await signIn(db, key, { ...rest, code: code ?? null, ...clientOf(request) }, realTime.now());
      return signedIn(request, reply, session);
    },
  );
  app.delete(
    `${API_PREFIX}/account/session`,
    { schema: { operationId: "account.signOut", summary: "Signs out", tags, response: done } },
    async (request, reply) => {
      const session = sessionToken(request);
      if (session !== null) await signOut(db, session);
      forgetSession(reply);
      return reply.code(204).send(null);
    },
  );
  app.get(
    `${API_PREFIX}/account`,
    { schema: { operationId: "account.read", summary: "Who is signed in, and in which workspaces", tags, response: { 200: me } } },
    async (request) => {
      const { userId } = await signedInPerson(request);
      const account = await accountById(db, userId);
      if (!account) throw new AgentError("unauthenticated", "This account does not exist any more.");
      const memberships = await membershipsOf(db, userId);
      return { ...account, workspaces: memberships.map((one) => ({ ...one, permissions: permissionsOf(one.role) })) };
    },
  );
  app.patch(
    `${API_PREFIX}/account`,
    {
      schema: {
        operationId: "account.rename",
        summary: "Changes the own name",
        tags,
        body: z.strictObject({ name: words(200) }),
        response: done,
      },
    },
    async (request, reply) => {
      await renameAccount(db, (await signedInPerson(request)).userId, request.body.name, realTime.now());
      return reply.code(204).send(null);
    },
  );
  app.put(
    `${API_PREFIX}/account/password`,
    {
      schema: {
        operationId: "account.changePassword",
        summary: "Changes the own password; all other sessions end",
        tags,
        body: z.strictObject({ current: password, next: newPassword }),
        response: done,
      },
      config: FEW,
    },
    async (request, reply) => {
      const { userId, session } = await signedInPerson(request);
      await changePassword(db, userId, { ...request.body, session, ip: request.ip }, realTime.now());
      return reply.code(204).send(null);
    },
  );
  app.post(
    `${API_PREFIX}/account/second-factor`,
    {
      schema: {
        operationId: "account.offerSecondFactor",
        summary: "A secret for an authenticator app; it counts once confirmed",
        tags,
        body: z.strictObject({ password }),
        response: { 200: z.object({ secret: z.string(), uri: z.string() }) },
      },
      config: FEW,
    },
    async (request) => {
      const { userId, email: address } = await checkedPerson(request, request.body.password);
      return offerTotp(db, key, { id: userId, email: address }, realTime.now());
    },
  );
  app.post(
    `${API_PREFIX}/account/second-factor/confirm`,
    {
      schema: {
        operationId: "account.confirmSecondFactor",
        summary: "Turns the second factor on; gives the recovery codes, once",
        tags,
        body: z.strictObject({ code: z.string().regex(/^\d{6}$/) }),
        response: { 200: z.object({ recoveryCodes: z.array(z.string()) }) },
      },
      config: FEW,
    },
    async (request) => {
      const { userId } = await signedInPerson(request);
      return { recoveryCodes: await confirmTotp(db, key, { userId, code: request.body.code, ip: request.ip }, realTime.now()) };
    },
  );
  app.delete(
    `${API_PREFIX}/account/second-factor`,
    {
      schema: {
        operationId: "account.removeSecondFactor",
        summary: "Turns the second factor off",
        tags,
        body: z.strictObject({ password }),
        response: done,
      },
      config: FEW,
    },
    async (request, reply) => {
      const { userId } = await checkedPerson(request, request.body.password);
      await removeTotp(db, { userId, ip: request.ip }, realTime.now());
      return reply.code(204).send(null);
    },
  );
  app.get(
    `${API_PREFIX}/account/invitation/:token`,
    {
      schema: {
        operationId: "account.readInvitation",
        summary: "What an invitation link is for",
        tags,
        params: z.object({ token }),
        response: { 200: invitation },
      },
      config: FEW,
    },
    async (request) => {
      const found = await invitationBehind(db, request.params.token, realTime.now());
      if (!found) throw new AgentError("link_invalid", "This invitation does not work any more; ask for a new one.");
      return found;
    },
  );
  app.post(
    `${API_PREFIX}/account/invitation`,
    {
      schema: {
        operationId: "account.acceptInvitation",
        summary: "Joins a team: as who is signed in, or with a new account",
        tags,
        body: z.strictObject({ token, name: person.name.optional(), password: newPassword.optional() }),
        response: done,
      },
      config: FEW,
    },
    async (request, reply) => {
      const { token: link, name, password: chosen } = request.body;
      if (name !== undefined && chosen !== undefined) {
        const session = await joinWithNewAccount(db, { token: link, name, password: chosen, client: clientOf(request) }, realTime.now());
        return signedIn(request, reply, session);
      }
      const user = await signedInPerson(request);
      await joinAs(db, { id: user.userId, email: user.email, ip: request.ip }, link, realTime.now());
      return reply.code(204).send(null);
    },
  );

  async function signedInPerson(request: FastifyRequest): Promise<{ userId: UserId; email: string; session: string }> {
    const cookie = sessionToken(request);
    const session = cookie === null ? null : await sessionOf(db, cookie, realTime.now());
    if (!session || cookie === null) throw new AgentError("unauthenticated", "Sign in first.");
    return { userId: session.userId, email: session.email, session: cookie };
  }

  /** A session alone may be somebody at an unlocked screen: what changes how one signs in asks for the password again. */
  async function checkedPerson(request: FastifyRequest, given: string) {
    const user = await signedInPerson(request);
    await verifyPassword(db, user.userId, given, realTime.now());
    return user;
  }
}

function signedIn(request: FastifyRequest, reply: FastifyReply, session: string): FastifyReply {
  keepSession(request, reply, session);
  return reply.code(204).send(null);
}
