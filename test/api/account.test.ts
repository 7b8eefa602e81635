// People and their accounts: the first one by a link, then by invitation; signing in, passwords, the second factor.
import { TOTP } from "otpauth";
import { expect, test } from "vitest";
import { newResetToken } from "../../src/access/reset-password.ts";
import { newSetupToken } from "../../src/access/set-up.ts";
import { DAY, MINUTE, SECOND } from "../../src/core/instant.ts";
import { settingsSchema } from "../../src/core/settings.ts";
import { buildWebServer } from "../../src/http/server.ts";
import { type Answer, apiForTests } from "./api-under-test.ts";

const PASSWORD = "a horse on a battery";
const api = await apiForTests();

function cookieOf(answer: Answer): { cookie: string } {
  const [cookie] = [answer.headers["set-cookie"]].flat() as string[];
  return { cookie: String(cookie).split(";")[0] ?? "" };
}

const signIn = (email: string, password: string, code?: string) =>
  api.anonymous("POST", "/account/session", { email, password, ...(code ? { code } : {}) });

test("the first account is made through the set-up link, once, with a password that is not easy", async () => {
  const replaced = (await newSetupToken(api.agent.db, api.realNow)) ?? "";
  const token = (await newSetupToken(api.agent.db, api.realNow)) ?? "";
  const anna = { token, email: "Anna@team.example", name: "Anna", password: PASSWORD };
  expect(await api.anonymous("POST", "/account/setup", { ...anna, token: replaced })).toMatchObject({ status: 410 });
  expect((await api.anonymous("GET", `/account/setup/${token}`)).body).toEqual({ works: true });
  expect(await api.anonymous("POST", "/account/setup", { ...anna, password: "aaaaaaaaaaaaaaa" })).toMatchObject({
    status: 422,
    body: { code: "password_weak" },
  });
  const [one, two] = await Promise.all([
    api.anonymous("POST", "/account/setup", anna),
    api.anonymous("POST", "/account/setup", { ...anna, email: "eve@elsewhere.example" }),
  ]);
  expect(new Set([one.status, two.status])).toEqual(new Set([204, 410]));
  expect(await newSetupToken(api.agent.db, api.realNow)).toBeNull();
  const made = one.status === 204 ? one : two;
  const { body } = await api.anonymous("GET", "/account", undefined, cookieOf(made));
  expect(body.workspaces).toMatchObject([{ workspaceName: "Team", role: "owner" }]);
  expect(String(made.headers["set-cookie"])).toMatch(/HttpOnly; SameSite=Lax/);
});

test("whoever knows the password gets in, whatever the case of the address; what was wrong is not told", async () => {
  await invited("ben@team.example", "member");
  expect((await signIn("BEN@team.example", PASSWORD)).status).toBe(204);
  const wrong = await signIn("ben@team.example", "not this one");
  const unknown = await signIn("nobody@team.example", PASSWORD);
  expect(wrong.body).toEqual(unknown.body);
  expect(wrong).toMatchObject({ status: 401, body: { code: "sign_in_refused" } });
});

test("after ten wrong passwords in a row the account waits, and the right one does not help until then", async () => {
  await invited("cleo@team.example", "viewer");
  for (let tries = 0; tries < 10; tries += 1) {
    await signIn("cleo@team.example", "wrong");
    api.pass(10 * SECOND);
  }
  expect((await signIn("cleo@team.example", PASSWORD)).status).toBe(401);
  api.pass(3 * MINUTE);
  expect((await signIn("cleo@team.example", PASSWORD)).status).toBe(204);
});

test("one address may try ten passwords a minute, whoever's", async () => {
  const { clientIp } = api;
  api.clientIp = () => "10.9.9.9";
  for (let tries = 0; tries < 10; tries += 1) await signIn(`guess${tries}@team.example`, "wrong");
  expect(await signIn("ben@team.example", PASSWORD)).toMatchObject({ status: 429, body: { code: "too_many_requests" } });
  api.clientIp = clientIp;
});

test("changing the password ends every other session, and the old password", async () => {
  const here = await invited("dora@team.example", "member");
  const elsewhere = cookieOf(await signIn("dora@team.example", PASSWORD));
  const change = (current: string) => api.anonymous("PUT", "/account/password", { current, next: "quite another password" }, here);
  expect((await change("wrong")).status).toBe(401);
  expect((await change(PASSWORD)).status).toBe(204);
  expect((await api.anonymous("GET", "/account", undefined, here)).status).toBe(200);
  expect((await api.anonymous("GET", "/account", undefined, elsewhere)).status).toBe(401);
  expect((await signIn("dora@team.example", PASSWORD)).status).toBe(401);
});

test("with a second factor the password alone is not enough, no code works twice, and a recovery code works once", async () => {
  const here = await invited("emil@team.example", "admin");
  const { secret } = (await api.anonymous("POST", "/account/second-factor", { password: PASSWORD }, here)).body;
  const code = () => new TOTP({ secret }).generate({ timestamp: api.realNow.getTime() });
  expect((await signIn("emil@team.example", PASSWORD)).status).toBe(204);
  const confirmed = await api.anonymous("POST", "/account/second-factor/confirm", { code: code() }, here);
  expect(await signIn("emil@team.example", PASSWORD)).toMatchObject({ status: 401, body: { code: "second_factor_required" } });
  expect((await signIn("emil@team.example", PASSWORD, code())).status).toBe(401);
  api.pass(MINUTE);
  expect((await signIn("emil@team.example", PASSWORD, code())).status).toBe(204);
  const [recovery = ""] = confirmed.body.recoveryCodes as string[];
  expect((await signIn("emil@team.example", PASSWORD, recovery)).status).toBe(204);
  expect((await signIn("emil@team.example", PASSWORD, recovery)).status).toBe(401);
});

test("a link for a forgotten password keeps the second factor; one that removes it does so when it is used, and says so to the team", async () => {
  const address = "eva@team.example";
  const here = await invited(address, "admin");
  const { secret } = (await api.anonymous("POST", "/account/second-factor", { password: PASSWORD }, here)).body;
  const code = new TOTP({ secret }).generate({ timestamp: api.realNow.getTime() });
  await api.anonymous("POST", "/account/second-factor/confirm", { code }, here);
  const link = (removesSecondFactor: boolean) => {
    const by = { kind: "command_line", id: null, name: "operator" } as const;
    return newResetToken(api.agent.db, { address, removesSecondFactor, by }, api.realNow);
  };
  const page = async (token: string) => (await api.app.inject({ url: `/reset/${token}`, remoteAddress: api.clientIp() })).body;
  const use = (token: string, password: string) => {
    const payload = new URLSearchParams({ password }).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return api.app.inject({ method: "POST", url: `/reset/${token}`, headers, payload, remoteAddress: api.clientIp() });
  };

  const keeping = await link(false);
  expect(await page(keeping)).not.toContain("authenticator");
  await use(keeping, "first new password");
  expect(await signIn(address, "first new password")).toMatchObject({ body: { code: "second_factor_required" } });

  api.pass(MINUTE);
  const later = cookieOf(await signIn(address, "first new password", new TOTP({ secret }).generate({ timestamp: api.realNow.getTime() })));
  const removing = await link(true);
  expect(await signIn(address, "first new password")).toMatchObject({ body: { code: "second_factor_required" } });
  expect(await page(removing)).toContain("authenticator app is not asked for any more");
  await use(removing, "second new password");
  expect((await api.anonymous("GET", "/account", undefined, later)).status).toBe(401);
  expect((await signIn(address, "second new password")).status).toBe(204);
  expect((await use(removing, "third new password")).statusCode).toBe(410);

  const owner = await api.person("owner");
  const { items } = (await owner.ask("GET", "/audit?limit=200")).body;
  const changes = items.filter(({ action }: { action: string }) => /offerReset|resetPassword|removeSecondFactor/.test(action));
  expect(changes.map(({ action, detail }: { action: string; detail: object }) => [action, detail])).toEqual([
    ["account.removeSecondFactor", {}],
    ["account.resetPassword", {}],
    ["account.offerReset", { removesSecondFactor: true }],
    ["account.resetPassword", {}],
    ["account.offerReset", { removesSecondFactor: false }],
  ]);
});

test("an invitation lets in whom it was for, until it is used, taken back, replaced or a week old", async () => {
  const owner = await api.person("owner");
  const invite = async (email: string) => (await owner.ask("POST", "/invitations", { email, role: "member" })).body;
  const accept = (token: string) => api.anonymous("POST", "/account/invitation", { token, name: "Flo", password: PASSWORD });
  const replaced = await invite("flo@team.example");
  const current = await invite("flo@team.example");
  expect((await accept(replaced.token)).status).toBe(410);
  const other = await api.person("viewer");
  expect((await api.anonymous("POST", "/account/invitation", { token: current.token }, { cookie: other.cookie })).status).toBe(403);
  expect((await accept(current.token)).status).toBe(204);
  expect((await accept(current.token)).status).toBe(410);
  const old = await invite("gina@team.example");
  api.pass(7 * DAY + 1);
  expect((await accept(old.token)).status).toBe(410);
});

test("only owners make, change and remove owners, and the last one stays", async () => {
  const others = await api.otherWorkspace();
  const owner = await api.person("owner", others);
  const admin = await api.person("admin", others);
  const member = await api.person("member", others);
  const role = (who: { userId: string }, to: string) => ["PATCH", `/members/${who.userId}`, { role: to }] as const;
  expect((await admin.ask(...role(member, "owner"))).status).toBe(403);
  expect((await admin.ask("DELETE", `/members/${owner.userId}`)).status).toBe(403);
  expect(await owner.ask(...role(owner, "admin"))).toMatchObject({ status: 409, body: { code: "last_owner" } });
  expect(await owner.ask("POST", "/members/leave", {})).toMatchObject({ status: 409, body: { code: "last_owner" } });
  expect((await owner.ask(...role(member, "owner"))).status).toBe(204);
  expect((await owner.ask("POST", "/members/leave", {})).status).toBe(204);
  expect((await owner.ask("GET", "/workspace")).status).toBe(403);
});

test("a key does no more than whoever made it may now, and ends when they leave", async () => {
  const owner = await api.person("owner");
  const admin = await api.person("admin");
  const made = await admin.ask("POST", "/api-keys", { name: "Sync", scopes: ["leads:read", "mailboxes:write"] });
  const program = (method: string, path: string, body?: object) =>
    api.anonymous(method, path, body, { authorization: `Bearer ${made.body.key}` });
  const pause = () => program("POST", "/mailboxes/01890000-0000-7000-8000-000000000000/pause", {});
  expect((await pause()).status).toBe(404);
  expect((await owner.ask("PATCH", `/members/${admin.userId}`, { role: "viewer" })).status).toBe(204);
  expect((await pause()).status).toBe(403);
  expect((await program("GET", "/leads")).status).toBe(200);
  expect((await owner.ask("DELETE", `/members/${admin.userId}`)).status).toBe(204);
  expect((await program("GET", "/leads")).status).toBe(401);
  const { items } = (await owner.ask("GET", "/api-keys")).body;
  expect(items.map((key: { name: string }) => key.name)).not.toContain("Sync");
});

test("a key whose maker left before keys ended with them does nothing either", async () => {
  const admin = await api.person("admin");
  const made = await admin.ask("POST", "/api-keys", { name: "Old", scopes: ["leads:read"] });
  await api.agent.db.query("delete from member where user_id = $1", [admin.userId]);
  const asked = await api.anonymous("GET", "/leads", undefined, { authorization: `Bearer ${made.body.key}` });
  expect(asked.status).toBe(401);
});

/** A new account, signed in. */
async function invited(email: string, role: string): Promise<{ cookie: string }> {
  const owner = await api.person("owner");
  const { body } = await owner.ask("POST", "/invitations", { email, role });
  const name = email.split("@")[0] ?? "";
  return cookieOf(await api.anonymous("POST", "/account/invitation", { token: body.token, name, password: PASSWORD }));
}

test("what a person does with the own account stands in the audit log of their teams", async () => {
  const { cookie } = await invited("hana@team.example", "member");
  const next = "another horse on a battery";
  expect((await api.anonymous("PUT", "/account/password", { current: PASSWORD, next }, { cookie })).status).toBe(204);
  await signIn("hana@team.example", next);
  const owner = await api.person("owner");
  const { items } = (await owner.ask("GET", "/audit?limit=200")).body;
  const ofHana = items
    .filter((entry: { actorName: string }) => entry.actorName === "hana")
    .map((entry: { action: string }) => entry.action);
  expect(ofHana).toEqual(["account.signIn", "account.changePassword", "account.acceptInvitation"]);
  expect(JSON.stringify(items)).not.toContain(next);
});

test("behind a proxy that is trusted the session is bound to https and the client's own address counts; a stranger's headers do not", async () => {
  await invited("ivo@team.example", "member");
  const app = await buildWebServer(
    { ...api.agent, settings: settingsSchema.parse({ http: { trusted_proxies: "10.0.0.0/8, ::1" } }) },
    api.workspaceId,
    { now: () => api.realNow },
  );
  const signedIn = async (remoteAddress: string) =>
    String(
      (
        await app.inject({
          method: "POST",
          url: "/api/v1/account/session",
          headers: { "x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.7" },
          payload: { email: "ivo@team.example", password: PASSWORD },
          remoteAddress,
        })
      ).headers["set-cookie"],
    );
  expect(await signedIn("10.2.3.4")).toMatch(/^__Host-session=.*Secure/);
  expect(await signedIn("192.0.2.1")).toMatch(/^session=/);
  const owner = await api.person("owner");
  const ips = (await owner.ask("GET", "/audit?limit=2")).body.items.map((entry: { ip: string }) => entry.ip);
  expect(ips).toEqual(["192.0.2.1", "203.0.113.7"]);
  await app.close();
});
