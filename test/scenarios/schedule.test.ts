// The schedule is printed before a campaign starts, and what is sent afterwards is what it says.
import { beforeEach, describe, expect, test } from "vitest";
import { dryRunDueSteps } from "../../src/automations/dry-run.ts";
import { type CampaignSchedule, campaignSchedule } from "../../src/automations/print-schedule.ts";
import type { CampaignId } from "../../src/core/ids.ts";
import { after, DAY, HOUR, type Instant, MINUTE } from "../../src/core/instant.ts";
import { pauseCampaign, resumeCampaign } from "../../src/store/campaign-state.ts";
import { only } from "../../src/store/database.ts";
import { enrollmentsOfLead } from "../../src/store/enrollment.ts";
import { holdEnrollments } from "../../src/store/enrollment-time.ts";
import { pauseMailbox, pauseRecipientDomain } from "../../src/store/mailbox.ts";
import { databaseForTests } from "../support/database.ts";
import { Outreach, type SentMail } from "../support/outreach.ts";

// A Wednesday; the clocks of New York go forward on the Sunday after it.
const START = new Date("2026-03-04T08:00:00Z");
const POOL = "mailboxes: [anna@team.example, ben@team.example]";
const ANNA = "mailboxes: [anna@team.example]";
const ANY_TIME = "window: { monday-sunday: 00:00-24:00 }";

const { db } = await databaseForTests();
let team: Outreach;

beforeEach(async () => {
  team = await Outreach.begin(db, START);
});

const print = (campaignId: CampaignId) => campaignSchedule(team.agent, team.workspaceId, campaignId);
type Line = Pick<SentMail, "at" | "lead" | "mailbox" | "step">;
const lines = (mails: readonly Line[]) =>
  mails.map(({ at, lead, mailbox, step }) => `${at.toISOString()} ${lead} ${mailbox} ${step}`).toSorted();
const printed = ({ mails }: CampaignSchedule, until = FAR) => lines(mails.filter((mail) => mail.at <= until));
const sentOf = async (campaign: string, since = new Date(0)) =>
  lines((await team.sent()).filter((mail) => mail.campaign === campaign && mail.at >= since));
const FAR: Instant = new Date("2100-01-01T00:00:00Z");

describe("without replies, what is sent is what was printed", () => {
  test("in two mailboxes with caps and gaps, zones, jitter, and another campaign that shares their days", async () => {
    await team.addMailbox("anna@team.example", { cap: 7, gap: 300, zone: "America/Los_Angeles" });
    await team.addMailbox("ben@team.example", { cap: 5, gap: 1_800, zone: "Europe/Berlin" });
    await team.addLeads(9, [null, "America/New_York", "America/Los_Angeles", "Asia/Tokyo"]);
    const other = await team.addCampaign("Older", { x: "0 minutes", y: "1 day 2 hours" }, `${POOL}\njitter: 30 minutes`);
    await team.start(other);
    await team.runUntil(after(START, 5 * HOUR));
    const campaignId = await team.addCampaign(
      "Newer",
      { a: "0 minutes", b: "2 minutes", c: "2 days" },
      `${POOL}\nholidays: [2026-03-06]\njitter: 10 minutes`,
    );
    const newer = await print(campaignId);
    await team.start(campaignId);
    const older = await print(other);
    const until = newer.mails.at(-1)?.at ?? START;
    const since = team.now;
    await team.runUntil(after(until, MINUTE));
    expect(newer.mails).toHaveLength(27);
    expect(await sentOf("Newer")).toEqual(printed(newer));
    expect(await sentOf("Older", since)).toEqual(printed(older, team.now));
  });

  test("in batches of two, over midnight of the mailbox and in a window that midnight closes", async () => {
    team = await Outreach.begin(db, START, 2);
    await team.addMailbox("anna@team.example", { cap: 6, gap: 40, zone: "America/Los_Angeles" });
    await team.addLeads(9, ["America/Los_Angeles", null]);
    const campaignId = await team.addCampaign(
      "Night",
      { a: "0 minutes", b: "1 minute", c: "3 hours" },
      `${ANNA}\nwindow: { monday-sunday: 22:00-24:00 }`,
    );
    const schedule = await print(campaignId);
    await team.start(campaignId);
    await team.runUntil(after(schedule.mails.at(-1)?.at ?? START, MINUTE));
    expect(schedule.mails).toHaveLength(27);
    expect(await sentOf("Night")).toEqual(printed(schedule));
  });

  test("from the middle of a campaign: a held lead, a pause that ended", async () => {
    await team.addMailbox("anna@team.example", { cap: 8, gap: 600 });
    const leads = await team.addLeads(6);
    const campaignId = await team.addCampaign("Middle", { a: "0 minutes", b: "5 hours", c: "1 day" }, `${ANNA}\n${ANY_TIME}`);
    await team.start(campaignId);
    await team.runUntil(after(START, 2 * HOUR));
    await paused(campaignId, 3 * HOUR);
    await held(leads[1], after(team.now, 2 * DAY));
    const schedule = await print(campaignId);
    const since = team.now;
    await team.runUntil(after(schedule.mails.at(-1)?.at ?? START, MINUTE));
    expect(schedule.mails).toHaveLength(12);
    expect(await sentOf("Middle", since)).toEqual(printed(schedule));
  });

  test("after holds that end at night, and in the middle of a day that others fill", async () => {
    await team.addMailbox("anna@team.example", { cap: 14, gap: 1_200 });
    const leads = await team.addLeads(12, [null, "Europe/Berlin"]);
    const campaignId = await team.addCampaign("Held", { a: "0 minutes", b: "1 day", c: "3 hours" }, ANNA);
    await team.start(campaignId);
    await team.runUntil(after(START, 4 * HOUR));
    await held(leads[0], new Date("2026-03-06T02:17:00Z"));
    await held(leads[1], new Date("2026-03-06T11:03:20Z"));
    await held(leads[2], new Date("2026-03-05T18:00:00Z"));
    await held(leads[11], new Date("2026-03-05T10:41:00Z"));
    const schedule = await print(campaignId);
    const since = team.now;
    await team.runUntil(after(schedule.mails.at(-1)?.at ?? START, MINUTE));
    expect(schedule.unreached).toEqual([]);
    expect(await sentOf("Held", since)).toEqual(printed(schedule));
  });

  test("after the pause of a mail domain, for leads that are enrolled and for leads that are not yet", async () => {
    const anna = await team.addMailbox("anna@team.example", { cap: 14, gap: 900 });
    await team.addLeads(4);
    for (const name of ["kim", "lou", "max"]) await team.addLead(`${name}@strict.example`);
    const older = await team.addCampaign("Older", { a: "0 minutes", b: "1 hour" }, ANNA);
    await team.start(older);
    team.now = after(START, 5 * MINUTE);
    await pauseRecipientDomain(db, team.workspaceId, anna, "strict.example", new Date("2026-03-05T10:20:00Z"), "5.7.1");
    const newer = await team.addCampaign("Newer", { a: "0 minutes", b: "2 hours" }, ANNA);
    const schedule = await print(newer);
    await team.start(newer);
    const ofOlder = await print(older);
    const since = team.now;
    await team.runUntil(after(schedule.mails.at(-1)?.at ?? START, MINUTE));
    expect(schedule.mails).toHaveLength(14);
    expect(await sentOf("Newer")).toEqual(printed(schedule));
    expect(await sentOf("Older", since)).toEqual(printed(ofOlder));
  });

  test("after a refusal: what is tried again goes first", async () => {
    const anna = await team.addMailbox("anna@team.example", { cap: 4, gap: 900 });
    await team.addLeads(5);
    const campaignId = await team.addCampaign("Refused", { a: "0 minutes", b: "2 hours" }, `${ANNA}\n${ANY_TIME}`);
    await team.start(campaignId);
    await team.refuse(anna, after(START, 50 * MINUTE));
    const schedule = await print(campaignId);
    await team.runUntil(after(schedule.mails.at(-1)?.at ?? START, MINUTE));
    expect(schedule.mails).toHaveLength(10);
    expect(await sentOf("Refused")).toEqual(printed(schedule));
  });

  test("with delays in working days, over public holidays that are kept where the lead lives", async () => {
    team = await Outreach.begin(db, new Date("2026-04-01T07:00:00Z"));
    await team.addMailbox("anna@team.example", { cap: 7, gap: 600 });
    await team.addLeads(6, ["Europe/Berlin", "America/New_York", null]);
    const campaignId = await team.addCampaign(
      "Easter",
      { a: "0 minutes", b: "2 working days", c: "1 working day 2 hours" },
      `${ANNA}\nholidays: [DE, US-CT, 2026-04-08]`,
    );
    const schedule = await print(campaignId);
    await team.start(campaignId);
    await team.runUntil(after(schedule.mails.at(-1)?.at ?? START, MINUTE));
    expect(schedule.mails).toHaveLength(18);
    expect(await sentOf("Easter")).toEqual(printed(schedule));
    const daysOf = (zone: string, step: string) =>
      new Set(schedule.mails.filter((mail) => mail.zone === zone && mail.step === step).map(day));
    const day = (mail: { localTime: string }) => mail.localTime.slice(0, 10);
    // Good Friday and Easter Monday in Germany; Good Friday alone in Connecticut, which shares its zone with all of New York's.
    expect(daysOf("Europe/Berlin", "b")).toEqual(new Set(["2026-04-07"]));
    expect(daysOf("America/New_York", "b")).toEqual(new Set(["2026-04-06"]));
    expect(schedule.limits.at(-1)).toBe(
      "No mail goes out on 2026-04-03 (Good Friday, DE; Good Friday, US-CT), 2026-04-06 (Easter Monday, DE), 2026-04-08.",
    );
  });

  test("until the campaign ends", async () => {
    await team.addMailbox("anna@team.example", { gap: 0 });
    await team.addLeads(3);
    const campaignId = await team.addCampaign("Ending", { a: "0 minutes", b: "1 day" }, `${ANNA}\nends_at: 2026-03-05 08:00`);
    const schedule = await print(campaignId);
    await team.start(campaignId);
    await team.runUntil(after(START, 2 * DAY));
    expect(await sentOf("Ending")).toEqual(printed(schedule));
    expect(schedule.mails).toHaveLength(3);
    expect(schedule.unreached.map((lead) => [lead.step, lead.reason])).toEqual([1, 2, 3].map(() => ["b", "campaign_ends"]));
  });
});

async function paused(campaignId: CampaignId, ms: number): Promise<void> {
  await db.transaction((tx) => pauseCampaign(tx, team.workspaceId, campaignId, "paused_by_person", team.now));
  team.now = after(team.now, ms);
  await db.transaction((tx) => resumeCampaign(tx, team.workspaceId, campaignId, team.now));
}

async function held(leadId: Parameters<typeof enrollmentsOfLead>[2] | undefined, until: Instant | null): Promise<void> {
  if (!leadId) throw new Error("There is no such lead.");
  const { id } = only(await enrollmentsOfLead(db, team.workspaceId, leadId));
  await db.transaction((tx) => holdEnrollments(tx, { workspaceId: team.workspaceId, ids: [id], until, reason: "out_of_office" }, team.now));
}

describe("a printed schedule", () => {
  test("is the same when printed again, and changes nothing", async () => {
    await team.addMailbox("anna@team.example", { cap: 3 });
    await team.addLeads(7, [null, "America/New_York"]);
    const campaignId = await team.addCampaign("Twice", { a: "0 minutes", b: "2 days" }, ANNA);
    const first = await print(campaignId);
    expect(await print(campaignId)).toEqual(first);
    expect(await team.sent()).toEqual([]);
    await team.start(campaignId);
    await team.runUntil(after(START, 3 * HOUR));
    const rest = await print(campaignId);
    expect(printed(rest)).toEqual(lines(first.mails.filter((mail) => mail.at > team.now)));
  });

  test("begins at the campaign's date, in the lead's local time", async () => {
    await team.addMailbox("anna@team.example");
    await team.addLead("kim@bakery.example", "America/New_York");
    const campaignId = await team.addCampaign("Later", { a: "0 minutes", b: "3 days" }, `${ANNA}\nstarts_at: 2026-03-06 08:00`);
    const { mails, firstAt, lastAt } = await print(campaignId);
    expect(mails.map((mail) => [mail.at.toISOString(), mail.localTime, mail.zone, mail.step])).toEqual([
      ["2026-03-06T14:00:00.000Z", "2026-03-06 09:00", "America/New_York", "a"],
      ["2026-03-09T13:00:00.000Z", "2026-03-09 09:00", "America/New_York", "b"],
    ]);
    expect([firstAt, lastAt]).toEqual([mails[0]?.at, mails[1]?.at]);
  });

  test("says what each day holds and what makes mail wait", async () => {
    await team.addMailbox("anna@team.example", { cap: 2, gap: 0 });
    await team.addLeads(5);
    const campaignId = await team.addCampaign("Capped", { a: "0 minutes" }, ANNA);
    const { days, limits } = await print(campaignId);
    expect(days.map(({ day, mails, cap, limitedBy }) => [day, mails, cap, limitedBy])).toEqual([
      ["2026-03-04", 2, 2, "cap"],
      ["2026-03-05", 2, 2, "cap"],
      ["2026-03-06", 1, 2, null],
    ]);
    expect(limits).toEqual(["anna@team.example: its daily cap makes mail wait on 2 days."]);
  });

  test("names a gap that fills the day", async () => {
    await team.addMailbox("anna@team.example", { gap: 4 * 3_600 });
    await team.addLeads(3);
    const { days } = await print(await team.addCampaign("Slow", { a: "0 minutes" }, ANNA));
    expect(days.map((day) => day.limitedBy)).toEqual(["gap", null]);
  });

  test("names who is never reached, and why", async () => {
    const anna = await team.addMailbox("anna@team.example");
    const leads = await team.addLeads(4);
    await db.query("update lead set reachability = 'bounced' where workspace_id = $1 and id = $2", [team.workspaceId, leads[0]]);
    await db.query(
      "insert into suppression (workspace_id, kind, key, reason, created_at) values ($1, 'address', 'lead2@bakery.example', 'person', $2)",
      [team.workspaceId, START],
    );
    const campaignId = await team.addCampaign("Some", { a: "0 minutes", b: "1 day" }, ANNA);
    expect((await print(campaignId)).unreached.map((one) => [one.lead, one.reason])).toEqual([
      ["lead1@bakery.example", "bounced"],
      ["lead2@bakery.example", "suppressed"],
    ]);
    await team.start(campaignId);
    await held(leads[2], null);
    await pauseMailbox(db, team.workspaceId, anna, "smtp_auth", "535", START);
    const { unreached, mails } = await print(campaignId);
    expect(mails).toEqual([]);
    expect(unreached.map((one) => one.reason)).toEqual(["bounced", "suppressed", "held_by_person", "mailbox_paused"]);
    expect(unreached[3]?.sentence).toBe("lead4@bakery.example gets no further mail: its mailbox is paused.");
  });
});

describe("a dry run", () => {
  test("names exactly what a claim at that moment takes", async () => {
    const anna = await team.addMailbox("anna@team.example", { cap: 20, gap: 60 });
    await team.addLeads(8, [null, "Asia/Tokyo"]);
    const campaignId = await team.addCampaign("Dry", { a: "0 minutes", b: "1 minute" }, `${ANNA}\nwindow: { monday-friday: 08:00-17:00 }`);
    await team.start(campaignId);
    team.now = after(START, 4 * MINUTE);
    const dry = only([...(await dryRunDueSteps(team.agent, team.workspaceId)).mailboxes]);
    expect(await team.sent()).toEqual([]);
    await team.send(anna);
    const sent = await team.sent();
    expect(dry.sends.map(({ lead, step, slotAt }) => [lead, step, slotAt])).toEqual(sent.map(({ lead, step, at }) => [lead, step, at]));
    expect(sent.length).toBeGreaterThan(2);
    expect(new Set(dry.waits.map((wait) => wait.reason))).toEqual(new Set(["gap", "not_due"]));
  });
});
