// A campaign as somebody would have written it into a campaign file: what an export is made of, and what a change of a single setting edits.
import type { z } from "zod";
import type { Audience, CampaignFile, campaignFileSchema } from "./campaign-file.ts";
import type { CompanySettings } from "./company-guard.ts";
import type { Instant } from "./instant.ts";
import { localTime } from "./local-time.ts";
import { type Opening, type SendingWindow, WEEKDAYS, type Weekday } from "./sending-window.ts";
import type { WrittenStep } from "./sequence.ts";
import { inMinutes, writeDuration } from "./written-time.ts";

/** The values of a campaign file before they are read: plain JSON. */
export type WrittenCampaign = z.input<typeof campaignFileSchema>;
export type StepOfFile = WrittenCampaign["sequence"][number];

/** Everything in the order of the reference, defaults included; what is not set is left out. Read again, it is the same campaign. */
export function writeCampaign(campaign: Omit<CampaignFile, "lines">): WrittenCampaign {
  const { goal, startsAt, endsAt, timeZone, postalAddress, holidays, mergeDefaults, newLeadsPerDay, subSequences } = campaign;
  const closed = [...holidays, ...campaign.holidayRegions];
  const local = (at: Instant) => localTime(at, timeZone);
  return {
    name: campaign.name,
    ...(goal === null ? {} : { goal }),
    ...(startsAt === null ? {} : { starts_at: local(startsAt) }),
    ...(endsAt === null ? {} : { ends_at: local(endsAt) }),
    at_end: campaign.atEnd,
    time_zone: timeZone,
    window: writeWindow(campaign.window),
    ...(closed.length === 0 ? {} : { holidays: closed }),
    use_lead_time_zone: campaign.useLeadTimeZone,
    spread: campaign.spread,
    jitter: writeDuration({ ...NO_DELAY, minutes: campaign.jitterMinutes }),
    reply_window: writeDuration({ ...NO_DELAY, days: campaign.replyWindowDays }),
    mailboxes: campaign.mailboxes.map((mailbox) => mailbox.address),
    leads: writeAudience(campaign.leads),
    ...(newLeadsPerDay === null ? {} : { new_leads_per_day: newLeadsPerDay }),
    ...writeCompany(campaign.company),
    ...(postalAddress === null ? {} : { postal_address: postalAddress }),
    opt_out: campaign.optOut,
    ...(Object.keys(mergeDefaults).length === 0 ? {} : { defaults: { ...mergeDefaults } }),
    hold_other_campaigns: campaign.holdOtherCampaigns,
    hold_company: campaign.holdCompany,
    on_edit: campaign.onEdit,
    sequence: campaign.sequence.map(writeStep),
    ...(subSequences.length === 0
      ? {}
      : { sub_sequences: subSequences.map(({ name, trigger, steps }) => ({ name, on: trigger, steps: steps.map(writeStep) })) }),
  };
}

const NO_DELAY = { days: 0, workingDays: 0, minutes: 0 };

function writeCompany({ atMost, coolOffDays, awayAfterRefusal }: CompanySettings): Pick<WrittenCampaign, "company"> {
  const company = {
    ...(atMost === null ? {} : { at_most: atMost }),
    ...(coolOffDays === null ? {} : { cool_off: writeDuration({ ...NO_DELAY, days: coolOffDays }) }),
    ...(awayAfterRefusal === null ? {} : { away_after_refusal: awayAfterRefusal }),
  };
  return Object.keys(company).length === 0 ? {} : { company };
}

/** A list has its leads already, wherever they came from. */
function writeAudience(leads: Audience): WrittenCampaign["leads"] {
  return leads.kind === "all" ? "all" : { list: leads.list };
}

function writeStep({ lineage, delay, text }: WrittenStep, index: number): StepOfFile {
  return {
    id: lineage,
    ...(index === 0 && inMinutes(delay) === 0 ? {} : { after: writeDuration(delay) }),
    ...(text.subject === null ? {} : { subject: text.subject }),
    body: text.bodyText,
    ...(text.bodyHtml === null ? {} : { html: text.bodyHtml }),
  };
}

/** Days in a row with the same hours become one key: `monday-friday`. */
export function writeWindow(window: SendingWindow): NonNullable<WrittenCampaign["window"]> {
  const runs: { first: Weekday; last: Weekday; hours: string }[] = [];
  for (const [index, day] of WEEKDAYS.entries()) {
    const hours = JSON.stringify(window[day] ?? []);
    const run = runs.at(-1);
    if (run?.hours === hours && run.last === WEEKDAYS[index - 1]) run.last = day;
    else runs.push({ first: day, last: day, hours });
  }
  const open = runs.filter(({ hours }) => hours !== "[]");
  return Object.fromEntries(
    open.map(({ first, last, hours }) => [first === last ? first : `${first}-${last}`, writeHours(JSON.parse(hours) as Opening[])]),
  );
}

/** At most so many openings stand in one text (written-time.ts). */
const IN_ONE_TEXT = 6;

function writeHours(openings: readonly Opening[]): string | string[] {
  const texts = openings.map(([from, to]) => `${from}-${to}`);
  if (texts.length <= IN_ONE_TEXT) return texts.join(", ");
  return Array.from({ length: Math.ceil(texts.length / IN_ONE_TEXT) }, (_, part) =>
    texts.slice(part * IN_ONE_TEXT, (part + 1) * IN_ONE_TEXT).join(", "),
  );
}
