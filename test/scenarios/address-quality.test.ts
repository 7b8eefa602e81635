// Addresses that are known to be no good: left out one by one, and a campaign with too many of them does not start.
import { beforeEach, expect, test } from "vitest";
import { type ImportResult, importLeads } from "../../src/automations/import-leads.ts";
import { campaignReadiness } from "../../src/automations/start-and-finish-campaigns.ts";
import { whyLead } from "../../src/automations/why-lead.ts";
import type { CampaignId } from "../../src/core/ids.ts";
import { after, HOUR } from "../../src/core/instant.ts";
import { suppressionFor } from "../../src/store/suppression.ts";
import { databaseForTests } from "../support/database.ts";
import { Outreach } from "../support/outreach.ts";

const START = new Date("2026-03-04T09:00:00Z");
const { db } = await databaseForTests();
let team: Outreach;
let campaign: CampaignId;

beforeEach(async () => {
  team = await Outreach.begin(db, START);
  await team.addMailbox("ann@team.example");
  campaign = await team.addCampaign("C", { hello: "0 minutes" }, "mailboxes: [ann@team.example]\nwindow: { monday-sunday: 00:00-24:00 }");
});

async function imported(csv: string): Promise<ImportResult> {
  async function* content(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(csv);
  }
  return importLeads(team.agent, { workspaceId: team.workspaceId, fileName: "x.csv", content: content(), list: null, onDuplicate: "fill" });
}

const missing = async () => {
  const readiness = await campaignReadiness(team.agent, { workspaceId: team.workspaceId, campaignId: campaign });
  return readiness.ready ? [] : readiness.missing.filter((one) => one.code === "leads_invalid").map((one) => one.sentence);
};

const FILE = `Email,ZB Status
kim@bakery.example,valid
gone@bakery.example,invalid
trap@bakery.example,Do Not Mail
all@bakery.example,catch-all
x@mailinator.com,
y@sub.mailinator.com,valid
no-reply@bakery.example,valid
info@bakery.example,
ann@bakery.example,unknown
`;

test("a lead with an invalid address is left out, why says so, nobody is suppressed, and the others are written to", async () => {
  expect((await imported(FILE)).counts).toMatchObject({ rows: 9, created: 9, invalid_addresses: 5, doubtful_addresses: 2 });
  await team.start(campaign);
  await team.runUntil(after(START, 5 * HOUR));
  expect((await team.sent()).map((mail) => mail.lead).toSorted()).toEqual([
    "all@bakery.example",
    "ann@bakery.example",
    "info@bakery.example",
    "kim@bakery.example",
  ]);
  const { sentences } = await whyLead(team.agent, team.workspaceId, "x@mailinator.com");
  expect(sentences).toContain(
    "x@mailinator.com is left out of campaigns: its address is known to be invalid (its domain gives out addresses for minutes).",
  );
  expect(await suppressionFor(db, team.workspaceId, "gone@bakery.example", null)).toBeNull();
});

test("a later verdict takes the place of an earlier one", async () => {
  await imported("Email,ZB Status\nkim@bakery.example,invalid\n");
  await imported("Email,ZB Status\nkim@bakery.example,valid\n");
  await team.start(campaign);
  await team.tick();
  expect(await team.sent()).toHaveLength(1);
});

test("a campaign with more invalid addresses than allowed does not start, and says how many and which", async () => {
  const good = (leads: number) => Array.from({ length: leads }, (_, at) => `lead${at}@bakery.example\n`).join("");
  await imported(`Email\nx@mailinator.com\n${good(18)}`);
  expect(await missing()).toEqual(["1 of 19 addresses are known to be invalid, more than 5 %: x@mailinator.com."]);
  await imported(`Email\n${good(19)}`);
  expect(await missing()).toEqual([]);
});
