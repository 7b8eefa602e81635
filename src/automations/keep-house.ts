// Makes the partitions of the coming months, ends in the books what a dead process left running there, removes run history that nobody looks at any
// more, links to providers that nobody may use any more and answers of DNS that hold no longer, and works out the holidays of the years to come.
import { DateTime } from "luxon";
import type { HolidayCalendar } from "../core/holidays.ts";
import { after, DAY } from "../core/instant.ts";
import { failRunsBefore, removeRunsBefore } from "../store/automation-run.ts";
import { forgetGrantRequests } from "../store/grant-request.ts";
import { calendarsEndingBefore, replaceCalendars } from "../store/holiday-calendar.ts";
import { markInterrupted } from "../store/lead-import.ts";
import { giveUpSoon, makePartition, PARTITIONED, type Partitioned } from "../store/partition.ts";
import { forgetRecipientDomains } from "../store/recipient-domain.ts";
import { removeQuotasBefore } from "../store/send-quota.ts";
import type { Agent } from "./agent.ts";
import { holidayCalendar } from "./holiday-calendar.ts";

const MONTHS_AHEAD = 2;
/** As far as a schedule looks ahead (plan-ahead.ts). */
const CALENDAR_YEARS_AHEAD = 5;
const KEEP_RUNS_DAYS = 30;
/** No job runs longer than an hour (catalog.ts). */
const DEAD_AFTER_DAYS = 1;

export async function keepHouse(
  agent: Agent,
): Promise<{ partitions: number; interrupted: number; runs_removed: number; calendars: number }> {
  const now = agent.clock.now();
  const month = DateTime.fromMillis(now.getTime(), { zone: "UTC" }).startOf("month");
  let partitions = 0;
  for (const table of PARTITIONED) {
    for (let ahead = 0; ahead <= MONTHS_AHEAD; ahead += 1) {
      const from = month.plus({ months: ahead });
      partitions += (await addPartition(agent, table, from)) ? 1 : 0;
    }
  }
  const interrupted = (await markInterrupted(agent.db, now)) + (await failRunsBefore(agent.db, after(now, -DEAD_AFTER_DAYS * DAY), now));
  await forgetGrantRequests(agent.db, after(now, -DAY));
  await forgetRecipientDomains(agent.db, after(now, -agent.settings.addresses.domain_days * DAY));
  const removed = await removeRunsBefore(agent.db, after(now, -KEEP_RUNS_DAYS * DAY));
  await removeQuotasBefore(agent.db, after(now, -KEEP_RUNS_DAYS * DAY));
  return { partitions, interrupted, runs_removed: removed, calendars: await extendCalendars(agent, month.year) };
}

/** Days that a calendar holds stay as they are, so that nothing which is planned moves. Returns of how many campaigns. */
async function extendCalendars(agent: Agent, year: number): Promise<number> {
  let extended = 0;
  for (const campaign of await calendarsEndingBefore(agent.db, year + CALENDAR_YEARS_AHEAD)) {
    const longer = await Promise.all(campaign.calendars.map((calendar) => longerCalendar(calendar, year)));
    if (await replaceCalendars(agent.db, campaign, longer)) extended += 1;
  }
  return extended;
}

async function longerCalendar(calendar: HolidayCalendar, year: number): Promise<HolidayCalendar> {
  const anew = await holidayCalendar(calendar.region, year);
  if (!anew) return calendar;
  const added = Object.entries(anew.days).filter(([day]) => Number(day.slice(0, 4)) > calendar.until);
  return { ...anew, days: { ...calendar.days, ...Object.fromEntries(added) } };
}

function addPartition(agent: Agent, table: Partitioned, month: DateTime): Promise<boolean> {
  const day = (date: DateTime) => date.toFormat("yyyy-MM-dd");
  return agent.db.transaction(async (tx) => {
    await giveUpSoon(tx);
    return makePartition(tx, table, day(month), day(month.plus({ months: 1 })));
  });
}
