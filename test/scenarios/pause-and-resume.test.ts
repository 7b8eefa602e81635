// A campaign is paused and resumed while it sends: delays stand still, nothing bursts out, nothing is left out or sent twice.
import { afterEach, beforeEach, expect, test } from "vitest";
import { pauseByPerson, startCampaign } from "../../src/automations/start-and-finish-campaigns.ts";
import type { CampaignId } from "../../src/core/ids.ts";
import { after, DAY, HOUR, type Instant, MINUTE, SECOND } from "../../src/core/instant.ts";
import { type LiveMailbox, LiveOutreach } from "../support/live-outreach.ts";

const GAP = 600;
const PAUSE = 10 * DAY;

let team: LiveOutreach;
let anna: LiveMailbox;
let campaignId: CampaignId;

beforeEach(async () => {
  team = await LiveOutreach.begin();
  anna = await team.addMailbox("anna@team.example", { gap: GAP });
  await team.addLeads(3);
  campaignId = await team.start(team.campaign({ steps: { a: "0 minutes", b: "2 days", c: "1 day" } }));
});
afterEach(() => team.end());

const ref = () => ({ workspaceId: team.workspaceId, campaignId });
const pause = () => pauseByPerson(team.agent, ref());
const resume = () => startCampaign(team.agent, ref());

/** Slots of a step, by lead. */
async function slots(step: string): Promise<Map<string, Instant>> {
  return new Map((await team.ledger()).filter((line) => line.step === step).map(({ lead, slotAt }) => [lead, slotAt]));
}

test("a pause of ten days moves every later step by ten days, in its gaps", async () => {
  await team.passUntil(after(team.now, DAY), 4 * HOUR);
  const first = await slots("a");
  expect(first.size).toBe(3);
  await pause();
  await team.passUntil(after(team.now, PAUSE), 2 * DAY);
  expect(team.accepted()).toHaveLength(3);
  await resume();
  await team.pass();
  await team.pass(MINUTE);
  expect(team.accepted()).toHaveLength(3);
  await team.passUntil(after(team.now, 3 * DAY));
  const [second, third] = [await slots("b"), await slots("c")];
  for (const [lead, at] of first) {
    const [b, c] = [second.get(lead), third.get(lead)];
    expect([b, c]).toEqual([expect.any(Date), expect.any(Date)]);
    if (!b || !c) continue;
    expect(b.getTime() - at.getTime()).toBeGreaterThanOrEqual(2 * DAY + PAUSE);
    expect(b.getTime() - at.getTime()).toBeLessThan(2 * DAY + PAUSE + 2 * HOUR);
    expect(c.getTime() - b.getTime()).toBeGreaterThanOrEqual(DAY);
    expect(c.getTime() - b.getTime()).toBeLessThan(DAY + 2 * HOUR);
  }
  expect(await team.states("lead01@bakery.example")).toEqual(["a sent", "b sent", "c sent"]);
  const all = (await team.ledger()).map(({ slotAt }) => slotAt.getTime()).toSorted((a, b) => a - b);
  expect(Math.min(...all.slice(1).map((slot, index) => slot - (all[index] ?? 0)))).toBeGreaterThanOrEqual(GAP * SECOND);
  expect(await team.discrepancies()).toEqual([]);
});

test("a pause while first mails still wait for their slots lets the rest go in their gaps afterwards", async () => {
  await team.pass();
  expect(team.accepted()).toHaveLength(1);
  await pause();
  await team.pass(PAUSE);
  await resume();
  for (let five = 0; five < 6; five += 1) {
    const before = team.accepted().length;
    await team.pass(5 * MINUTE);
    expect(team.accepted().length - before).toBeLessThanOrEqual(1);
  }
  expect(await team.states()).toEqual(["a sent", "a sent", "a sent"]);
});

test("a pause between claim and transmission puts the mail back, with its budget, and it goes out once after the pause", async () => {
  team.onSendPhase("before_mark", pause);
  await team.pass();
  expect(team.accepted()).toEqual([]);
  expect(await team.states()).toEqual(["a queued"]);
  expect(await team.budget(anna, "2026-03-04")).toEqual({ used: 0, counted: 0 });
  await team.pass(PAUSE);
  expect(team.accepted()).toEqual([]);
  await resume();
  await team.pass();
  await team.pass(MINUTE);
  expect(await team.states()).toEqual(["a sent"]);
  expect(await team.standings()).toMatchObject({ "lead01@bakery.example": "active: enrolled" });
  expect(await team.discrepancies()).toEqual([]);
});

test("a pause while a mail is on the wire lets that one through, and nothing after it", async () => {
  team.onSendPhase("marked", pause);
  await team.pass();
  await team.pass(HOUR);
  expect(await team.states()).toEqual(["a sent"]);
  expect(await team.discrepancies()).toEqual([]);
});
