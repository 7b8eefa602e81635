// Mails that went out, or shall, over the API: the ledger, previews, tests, and what a person says about uncertain ones.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { claimMessages } from "../../src/automations/claim-messages.ts";
import type { CampaignId, LeadId, MailboxId } from "../../src/core/ids.ts";
import { after, DAY, HOUR } from "../../src/core/instant.ts";
import { PERMISSIONS } from "../../src/core/permissions.ts";
import { settingsSchema } from "../../src/core/settings.ts";
import { acquireLease, releaseLease } from "../../src/store/lease.ts";
import { mailboxById } from "../../src/store/mailbox.ts";
import { markTransmitting, recordUncertain } from "../../src/store/message-outcome.ts";
import { type SmtpServer, startSmtpServer } from "../support/mail-servers.ts";
import { Outreach } from "../support/outreach.ts";
import { ApiUnderTest, type Ask } from "./api-under-test.ts";

const NOW = new Date("2026-03-04T09:00:00Z");
const KIM = "kim@bakery.example";
const UNKNOWN = "01900000-0000-7000-8000-000000000000";
const MORE = `mailboxes: [anna@team.example]
postal_address: Main Street 1
defaults: { first_name: there }
sub_sequences:
  - { name: Interested, on: positive, steps: [{ id: call, after: 1 hour, body: "Shall we talk, {{ first_name }}?" }] }`;

let api: ApiUnderTest;
let smtp: SmtpServer;
let team: Outreach;
let ask: Ask;
let anna: MailboxId;
let kim: LeadId;
let campaignId: CampaignId;
beforeAll(async () => {
  api = await ApiUnderTest.begin();
  smtp = await startSmtpServer();
  const settings = settingsSchema.parse({ http: { requests_per_minute: 100_000 }, mailboxes: { allow_private_hosts: true } });
  Object.assign(api.agent, { settings, clock: { now: () => team.now } });
});
afterAll(async () => {
  await api.end();
  await smtp.stop();
});
beforeEach(async () => {
  Object.assign(smtp.faults, { onRcpt: undefined, loseAfterDot: undefined });
  team = await Outreach.begin(api.agent.db, NOW);
  anna = await team.addMailbox("anna@team.example", { gap: 0, cap: 3 });
  const server = [anna, smtp.host, smtp.port];
  await api.agent.db.query(
    "update mailbox set smtp_host = $2, smtp_port = $3, smtp_security = 'none', from_name = 'Anna' where id = $1",
    server,
  );
  kim = await team.addLead(KIM);
  campaignId = await team.addCampaign("Repair log", { a: "0 minutes", b: "2 days", c: "2 days" }, MORE);
  ask = await api.key(PERMISSIONS, { workspaceId: team.workspaceId });
});

const list = async (query = "") => (await ask("GET", `/messages?${query}`)).body.items;
const steps = async () => (await team.sent()).map((mail) => mail.step);

/** The next mail goes onto the wire, and the connection breaks after its last byte. */
async function sendIntoTheDark(): Promise<string> {
  const { agent, workspaceId } = team;
  const mailbox = await mailboxById(agent.db, workspaceId, anna);
  const lease = await acquireLease(agent.db, { workspaceId, mailboxId: anna, purpose: "send", holder: "test", seconds: 60 });
  if (!mailbox || !lease) throw new Error("The mailbox is busy.");
  const [id] = (await claimMessages(agent, mailbox, lease)).ids;
  if (!id) throw new Error("Nothing was due.");
  await agent.db.transaction(async (tx) => {
    await markTransmitting(tx, lease, [id], team.now);
    await recordUncertain(tx, lease, id, { reason: "connection_lost", response: null }, team.now);
  });
  await releaseLease(agent.db, lease);
  return id;
}

describe("the ledger", () => {
  test("is filtered by campaign, lead, mailbox and state, and pages from the newest without loss", async () => {
    await team.addLeads(2);
    await team.start(campaignId);
    await team.tick();
    expect(await list(`campaignId=${campaignId}`)).toHaveLength(3);
    expect(await list(`campaignId=${UNKNOWN}`)).toEqual([]);
    expect(await list(`leadId=${kim}&state=sent&state=failed`)).toMatchObject([
      { recipient: KIM, step: "a", campaign: "Repair log", mailbox: "anna@team.example", state: "sent", sentAt: NOW.toISOString() },
    ]);
    expect(await list(`mailboxId=${anna}`)).toHaveLength(3);
    expect(await list("state=queued")).toEqual([]);
    const seen: string[] = [];
    let cursor = "";
    do {
      const page = (await ask("GET", `/messages?limit=1${cursor}`)).body;
      seen.push(...page.items.map((one: { id: string }) => one.id));
      cursor = page.nextCursor === null ? "" : `&cursor=${page.nextCursor}`;
    } while (cursor !== "");
    expect([seen.length, new Set(seen).size]).toEqual([3, 3]);
    expect(await ask("GET", "/messages?leadId=nonsense")).toMatchObject({ status: 400 });
  });

  test("shows a mail that was not written yet without content", async () => {
    await team.start(campaignId);
    await team.refuse(anna, after(NOW, HOUR));
    const [waiting] = await list("state=deferred");
    expect((await ask("GET", `/messages/${waiting.id}`)).body).toMatchObject({ reason: "greylisted", content: null, subject: null });
  });
});

describe("of an uncertain mail a person says", () => {
  beforeEach(() => team.start(campaignId));

  test("that it arrived: its lead goes on", async () => {
    const id = await sendIntoTheDark();
    await team.runUntil(after(NOW, 3 * DAY));
    expect(await steps()).toEqual([]);
    expect((await ask("POST", `/messages/${id}/was-sent`, {})).body).toMatchObject({ state: "sent" });
    expect(await ask("POST", `/messages/${id}/was-sent`, {})).toMatchObject({ status: 409, body: { code: "wrong_state" } });
    await team.runUntil(after(NOW, 9 * DAY));
    expect(await steps()).toEqual(["a", "b", "c"]);
  });

  test("that it did not: the same mail goes out again", async () => {
    const id = await sendIntoTheDark();
    expect((await ask("POST", `/messages/${id}/send-again`, {})).body).toMatchObject({ id, state: "queued" });
    await team.tick();
    expect(await list()).toMatchObject([{ id, state: "sent", step: "a" }]);
    expect(await ask("POST", `/messages/${id}/send-again`, {})).toMatchObject({ status: 409 });
  });
});

describe("a mail that waits", () => {
  beforeEach(() => team.start(campaignId));

  test("is cancelled: it never goes out, and its lead goes on with the step behind it, in time", async () => {
    await team.tick();
    team.now = after(NOW, 2 * DAY);
    await team.refuse(anna, after(team.now, HOUR));
    const [waiting] = await list("state=deferred");
    expect((await ask("POST", `/messages/${waiting.id}/cancel`, {})).body).toMatchObject({ state: "cancelled", step: "b" });
    expect(await ask("POST", `/messages/${waiting.id}/cancel`, {})).toMatchObject({ status: 409, body: { facts: { state: "cancelled" } } });
    const { body } = await ask("GET", `/leads/${kim}/enrollments`);
    // Two days after the Friday on which it was planned, and nothing goes out on weekends.
    const monday = after(NOW, 5 * DAY);
    expect(body.items).toMatchObject([{ state: "active", nextStep: "c", nextAt: monday.toISOString(), pendingMessageId: null }]);
    await team.runUntil(after(NOW, 6 * DAY));
    expect(await steps()).toEqual(["a", "c"]);
  });

  test("and is the last one, ends the sequence", async () => {
    for (const days of [0, 2]) {
      team.now = after(NOW, days * DAY);
      await team.tick();
    }
    team.now = after(NOW, 5 * DAY);
    await team.refuse(anna, after(team.now, HOUR));
    const [waiting] = await list("state=deferred");
    await ask("POST", `/messages/${waiting.id}/cancel`, {});
    const { body } = await ask("GET", `/leads/${kim}/enrollments`);
    expect(body.items).toMatchObject([{ state: "finished", reason: "step_cancelled_by_person", nextStep: null }]);
  });

  test("for a lead that is held, stays cancelled after the hold", async () => {
    await team.refuse(anna, after(NOW, HOUR));
    const [waiting] = await list("state=deferred");
    const { body } = await ask("GET", `/leads/${kim}/enrollments`);
    await ask("POST", `/enrollments/${body.items[0].id}/hold`, { until: after(NOW, DAY).toISOString() });
    await ask("POST", `/messages/${waiting.id}/cancel`, {});
    await team.runUntil(after(NOW, 5 * DAY));
    expect(await steps()).toEqual(["b", "c"]);
  });
});

describe("a preview", () => {
  const preview = (body: object) => ask("POST", `/campaigns/${campaignId}/preview`, { leadId: kim, ...body });

  test("shows what would be sent, with footer, headers and the subject of its thread", async () => {
    expect((await preview({ step: "a" })).body).toMatchObject({ from: "anna@team.example", to: KIM, subject: "Repairs" });
    const { body } = await preview({ step: "c" });
    expect(body.subject).toBe("Re: Repairs");
    expect(body.text).toMatch(/^Text of c\.\n\nMain Street 1\n.*STOP/s);
    expect(body.headers.map((one: { name: string }) => one.name)).toContain("List-Unsubscribe");
    expect((await preview({ step: "call", sequence: "interested" })).body).toMatchObject({
      subject: "Re: Repairs",
      text: expect.stringContaining("Shall we talk, there?"),
    });
    expect(await list()).toEqual([]);
  });

  test("is the mail that then goes out, but for what names one mail", async () => {
    const shown = (await preview({ step: "a" })).body;
    const { body } = await ask("POST", `/campaigns/${campaignId}/test-send`, { leadId: kim, step: "a", to: "me@team.example" });
    const { content } = (await ask("GET", `/messages/${body.id}`)).body;
    expect(content.text.trim()).toBe(shown.text.trim());
    expect(content.headers).toContainEqual({ name: "subject", value: shown.subject });
  });

  test("of what cannot be written says what is missing", async () => {
    await ask("PATCH", `/campaigns/${campaignId}`, { defaults: null });
    const missing = await preview({ step: "call", sequence: "Interested" });
    expect(missing).toMatchObject({ status: 422, body: { code: "missing_variable", facts: { variable: "first_name" } } });
    expect(await preview({ step: "nothing" })).toMatchObject({ status: 404 });
    expect(await preview({ step: "a", sequence: "Interested" })).toMatchObject({ status: 404 });
    expect(await preview({ step: "a", leadId: UNKNOWN })).toMatchObject({ status: 404 });
  });
});

describe("a test", () => {
  const sendTest = (to = "me@team.example", headers: Record<string, string> = {}) =>
    ask("POST", `/campaigns/${campaignId}/test-send`, { leadId: kim, step: "a", to }, headers);
  const arrived = (to: string) => smtp.accepted.filter((mail) => mail.to.includes(to));

  test("really arrives, counts against the day, and changes nothing for the lead", async () => {
    const { body, status } = await sendTest("first@team.example");
    const sent = { kind: "test", state: "sent", recipient: "first@team.example", leadId: null, subject: "Repairs" };
    expect([status, body]).toMatchObject([200, sent]);
    expect(arrived("first@team.example")).toHaveLength(1);
    expect(arrived("first@team.example")[0]?.raw).toContain("Text of a.");
    expect((await ask("GET", `/leads/${kim}/enrollments`)).body.items).toEqual([]);
    await sendTest();
    await sendTest();
    expect(await sendTest()).toMatchObject({ status: 409, body: { code: "wrong_state" } });
  });

  test("with an Idempotency-Key goes out once", async () => {
    const first = await sendTest("once@team.example", { "idempotency-key": "once" });
    expect((await sendTest("once@team.example", { "idempotency-key": "once" })).body).toEqual(first.body);
    expect(arrived("once@team.example")).toHaveLength(1);
  });

  test("that is refused says so, and is not tried again", async () => {
    smtp.faults.onRcpt = () => ({ code: 451, text: "4.7.1 greylisted" });
    const later = { state: "cancelled", smtpResponse: expect.stringContaining("greylisted") };
    expect((await sendTest("later@team.example")).body).toMatchObject(later);
    smtp.faults.onRcpt = () => ({ code: 550, text: "5.1.1 no such user" });
    expect((await sendTest("nobody@team.example")).body).toMatchObject({ state: "failed" });
    const { rows } = await api.agent.db.query("select used from send_budget where workspace_id = $1", [team.workspaceId]);
    expect(rows).toEqual([{ used: 1 }]);
  });

  test("whose connection broke after its last byte is uncertain; a person says that it arrived", async () => {
    smtp.faults.loseAfterDot = true;
    const { body } = await sendTest();
    expect(body).toMatchObject({ state: "uncertain" });
    expect(await ask("POST", `/messages/${body.id}/send-again`, {})).toMatchObject({ status: 409 });
    expect((await ask("POST", `/messages/${body.id}/was-sent`, {})).body).toMatchObject({ state: "sent" });
  });

  test("goes to nobody who must not be written to, and to no nonsense", async () => {
    const suppress =
      "insert into suppression (workspace_id, kind, key, reason, created_at) values ($1, 'domain', 'closed.example', 'person', $2)";
    await api.agent.db.query(suppress, [team.workspaceId, NOW]);
    expect(await sendTest("me@closed.example")).toMatchObject({ status: 409, body: { code: "wrong_state" } });
    expect(await sendTest("me@team.example\r\nBcc: all@x.example")).toMatchObject({ status: 400 });
    expect(arrived("me@closed.example")).toEqual([]);
  });

  test("waits while the mailbox sends other mail", async () => {
    const { agent, workspaceId } = team;
    const lease = await acquireLease(agent.db, { workspaceId, mailboxId: anna, purpose: "send", holder: "test", seconds: 60 });
    expect(await sendTest()).toMatchObject({ status: 409, body: { code: "lease_lost" } });
    if (lease) await releaseLease(agent.db, lease);
    expect(await sendTest()).toMatchObject({ status: 200 });
  });
});

test("another workspace's messages and campaigns are not there", async () => {
  await team.start(campaignId);
  await team.tick();
  const [{ id }] = await list();
  const foreign = await api.key(PERMISSIONS, { workspaceId: await api.otherWorkspace() });
  const asked: [string, string, object?][] = [
    ["GET", `/messages/${id}`],
    ["POST", `/messages/${id}/was-sent`, {}],
    ["POST", `/messages/${id}/send-again`, {}],
    ["POST", `/messages/${id}/cancel`, {}],
    ["POST", `/campaigns/${campaignId}/preview`, { leadId: kim, step: "a" }],
    ["POST", `/campaigns/${campaignId}/test-send`, { leadId: kim, step: "a", to: "me@team.example" }],
  ];
  for (const [method, path, body] of asked) expect([path, (await foreign(method, path, body)).status]).toEqual([path, 404]);
  expect((await foreign("GET", "/messages")).body.items).toEqual([]);
});
