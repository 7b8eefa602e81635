// A mailbox leaves a campaign while its leads are in the middle of it: who has got mail from it gets the rest from it, or waits for it.
import { beforeEach, expect, test } from "vitest";
import { dryRunDueSteps } from "../../src/automations/dry-run.ts";
import { campaignSchedule } from "../../src/automations/print-schedule.ts";
import type { MailboxId } from "../../src/core/ids.ts";
import { after, DAY, HOUR, MINUTE } from "../../src/core/instant.ts";
import { enrollmentsOfLead, historyOf } from "../../src/store/enrollment.ts";
import { pauseMailbox } from "../../src/store/mailbox.ts";
import { databaseForTests } from "../support/database.ts";
import { Outreach } from "../support/outreach.ts";

const START = new Date("2026-03-04T08:00:00Z");
const STEPS = { a: "0 minutes", b: "1 day" };
const BOTH = "mailboxes: [anna@team.example, ben@team.example]\nwindow: { monday-sunday: 00:00-24:00 }";
const BEN = "mailboxes: [ben@team.example]\nwindow: { monday-sunday: 00:00-24:00 }";

const { db } = await databaseForTests();
let team: Outreach;
let anna: MailboxId;

beforeEach(async () => {
  team = await Outreach.begin(db, START);
  anna = await team.addMailbox("anna@team.example", { gap: 1_800 });
  await team.addMailbox("ben@team.example", { gap: 60 });
});

const sentFrom = async (mailbox: string) => (await team.sent()).filter((mail) => mail.mailbox === mailbox);
const leadsOf = (mails: readonly { lead: string }[]) => [...new Set(mails.map((mail) => mail.lead))].toSorted();

test("an active mailbox goes on with its leads, as printed", async () => {
  await team.addLeads(24);
  await team.start(await team.addCampaign("Pool", STEPS, BOTH));
  await team.runUntil(after(START, 40 * MINUTE));
  const before = await sentFrom("anna@team.example");
  const campaignId = await team.addCampaign("Pool", STEPS, BEN);
  const { mails } = await campaignSchedule(team.agent, team.workspaceId, campaignId);
  await team.runUntil(after(START, 2 * DAY));
  const sent = await sentFrom("anna@team.example");
  const printed = mails.filter((mail) => mail.mailbox === "anna@team.example");
  expect(sent.slice(before.length).map(({ at, lead, step }) => ({ at, lead, step }))).toEqual(
    printed.map(({ at, lead, step }) => ({ at, lead, step })),
  );
  expect(await team.sent()).toHaveLength(48);
  expect(leadsOf(sent).length).toBeGreaterThan(leadsOf(before).length);
});

test("of a paused one those that got no mail go to another mailbox, and the others wait for it", async () => {
  const leads = await team.addLeads(24);
  await team.start(await team.addCampaign("Pool", STEPS, BOTH));
  await team.runUntil(after(START, 40 * MINUTE));
  const known = leadsOf(await sentFrom("anna@team.example"));
  await team.addCampaign("Pool", STEPS, BEN);
  await pauseMailbox(db, team.workspaceId, anna, "person", "left the team", team.now);
  await team.runUntil(after(START, 2 * DAY + HOUR));
  const byBen = await sentFrom("ben@team.example");
  expect(known.length).toBeGreaterThan(0);
  expect(leadsOf(byBen)).toHaveLength(24 - known.length);
  expect(byBen).toHaveLength(2 * (24 - known.length));
  const { mailboxes } = await dryRunDueSteps(team.agent, team.workspaceId);
  const waits = mailboxes.flatMap((mailbox) => mailbox.waits).filter((wait) => wait.reason !== "awaiting_reply");
  expect(waits.map((wait) => `${wait.lead} ${wait.reason}`).toSorted()).toEqual(known.map((lead) => `${lead} mailbox_lost`));
  expect(waits[0]?.sentence).toContain('anna@team.example is paused and no longer sends for "Pool"');
  expect(await reasonsOf(leads)).toContain("mailbox_changed");
});

async function reasonsOf(leads: Awaited<ReturnType<Outreach["addLeads"]>>): Promise<string[]> {
  const reasons: string[] = [];
  for (const lead of leads) {
    for (const { id } of await enrollmentsOfLead(db, team.workspaceId, lead)) {
      reasons.push(...(await historyOf(db, team.workspaceId, id)).map((event) => event.reason));
    }
  }
  return reasons;
}
