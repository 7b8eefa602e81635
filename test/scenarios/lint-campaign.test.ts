// What is found in a campaign's mails before it starts.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { campaignReadiness, startCampaign } from "../../src/automations/start-and-finish-campaigns.ts";
import type { Readiness } from "../../src/core/campaign.ts";
import { LiveOutreach } from "../support/live-outreach.ts";

let team: LiveOutreach;

beforeEach(async () => {
  team = await LiveOutreach.begin();
  await team.addMailbox("anna@team.example");
});
afterEach(() => team.end());

const ref = async (steps: Parameters<LiveOutreach["campaign"]>[0]["steps"], more?: string) => ({
  workspaceId: team.workspaceId,
  campaignId: await team.apply(team.campaign({ steps, ...(more ? { more: `${more}\nwindow: { monday-sunday: 00:00-24:00 }` } : {}) })),
});
const readiness = async (...campaign: Parameters<typeof ref>): Promise<Readiness> => campaignReadiness(team.agent, await ref(...campaign));
const warnings = (found: Readiness) => found.warnings.map(({ code }) => code);
const missing = (found: Readiness) => (found.ready ? [] : found.missing.map(({ code }) => code));

test("nothing is found in mails that are as they should be", async () => {
  await team.addLead({ email: "kim@bakery.example", firstName: "Kim" });
  const found = await readiness({
    a: { body: "Hi {{ first_name }}, see https://team.example/a" },
    b: { after: "1 day", body: "Again" },
  });
  expect(found).toEqual({ ready: true, warnings: [] });
});

test("leads that lack a value are counted over all steps; those that get no mail are not", async () => {
  for (let lead = 0; lead < 12; lead += 1) await team.addLead({ email: `lead${lead}@bakery.example` });
  await team.addLead({ email: "kim@bakery.example", firstName: "Kim", company: "Bakery" });
  await team.addLead({ email: "gone@bakery.example" });
  await team.db.query("update lead set reachability = 'bounced' where email like 'gone@%'");
  const found = await readiness({ a: { body: "Hi {{ first_name }}" }, b: { after: "1 day", body: "At {{ company }}, {{ first_name }}" } });
  expect(missing(found)).toEqual([]);
  expect(found.warnings.map(({ sentence }) => sentence.replace(/: lead0.*/, ""))).toEqual([
    "Main: a: 12 leads lack `first_name`, which has no default, and will not get this mail",
    "Main: b: 12 leads lack `company`, which has no default, and will not get this mail",
    "Main: b: 12 leads lack `first_name`, which has no default, and will not get this mail",
  ]);
  expect(found.warnings[0]?.sentence.match(/@/g)).toHaveLength(10);
});

test("a blank value lacks, a number does not, a default fills", async () => {
  await team.addLead({ email: "kim@bakery.example", firstName: "  " });
  await team.addLead({ email: "lee@bakery.example", firstName: "Lee" });
  await team.db.query(`update lead set custom = '{"seats": 4, "first_name": "hidden", "tags": ["a"]}'`);
  const found = await readiness(
    { a: { body: "{{ first_name }} {{ seats }} {{ company }} {{ tags }}" } },
    "defaults: { company: your bakery, tags: none }",
  );
  expect(found.warnings.map(({ sentence }) => /\d+ leads? lacks? `\w+`/.exec(sentence)?.[0])).toEqual(["1 lead lacks `first_name`"]);
});

describe("what keeps a campaign from starting", () => {
  beforeEach(() => team.addLead({ email: "kim@bakery.example" }));

  test("a broken link", async () => {
    const campaign = await ref({ a: { body: "See htps://team.example/a" } });
    expect(missing(await campaignReadiness(team.agent, campaign))).toEqual(["link"]);
    await expect(startCampaign(team.agent, campaign)).rejects.toMatchObject({ code: "campaign_not_ready" });
  });

  test("a mail whose opt-out Gmail would hide, footer included", async () => {
    expect(missing(await readiness({ a: { body: "x", html: "ä".repeat(52_300) } }))).toEqual(["size"]);
    expect(warnings(await readiness({ a: { body: "x", html: "ä".repeat(47_000) } }))).toEqual(["size"]);
  });
});

test("a subject that is empty for some lead is a warning", async () => {
  await team.addLead({ email: "kim@bakery.example" });
  const found = await readiness({ a: { subject: "{% if company %}{{ company }}{% endif %}" } });
  expect([missing(found), warnings(found)]).toEqual([[], ["subject"]]);
  await team.addLead({ email: "lee@bakery.example", company: "Lee Ltd" });
  const other = await readiness({ a: { subject: "About {{ first_name | default: company }}", body: "x" } });
  expect(warnings(other)).not.toContain("subject");
});
