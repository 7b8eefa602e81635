// The clocks change at a weekend in the middle of a campaign: mails stay in their local hours, and what happens is what was printed.
import { DateTime } from "luxon";
import { afterEach, expect, test } from "vitest";
import { campaignSchedule } from "../../src/automations/print-schedule.ts";
import { after, DAY, HOUR, MINUTE } from "../../src/core/instant.ts";
import type { LedgerLine } from "../support/ledger.ts";
import { LiveOutreach } from "../support/live-outreach.ts";

const ZONES = ["Europe/Berlin", "America/New_York"];
/** Longer than the longest time between two passes. */
const CATCH_UP = 4_000;
const STEPS = { a: "0 minutes", b: "1 day", c: "16 hours", d: "1 day 30 minutes" };

let team: LiveOutreach;

afterEach(() => team.end());

/** The time of a slot where its lead lives. */
function localTime({ lead, slotAt }: LedgerLine): DateTime {
  return DateTime.fromJSDate(slotAt, { zone: ZONES[Number(lead.slice(4, 6)) % ZONES.length] ?? "UTC" });
}

test.each([
  ["of Berlin, forward on 29 March", "Europe/Berlin", "2026-03-27T07:00:00Z"],
  ["of Berlin, back on 25 October", "Europe/Berlin", "2026-10-23T06:00:00Z"],
  ["of New York, forward on 8 March", "America/New_York", "2026-03-06T13:00:00Z"],
  ["of New York, back on 1 November", "America/New_York", "2026-10-30T12:00:00Z"],
])("over the clock change %s, every mail goes out once, in its window, when the schedule said", async (_change, zone, start) => {
  team = await LiveOutreach.begin({ now: new Date(start), settings: { sending: { catch_up_seconds: CATCH_UP } } });
  await team.addMailbox("anna@team.example", { gap: 600, cap: 9, zone });
  await team.addLeads(4, ZONES);
  // Sunday's hours are those that do not exist, or exist twice.
  const more = "window: { friday-saturday: 09:00-12:00, sunday: 01:30-03:30, monday-thursday: 09:00-12:00 }\njitter: 5 minutes";
  const text = team.campaign({ zone, steps: STEPS, more });
  const campaignId = await team.apply(text);
  const { mails, unreached } = await campaignSchedule(team.agent, team.workspaceId, campaignId);
  expect(unreached).toEqual([]);
  expect(mails).toHaveLength(16);
  await team.start(text);
  await team.passUntil(after(mails.at(-1)?.at ?? team.now, DAY), HOUR);
  const ledger = await team.ledger();
  const written = ledger.map((line) => `${line.slotAt.toISOString()} ${line.lead} ${line.step}`).toSorted();
  expect(written).toEqual(mails.map((mail) => `${mail.at.toISOString()} ${mail.lead} ${mail.step}`).toSorted());
  for (const line of ledger) {
    const there = localTime(line);
    const time = there.hour + there.minute / 60;
    const [opens, closes] = there.weekday === 7 ? [1.5, 3.5] : [9, 12];
    expect([there.toISO(), time >= opens && time < closes]).toEqual([there.toISO(), true]);
  }
  for (const { at, messageId } of team.accepted()) {
    const slot = ledger.find((line) => line.messageId === messageId)?.slotAt ?? new Date(0);
    expect(at.getTime() - slot.getTime()).toBeGreaterThanOrEqual(0);
    expect(at.getTime() - slot.getTime()).toBeLessThanOrEqual(HOUR + 10 * MINUTE);
  }
  expect(ledger.filter((line) => localTime(line).weekday === 7).length).toBeGreaterThan(0);
  expect(await team.discrepancies()).toEqual([]);
});
