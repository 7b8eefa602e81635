// The command line against a server elsewhere: the same words, the same output, the same exit codes as on the machine itself.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApiKey } from "../../src/access/api-keys.ts";
import { PERMISSIONS, type Permission } from "../../src/core/permissions.ts";
import { campaignText } from "../support/campaign-text.ts";
import { type Ended, inShell, inThisProcess } from "../support/command-line.ts";
import { ApiUnderTest } from "./api-under-test.ts";

const directory = mkdtempSync(join(tmpdir(), "agent-remote-"));
const SLOW = { timeout: 180_000 };

let api: ApiUnderTest;
let server: string;
let key: string;
beforeAll(async () => {
  api = await ApiUnderTest.begin();
  server = await api.app.listen({ host: "127.0.0.1", port: 0 });
  key = await keyWith(PERMISSIONS);
});
afterAll(async () => {
  await api.end();
  rmSync(directory, { recursive: true, force: true });
});

async function keyWith(scopes: readonly Permission[]): Promise<string> {
  const made = { workspaceId: api.workspaceId, name: "elsewhere", scopes, expiresAt: null, createdBy: null };
  return (await createApiKey(api.agent.db, new Set(PERMISSIONS), made, api.realNow)).key;
}

const remote = (...words: readonly string[]) => inThisProcess(words, { MARKETING_AGENT_SERVER: server, MARKETING_AGENT_KEY: key });
const local = (...words: readonly string[]) =>
  inThisProcess(["--workspace", "Team", ...words], { DATABASE_URL: api.connectionString, MARKETING_AGENT_DATA_DIR: directory });

function file(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

test("leads, campaigns, mailboxes and suppressions are worked on from afar, and read alike from both sides", SLOW, async () => {
  const leads = file("leads.csv", "email,first_name\nkim@bakery.example,Kim\nlee@bakery.example,Lee\nno address,x\n");
  const rejected = join(directory, "rejected.csv");
  const imported = await remote("leads", "import", leads, "--list", "Bakeries", "--rejected", rejected);
  expect(imported).toMatchObject({ code: 0, err: "", out: expect.stringContaining("3 rows: 2 created, 1 rejected, 2 listed.") });
  expect(readFileSync(rejected, "utf8")).toContain("no address");
  expect(await remote("leads", "suppress", "lee@bakery.example", "--reason", "a customer")).toMatchObject({ code: 0, err: "" });
  const mailbox = ["mailbox", "add", "anna@team.example", "--smtp", "127.0.0.1:1:none", "--no-login", "--skip-test", "--cap", "20"];
  expect(await remote(...mailbox)).toMatchObject({ code: 0, out: "anna@team.example added.\nNot tested.\n" });
  expect(await remote("mailbox", "pause", "anna@team.example")).toMatchObject({ code: 0, out: "anna@team.example is paused.\n" });
  const written = file(
    "campaign.yaml",
    campaignText({ name: "Spring", steps: { first: "0 minutes", second: "2 days" }, more: "mailboxes: [anna@team.example]" }),
  );
  expect((await remote("campaign", "plan", written)).out).toBe('It would add "Spring" as a draft.\n');
  expect(await remote("campaign", "apply", written)).toMatchObject({
    code: 0,
    out: expect.stringContaining("Spring was added as a draft."),
  });

  for (const words of [
    ["status"],
    ["--json", "status"],
    ["leads", "list"],
    ["--json", "leads", "list", "--list", "bakeries", "--search", "kim", "--limit", "1"],
    ["suppressions", "list"],
    ["mailbox", "list"],
    ["campaign", "list"],
    ["campaign", "export", "spring"],
    ["--json", "campaign", "export", "Spring"],
    ["campaign", "schedule", "Spring"],
    ["why", "lee@bakery.example"],
    ["why", "nobody@bakery.example"],
    ["why", "Spring"],
    ["why", "anna@team.example"],
    ["runs"],
    ["send-due-steps", "--dry-run"],
    ["replies", "list"],
    ["message", "uncertain"],
    ["member", "list"],
    ["campaign", "start", "Spring"],
    ["campaign", "start", "none"],
    ["leads", "unsuppress", "kim@bakery.example"],
    ["leads", "list", "--list", "none"],
    ["mailbox", "test", "anna@team.example"],
  ]) {
    const [here, there] = [await local(...words), await remote(...words)];
    const withoutMoments = ({ out, ...rest }: Ended) => ({ ...rest, out: out.replaceAll(/"at": "[^"]*"/g, "") });
    expect({ words, ...withoutMoments(there) }).toEqual({ words, ...withoutMoments(here) });
  }
  expect((await remote("leads", "remove", "KIM@bakery.example", "nobody@bakery.example")).code).toBe(2);
  expect((await remote("leads", "unsuppress", "lee@bakery.example")).out).toContain("may be written to again");
});

test("keys and members are made on the machine; a key may do what its role may, from anywhere", SLOW, async () => {
  const made = JSON.parse((await local("--json", "key", "create", "report", "--role", "viewer", "--days", "30")).out) as { key: string };
  const viewer = (...words: readonly string[]) =>
    inThisProcess(words, { MARKETING_AGENT_SERVER: server, MARKETING_AGENT_KEY_FILE: file("key", `${made.key}\n`) });
  expect((await viewer("leads", "list")).code).toBe(0);
  const refused = await viewer("leads", "suppress", "x@bakery.example");
  expect(refused).toMatchObject({ code: 2, out: "", err: expect.stringContaining("[forbidden]") });
  expect((await local("key", "list")).out).toContain("report");
  expect(await local("key", "revoke", "report")).toMatchObject({ code: 0 });
  expect(await viewer("leads", "list")).toMatchObject({ code: 2, err: expect.stringContaining("[unauthenticated]") });
  const { rows } = await api.agent.db.query<{ actor: string; action: string }>(
    "select actor, action from audit_entry where actor = 'command_line'",
  );
  expect(rows.map(({ action }) => action)).toEqual(expect.arrayContaining(["apiKeys.create", "apiKeys.revoke"]));
  const invited = await remote("member", "invite", "ben@team.example", "--role", "viewer");
  expect(invited.out).toContain(`${server}/invitation/mai_`);
  expect((await remote("member", "list")).out).toContain("(invited)");
  expect(await remote("member", "remove", "ben@team.example")).toMatchObject({ code: 0 });
});

test("a link of the machine sets a new password, once, and signs everybody out", SLOW, async () => {
  const anna = await api.person("owner");
  const { link } = JSON.parse((await local("--json", "account", "reset-password", anna.email, "--remove-second-factor")).out) as {
    link: string;
  };
  const path = new URL(link).pathname;
  const post = (password: string) => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return api.app.inject({
      method: "POST",
      url: path,
      headers,
      payload: new URLSearchParams({ password }).toString(),
      remoteAddress: api.clientIp(),
    });
  };
  // sessions and links go by real time, of which this server has its own
  api.pass(Date.now() - api.realNow.getTime());
  const { body } = await api.app.inject(path);
  expect([body.includes(anna.email), body.includes("authenticator app is not asked for any more")]).toEqual([true, true]);
  expect((await post("short")).statusCode).toBe(422);
  expect((await post("a horse on a battery")).headers.location).toBe("/sign-in");
  expect((await anna.ask("GET", "/workspace")).status).toBe(401);
  expect((await post("another horse on a battery")).statusCode).toBe(410);
  const signedIn = await api.anonymous("POST", "/account/session", { email: anna.email, password: "a horse on a battery" });
  expect(signedIn.status).toBe(204);
  const { rows } = await api.agent.db.query<{ action: string; from: string | null }>(
    "select action, host(ip) as from from audit_entry where action in ('account.offerReset', 'account.resetPassword') order by at",
  );
  expect(rows).toEqual([
    { action: "account.offerReset", from: null },
    { action: "account.resetPassword", from: expect.stringMatching(/^[\d.]+$/) },
  ]);
});

test.each([
  ["no key", ["status"], { MARKETING_AGENT_KEY: "" }, 2, "A server wants a key"],
  ["a command of the machine", ["start"], {}, 2, "works only on the machine"],
  ["a workspace beside the key's", ["--workspace", "Others", "status"], {}, 2, "leave --workspace out"],
  ["a server that does not answer", ["--server", "http://127.0.0.1:1", "status"], {}, 4, "does not answer"],
  ["what is no address", ["--server", "agent", "status"], {}, 2, "must be an address"],
] as const)("%s is one sentence and its exit code", SLOW, async (_, words, env, code, sentence) => {
  const ended = await inShell(words, { cwd: directory, env: { MARKETING_AGENT_SERVER: server, MARKETING_AGENT_KEY: key, ...env } });
  expect(ended).toMatchObject({ code, out: "", err: expect.stringContaining(sentence) });
});
