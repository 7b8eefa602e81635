// Mail waits because a limit says so: nobody fails, everybody is told why, and it goes on by itself.
import { afterEach, beforeEach, expect, test } from "vitest";
import { whyCampaign, whyLead, whyMailbox } from "../../src/automations/why.ts";
import type { CampaignId } from "../../src/core/ids.ts";
import { DAY, HOUR, MINUTE } from "../../src/core/instant.ts";
import { only } from "../../src/store/database.ts";
import { LiveOutreach } from "../support/live-outreach.ts";
import { PATIENCE } from "../support/patience.ts";

let team: LiveOutreach;

beforeEach(async () => {
  team = await LiveOutreach.begin();
});
afterEach(() => team.end());

const sentTo = () => new Set(team.accepted().flatMap(({ to }) => to));

async function waitingLead(): Promise<string> {
  const sent = sentTo();
  return Object.keys(await team.standings()).find((email) => !sent.has(email)) ?? "";
}

test("all mailboxes have used their caps: leads wait, `why` says until when, and the next day they get their mail", async () => {
  await team.addMailbox("anna@team.example", { cap: 3 });
  await team.addMailbox("ben@team.example", { cap: 3 });
  // Chance gives each lead its mailbox: of so many, both get more than two days' mail.
  await team.addLeads(40);
  const campaignId: CampaignId = await team.start(team.campaign({ steps: { a: "0 minutes", b: "10 days" } }));
  await team.pass();
  await team.pass(10 * HOUR);
  expect(team.accepted()).toHaveLength(6);
  expect(new Set(Object.values(await team.standings()))).toEqual(new Set(["active: enrolled", "active: enrolled"]));
  for (const mailbox of team.mailboxes) expect(await team.stored(mailbox)).toMatchObject({ state: "active", backoffUntil: null });
  const waiting = await waitingLead();
  const { campaigns, sentences } = await whyLead(team.agent, team.workspaceId, waiting);
  expect(campaigns[0]?.wait).toMatchObject({ reason: "cap_used", until: new Date("2026-03-05T00:00:00Z") });
  expect(sentences.join(" ")).toContain("has used its cap for today and goes on at 2026-03-05 00:00");
  const today = await whyCampaign(team.agent, team.workspaceId, campaignId);
  expect(today.sentences[0]).toBe("6 today (6 so far, 0 to come); limited by anna@team.example's cap and ben@team.example's cap.");
  expect(today.sentences).toContain("34 leads wait because the mailbox has used its cap for today.");
  await team.pass(14 * HOUR);
  await team.pass(10 * HOUR);
  expect(sentTo().size).toBe(12);
  expect(await team.discrepancies()).toEqual([]);
});

test("the inbox cannot be reached: follow-ups wait, `why` says so, first mails go on; when it is read again, follow-ups go", async () => {
  const anna = await team.addMailbox("anna@team.example");
  await team.addLead({ email: "kim@bakery.example" });
  await team.start(team.campaign({ steps: { a: "0 minutes", b: "2 days" } }));
  await team.pass();
  anna.gate.refuses = true;
  anna.gate.shut();
  await team.pass(2 * DAY + HOUR);
  await team.addLead({ email: "jo@kiosk.example" });
  await team.pass(MINUTE);
  expect(await team.states("kim@bakery.example")).toEqual(["a sent"]);
  expect(await team.states("jo@kiosk.example")).toEqual(["a sent"]);
  expect(await team.stored(anna)).toMatchObject({ state: "active" });
  const { campaigns, sentences } = await whyLead(team.agent, team.workspaceId, "kim@bakery.example");
  expect(only([...campaigns]).wait).toMatchObject({ reason: "reply_inbox_unread" });
  expect(sentences.join(" ")).toContain("the inbox that would hold its reply to anna@team.example has not been read to its end lately");
  expect((await whyMailbox(team.agent, team.workspaceId, anna.id)).sentences.join(" ")).toContain("1 lead waits because the inbox");
  anna.gate.refuses = false;
  // Its connection is tried again by real time.
  await expect
    .poll(() => team.pass(MINUTE).then(() => team.states("kim@bakery.example")), { ...PATIENCE, interval: 200 })
    .toEqual(["a sent", "b sent"]);
  expect(await team.discrepancies()).toEqual([]);
});
