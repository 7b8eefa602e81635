// What may stand in a campaign file, and what it means once read. docs/reference/campaign.schema.json is generated from here.
import { z } from "zod";
import { checkDates, checkFirstSubject, checkSteps, checkSubSequences, reportRepeats } from "./campaign-file-checks.ts";
import { address, duration, holiday, line, localTime, stepDelay, window, zone } from "./campaign-file-fields.ts";
import type { CompanySettings } from "./company-guard.ts";
import type { Instant } from "./instant.ts";
import type { SendingWindow } from "./sending-window.ts";
import type { WrittenStep } from "./sequence.ts";
import { TRIGGERS, type Trigger } from "./words.ts";
import { inMinutes, LOCAL_DAY, readLocalTime } from "./written-time.ts";

const step = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, "must be a short name in small letters, digits, `-` and `_`")
    .describe("Name of the step, unique in its sequence. It survives edits: what a lead was already sent is remembered by it"),
  after: stepDelay
    .optional()
    .describe(
      "How long after the step before it (for the first: after the lead entered); `working days` are those on which the window opens. Required but for the first step, which otherwise goes at once",
    ),
  subject: line(250).optional().describe("Liquid. Without a subject the mail is a follow-up in the thread of the one before it"),
  body: z
    .string()
    .min(1)
    .max(20_000)
    .refine((text) => text.trim() !== "", "must not be empty")
    .describe("Plain text, Liquid"),
  html: z.string().min(1).max(100_000).optional().describe("The same text as HTML, Liquid; without it mails are plain text"),
});
const steps = z
  .array(step)
  .min(1)
  .max(50)
  .superRefine(checkSteps, { when: ({ value }) => Array.isArray(value) });

const subSequence = z.strictObject({
  name: line(100).describe("Name, unique in the campaign"),
  on: z
    .enum(TRIGGERS)
    .describe(
      "What a reply must say for the lead to enter. `any` stands for whatever has no sub-sequence of its own, but for refusals and wrong persons",
    ),
  steps: steps.describe("What is sent, counted from the moment the reply was judged"),
});

const wholeDays = (most: number) =>
  duration(most * 1_440, `at most ${most} days`).refine((delay) => delay.minutes % 1_440 === 0, "must be whole days");

const company = z.strictObject({
  at_most: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe("So many people of one company are in campaigns at a time; the others enter when there is room"),
  cool_off: wholeDays(3_650)
    .optional()
    .describe(
      "Nobody of a company is newly written to for so long after the last mail of a conversation there that has ended, in whatever campaign",
    ),
  away_after_refusal: z
    .boolean()
    .optional()
    .describe("Nobody of a company is newly written to after somebody there has refused or opted out"),
});

const leads = z.union(
  [
    z.literal("all"),
    z.strictObject({ list: line(100) }),
    z.strictObject({ file: z.string().min(1).max(1_000), list: line(100).optional() }),
  ],
  { error: ({ input }) => (input === undefined ? "is required" : "must be `all`, `{ list: NAME }` or `{ file: leads.csv }`") },
);

const shape = {
  name: line(200).describe("Name of the campaign. Applying a file with the same name changes that campaign"),
  goal: z.string().trim().min(1).max(2_000).optional().describe("What it is for, in your words"),
  starts_at: localTime.optional().describe("Local time in `time_zone`; without it, as soon as somebody starts it"),
  ends_at: localTime.optional().describe("Local time in `time_zone`; without it, when every lead is through"),
  at_end: z.enum(["complete", "pause"]).default("complete").describe("What happens at `ends_at`"),
  time_zone: zone.describe("IANA time zone, such as Europe/Berlin"),
  window: window
    .prefault({ "monday-friday": "09:00-17:00" })
    .describe("When mails may go out: days → hours. A single day says more than a range that holds it"),
  holidays: z
    .array(holiday)
    .max(1_000)
    .default([])
    .describe(
      "Days on which nothing goes out: days such as 2026-12-24, and countries or their subdivisions (ISO 3166) for the public holidays there, such as DE or US-CA",
    ),
  use_lead_time_zone: z.boolean().default(true).describe("The window is meant in the lead's own time zone, where it is known"),
  jitter: duration(1_440, "at most one day").prefault("0 minutes").describe("Up to this much later, drawn for each mail"),
  spread: z
    .enum(["none", "even"])
    .default("none")
    .describe(
      "`even`: a mailbox spreads what it may send on a day over the window, at a pace of its own; `none`: as soon as its gap allows",
    ),
  reply_window: wholeDays(365).prefault("14 days").describe("How long after its last mail a lead is waited for"),
  mailboxes: z
    .array(address)
    .min(1)
    .max(1_000)
    .superRefine((list, context) => reportRepeats(list, (one: { readonly identityKey?: string } | null) => one?.identityKey, [], context), {
      when: ({ value }) => Array.isArray(value),
    })
    .describe("Who sends. Each lead keeps its mailbox"),
  leads: leads.describe(
    "Who is written to: `all`, a list, or a CSV file beside this one, which is imported into a list (named as the campaign unless `list` says otherwise)",
  ),
  new_leads_per_day: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe("At most so many leads get their first mail on a day, from all mailboxes together; follow-ups are not counted, and go first"),
  company: company
    .default({})
    .describe(
      "Colleagues: people of one mail domain, or of one company name where the domain is a public provider's. What is left out is as the settings say",
    ),
  postal_address: z.string().trim().min(1).max(500).optional().describe("Shown in every mail; without it, the workspace's"),
  opt_out: z
    .enum(["link", "reply"])
    .default("link")
    .describe("`link` needs a public https address; `reply` offers mailto and “reply STOP”"),
  defaults: z
    .record(z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, "must be small letters, digits and `_`"), z.string().max(500))
    .default({})
    .describe("What stands in for a value that a lead lacks. A variable with neither keeps the mail from going out"),
  hold_other_campaigns: z.boolean().default(true).describe("A reply holds the lead's other campaigns"),
  hold_company: z.boolean().default(false).describe("A reply holds everybody at the lead's company"),
  on_edit: z
    .enum(["move", "stay"])
    .default("move")
    .describe("What becomes of the leads inside when a sequence is edited: they go over to the new version, or stay in theirs"),
  sequence: steps
    .superRefine(checkFirstSubject, { when: ({ value }) => Array.isArray(value) })
    .describe("The main sequence: the mails every lead gets until it answers"),
  sub_sequences: z
    .array(subSequence)
    .max(TRIGGERS.length)
    .superRefine(checkSubSequences, { when: ({ value }) => Array.isArray(value) })
    .default([])
    .describe("What follows a reply"),
};

/** The file's form: `z.input` is what people write, `z.output` its values read one by one. */
export const campaignFileSchema = z
  .strictObject(shape)
  .superRefine(checkDates)
  .meta({ title: "Campaign", description: "A campaign of Marketing Agent" });
type Written = z.output<typeof campaignFileSchema>;

/** The keys that may stand at each place, for "did you mean". */
export const CAMPAIGN_KEYS = {
  campaign: Object.keys(shape),
  step: Object.keys(step.shape),
  subSequence: Object.keys(subSequence.shape),
  company: Object.keys(company.shape),
} as const;

export type Audience =
  | { readonly kind: "all" }
  | { readonly kind: "list"; readonly list: string }
  /** `file` is imported into `list` before the campaign is applied; relative to the campaign file. */
  | { readonly kind: "file"; readonly file: string; readonly list: string };

export interface WrittenSubSequence {
  readonly name: string;
  readonly trigger: Trigger;
  readonly steps: readonly WrittenStep[];
}

/** A campaign file, read: what `applyCampaign` makes so. */
export interface CampaignFile {
  readonly name: string;
  readonly goal: string | null;
  readonly startsAt: Instant | null;
  readonly endsAt: Instant | null;
  readonly atEnd: "complete" | "pause";
  readonly timeZone: string;
  readonly window: SendingWindow;
  /** Local days without mail, and the countries or subdivisions whose public holidays are. */
  readonly holidays: readonly string[];
  readonly holidayRegions: readonly string[];
  readonly useLeadTimeZone: boolean;
  readonly jitterMinutes: number;
  readonly spread: "none" | "even";
  readonly replyWindowDays: number;
  readonly mailboxes: readonly { readonly address: string; readonly identityKey: string }[];
  readonly leads: Audience;
  readonly newLeadsPerDay: number | null;
  readonly company: CompanySettings;
  readonly postalAddress: string | null;
  readonly optOut: "link" | "reply";
  readonly mergeDefaults: Readonly<Record<string, string>>;
  readonly holdOtherCampaigns: boolean;
  readonly holdCompany: boolean;
  readonly onEdit: "move" | "stay";
  readonly sequence: readonly WrittenStep[];
  readonly subSequences: readonly WrittenSubSequence[];
  /** The line on which each path (`mailboxes[1]`) stands, for messages about things the file alone cannot know. Empty when there was no text. */
  readonly lines: ReadonlyMap<string, number>;
}

/** The file's values as one campaign: dates become instants, defaults are filled in. */
export function campaignOf(written: Written, lines: ReadonlyMap<string, number> = new Map()): CampaignFile {
  const instant = (text: string | undefined) => (text === undefined ? null : readLocalTime(text, written.time_zone));
  return {
    name: written.name,
    goal: written.goal ?? null,
    startsAt: instant(written.starts_at),
    endsAt: instant(written.ends_at),
    atEnd: written.at_end,
    timeZone: written.time_zone,
    window: written.window,
    holidays: sorted(written.holidays.filter((text) => LOCAL_DAY.test(text))),
    holidayRegions: sorted(written.holidays.filter((text) => !LOCAL_DAY.test(text))),
    useLeadTimeZone: written.use_lead_time_zone,
    jitterMinutes: inMinutes(written.jitter),
    spread: written.spread,
    replyWindowDays: inMinutes(written.reply_window) / 1_440,
    mailboxes: written.mailboxes,
    leads: audienceOf(written),
    newLeadsPerDay: written.new_leads_per_day ?? null,
    company: companyOf(written),
    postalAddress: written.postal_address ?? null,
    optOut: written.opt_out,
    mergeDefaults: written.defaults,
    holdOtherCampaigns: written.hold_other_campaigns,
    holdCompany: written.hold_company,
    onEdit: written.on_edit,
    sequence: written.sequence.map(stepOf),
    subSequences: written.sub_sequences.map((sub) => ({ name: sub.name, trigger: sub.on, steps: sub.steps.map(stepOf) })),
    lines,
  };
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].toSorted();
}

function companyOf({ company: { at_most, cool_off, away_after_refusal } }: Written): CompanySettings {
  const coolOffDays = cool_off === undefined ? null : inMinutes(cool_off) / 1_440;
  return { atMost: at_most ?? null, coolOffDays, awayAfterRefusal: away_after_refusal ?? null };
}

function audienceOf({ leads, name }: Written): Audience {
  if (leads === "all") return { kind: "all" };
  if ("file" in leads) return { kind: "file", file: leads.file, list: leads.list ?? name };
  return { kind: "list", list: leads.list };
}

function stepOf(written: z.output<typeof step>): WrittenStep {
  return {
    lineage: written.id,
    delay: written.after ?? { days: 0, workingDays: 0, minutes: 0 },
    text: { subject: written.subject ?? null, bodyText: written.body, bodyHtml: written.html ?? null },
  };
}

/** The JSON Schema (2020-12) that editors check campaign files with, as the text of docs/reference/campaign.schema.json. */
export function campaignJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(campaignFileSchema, { io: "input" }), null, 2)}\n`;
}
