// The browser's way: from the link that a command prints, to the provider, and back to this machine or to the public address.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connectByLoopback } from "../../src/app/cli/mailbox-connect.ts";
import type { Agent } from "../../src/automations/agent.ts";
import { beginByWeb } from "../../src/automations/connect-by-web.ts";
import { settingsSchema } from "../../src/core/settings.ts";
import { buildWebServer } from "../../src/http/server.ts";
import { mailboxByAddress } from "../../src/store/mailbox.ts";
import { databaseForTests } from "../support/database.ts";
import { type OpenIdProvider, startOpenIdProvider } from "../support/openid-provider.ts";
import { Outreach } from "../support/outreach.ts";
import { PATIENCE } from "../support/patience.ts";
import { startTokenServers, type TokenServers } from "../support/token-servers.ts";

const ANN = "ann@team.example";
const PUBLIC = "https://outreach.team.example";

const database = await databaseForTests();
let provider: OpenIdProvider;
let servers: TokenServers;
let team: Outreach;
let agent: Agent;

beforeEach(async () => {
  provider = await startOpenIdProvider({ redirectUris: [`${PUBLIC}/oauth/callback`] });
  provider.signsIn = ANN;
  servers = await startTokenServers(provider, ANN);
  team = await Outreach.begin(database.db, new Date("2026-03-02T08:00:00Z"));
  agent = { ...team.agent, settings: settingsSchema.parse({ oauth: { custom: provider.settings }, http: { public_url: PUBLIC } }) };
});
afterEach(() => Promise.all([servers.stop(), provider.stop()]));

const mailbox = () => ({ email: ANN, smtp: servers.smtp, imap: servers.imap });
const stored = () => mailboxByAddress(database.db, team.workspaceId, ANN);

describe("the command line", () => {
  /** `inBrowser` gets the printed link. */
  function connect(inBrowser: (link: string) => Promise<unknown>) {
    let browsing: Promise<unknown> = Promise.resolve();
    const wanted = { workspaceId: team.workspaceId, provider: "custom", mailbox: mailbox() } as const;
    const onLink = (link: string) => {
      browsing = inBrowser(link);
    };
    return Promise.all([connectByLoopback(agent, wanted, { port: 0, onLink }), Promise.resolve().then(() => browsing)]);
  }

  test("waits on a port of this machine until the browser is back", async () => {
    let shown = "";
    const [added] = await connect(async (link) => {
      expect(new URL(link).searchParams.get("redirect_uri")).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/oauth\/callback$/);
      shown = await (await fetch(await provider.visit(link))).text();
    });
    expect(added).toMatchObject({ created: true, tests: { smtp: { ok: true }, imap: { ok: true } } });
    await expect.poll(() => shown, PATIENCE).toContain(`${ANN} is connected.`);
  });

  test("goes on waiting when something else asks on its port", async () => {
    const strays: number[] = [];
    const [added] = await connect(async (link) => {
      const back = await provider.visit(link);
      for (const path of ["/favicon.ico", "/oauth/callback?state=made-up&code=stolen"])
        strays.push((await fetch(new URL(path, back))).status);
      await fetch(back);
    });
    expect(strays).toEqual([404, 404]);
    expect(added).toMatchObject({ created: true });
  });

  test("says so, here and in the browser, when the owner does not agree", async () => {
    provider.signsIn = null;
    let shown: Promise<string> | undefined;
    const connecting = connect(async (link) => {
      shown = fetch(await provider.visit(link)).then((response) => response.text());
    });
    await expect(connecting).rejects.toMatchObject({ code: "oauth_failed", message: expect.stringContaining("access_denied") });
    expect(await shown).toContain("was not connected");
  });

  test("gives up when nobody comes back", async () => {
    agent = { ...agent, settings: { ...agent.settings, oauth: { ...agent.settings.oauth, request_seconds: 0.2 } } };
    await expect(connect(() => Promise.resolve())).rejects.toMatchObject({ code: "oauth_failed" });
  });
});

describe("the public address", () => {
  const host = new URL(PUBLIC).host;
  const by = { kind: "command_line", id: null, name: "operator" } as const;
  /** The link. */
  const beginHere = async () => (await beginByWeb(agent, { workspaceId: team.workspaceId, provider: "custom", by }, mailbox())).link;

  /** A browser that opened the printed link: where it was sent, and its cookie. */
  async function open(link: string) {
    const web = await buildWebServer(agent, team.workspaceId);
    const { pathname, search } = new URL(link);
    const started = await web.inject({ url: pathname + search, headers: { host } });
    return { web, started, cookie: String(started.headers["set-cookie"] ?? "").split(";", 1)[0] ?? "" };
  }

  test("marks the browser, sends it to the provider, and takes it back", async () => {
    const { web, started, cookie } = await open(await beginHere());
    expect(started.statusCode).toBe(303);
    expect(started.headers["set-cookie"]).toMatch(/^oauth_begun_by=[\w-]{43}; Max-Age=600; Path=\/oauth; HttpOnly; Secure; SameSite=Lax$/);
    const back = await provider.visit(String(started.headers.location));
    expect(back.origin + back.pathname).toBe(`${PUBLIC}/oauth/callback`);
    const done = await web.inject({ url: back.pathname + back.search, headers: { host, cookie } });
    expect([done.statusCode, done.body]).toEqual([200, expect.stringContaining(`${ANN} is connected.`)]);
    expect(done.headers["referrer-policy"]).toBe("no-referrer");
    expect(await stored()).toMatchObject({ smtp: { login: { kind: "oauth" } } });
    const again = await web.inject({ url: back.pathname + back.search, headers: { host, cookie } });
    expect([again.statusCode, again.body]).toEqual([400, expect.stringContaining("was used already")]);
  });

  test("takes nobody back in another browser than the one that began", async () => {
    const { web, started } = await open(await beginHere());
    const back = await provider.visit(String(started.headers.location));
    for (const cookie of ["", `oauth_begun_by=${"A".repeat(43)}`]) {
      const done = await web.inject({ url: back.pathname + back.search, headers: { host, cookie } });
      expect(done.statusCode).toBe(400);
    }
    expect(await stored()).toBeNull();
    expect(provider.tokenRequests).toEqual({});
  });

  test("sends nobody anywhere with a link that was not made here", async () => {
    for (const to of ["", "https://evil.example/", Buffer.from('{"link":"https://evil.example/"}').toString("base64url")]) {
      const { started } = await open(`${PUBLIC}/oauth/start?to=${encodeURIComponent(to)}`);
      expect(started.statusCode).toBe(404);
    }
  });

  test("shows what the provider said without letting it into the page", async () => {
    const { web, started, cookie } = await open(await beginHere());
    const state = new URL(String(started.headers.location)).searchParams.get("state") ?? "";
    const said = new URLSearchParams({
      state,
      error: "access_denied",
      error_description: "<script>alert(1)</script>",
      iss: provider.issuer,
    });
    const done = await web.inject({ url: `/oauth/callback?${said.toString()}`, headers: { host, cookie } });
    expect(done.body).toContain("&lt;script&gt;");
    expect(done.body).not.toContain("<script>");
  });

  test("is needed", async () => {
    agent = { ...agent, settings: settingsSchema.parse({ oauth: { custom: provider.settings } }) };
    await expect(beginHere()).rejects.toMatchObject({ code: "oauth_not_set_up", message: expect.stringContaining("http.public_url") });
  });
});
