// The public holidays that are stored with campaigns: whose end, and what replaces them.
import type { HolidayCalendar } from "../core/holidays.ts";
import type { CampaignId, WorkspaceId } from "../core/ids.ts";
import type { Queryable } from "./database.ts";

export interface CampaignCalendars {
  readonly workspaceId: WorkspaceId;
  readonly id: CampaignId;
  readonly calendars: readonly HolidayCalendar[];
}

/** Campaigns that may still send and one of whose calendars ends before a year, in all workspaces. */
export async function calendarsEndingBefore(q: Queryable, year: number): Promise<CampaignCalendars[]> {
  const { rows } = await q.query<CampaignCalendars>(
    `select workspace_id as "workspaceId", id, holiday_calendars as calendars from campaign
     where state <> 'archived' and exists (
       select from jsonb_array_elements(holiday_calendars) calendar where (calendar ->> 'until')::integer < $1)`,
    [year],
  );
  return rows;
}

/** False when somebody changed them since they were read. */
export async function replaceCalendars(
  q: Queryable,
  { workspaceId, id, calendars }: CampaignCalendars,
  longer: readonly HolidayCalendar[],
): Promise<boolean> {
  const { rowCount } = await q.query(
    "update campaign set holiday_calendars = $3 where workspace_id = $1 and id = $2 and holiday_calendars = $4",
    [workspaceId, id, JSON.stringify(longer), JSON.stringify(calendars)],
  );
  return rowCount === 1;
}
