// Addresses that are known to be no good: left out one by one, and a campaign with too many of them does not start.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { checkAddresses } from "../../src/automations/check-addresses.ts";
import { type ImportResult, importLeads } from "../../src/automations/import-leads.ts";
import { keepHouse } from "../../src/automations/keep-house.ts";
import { campaignReadiness } from "../../src/automations/start-and-finish-campaigns.ts";
import { whyLead } from "../../src/automations/why-lead.ts";
import type { CampaignId } from "../../src/core/ids.ts";
import { after, DAY, HOUR } from "../../src/core/instant.ts";
import { suppressionFor } from "../../src/store/suppression.ts";
import { databaseForTests } from "../support/database.ts";
import { type DnsServer, startDnsServer } from "../support/dns-server.ts";
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

describe("the domain of an address", () => {
  let dns: DnsServer;
  beforeAll(async () => {
    dns = await startDnsServer();
  });
  afterAll(() => dns.stop());

  const DEAD = "gone.example";
  beforeEach(async () => {
    Object.assign(team.agent, { dns: dns.resolver });
    await db.query("delete from recipient_domain");
    for (const name of Object.keys(dns.zone)) delete dns.zone[name];
    dns.asked.length = 0;
    Object.assign(dns.zone, {
      "mx.example": { mx: [[10, "mail.mx.example"]] },
      "host.example": { a: ["192.0.2.1"] },
      "null.example": { mx: [[0, "."]] },
      "broken.example": "servfail",
    });
  });
  const FIVE = `Email\nkim@mx.example\nkim@host.example\nkim@null.example\nkim@broken.example\nkim@${DEAD}\n`;

  async function rated(): Promise<string[]> {
    const { rows } = await db.query<{ rated: string }>(
      `select email || ' ' || address_quality || ' ' || address_quality_reason as rated from lead
       where workspace_id = $1 and address_quality is not null order by email`,
      [team.workspaceId],
    );
    return rows.map((row) => row.rated);
  }
  const check = () => checkAddresses(team.agent, team.workspaceId, {});

  test("that takes no mail makes it invalid; one that DNS says nothing about does not, and nobody else waits for it", async () => {
    expect((await imported(FIVE)).counts).toMatchObject({ rows: 5, created: 5, invalid_addresses: 2 });
    expect(await rated()).toEqual([`kim@${DEAD} invalid no_mail_server`, "kim@null.example invalid no_mail_server"]);
    await team.start(campaign);
    await team.runUntil(after(START, HOUR));
    expect((await team.sent()).map((mail) => mail.lead).toSorted()).toEqual(["kim@broken.example", "kim@host.example", "kim@mx.example"]);
    const { sentences } = await whyLead(team.agent, team.workspaceId, `kim@${DEAD}`);
    expect(sentences).toContain(`kim@${DEAD} is left out of campaigns: its address is known to be invalid (its domain takes no mail).`);
  });

  test("is asked about once a week, unless DNS did not say", async () => {
    await imported(FIVE);
    dns.asked.length = 0;
    await imported(FIVE);
    expect([...new Set(dns.asked)]).toEqual(["MX broken.example"]);
    team.now = after(START, 8 * DAY);
    await imported(FIVE);
    expect(new Set(dns.asked)).toContain("MX mx.example");
  });

  test("is forgotten when what DNS said of it holds no longer", async () => {
    await imported(FIVE);
    const kept = async () => (await db.query("select from recipient_domain")).rowCount;
    await keepHouse(team.agent);
    expect(await kept()).toBe(4);
    team.now = after(START, 8 * DAY);
    await keepHouse(team.agent);
    expect(await kept()).toBe(0);
  });

  test("is looked at again by a check, which brings back whose domain came back, and leaves what a service said", async () => {
    await imported(`Email,ZB Status\nkim@${DEAD},\nbad@mx.example,invalid\ninfo@${DEAD},\n`);
    dns.zone[DEAD] = "servfail";
    team.now = after(START, 8 * DAY);
    expect(await check()).toMatchObject({ leads: 3, invalid: 3, changed: 0, unansweredDomains: 1 });
    dns.zone[DEAD] = { mx: [[10, "mail.mx.example"]] };
    expect(await check()).toMatchObject({ leads: 3, invalid: 1, doubtful: 1, unrated: 1, changed: 2, unansweredDomains: 0 });
    expect(await rated()).toEqual(["bad@mx.example invalid verification", `info@${DEAD} doubtful role`]);
  });

  test("is not asked about where the settings leave no time for it", async () => {
    team.agent.settings.addresses.dns_seconds = 0;
    expect((await imported(FIVE)).counts).toMatchObject({ invalid_addresses: 0 });
    expect(dns.asked).toEqual([]);
  });
});
