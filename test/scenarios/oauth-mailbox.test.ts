// A campaign from a mailbox that logs in by OAuth: tokens run out, are withdrawn and revoked, the provider is away; no mail is lost and no lead pays.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AddedMailbox } from "../../src/automations/add-mailbox.ts";
import type { Agent } from "../../src/automations/agent.ts";
import { beginConnecting, finishConnecting } from "../../src/automations/connect-mailbox.ts";
import { imapAccess, smtpAccess } from "../../src/automations/mailbox-access.ts";
import { testMailbox } from "../../src/automations/test-mailbox.ts";
import { whyLead, whyMailbox } from "../../src/automations/why.ts";
import { DAY, HOUR, MINUTE } from "../../src/core/instant.ts";
import { type Mailbox, mailboxById } from "../../src/store/mailbox.ts";
import { campaignText } from "../support/campaign-text.ts";
import { ANY_TIME, LiveOutreach } from "../support/live-outreach.ts";
import { type OpenIdProvider, startOpenIdProvider } from "../support/openid-provider.ts";
import { startTokenServers, type TokenServers } from "../support/token-servers.ts";

const ANN = "ann@team.example";
const LEADS = 3;

let provider: OpenIdProvider;
let servers: TokenServers;
let team: LiveOutreach;
let mailboxId: AddedMailbox["mailboxId"];

beforeEach(async () => {
  provider = await startOpenIdProvider();
  provider.signsIn = ANN;
  servers = await startTokenServers(provider, ANN);
  team = await LiveOutreach.begin({ settings: { oauth: { custom: provider.settings, timeout_seconds: 2 } } });
  ({ mailboxId } = await connect());
});
afterEach(async () => {
  await team.end();
  await Promise.all([servers.stop(), provider.stop()]);
});

async function connect(agent: Agent = team.agent): Promise<AddedMailbox> {
  const beginning = {
    workspaceId: team.workspaceId,
    provider: "custom",
    redirectUri: "http://127.0.0.1:1/oauth/callback",
    begunBy: "me",
    by: { kind: "command_line", id: null, name: "operator" },
  } as const;
  const { link } = await beginConnecting(agent, beginning, { email: ANN, smtp: servers.smtp, imap: servers.imap, minGapSeconds: 0 });
  return finishConnecting(agent, { query: (await provider.visit(link)).searchParams, begunBy: "me", realNow: new Date() });
}

async function start(): Promise<void> {
  await team.addLeads(LEADS);
  const steps = { a: "0 minutes", b: "30 minutes" };
  await team.start(campaignText({ steps, more: `mailboxes: [${ANN}]\n${ANY_TIME}` }));
}

async function mailbox(): Promise<Mailbox> {
  const found = await mailboxById(team.db, team.workspaceId, mailboxId);
  if (!found) throw new Error("It is gone.");
  return found;
}

const each = (state: string) => Array.from({ length: LEADS }, () => state);
const standings = async () => [...new Set(Object.values(await team.standings()))];
const lastRefreshToken = () => provider.issued.at(-1)?.refresh_token;

describe("an access token", () => {
  test("sends and reads for an hour, and is renewed five minutes before its end", async () => {
    await start();
    await team.pass(54 * MINUTE);
    expect(await team.states()).toEqual(each("a sent"));
    expect(provider.tokenRequests).toEqual({ authorization_code: 1 });
    await team.pass(MINUTE);
    expect(provider.tokenRequests).toEqual({ authorization_code: 1, refresh_token: 1 });
    await team.pass(30 * MINUTE);
    expect(await team.states()).toEqual([...each("a sent"), ...each("b sent")]);
    expect(new Set(servers.shown)).toEqual(new Set(provider.issued.map(({ access_token }) => `XOAUTH2 ${ANN} ${access_token}`)));
  });

  test("that a server refuses before its time is renewed once, and the mail goes out", async () => {
    await start();
    await provider.withdrawAccessToken(ANN);
    await team.pass();
    expect(await team.states()).toEqual(each("a sent"));
    expect(provider.tokenRequests).toEqual({ authorization_code: 1, refresh_token: 1 });
    expect(await mailbox()).toMatchObject({ state: "active", backoffCount: 0 });
  });

  test("that the server refuses again, however new, pauses the mailbox with what it said", async () => {
    await start();
    provider.latestToken = () => null;
    await team.pass();
    expect(provider.tokenRequests["refresh_token"]).toBeLessThanOrEqual(2);
    const paused = await mailbox();
    expect(paused.state).toBe("paused");
    expect(paused.pauseDetail).toContain(`refused the access token of ${ANN}`);
    expect(paused.pauseDetail).toContain("connect it again");
    expect(await standings()).toEqual(["active: enrolled"]);
  });

  test("is renewed by one process, however many need it at once; each refresh token is shown once", async () => {
    const other = team.addProcess("second process");
    for (let hour = 1; hour <= 3; hour += 1) {
      team.now = new Date(team.now.getTime() + HOUR);
      const known = await mailbox();
      const opened = await Promise.all([
        smtpAccess(team.agent, known),
        imapAccess(team.agent, known),
        smtpAccess(other, known),
        imapAccess(other, known),
      ]);
      const login = { kind: "oauth", username: ANN, accessToken: provider.latestToken(ANN) };
      expect(opened.map((access) => access.login)).toEqual([login, login, login, login]);
      expect(provider.tokenRequests["refresh_token"]).toBe(hour);
    }
  });

  test("that came while somebody connected the mailbox anew gives way to theirs", async () => {
    team.now = new Date(team.now.getTime() + HOUR);
    const known = await mailbox();
    provider.beforeToken = async () => {
      provider.beforeToken = null;
      await connect();
    };
    const { login } = await smtpAccess(team.agent, known);
    const theirs = provider.issued.at(-2)?.access_token;
    expect(login).toMatchObject({ accessToken: theirs });
  });

  test("opens the inbox again for whoever listens, hours later", async () => {
    await team.pass(3 * HOUR);
    expect(provider.tokenRequests).toEqual({ authorization_code: 1, refresh_token: 1 });
    servers.inbox.dropConnections();
    await team.pass(HOUR);
    expect(await mailbox()).toMatchObject({ state: "active" });
    expect(provider.tokenRequests).toEqual({ authorization_code: 1, refresh_token: 2 });
  });
});

describe("a provider that does not answer", () => {
  test("makes the mailbox wait; nothing fails, and everything goes out when it is back", async () => {
    await start();
    team.now = new Date(team.now.getTime() + HOUR);
    provider.down = true;
    await team.pass();
    expect(await team.states()).toEqual(each("a queued"));
    expect(await mailbox()).toMatchObject({ state: "active", backoffCount: 1 });
    expect(await standings()).toEqual(["active: enrolled"]);
    provider.down = false;
    await team.pass(5 * MINUTE);
    expect(await team.states()).toEqual(each("a sent"));
  });

  test("keeps nobody from sending while the token still lasts", async () => {
    await start();
    provider.down = true;
    await team.pass(30 * MINUTE);
    expect(await team.states()).toEqual(each("a sent"));
  });
});

describe("consent that was taken back", () => {
  const revoke = async () => {
    await provider.revoke(ANN);
    await team.pass(HOUR);
  };

  test("stops the mailbox, puts its mails back, and says what to do; no lead pays for it", async () => {
    await start();
    await revoke();
    const paused = await mailbox();
    expect(paused).toMatchObject({ state: "paused", pauseReason: "grant_revoked" });
    expect(paused.pauseDetail).toContain(`connect it again: \`mailbox add ${ANN} --oauth custom\``);
    expect(paused.pauseDetail).toContain("invalid_grant");
    expect(await team.states()).toEqual([]);
    expect(await standings()).toEqual(["active: enrolled"]);
    const why = (await whyLead(team.agent, team.workspaceId, "lead01@bakery.example")).sentences.join(" ");
    expect(why).toContain("is paused (grant_revoked");
    expect(why).toContain("connect it again");
    expect((await whyMailbox(team.agent, team.workspaceId, ANN)).sentences.join(" ")).toContain("grant_revoked");
  });

  test("in the middle of a campaign leaves what was claimed in the queue", async () => {
    await start();
    team.onSendPhase("before_mark", () => Promise.resolve());
    await provider.revoke(ANN);
    await team.pass();
    expect(await mailbox()).toMatchObject({ state: "paused", pauseReason: "grant_revoked" });
    expect((await team.states()).every((state) => state === "a queued")).toBe(true);
    expect(servers.recipients).toEqual([]);
  });

  test("is not asked about again and again", async () => {
    await start();
    await revoke();
    const { refresh_token: asked } = provider.tokenRequests;
    for (let pass = 0; pass < 3; pass += 1) await team.pass(HOUR);
    expect(provider.tokenRequests["refresh_token"]).toBe(asked);
  });

  test("is over when the mailbox is connected again: everything goes out, once", async () => {
    await start();
    await revoke();
    await connect();
    expect(await mailbox()).toMatchObject({ state: "active", pauseReason: null });
    await team.pass(MINUTE);
    expect(await team.states()).toEqual(each("a sent"));
    await team.pass(DAY);
    expect(servers.recipients.toSorted()).toEqual(
      Array.from({ length: 2 * LEADS }, (_, mail) => `lead0${Math.floor(mail / 2) + 1}@bakery.example`),
    );
  });

  test("is found by a test of the mailbox, which stays paused", async () => {
    await provider.revoke(ANN);
    team.now = new Date(team.now.getTime() + HOUR);
    const tests = await testMailbox(team.agent, await mailbox());
    expect(tests).toMatchObject({ smtp: { ok: false, code: "oauth_revoked" }, imap: { ok: false, code: "oauth_revoked" } });
  });
});

test("a secret of the installation that ran out pauses the mailbox, and names the setting", async () => {
  await start();
  await provider.changeClientSecret("renewed there, and not here");
  await team.pass(HOUR);
  expect(await mailbox()).toMatchObject({ state: "paused", pauseReason: "oauth_client" });
  expect((await mailbox()).pauseDetail).toContain("check the client id and secret of this installation");
});

test("a replaced refresh token is stored before anybody uses what came with it", async () => {
  team.now = new Date(team.now.getTime() + HOUR);
  const before = lastRefreshToken();
  await smtpAccess(team.agent, await mailbox());
  expect(lastRefreshToken()).not.toBe(before);
  team.now = new Date(team.now.getTime() + HOUR);
  const { login } = await smtpAccess(team.agent, await mailbox());
  expect(login).toMatchObject({ accessToken: provider.latestToken(ANN) });
  expect(provider.tokenRequests).toEqual({ authorization_code: 1, refresh_token: 2 });
});
