// How campaigns look in the API. Settings and texts have the keys and the spelling of the campaign file (docs/campaign-file.md).
import { z } from "zod";
import { CAMPAIGN_STATES, ENROLLMENT_STATES, TRIGGERS } from "../../core/words.ts";
import { idOf, instant } from "./contract.ts";

export const campaignState = z.enum(CAMPAIGN_STATES);

const count = z.number().int();
const counts = {
  mailboxes: count,
  steps: count.describe("Of the main sequence"),
  subSequences: count,
  enrollments: z.partialRecord(z.enum(ENROLLMENT_STATES), count).describe("Leads by where they stand; states without any are left out"),
  sent: count,
  replies: count,
};

export const campaignSummary = z
  .object({
    id: idOf<"campaign">(),
    name: z.string(),
    goal: z.string().nullable(),
    state: campaignState,
    stateReason: z.string().nullable(),
    startsAt: instant.nullable(),
    endsAt: instant.nullable(),
    timeZone: z.string(),
    ...counts,
    version: count,
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "CampaignSummary" });

const text = (longest: number) => z.string().max(longest);
const leads = z.union([z.literal("all"), z.strictObject({ list: text(1_000) })]).describe("`all`, or the leads of one list");
const hours = z.union([z.string(), z.array(z.string()).readonly()]);

const company = z
  .strictObject({ at_most: count.optional(), cool_off: text(100).optional(), away_after_refusal: z.boolean().optional() })
  .describe("Colleagues; what is left out is as the server's settings say");

/** The settings of a campaign, by their keys in its file. */
const settings = {
  name: text(1_000),
  goal: text(10_000).nullable(),
  starts_at: text(100).nullable().describe("Local time in `time_zone`, such as 2026-03-02 09:00"),
  ends_at: text(100).nullable(),
  at_end: z.enum(["complete", "pause"]),
  time_zone: text(100),
  window: z.record(text(200), hours).describe("Days → hours"),
  holidays: z
    .array(text(100))
    .max(2_000)
    .readonly()
    .nullable()
    .describe("Days, and countries or their subdivisions for their public holidays"),
  use_lead_time_zone: z.boolean(),
  spread: z.enum(["none", "even"]),
  jitter: text(100),
  reply_window: text(100),
  mailboxes: z.array(text(400)).max(2_000).readonly().describe("Addresses"),
  leads,
  new_leads_per_day: count.nullable().describe("First mails a day, from all mailboxes together"),
  company: company.nullable(),
  postal_address: text(2_000).nullable(),
  opt_out: z.enum(["link", "reply"]),
  defaults: z.record(text(200), text(2_000)).nullable(),
  hold_other_campaigns: z.boolean(),
  hold_company: z.boolean(),
  on_edit: z.enum(["move", "stay"]).describe("What becomes of the leads inside when a sequence is edited"),
};

export const campaignSettings = z.object(settings).meta({ id: "CampaignSettings" });
export const campaignChanges = z
  .strictObject(settings)
  .partial()
  .describe("What is left out stays; null takes it away. Checked like a campaign file: what may stand there may stand here")
  .meta({ id: "CampaignChanges" });

export const step = z
  .object({
    id: idOf<"step">(),
    name: z.string().describe("`id` in the file"),
    after: z.string().describe("How long after the step before it"),
    subject: z.string().nullable().describe("Null: a follow-up in the thread of the mail before it"),
    body: z.string(),
    html: z.string().nullable(),
  })
  .meta({ id: "Step" });

const sequence = z
  .object({
    id: idOf<"sequence">(),
    kind: z.enum(["main", "sub"]),
    name: z.string(),
    on: z.enum(TRIGGERS).nullable().describe("What a reply must say for a lead to enter; null for the main sequence"),
    steps: z.array(step).readonly(),
  })
  .meta({ id: "Sequence" });

export const campaign = z
  .object({
    id: idOf<"campaign">(),
    state: campaignState,
    stateReason: z.string().nullable(),
    settings: campaignSettings,
    sequences: z.array(sequence).readonly().describe("The main one first"),
    ...counts,
    activatedAt: instant.nullable(),
    pausedAt: instant.nullable(),
    version: count.describe("Changes with every edit; the ETag"),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "Campaign" });

export const stepChanges = z
  .strictObject({
    after: text(100).optional(),
    subject: text(1_000).nullable().optional(),
    body: text(50_000).optional(),
    html: text(200_000).nullable().optional(),
  })
  .meta({ id: "StepChanges" });

/** A file of a million characters, each of which JSON may write as six. */
export const FILE_BYTES = 6_100_000;
export const campaignFile = z.strictObject({
  file: z.string().min(1).max(1_000_000).describe("The text of a campaign file, YAML or JSON"),
  leadsInside: z
    .enum(["move", "stay"])
    .optional()
    .describe(
      "Leads in a sequence that is edited go over to its new version, or stay in theirs; as `on_edit` in the file when left out. `move` also takes along who stayed before",
    ),
});

const moved = z
  .object({ nextStep: count, planned: count, replyWindow: count })
  .describe("Leads that get another step next, another time, another end of their reply window");
const inside = z
  .object({ moved: count, stayed: count })
  .describe("Leads in the sequences that are edited: that go over to the new version, that stay in an older one");
const changes = z.array(z.string()).readonly().describe("One phrase per change; empty when everything was so already");

export const appliedCampaign = z
  .object({ id: idOf<"campaign">(), created: z.boolean(), changes, moved, inside, version: count })
  .meta({ id: "AppliedCampaign" });

const beforeAndAfter = { before: z.string().nullable(), after: z.string().nullable() };
const difference = z
  .object({
    settings: z.array(z.object({ key: z.string().describe("In the file"), ...beforeAndAfter })).readonly(),
    sequences: z
      .array(
        z.object({
          sequence: z.string(),
          kind: z.enum(["added", "removed", "changed"]),
          on: z.object(beforeAndAfter).nullable(),
          steps: z
            .array(
              z.object({
                step: z.string(),
                kinds: z.array(z.enum(["added", "removed", "moved", "delay", "words"])).readonly(),
                delay: z.object(beforeAndAfter).nullable(),
                lines: z.array(z.string()).readonly().describe("`-` what goes, `+` what comes, a space for what stays around it"),
              }),
            )
            .readonly(),
        }),
      )
      .readonly(),
  })
  .meta({ id: "CampaignDifference" });

const stepEffects = z.array(z.object({ sequence: z.string(), step: z.string(), leads: count })).readonly();
const nextMail = z.object({ step: z.string(), at: instant }).nullable();
const effects = z
  .object({
    gained: stepEffects.describe("Steps that leads would get who would not have got them"),
    lost: stepEffects,
    nextMail: z
      .object({
        earlier: count,
        later: count,
        begins: count.describe("That had no mail to come"),
        ends: count.describe("That have none any more"),
        first: z
          .array(z.object({ leadId: idOf<"lead">(), lead: z.string(), before: nextMail, after: nextMail }))
          .readonly()
          .describe("The first ten, by the moment of the mail that comes first"),
      })
      .describe("Leads whose next mail would go out at another moment"),
  })
  .describe("On the mails to come if nobody answers; a campaign that does not run is planned as if it started now")
  .meta({ id: "PlanEffects" });

export const campaignPlan = z
  .object({
    name: z.string(),
    created: z.boolean(),
    changes,
    moved,
    inside,
    difference,
    effects,
    before: z.string().nullable().describe("The file of the campaign as it stands; null when there is none of that name"),
    after: z.string().describe("The file as it would stand"),
    standings: z
      .array(
        z.object({
          state: z.enum(ENROLLMENT_STATES),
          sequence: z.string(),
          nextStep: z.string().nullable(),
          before: count,
          after: count,
        }),
      )
      .readonly()
      .describe("Where those stand, and would stand, who may still be written to"),
  })
  .meta({ id: "CampaignPlan" });

export const readiness = z
  .object({
    ready: z.boolean(),
    missing: z.array(z.object({ code: z.string(), sentence: z.string(), todo: z.string() })).readonly(),
    warnings: z
      .array(z.object({ code: z.string(), sentence: z.string(), todo: z.string() }))
      .readonly()
      .describe("What keeps it from nothing, and is worth knowing"),
  })
  .meta({ id: "Readiness" });

export const campaignEvent = z
  .object({
    at: instant,
    reason: z.string(),
    fromState: campaignState.nullable(),
    toState: campaignState.nullable(),
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "CampaignEvent" });
