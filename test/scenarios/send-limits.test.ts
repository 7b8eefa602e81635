// First mails a day, and mails to one mail domain: what is printed is what is sent, whoever asks hears why, and the ledger counts each mail once.
import { beforeEach, describe, expect, test } from "vitest";
import { type CampaignSchedule, campaignSchedule } from "../../src/automations/print-schedule.ts";
import { whyLead } from "../../src/automations/why.ts";
import type { CampaignId, MailboxId, MessageId } from "../../src/core/ids.ts";
import { after, DAY, HOUR, MINUTE } from "../../src/core/instant.ts";
import { localDay } from "../../src/core/sending-window.ts";
import { only } from "../../src/store/database.ts";
import { sendAgain } from "../../src/store/message-recall.ts";
import { databaseForTests } from "../support/database.ts";
import { Outreach, type SentMail } from "../support/outreach.ts";

// A Wednesday.
const START = new Date("2026-03-04T08:00:00Z");
const POOL = "mailboxes: [anna@team.example, ben@team.example]";
const ANNA = "mailboxes: [anna@team.example]";

const { db } = await databaseForTests();
let team: Outreach;

beforeEach(async () => {
  team = await Outreach.begin(db, START);
});

const print = (campaignId: CampaignId) => campaignSchedule(team.agent, team.workspaceId, campaignId);
type Line = Pick<SentMail, "at" | "lead" | "mailbox" | "step">;
const lines = (mails: readonly Line[]) =>
  mails.map(({ at, lead, mailbox, step }) => `${at.toISOString()} ${lead} ${mailbox} ${step}`).toSorted();

async function runThrough(schedule: CampaignSchedule): Promise<SentMail[]> {
  await team.runUntil(after(schedule.mails.at(-1)?.at ?? START, MINUTE));
  return team.sent();
}

function limitDomains(mailbox: MailboxId, daily: number | null, hourly: number | null): Promise<unknown> {
  return db.query("update mailbox set domain_daily_cap = $3, domain_hourly_cap = $4 where workspace_id = $1 and id = $2", [
    team.workspaceId,
    mailbox,
    daily,
    hourly,
  ]);
}

function quotas(): Promise<Record<string, number>> {
  return db
    .query<{ period: string; used: number }>(
      "select period, sum(used)::integer as used from send_quota where workspace_id = $1 group by 1",
      [team.workspaceId],
    )
    .then(({ rows }) => Object.fromEntries(rows.map(({ period, used }) => [period.replace(/[0-9a-f-]{36}/, "CAMPAIGN"), used])));
}

describe("mail that is spread evenly", () => {
  test("fills the window in both mailboxes, each lead in its own for good; the schedule comes true", async () => {
    await team.addMailbox("anna@team.example", { cap: 6 });
    await team.addMailbox("ben@team.example", { cap: 3 });
    await team.addLeads(9, [null, "Europe/Berlin"]);
    const campaignId = await team.addCampaign("Even", { a: "0 minutes", b: "1 working day" }, `${POOL}\nspread: even`);
    const schedule = await print(campaignId);
    await team.start(campaignId);
    const sent = await runThrough(schedule);
    expect(lines(sent)).toEqual(lines(schedule.mails));
    expect(sent).toHaveLength(18);
    const mailboxesOf = Map.groupBy(sent, (mail) => mail.lead);
    for (const mails of mailboxesOf.values()) expect(new Set(mails.map((mail) => mail.mailbox)).size).toBe(1);
    const leads = (mailbox: string) => new Set(sent.filter((mail) => mail.mailbox === mailbox).map((mail) => mail.lead)).size;
    expect([leads("anna@team.example"), leads("ben@team.example")]).toEqual([6, 3]);
    const firstDay = sent.filter((mail) => mail.mailbox === "anna@team.example" && localDay(mail.at, "UTC") === "2026-03-04");
    const gaps = firstDay.slice(1).map((mail, index) => mail.at.getTime() - (firstDay[index]?.at.getTime() ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(0.69 * (8 / 6) * HOUR);
  });
});

describe("new leads a day", () => {
  test("are so many from all mailboxes together, follow-ups beside them; the schedule comes true and says so", async () => {
    await team.addMailbox("anna@team.example", { gap: 300 });
    await team.addMailbox("ben@team.example", { cap: 6, gap: 300, zone: "America/New_York" });
    await team.addLeads(12, [null, "America/New_York"]);
    const campaignId = await team.addCampaign("Slow", { a: "0 minutes", b: "1 day" }, `${POOL}\nnew_leads_per_day: 5`);
    const schedule = await print(campaignId);
    await team.start(campaignId);
    const sent = await runThrough(schedule);
    expect(schedule.mails).toHaveLength(24);
    expect(lines(sent)).toEqual(lines(schedule.mails));
    const firstsByDay = Map.groupBy(
      sent.filter((mail) => mail.step === "a"),
      (mail) => localDay(mail.at, "UTC"),
    );
    const counts = [...firstsByDay.values()].map((mails) => mails.length);
    expect(Math.max(...counts)).toBe(5);
    expect(counts.length).toBeGreaterThanOrEqual(3);
    expect(schedule.days.map((day) => day.limitedBy)).toContain("quota");
    expect(schedule.limits.find((sentence) => sentence.includes("new leads"))).toMatch(
      /^Slow: its limit of 5 new leads a day makes mail wait on \d days\.$/,
    );
  });

  test("that are used up are named by why, also once the lead was put off", async () => {
    const anna = await team.addMailbox("anna@team.example", { gap: 0 });
    await team.addLeads(3);
    await team.start(
      await team.addCampaign("Slow", { a: "0 minutes" }, `${ANNA}\nnew_leads_per_day: 1\nwindow: { monday-friday: 08:00-17:00 }`),
    );
    await team.send(anna);
    const late = (await team.sent())[0]?.lead === "lead1@bakery.example" ? "lead2@bakery.example" : "lead1@bakery.example";
    const { campaigns, sentences } = await whyLead(team.agent, team.workspaceId, late);
    expect(campaigns[0]?.wait).toMatchObject({ reason: "new_leads", until: new Date("2026-03-05T08:00:00Z") });
    expect(sentences).toContain(
      `In "Slow" ${late} waits: the campaign "Slow" has written to as many new leads as it may today, and goes on at 2026-03-05 08:00.`,
    );
  });

  test("count a mail that is tried again once, on the day on which it is sent", async () => {
    const anna = await team.addMailbox("anna@team.example", { gap: 0 });
    await team.addLeads(2);
    const campaignId = await team.addCampaign(
      "Slow",
      { a: "0 minutes" },
      `${ANNA}\nnew_leads_per_day: 1\nwindow: { monday-sunday: 00:00-24:00 }`,
    );
    await team.start(campaignId);
    await team.refuse(anna, after(START, HOUR));
    expect(await quotas()).toEqual({ "new_leads/CAMPAIGN/2026-03-04": 0 });
    const schedule = await print(campaignId);
    const sent = await runThrough(schedule);
    expect(lines(sent)).toEqual(lines(schedule.mails));
    expect(await quotas()).toMatchObject({ "new_leads/CAMPAIGN/2026-03-05": 1 });
    expect(sent).toHaveLength(2);
    expect(new Set(sent.map((mail) => localDay(mail.at, "UTC"))).size).toBe(2);
  });

  test("stay so many when another mailbox joins in the middle of the day", async () => {
    const anna = await team.addMailbox("anna@team.example", { gap: 0 });
    const ben = await team.addMailbox("ben@team.example", { gap: 0 });
    const more = "new_leads_per_day: 4\nwindow: { monday-friday: 08:00-17:00 }";
    const campaignId = await team.addCampaign("Slow", { a: "0 minutes" }, `${ANNA}\n${more}`);
    await team.addLeads(6);
    await team.start(campaignId);
    await team.send(anna);
    expect(await team.sent()).toHaveLength(4);
    await team.addCampaign("Slow", { a: "0 minutes" }, `${POOL}\n${more}`);
    await db.query(
      "update enrollment set mailbox_id = $2, next_at = $3 where workspace_id = $1 and pending_message_id is null and state = 'active'",
      [team.workspaceId, ben, START],
    );
    await team.send(ben);
    expect(await team.sent()).toHaveLength(4);
  });
});

describe("mails to one mail domain", () => {
  test("are so many a day and hour from a mailbox, whatever the campaign; public providers are not counted", async () => {
    const anna = await team.addMailbox("anna@team.example", { gap: 60 });
    const ben = await team.addMailbox("ben@team.example", { gap: 60 });
    await limitDomains(anna, 4, 2);
    await limitDomains(ben, 2, null);
    await team.addLeads(6);
    for (const name of ["kim", "lou"]) await team.addLead(`${name}@gmail.com`);
    const older = await team.addCampaign("Older", { x: "0 minutes" }, POOL);
    await team.start(older);
    const campaignId = await team.addCampaign("Newer", { a: "0 minutes", b: "2 hours" }, POOL);
    const schedule = await print(campaignId);
    await team.start(campaignId);
    await team.runUntil(after(schedule.mails.at(-1)?.at ?? START, MINUTE));
    const sent = await team.sent();
    expect(lines(sent.filter((mail) => mail.campaign === "Newer"))).toEqual(lines(schedule.mails));
    const toBakery = sent.filter((mail) => mail.lead.endsWith("@bakery.example"));
    const most = (mailbox: string, ms: number) => {
      const of = toBakery.filter((mail) => mail.mailbox === mailbox);
      return Math.max(...[...Map.groupBy(of, (mail) => Math.floor(mail.at.getTime() / ms)).values()].map((mails) => mails.length));
    };
    expect([most("anna@team.example", DAY), most("anna@team.example", HOUR), most("ben@team.example", DAY)]).toEqual([4, 2, 2]);
    const gmailToday = sent.filter((mail) => mail.lead.endsWith("@gmail.com") && mail.at < after(START, 15 * HOUR));
    expect(gmailToday.length).toBe(6);
    expect(schedule.limits).toContainEqual(
      expect.stringMatching(/^Newer: the limit of mails to bakery\.example makes mail wait on \d+ days\.$/),
    );
  });

  test("that are used up are named by why", async () => {
    const anna = await team.addMailbox("anna@team.example", { gap: 0 });
    await limitDomains(anna, 1, null);
    await team.addLeads(2);
    const campaignId = await team.addCampaign("Slow", { a: "0 minutes" }, `${ANNA}\nwindow: { monday-friday: 08:00-17:00 }`);
    await team.start(campaignId);
    await team.send(anna);
    const late = (await team.sent())[0]?.lead === "lead1@bakery.example" ? "lead2@bakery.example" : "lead1@bakery.example";
    const { sentences } = await whyLead(team.agent, team.workspaceId, late);
    expect(sentences).toContain(
      `In "Slow" ${late} waits: anna@team.example has sent as many mails to bakery.example as it may today, and goes on at 2026-03-05 08:00.`,
    );
  });

  test("are given back by a mail that was cancelled, and no more can be counted than there may be", async () => {
    const anna = await team.addMailbox("anna@team.example", { gap: 0 });
    await limitDomains(anna, 3, 3);
    await team.addLeads(2);
    await team.start(await team.addCampaign("Slow", { a: "0 minutes" }, `${ANNA}\nwindow: { monday-friday: 08:00-17:00 }`));
    await team.send(anna);
    expect(await quotas()).toEqual({ "domain_day/bakery.example/2026-03-04": 2, "domain_hour/bakery.example/2026-03-04T08": 2 });
    await expect(
      db.query("update send_quota set used = most + 1 where workspace_id = $1 and mailbox_id = $2", [team.workspaceId, anna]),
    ).rejects.toMatchObject({ constraint: "send_quota_check" });
    await team.addLead("kim@bakery.example");
    await team.tick();
    await db.query(
      "update message set state = 'uncertain', sent_at = null, reason = 'interrupted' where workspace_id = $1 and recipient like 'kim@%'",
      [team.workspaceId],
    );
    const { rows } = await db.query<{ id: MessageId }>("select id from message where workspace_id = $1 and state = 'uncertain'", [
      team.workspaceId,
    ]);
    await db.transaction((tx) => sendAgain(tx, team.workspaceId, only(rows).id, team.now));
    expect(await quotas()).toEqual({ "domain_day/bakery.example/2026-03-04": 2, "domain_hour/bakery.example/2026-03-04T08": 2 });
  });
});
