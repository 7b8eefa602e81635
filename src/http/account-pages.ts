// Plain pages for people without an account or a session: the set-up link, an invitation, signing in. Forms without scripts; what they do
// stands in access/.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { invitationBehind, joinAs, joinWithNewAccount } from "../access/members.ts";
import { LEAST_PASSWORD } from "../access/password.ts";
import { resetBehind, resetPassword } from "../access/reset-password.ts";
import { isSetupToken, setUp } from "../access/set-up.ts";
import { sessionOf, signIn, signOut } from "../access/sign-in.ts";
import type { Agent } from "../automations/agent.ts";
import { AgentError } from "../core/errors.ts";
import type { WorkspaceId } from "../core/ids.ts";
import type { Clock } from "../core/instant.ts";
import { refuseForeignSites, sessionToken } from "./caller.ts";
import { type Html, html, page } from "./html.ts";
import { problemOf } from "./problem.ts";
import { clientOf, forgetSession, keepSession } from "./session-cookie.ts";

const token = z.object({ token: z.string().min(20).max(200) });
const account = z.object({ name: z.string().trim().min(1).max(200), email: z.string().max(320), password: z.string().max(256) });
const credentials = z.object({ email: z.string().max(320), password: z.string().max(256), code: z.string().max(40).optional() });
/** As for the API: argon2 is expensive for us, too. */
const FEW = { config: { rateLimit: { max: 10, timeWindow: "1 minute" } } };

export function registerAccountPages(app: FastifyInstance, agent: Agent, realTime: Clock, workspaceId: WorkspaceId): void {
  const { db } = agent;
  app.addHook("preHandler", async (request) => refuseForeignSites(request));
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500) agent.log.error({ event: "http.failed", route: request.routeOptions.url, err: error });
    return send(reply, problem.status, "Not possible", html`<h1>${problem.detail}</h1><p><a href="">Back</a></p>`);
  });

  app.get("/setup/:token", FEW, async (request, reply) => {
    const works = await isSetupToken(db, token.parse(request.params).token, realTime.now());
    return works ? send(reply, 200, "Set up", SETUP) : send(reply, 410, "Link used", OLD_LINK);
  });
  app.post("/setup/:token", FEW, async (request, reply) => {
    const made = { token: token.parse(request.params).token, workspaceId, account: formOf(account, request), client: clientOf(request) };
    keepSession(request, reply, await setUp(db, made, realTime.now()));
    return reply.redirect("/", 303);
  });
  app.get("/sign-in", (_request, reply) => send(reply, 200, "Sign in", SIGN_IN));
  app.post("/sign-in", FEW, async (request, reply) => {
    const { code, ...given } = formOf(credentials, request);
    const attempt = { ...given, code: code?.trim() || null, ...clientOf(request) };
    keepSession(request, reply, await signIn(db, agent.keys.credentials, attempt, realTime.now()));
    return reply.redirect("/", 303);
  });
  app.post("/sign-out", async (request, reply) => {
    const session = sessionToken(request);
    if (session !== null) await signOut(db, session);
    forgetSession(reply);
    return reply.redirect("/sign-in", 303);
  });
  app.get("/reset/:token", FEW, async (request, reply) => {
    const reset = await resetBehind(db, token.parse(request.params).token, realTime.now());
    return reset === null ? send(reply, 410, "Link used", OLD_LINK) : send(reply, 200, "New password", resetPage(reset));
  });
  app.post("/reset/:token", FEW, async (request, reply) => {
    const { password } = formOf(account.pick({ password: true }), request);
    await resetPassword(db, { token: token.parse(request.params).token, password, ip: request.ip }, realTime.now());
    return reply.redirect("/sign-in", 303);
  });
  app.get("/invitation/:token", FEW, async (request, reply) => {
    const invitation = await invitationBehind(db, token.parse(request.params).token, realTime.now());
    return invitation ? send(reply, 200, "Join", joinPage(invitation)) : send(reply, 410, "Link used", OLD_LINK);
  });
  app.post("/invitation/:token", FEW, async (request, reply) => {
    const link = token.parse(request.params).token;
    const session = sessionToken(request);
    const user = session === null ? null : await sessionOf(db, session, realTime.now());
    if (user) await joinAs(db, { id: user.userId, email: user.email, ip: request.ip }, link, realTime.now());
    else {
      const { name, password } = formOf(account.omit({ email: true }), request);
      keepSession(request, reply, await joinWithNewAccount(db, { token: link, name, password, client: clientOf(request) }, realTime.now()));
    }
    return reply.redirect("/", 303);
  });
}

function formOf<Form>(schema: z.ZodType<Form>, request: FastifyRequest): Form {
  const form = schema.safeParse(request.body);
  if (!form.success) throw new AgentError("invalid_input", "Something is missing in the form, or too long.");
  return form.data;
}

function send(reply: FastifyReply, status: number, title: string, body: Html): FastifyReply {
  return reply.code(status).type("text/html; charset=utf-8").send(page(title, body));
}

function field(label: string, name: string, type: string, autocomplete: string, more: Html = html``): Html {
  return html`<p><label>${label}<br><input name="${name}" type="${type}" autocomplete="${autocomplete}" ${{ html: more }}></label></p>`;
}

const NEW_PASSWORD = field(
  `Password (at least ${LEAST_PASSWORD} characters)`,
  "password",
  "password",
  "new-password",
  html`required minlength="${LEAST_PASSWORD}"`,
);
const NAME = field("Your name", "name", "text", "name", html`required`);
const EMAIL = field("Email address", "email", "email", "username", html`required`);
const SETUP = html`<h1>Make the first account</h1><p>It owns this installation, and may invite others.</p>
<form method="post">${{ html: NAME }}${{ html: EMAIL }}${{ html: NEW_PASSWORD }}<button type="submit">Make the account</button></form>`;
const SIGN_IN = html`<h1>Sign in</h1><form method="post">${{ html: EMAIL }}
${{ html: field("Password", "password", "password", "current-password", html`required`) }}
${{ html: field("Code of your authenticator app, if you use one", "code", "text", "one-time-code", html`inputmode="numeric"`) }}
<button type="submit">Sign in</button></form>`;
const OLD_LINK = html`<h1>This link does not work any more.</h1><p>It was used, or a newer one took its place.</p><p><a href="/sign-in">Sign in</a></p>`;

function resetPage({ email, removesSecondFactor }: { email: string; removesSecondFactor: boolean }): Html {
  const andMore = removesSecondFactor ? " The authenticator app is not asked for any more, until you set one up again." : "";
  return html`<h1>A new password</h1><p>For ${email}. Whoever is signed in with this account is signed out.${andMore}</p>
<form method="post">${{ html: NEW_PASSWORD }}<button type="submit">Set it</button></form>`;
}

function joinPage({
  email,
  role,
  workspaceName,
  hasAccount,
}: {
  email: string;
  role: string;
  workspaceName: string;
  hasAccount: boolean;
}): Html {
  const form = hasAccount
    ? html`<p>There is an account for ${email}: <a href="/sign-in">sign in</a> first, then come back to this page.</p>
<form method="post"><button type="submit">Join</button></form>`
    : html`<form method="post">${{ html: NAME }}${{ html: NEW_PASSWORD }}<button type="submit">Join</button></form>`;
  return html`<h1>Join ${workspaceName}</h1><p>As ${role}, with the address ${email}.</p>${{ html: form }}`;
}
