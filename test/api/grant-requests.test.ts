// Mailboxes are connected to their owners' accounts from anywhere: over the API, and by the command line on another machine.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createApiKey } from "../../src/access/api-keys.ts";
import { PERMISSIONS } from "../../src/core/permissions.ts";
import { settingsSchema } from "../../src/core/settings.ts";
import { mailboxByAddress } from "../../src/store/mailbox.ts";
import { type OpenIdProvider, startOpenIdProvider } from "../support/openid-provider.ts";
import { startTokenServers, type TokenServers } from "../support/token-servers.ts";
import { ApiUnderTest } from "./api-under-test.ts";

const MAIN = fileURLToPath(new URL("../../src/app/cli/main.ts", import.meta.url));
const ANN = "ann@team.example";
const SLOW = { timeout: 120_000 };

let api: ApiUnderTest;
let server: string;
let provider: OpenIdProvider;
let servers: TokenServers;

beforeAll(async () => {
  api = await ApiUnderTest.begin();
  server = await api.app.listen({ host: "127.0.0.1", port: 0 });
  provider = await startOpenIdProvider({ redirectUris: [`${server}/oauth/callback`] });
  servers = await startTokenServers(provider, ANN);
});
beforeEach(() => {
  provider.signsIn = ANN;
  const { oauth, http } = settingsSchema.parse({ oauth: { custom: provider.settings }, http: { public_url: server } });
  Object.assign(api.agent.settings, { oauth, http: { ...http, requests_per_minute: 100_000 } });
});
afterAll(async () => {
  await Promise.all([servers.stop(), provider.stop()]);
  await api.end();
});

const wanted = () => ({ email: ANN, oauth: "custom", smtp: servers.smtp, imap: servers.imap, dailyCap: 7 });
const stored = () => mailboxByAddress(api.agent.db, api.workspaceId, ANN);

/** A browser opens the link, its owner agrees, and it comes back. */
async function browse(link: string): Promise<string> {
  const started = await fetch(link, { redirect: "manual" });
  const [cookie = ""] = (started.headers.get("set-cookie") ?? "").split(";");
  const back = await provider.visit(started.headers.get("location") ?? "");
  return (await fetch(back, { headers: { cookie } })).text();
}

test("a link is given, and what became of it is told: waiting, connected, or why not", async () => {
  const owner = await api.person("owner");
  const begun = await owner.ask("POST", "/grant-requests", wanted());
  expect(begun).toMatchObject({ status: 201, body: { link: expect.stringContaining(`${server}/oauth/start?to=`) } });
  const read = async (id: string) => (await owner.ask("GET", `/grant-requests/${id}`)).body;
  expect(await read(begun.body.id)).toMatchObject({ email: ANN, oauth: "custom", state: "waiting", mailboxId: null, error: null });

  expect(await browse(begun.body.link)).toContain(`${ANN} is connected.`);
  const { id, limits } = (await stored()) ?? {};
  expect(await read(begun.body.id)).toMatchObject({ state: "connected", mailboxId: id, error: null });
  expect(limits).toMatchObject({ dailyCap: 7 });
  expect((await owner.ask("GET", `/mailboxes/${id}`)).body.smtp).toMatchObject({ login: "oauth", oauth: "custom", username: ANN });

  provider.signsIn = "bob@team.example";
  const again = await owner.ask("POST", "/grant-requests", { email: ANN, oauth: "custom" });
  await browse(again.body.link);
  const failed = { code: "oauth_failed", message: expect.stringContaining("You signed in as bob@team.example") };
  expect(await read(again.body.id)).toMatchObject({ state: "failed", mailboxId: null, error: failed });

  const { items } = (await owner.ask("GET", "/audit?limit=10")).body;
  expect(items.map(({ action, actorName }: { action: string; actorName: string }) => `${action} by ${actorName}`).toSorted()).toEqual([
    "grantRequests.create by Person 1",
    "grantRequests.create by Person 1",
    "grantRequests.finish by Person 1",
  ]);
});

test("one that nobody came back to in time has expired", async () => {
  const ask = await api.key();
  const { body } = await ask("POST", "/grant-requests", { ...wanted(), email: "info@team.example", account: ANN });
  await api.agent.db.query("update grant_request set expires_at = $2 where id = $1", [body.id, api.agent.clock.now()]);
  expect((await ask("GET", `/grant-requests/${body.id}`)).body).toMatchObject({ state: "expired", error: null });
  expect(await browse(body.link)).toContain("too old");
});

test.each([
  ["a provider that the installation is not registered at", { oauth: "google", smtp: undefined, imap: undefined }, 409, "oauth_not_set_up"],
  ["other servers than the provider's", { oauth: "google" }, 400, "invalid_input"],
  ["an address that is none", { email: "nobody" }, 400, "invalid_input"],
  ["a password besides", { password: "secret" }, 400, "invalid_input"],
  ["answers that arrive in no mailbox of the team", { replyMailboxId: "00000000-0000-7000-8000-000000000000" }, 404, "not_found"],
])("%s is refused", async (_what, more, status, code) => {
  const ask = await api.key();
  expect(await ask("POST", "/grant-requests", { ...wanted(), ...more })).toMatchObject({ status, body: { code } });
});

test("without a public address nobody could come back: it says what is missing", async () => {
  Object.assign(api.agent.settings, { http: { ...api.agent.settings.http, public_url: undefined } });
  const ask = await api.key();
  const detail = expect.stringContaining("http.public_url");
  expect(await ask("POST", "/grant-requests", wanted())).toMatchObject({ status: 409, body: { code: "oauth_not_set_up", detail } });
});

test("another team does not learn of it", async () => {
  const { body } = await (await api.key())("POST", "/grant-requests", wanted());
  const stranger = await api.team();
  expect(await stranger.ask("GET", `/grant-requests/${body.id}`)).toMatchObject({ status: 404 });
});

/** Runs the command line; `onLink` gets the link that it prints and waits for. */
async function command(words: readonly string[], env: Record<string, string>, onLink: (link: string) => Promise<unknown>) {
  const child = spawn(process.execPath, [MAIN, ...words], { cwd: tmpdir(), env: { ...process.env, ...env } });
  const [out, err] = [collected(child.stdout), collected(child.stderr)];
  const browsing: Promise<unknown>[] = [];
  child.stderr.on("data", () => {
    const [link] = /https?:\/\/\S+\/oauth\/start\S+(?=\n)/.exec(err()) ?? [];
    if (link && browsing.length === 0) browsing.push(onLink(link));
  });
  const [code] = (await once(child, "close")) as [number];
  await Promise.all(browsing);
  return { code, out: out(), err: err(), asked: browsing.length > 0 };
}

function collected(stream: ChildProcess["stdout"]): () => string {
  let text = "";
  stream?.on("data", (piece: Buffer) => {
    text += piece.toString();
  });
  return () => text;
}

test("from another machine: the command waits until the owner has agreed, and asks again where that was withdrawn", SLOW, async () => {
  const made = { workspaceId: api.workspaceId, name: "elsewhere", scopes: PERMISSIONS, expiresAt: null, createdBy: null };
  const { key } = await createApiKey(api.agent.db, new Set(PERMISSIONS), made, api.realNow);
  const remote = (words: readonly string[], onLink: (link: string) => Promise<unknown> = browse) =>
    command(words, { MARKETING_AGENT_SERVER: server, MARKETING_AGENT_KEY: key }, onLink);
  await api.agent.db.query("delete from mailbox where workspace_id = $1", [api.workspaceId]);
  const at = ({ host, port }: { host: string; port: number }) => `${host}:${port}:none`;
  const add = ["mailbox", "add", ANN, "--oauth", "custom", "--smtp", at(servers.smtp), "--imap", at(servers.imap)];

  expect(await remote(add)).toMatchObject({ code: 0, out: `${ANN} added.\nSending: works\nReading: works\n` });
  provider.signsIn = null;
  expect(await remote(add)).toMatchObject({ code: 4, err: expect.stringContaining("oauth_failed") });
  provider.signsIn = ANN;

  // the server finds out while it tests what is changed
  await provider.revoke(ANN);
  await api.agent.db.query("update mailbox_grant set access_expires_at = $1", [api.agent.clock.now()]);
  const changed = await remote(["mailbox", "add", ANN, "--provider", "custom", "--cap", "9"]);
  expect(changed).toMatchObject({ code: 0, asked: true, out: expect.stringContaining(`${ANN} changed.`) });
  expect(await stored()).toMatchObject({ limits: { dailyCap: 9 } });

  // or has found out before
  await api.agent.db.query("update mailbox set state = 'paused', pause_reason = 'grant_revoked', paused_at = $1", [api.agent.clock.now()]);
  expect(await remote(["mailbox", "add", ANN, "--cap", "8"])).toMatchObject({ code: 0, asked: false });
  expect(await stored()).toMatchObject({ limits: { dailyCap: 8 }, state: "paused" });
  expect(await remote(["mailbox", "add", ANN])).toMatchObject({ code: 0, asked: true, err: expect.stringContaining("was taken back") });
  expect(await stored()).toMatchObject({ state: "active", pauseReason: null });

  const link = await remote(["--json", "mailbox", "add", ANN, "--oauth", "custom", "--web"]);
  expect(JSON.parse(link.out)).toMatchObject({ link: expect.stringContaining("/oauth/start?to="), expiresAt: expect.any(String) });
});
