// Somebody says stop, or a person removes the lead, while its mail is being claimed and sent: a stop that is committed first keeps the mail from going out.
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { importLeads } from "../../src/automations/import-leads.ts";
import { removeLead } from "../../src/automations/remove-lead.ts";
import { runJob } from "../../src/automations/run-job.ts";
import { DAY, HOUR } from "../../src/core/instant.ts";
import { buildWebServer } from "../../src/http/server.ts";
import { suppressionFor } from "../../src/store/suppression.ts";
import { type LiveMailbox, LiveOutreach } from "../support/live-outreach.ts";
import { reply } from "../support/mails.ts";

const KIM = "kim@bakery.example";
const JO = "jo@kiosk.example";
const DAY_OF_B = "2026-03-06";

let team: LiveOutreach;
let anna: LiveMailbox;

beforeEach(async () => {
  team = await LiveOutreach.begin({ settings: { http: { public_url: "https://mail.team.example" } } });
  anna = await team.addMailbox("anna@team.example");
  await team.addLead({ email: KIM });
  await team.addLead({ email: JO });
  await team.start(team.campaign({ steps: { a: "0 minutes", b: "2 days", c: "1 day" }, optOut: "link" }));
  await team.pass();
});
afterEach(() => team.end());

/** The button that mail programs show, pressed on the last mail to Kim. */
async function pressUnsubscribe(): Promise<void> {
  const header = (await team.lastMail(KIM)).headers.get("list-unsubscribe")?.[0] ?? "";
  const link = new URL(/<(https:[^>]+)>/.exec(header)?.[1] ?? "");
  const app = await buildWebServer(team.agent, team.workspaceId);
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await app.inject({ method: "POST", url: link.pathname, headers, payload: "List-Unsubscribe=One-Click" });
  expect(answer.statusCode).toBe(200);
  await app.close();
}

/** Kim's mail asks for no more, and another process reads it. */
async function askByMail(): Promise<void> {
  team.deliver(reply({ to: await team.lastOurs(KIM), from: KIM, text: "Please remove me from your list." }));
  await runJob(team.addProcess("reader"), "sync-inbox", { workspaceId: team.workspaceId, mailboxId: anna.id });
}

const suppressed = () => suppressionFor(team.db, team.workspaceId, KIM, null);

describe.each([
  ["by the link", pressUnsubscribe],
  ["by mail", askByMail],
])("an opt-out %s", (_how, optOut) => {
  test("between claim and transmission cancels the mail; everybody else gets theirs", async () => {
    team.onSendPhase("before_mark", optOut);
    await team.pass(2 * DAY + HOUR);
    expect(await team.states(KIM)).toEqual(["a sent", "b cancelled"]);
    expect(await team.states(JO)).toEqual(["a sent", "b sent"]);
    expect((await team.standings())[KIM]).toMatch(/^unsubscribed: /);
    expect(await suppressed()).toMatchObject({ reason: "unsubscribe" });
    expect(await team.budget(anna, DAY_OF_B)).toEqual({ used: 1, counted: 1 });
    await team.pass(3 * DAY);
    expect(await team.states(KIM)).toEqual(["a sent", "b cancelled"]);
    expect(await team.discrepancies()).toEqual([]);
  });

  test("while the mail is on the wire stops everything after it", async () => {
    team.onSendPhase("marked", optOut);
    await team.pass(2 * DAY + HOUR);
    await team.pass(3 * DAY);
    expect(await team.states(KIM)).toEqual(["a sent", "b sent"]);
    expect((await team.standings())[KIM]).toMatch(/^unsubscribed: /);
    expect(await team.states(JO)).toEqual(["a sent", "b sent", "c sent"]);
    expect(await team.discrepancies()).toEqual([]);
  });
});

describe("a lead that a person removes", () => {
  const remove = () => removeLead(team.agent, { workspaceId: team.workspaceId, address: KIM });

  test("between claim and transmission is written to no more, also when it is imported again after an opt-out", async () => {
    team.onSendPhase("before_mark", remove);
    await team.pass(2 * DAY + HOUR);
    expect(await team.states(KIM)).toEqual(["a sent", "b cancelled"]);
    expect(await team.budget(anna, DAY_OF_B)).toEqual({ used: 1, counted: 1 });
    await pressUnsubscribe();
    await importAgain();
    await team.pass(5 * DAY);
    expect(team.accepted().filter(({ to }) => to.includes(KIM))).toHaveLength(1);
    expect(await suppressed()).toMatchObject({ reason: "unsubscribe" });
    expect(await team.discrepancies()).toEqual([]);
  });

  test("while its mail is deferred is not tried again", async () => {
    anna.smtp.faults.onRcpt = (address) => (address === KIM ? { code: 450, text: "4.2.0 Come again" } : null);
    await team.pass(2 * DAY + HOUR);
    expect(await team.states(KIM)).toEqual(["a sent", "b deferred"]);
    await remove();
    anna.smtp.faults.onRcpt = () => null;
    await team.pass(DAY);
    expect(await team.states(KIM)).toEqual(["a sent", "b cancelled"]);
  });

  async function importAgain(): Promise<void> {
    const content = Readable.from([Buffer.from(`email\n${KIM}\n`)]);
    const { workspaceId } = team;
    await importLeads(team.agent, { workspaceId, fileName: "leads.csv", content, list: null, onDuplicate: "overwrite" });
  }
});
