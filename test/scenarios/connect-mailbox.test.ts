// A mailbox is connected to its owner's account at an OpenID provider: they sign in there and agree, and nobody needs a password.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addMailbox } from "../../src/automations/add-mailbox.ts";
import { type Begun, beginConnecting, type ConnectRequest, finishConnecting } from "../../src/automations/connect-mailbox.ts";
import { keepHouse } from "../../src/automations/keep-house.ts";
import { smtpAccess } from "../../src/automations/mailbox-access.ts";
import { removeMailbox } from "../../src/automations/remove-mailbox.ts";
import type { AgentError } from "../../src/core/errors.ts";
import type { MailboxId } from "../../src/core/ids.ts";
import { DAY, HOUR } from "../../src/core/instant.ts";
import { settingsSchema } from "../../src/core/settings.ts";
import { listAuditEntries } from "../../src/store/audit.ts";
import { grantRequestById } from "../../src/store/grant-request.ts";
import { type Mailbox, mailboxByAddress } from "../../src/store/mailbox.ts";
import { mailboxGrant } from "../../src/store/mailbox-grant.ts";
import { databaseForTests } from "../support/database.ts";
import { type OpenIdProvider, startOpenIdProvider } from "../support/openid-provider.ts";
import { Outreach } from "../support/outreach.ts";
import { startTokenServers, type TokenServers } from "../support/token-servers.ts";

const START = new Date("2026-03-02T08:00:00Z");
const ANN = "ann@team.example";
const REDIRECT = "http://127.0.0.1:4711/oauth/callback";
const ME = "whoever began it";
const BY = { kind: "command_line", id: null, name: "operator" } as const;

const database = await databaseForTests();
let provider: OpenIdProvider;
let servers: TokenServers;
let team: Outreach;
let agent: Outreach["agent"];

beforeEach(async () => {
  provider = await startOpenIdProvider();
  servers = await startTokenServers(provider, ANN);
  team = await Outreach.begin(database.db, START);
  agent = { ...team.agent, settings: settingsSchema.parse({ oauth: { custom: provider.settings } }) };
  provider.signsIn = ANN;
});
afterEach(() => Promise.all([servers.stop(), provider.stop()]));

const begun = (more: Partial<ConnectRequest> = {}, begunBy = ME) =>
  beginConnecting(
    agent,
    { workspaceId: team.workspaceId, provider: "custom", redirectUri: REDIRECT, begunBy, by: BY },
    { email: ANN, smtp: servers.smtp, imap: servers.imap, ...more },
  );
/** The link. */
const begin = async (...wanted: Parameters<typeof begun>) => (await begun(...wanted)).link;
const finish = (back: URL, begunBy = ME) => finishConnecting(agent, { query: back.searchParams, begunBy, realNow: START });
const connect = async (more: Partial<ConnectRequest> = {}) => finish(await provider.visit(await begin(more)));

/** Nothing may have been stored. */
async function refusal(work: Promise<unknown>): Promise<AgentError> {
  const error = await work.then(
    () => expect.unreachable("it worked"),
    (thrown: AgentError) => thrown,
  );
  expect(await stored()).toBeNull();
  return error;
}

const stored = () => mailboxByAddress(database.db, team.workspaceId, ANN);

describe("an owner who signs in and agrees", () => {
  test("connects the mailbox: it was tested with the token, sending and reading", async () => {
    const added = await connect();
    expect(added).toMatchObject({ created: true, email: ANN, tests: { smtp: { ok: true }, imap: { ok: true } } });
    const login = { kind: "oauth", username: ANN, provider: "custom" };
    expect(await stored()).toMatchObject({ smtp: { login }, imap: { login }, smtpTestedAt: START, imapTestedAt: START });
    expect(servers.shown).toEqual([`XOAUTH2 ${ANN} ${provider.latestToken(ANN)}`]);
  });

  test("is sent there with PKCE, state, nonce and their address", async () => {
    const { searchParams } = new URL(await begin());
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: "code",
      client_id: "outreach",
      redirect_uri: REDIRECT,
      scope: "openid email offline_access",
      code_challenge_method: "S256",
      prompt: "consent",
      login_hint: ANN,
    });
    expect(searchParams.get("code_challenge")).toMatch(/^[\w-]{43}$/);
    expect(searchParams.get("nonce")).toMatch(/^[\w-]{43}$/);
    expect(searchParams.get("state")).toMatch(new RegExp(`^${team.workspaceId}\\.[\\w-]{43}$`));
  });

  test("is known by the ID token alone, where it names them", async () => {
    await provider.stop();
    provider = await startOpenIdProvider({ namesInIdToken: true });
    await servers.stop();
    servers = await startTokenServers(provider, ANN);
    agent = { ...team.agent, settings: settingsSchema.parse({ oauth: { custom: provider.settings } }) };
    provider.signsIn = "ANN@team.example";
    await expect(connect()).rejects.toMatchObject({ code: "smtp_auth" }); // the account is right, and these servers know no capitals
    provider.signsIn = ANN;
    await expect(connect()).resolves.toMatchObject({ created: true });
  });

  test("may have another address than a shared mailbox, where that was said", async () => {
    const shared = { email: "info@team.example", account: ANN, username: ANN };
    await expect(connect(shared)).resolves.toMatchObject({ email: "info@team.example", created: true });
  });

  test("turns a mailbox with a password into one without, and back", async () => {
    await database.db.query(
      `insert into mailbox (workspace_id, email, identity_key, provider, smtp_host, smtp_port, smtp_security, smtp_username, smtp_secret, daily_cap,
         min_gap_seconds, created_at, updated_at) values ($1, $2, $2, 'custom', 'mail.team.example', 465, 'tls', $2, '\\x01', 7, 0, $3, $3)`,
      [team.workspaceId, ANN, START],
    );
    expect(await connect()).toMatchObject({ created: false });
    expect(await stored()).toMatchObject({ smtp: { login: { kind: "oauth" } }, limits: { dailyCap: 7 } });
    await addMailbox(agent, { workspaceId: team.workspaceId, email: ANN, password: "a new one", skipTest: true });
    expect(await stored()).toMatchObject({ smtp: { login: { kind: "password", username: ANN } } });
    expect(await mailboxGrant(database.db, team.workspaceId, (await stored())?.id as MailboxId)).toBeNull();
  });
});

describe("a mailbox that is connected", () => {
  test("keeps its login when something else is changed", async () => {
    await connect();
    await addMailbox(agent, { workspaceId: team.workspaceId, email: ANN, dailyCap: 5 });
    expect(await stored()).toMatchObject({ limits: { dailyCap: 5 }, smtp: { login: { kind: "oauth" } }, smtpTestedAt: START });
    expect(provider.tokenRequests).toEqual({ authorization_code: 1 });
  });

  test("is not shown to another server with what was granted", async () => {
    await connect();
    const elsewhere = { host: "localhost", port: 2525, security: "none" as const };
    const change = addMailbox(agent, { workspaceId: team.workspaceId, email: ANN, smtp: elsewhere, skipTest: true });
    await expect(change).rejects.toMatchObject({ code: "invalid_input", message: expect.stringContaining("connected anew") });
  });

  test("has its tokens in no column in plain text, and they open in no other row or column", async () => {
    const { mailboxId } = await connect();
    const { rows } = await database.db.query<{ text: string }>(
      "select mailbox_grant::text as text from mailbox_grant where mailbox_id = $1",
      [mailboxId],
    );
    for (const token of provider.issued.flatMap(({ access_token, refresh_token }) => [access_token, refresh_token])) {
      expect(rows[0]?.text).not.toContain(token);
      expect(rows[0]?.text).not.toContain(Buffer.from(token).toString("hex"));
    }
    await database.db.query("update mailbox_grant set access_secret = refresh_secret where mailbox_id = $1", [mailboxId]);
    await expect(smtpAccess(agent, (await stored()) as Mailbox)).rejects.toMatchObject({ code: "secret_key_missing" });
  });

  test("cannot have a password besides: the database keeps that", async () => {
    const { mailboxId } = await connect();
    const both = database.db.query("update mailbox set smtp_secret = '\\x01' where id = $1", [mailboxId]);
    await expect(both).rejects.toMatchObject({ constraint: "mailbox_login_check" });
  });
});

describe("nothing is stored", () => {
  test("when the owner does not agree", async () => {
    provider.signsIn = null;
    const error = await refusal(connect());
    expect(error).toMatchObject({ code: "oauth_failed", message: expect.stringContaining("access_denied: The person did not agree") });
  });

  test("when somebody else signs in, and it says who", async () => {
    provider.signsIn = "bob@team.example";
    const error = await refusal(connect());
    expect(error.code).toBe("oauth_failed");
    expect(error.message).toContain("You signed in as bob@team.example, not as ann@team.example");
  });

  test("when the mail server refuses what was granted", async () => {
    provider.signsIn = ANN;
    const back = await provider.visit(await begin({ username: "bob@team.example" }));
    const error = await refusal(finish(back));
    expect(error.code).toBe("smtp_auth");
    expect(error.message).toContain("refused the access token of bob@team.example");
    for (const { access_token } of provider.issued) expect(JSON.stringify([error.message, error.detail])).not.toContain(access_token);
  });

  test("when the answer comes to somebody who did not begin it; who did can still end it", async () => {
    const back = await provider.visit(await begin());
    expect(await refusal(finish(back, "somebody else"))).toMatchObject({ code: "oauth_failed" });
    expect(provider.tokenRequests).toEqual({});
  });

  test("when it comes too late", async () => {
    const back = await provider.visit(await begin());
    team.now = new Date(START.getTime() + 601_000);
    expect(await refusal(finish(back))).toMatchObject({ code: "oauth_failed", message: expect.stringContaining("too old") });
  });

  test("when its state was made up", async () => {
    const back = await provider.visit(await begin());
    back.searchParams.set("state", `${team.workspaceId}.${"A".repeat(43)}`);
    expect(await refusal(finish(back))).toMatchObject({ code: "oauth_failed" });
    back.searchParams.set("state", "no state at all");
    expect(await refusal(finish(back))).toMatchObject({ code: "oauth_failed" });
  });

  test("when the code is another one's", async () => {
    const theirs = await provider.visit(await begin({}, "somebody else"));
    const ours = await provider.visit(await begin());
    ours.searchParams.set("code", theirs.searchParams.get("code") ?? "");
    expect(await refusal(finish(ours))).toMatchObject({ code: "oauth_revoked" }); // PKCE: invalid_grant
  });

  test("when the installation is not registered there", async () => {
    agent = { ...agent, settings: settingsSchema.parse({}) };
    expect(await refusal(begin())).toMatchObject({ code: "oauth_not_set_up", message: expect.stringContaining("oauth.custom.issuer") });
  });

  test("when the installation's secret is wrong, and it says so", async () => {
    const wrong = { ...provider.settings, client_secret: "guessed" };
    agent = { ...agent, settings: settingsSchema.parse({ oauth: { custom: wrong } }) };
    expect(await refusal(connect())).toMatchObject({ code: "oauth_client", message: expect.stringContaining("client id and secret") });
  });

  test("when the provider does not answer, and it may be tried again", async () => {
    provider.down = true;
    expect(await refusal(begin())).toMatchObject({ code: "oauth_unreachable", retryable: true });
    await provider.stop();
    expect(await refusal(begin())).toMatchObject({ code: "oauth_unreachable", retryable: true });
    provider = await startOpenIdProvider();
  });

  test("when the provider stands in a private network and may not", async () => {
    const settings = settingsSchema.parse({ oauth: { custom: provider.settings }, mailboxes: { allow_private_hosts: false } });
    agent = { ...agent, settings };
    expect(await refusal(begin())).toMatchObject({ code: "oauth_failed", message: expect.stringContaining("private network") });
  });

  test("for Google with other servers than Google's: they would be shown the token", async () => {
    const settings = settingsSchema.parse({ oauth: { google: { client_id: "ours", client_secret: "secret" } } });
    const beginning = { workspaceId: team.workspaceId, provider: "google", redirectUri: REDIRECT, begunBy: ME, by: BY } as const;
    const evil = beginConnecting({ ...agent, settings }, beginning, { email: ANN, smtp: servers.smtp });
    expect(await refusal(evil)).toMatchObject({ code: "invalid_input", message: expect.stringContaining("servers of gmail") });
  });
});

test("a link is used once: of two who come back with it, one connects the mailbox", async () => {
  const back = await provider.visit(await begin());
  const both = await Promise.allSettled([finish(back), finish(back)]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(provider.tokenRequests).toEqual({ authorization_code: 1 });
});

describe("whoever began it asks what became of it", () => {
  const asked = async (id: Begun["id"]) => grantRequestById(database.db, team.workspaceId, id);

  test("nobody came back yet; then it is connected, which stands in the audit log under their name", async () => {
    const { id, link, expiresAt } = await begun();
    expect(await asked(id)).toMatchObject({ email: ANN, provider: "custom", endedAt: null, mailboxId: null, expiresAt });
    const { mailboxId } = await finish(await provider.visit(link));
    expect(await asked(id)).toMatchObject({ endedAt: START, mailboxId, errorCode: null });
    const { items } = await listAuditEntries(database.db, team.workspaceId, { limit: 5, cursor: null });
    expect(items).toMatchObject([
      {
        action: "grantRequests.finish",
        actorName: "operator",
        target: { mailboxId },
        detail: { email: ANN, account: ANN, provider: "custom" },
      },
    ]);
  });

  test("it failed, and why", async () => {
    provider.signsIn = "bob@team.example";
    const { id, link } = await begun();
    const error = await refusal(finish(await provider.visit(link)));
    expect(await asked(id)).toMatchObject({ endedAt: START, mailboxId: null, errorCode: "oauth_failed", errorMessage: error.message });
  });

  test("a mailbox that was removed afterwards leaves it connected", async () => {
    const { id, link } = await begun();
    const { mailboxId } = await finish(await provider.visit(link));
    await removeMailbox(agent, team.workspaceId, mailboxId);
    expect(await asked(id)).toMatchObject({ endedAt: START, mailboxId: null, errorCode: null });
  });

  test("a day after it ran out it is forgotten", async () => {
    const { id } = await begun();
    team.now = new Date(START.getTime() + DAY);
    await keepHouse(agent);
    expect(await asked(id)).not.toBeNull();
    team.now = new Date(START.getTime() + DAY + HOUR);
    await keepHouse(agent);
    expect(await asked(id)).toBeNull();
  });
});

test("a shared mailbox is connected again as whom it was, without being told", async () => {
  await connect({ email: "info@team.example", account: ANN, username: ANN });
  const { link } = await begun({ email: "info@team.example", username: ANN });
  expect(new URL(link).searchParams.get("login_hint")).toBe(ANN);
  await expect(finish(await provider.visit(link))).resolves.toMatchObject({ created: false });
});
