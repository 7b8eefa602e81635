// Leads in campaigns over the API: where they stand, and what a person does about it.
import { beforeEach, describe, expect, test } from "vitest";
import type { CampaignId, LeadId } from "../../src/core/ids.ts";
import { after, DAY, HOUR } from "../../src/core/instant.ts";
import { PERMISSIONS } from "../../src/core/permissions.ts";
import { Outreach } from "../support/outreach.ts";
import { type Ask, apiForTests } from "./api-under-test.ts";

const NOW = new Date("2026-03-04T09:00:00Z");
const SUBS = `mailboxes: [anna@team.example]
sub_sequences:
  - { name: Interested, on: positive, steps: [{ id: call, after: 1 hour, body: Shall we talk? }] }`;

const api = await apiForTests();
let team: Outreach;
let ask: Ask;
let kim: LeadId;
let campaignId: CampaignId;
beforeEach(async () => {
  team = await Outreach.begin(api.agent.db, NOW);
  await team.addMailbox("anna@team.example", { gap: 0 });
  kim = await team.addLead("kim@bakery.example");
  campaignId = await team.addCampaign("Repair log", { a: "0 minutes", b: "2 days" }, SUBS);
  await team.start(campaignId);
  ask = await api.key(PERMISSIONS, { workspaceId: team.workspaceId });
});

async function enrollmentId(lead = "kim@"): Promise<string> {
  const { body } = await ask("GET", `/campaigns/${campaignId}/enrollments?search=${encodeURIComponent(lead)}`);
  return body.items[0].id;
}

const steps = async (lead = "kim@bakery.example") => (await team.sent()).filter((mail) => mail.lead === lead).map((mail) => mail.step);

describe("the leads of a campaign", () => {
  test("show where they stand, and what happened to one", async () => {
    await team.tick();
    const { body } = await ask("GET", `/enrollments/${await enrollmentId()}`);
    expect(body).toMatchObject({ lead: "kim@bakery.example", campaign: "Repair log", mailbox: "anna@team.example", state: "active" });
    expect(body).toMatchObject({ sequence: "Main", nextStep: "b", nextAt: after(NOW, 2 * DAY).toISOString() });
    expect(body.history).toMatchObject([{ reason: "enrolled", toState: "active" }]);
  });

  test("are filtered by state and by address, and page from the latest change without loss", async () => {
    await team.addLeads(5);
    await team.tick();
    team.now = after(NOW, HOUR);
    const { body: held } = await ask("POST", `/enrollments/${await enrollmentId("lead3@")}/hold`, {});
    const list = async (query: string) => (await ask("GET", `/campaigns/${campaignId}/enrollments?${query}`)).body;
    expect((await list("state=held")).items).toMatchObject([{ lead: "lead3@bakery.example", id: held.id }]);
    expect((await list("search=KIM")).items).toMatchObject([{ leadId: kim }]);
    const seen: string[] = [];
    let cursor = "";
    do {
      const page = await list(`limit=2${cursor}`);
      seen.push(...page.items.map((one: { lead: string }) => one.lead));
      cursor = page.nextCursor === null ? "" : `&cursor=${page.nextCursor}`;
    } while (cursor !== "");
    expect(new Set(seen).size).toBe(6);
    expect(seen).toHaveLength(6);
    expect((await ask("GET", `/leads/${kim}/enrollments`)).body.items).toMatchObject([{ campaignId, leadId: kim }]);
    expect(await ask("GET", `/campaigns/${campaignId}/enrollments?cursor=eA`)).toMatchObject({ status: 400 });
  });
});

describe("a person", () => {
  test("holds a lead until a moment, which then gets its mail and no other lead waits", async () => {
    const id = await enrollmentId();
    await team.tick();
    const until = after(NOW, 5 * DAY);
    const held = await ask("POST", `/enrollments/${id}/hold`, { until: until.toISOString() });
    expect(held.body).toMatchObject({ state: "held", reason: "held_by_person", nextAt: until.toISOString() });
    await team.runUntil(after(NOW, 4 * DAY));
    expect(await steps()).toEqual(["a"]);
    await team.runUntil(after(NOW, 6 * DAY));
    expect(await steps()).toEqual(["a", "b"]);
    expect(await ask("POST", `/enrollments/${id}/hold`, { until: NOW.toISOString() })).toMatchObject({ status: 400 });
  });

  test("says otherwise: a shorter hold counts, and resuming lets the lead go on", async () => {
    const id = await enrollmentId();
    await ask("POST", `/enrollments/${id}/hold`, {});
    const until = after(NOW, DAY).toISOString();
    expect((await ask("POST", `/enrollments/${id}/hold`, { until })).body).toMatchObject({ state: "held", nextAt: until });
    expect((await ask("POST", `/enrollments/${id}/resume`, {})).body).toMatchObject({ state: "active", reason: "resumed_by_person" });
    expect(await ask("POST", `/enrollments/${id}/resume`, {})).toMatchObject({ status: 409, body: { code: "wrong_state" } });
    await team.tick();
    expect(await steps()).toEqual(["a"]);
  });

  test("removes a lead for good", async () => {
    const id = await enrollmentId();
    expect((await ask("POST", `/enrollments/${id}/remove`, {})).body).toMatchObject({ state: "removed", nextStep: null });
    expect(await ask("POST", `/enrollments/${id}/remove`, {})).toMatchObject({ status: 200 });
    expect(await ask("POST", `/enrollments/${id}/hold`, {})).toMatchObject({ status: 409, body: { facts: { state: "removed" } } });
    await team.runUntil(after(NOW, 3 * DAY));
    expect(await steps()).toEqual([]);
  });

  test("enrolls a lead that the audience does not hold, once, and nobody who must not be written to", async () => {
    const other = await team.addCampaign("Other", { x: "0 minutes" }, "mailboxes: [anna@team.example]");
    const enrollInto = (lead: string, campaign: string = other) => ask("POST", `/campaigns/${campaign}/enrollments`, { leadId: lead });
    expect(await enrollInto(kim)).toMatchObject({ status: 409, body: { code: "campaign_state" } });
    await team.addLead("later@bakery.example");
    const eve = await team.addLead("eve@bakery.example");
    await api.agent.db.query("update lead set reachability = 'unsubscribed' where id = $1", [eve]);
    expect(await enrollInto(eve, campaignId)).toMatchObject({ status: 409, body: { code: "wrong_state" } });
    const max = await team.addLead("max@elsewhere.example");
    expect(await enrollInto(max, campaignId)).toMatchObject({ status: 201, body: { leadId: max, state: "active", nextStep: "a" } });
    expect(await enrollInto(max, campaignId)).toMatchObject({ status: 409, body: { code: "already_exists" } });
    await team.tick();
    expect(await steps("max@elsewhere.example")).toEqual(["a"]);
  });

  test("puts a lead into a sub-sequence, which it then is sent", async () => {
    await team.tick();
    const { body: campaign } = await ask("GET", `/campaigns/${campaignId}`);
    const id = await enrollmentId();
    const enter = (sequence: number) => ask("POST", `/enrollments/${id}/enter`, { sequenceId: campaign.sequences[sequence].id });
    expect((await enter(1)).body).toMatchObject({ state: "active", sequence: "Interested", visit: 2, nextStep: "call" });
    expect(await enter(1)).toMatchObject({ status: 409, body: { code: "wrong_state" } });
    expect(await enter(0)).toMatchObject({ status: 404 });
    await team.runUntil(after(NOW, 5 * DAY));
    expect(await steps()).toEqual(["a", "call"]);
  });
});

test("another workspace's enrollments, campaigns and leads are not there", async () => {
  const id = await enrollmentId();
  const { body: campaign } = await ask("GET", `/campaigns/${campaignId}`);
  const foreign = await api.key(PERMISSIONS, { workspaceId: await api.otherWorkspace() });
  const asked: [string, string, object?][] = [
    ["GET", `/enrollments/${id}`],
    ["POST", `/enrollments/${id}/hold`, {}],
    ["POST", `/enrollments/${id}/resume`, {}],
    ["POST", `/enrollments/${id}/remove`, {}],
    ["POST", `/enrollments/${id}/enter`, { sequenceId: campaign.sequences[1].id }],
    ["GET", `/campaigns/${campaignId}/enrollments`],
    ["POST", `/campaigns/${campaignId}/enrollments`, { leadId: kim }],
    ["GET", `/leads/${kim}/enrollments`],
  ];
  for (const [method, path, sent] of asked) expect([path, (await foreign(method, path, sent)).status]).toEqual([path, 404]);
  const others = await Outreach.begin(api.agent.db, NOW);
  const stranger = await others.addLead("stranger@bakery.example");
  expect(await ask("POST", `/campaigns/${campaignId}/enrollments`, { leadId: stranger })).toMatchObject({ status: 404 });
});
