// The words about leads that several resources share: what a lead is on the wire, what may be written into one, and which filters there are.
import { IANAZone } from "luxon";
import { z } from "zod";
import { AgentError } from "../../core/errors.ts";
import type { WorkspaceId } from "../../core/ids.ts";
import { RESERVED_FIELDS } from "../../core/lead-columns.ts";
import { readTag } from "../../core/lead-tag.ts";
import { LEAD_STATUSES, SUPPRESSION_REASONS } from "../../core/words.ts";
import type { Queryable } from "../../store/database.ts";
import { REACHABILITIES, SCORE_BANDS } from "../../store/lead.ts";
import { listById } from "../../store/lead-list.ts";
import { ASKED_QUALITIES, type LeadFilter } from "../../store/lead-search.ts";
import { segmentById } from "../../store/segment.ts";
import { idOf, instant, oneOrMore, words } from "./contract.ts";

export const leadId = idOf<"lead">();
export const listId = idOf<"list">();
export const ofLead = z.object({ leadId });

const fields = {
  email: z.string().describe("As it was typed: what mail is delivered to"),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  company: z.string().nullable(),
  title: z.string().nullable(),
  phone: z.string().nullable(),
  timeZone: z.string().nullable(),
  custom: z.record(z.string(), z.unknown()),
  status: z.enum(LEAD_STATUSES),
  statusSetByPerson: z.boolean().describe("From then on no automation touches it"),
  scoreBand: z.enum(SCORE_BANDS),
  reachability: z.enum(REACHABILITIES),
  source: z.string().nullable(),
  addressQuality: z
    .enum(["good", "doubtful", "invalid"])
    .nullable()
    .describe("What is known of its address without having written to it; campaigns leave invalid ones out; null: nothing"),
  addressQualityReason: z.enum(["verification", "disposable", "no_reply", "role", "no_mail_server", "syntax"]).nullable(),
  tags: z.array(z.string()).readonly(),
  removedAt: instant.nullable().describe("When a person took it out of everything"),
  createdAt: instant,
  updatedAt: instant,
  version: z.string(),
};

export const listedLead = z
  .object({
    id: leadId,
    ...fields,
    suppressed: z.enum(SUPPRESSION_REASONS).nullable().describe("Why its address or domain must not be written to by the whole workspace"),
  })
  .meta({ id: "ListedLead" });

export const lead = z
  .object({
    id: leadId,
    ...fields,
    suppression: z
      .object({
        id: idOf<"suppression">(),
        kind: z.enum(["address", "domain"]),
        key: z.string(),
        reason: z.enum(SUPPRESSION_REASONS),
        createdAt: instant,
      })
      .nullable()
      .describe("What keeps the whole workspace from writing to its address"),
    lists: z.array(z.object({ id: listId, name: z.string() })).readonly(),
    enrollments: z
      .array(
        z.object({
          id: idOf<"enrollment">(),
          campaignId: idOf<"campaign">(),
          campaign: z.string(),
          state: z.string(),
          reason: z.string(),
          sequence: z.string(),
          nextStep: z.string().nullable(),
          nextAt: instant.nullable(),
          mailboxId: idOf<"mailbox">(),
          createdAt: instant,
          updatedAt: instant,
        }),
      )
      .readonly(),
  })
  .meta({ id: "Lead" });

/** A single line, since it may end up in a subject; as an import reads a cell. */
function line(longest: number) {
  return z
    .string()
    .max(longest)
    .transform((text) =>
      text
        .replace(/[\s\p{Cc}]+/gu, " ")
        .trim()
        .toWellFormed(),
    )
    .refine((text) => text !== "", "must not be empty; null takes the value away");
}

const value = line(500).nullable().optional();
const timeZone = z
  .string()
  .max(100)
  .refine((zone) => IANAZone.isValidZone(zone), "must be the name of an IANA zone, such as Europe/Berlin")
  .nullable()
  .optional();
const customKey = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, "must begin with a letter and consist of a-z, 0-9 and _")
  .refine((key) => !RESERVED_FIELDS.has(key), "is the name of a field that every lead has");
const customText = z
  .string()
  .max(10_000)
  .refine((text) => !text.includes("\0"), "must not contain NUL characters");

export const leadValues = {
  firstName: value,
  lastName: value,
  company: value,
  title: value,
  phone: value,
  timeZone,
  custom: z
    .record(customKey, z.union([customText, z.number(), z.boolean(), z.null()]))
    .optional()
    .describe("Field by field; null takes one away"),
};

const MOST_TAGS = 50;
export const tag = z
  .string()
  .max(400)
  .transform((written, check) => {
    const read = readTag(written);
    if (read !== null) return read;
    check.addIssue({ code: "custom", message: "must be a word of 1 to 100 characters" });
    return z.NEVER;
  });
export const tags = z.array(tag).max(MOST_TAGS);
export const searchText = words(200);

/** `true` in JSON, `?removed=true` in an address. */
const yesOrNo = z.preprocess((given) => (given === "true" ? true : given === "false" ? false : given), z.boolean());

/** The filters of leads: of the list, of saved segments, of bulk changes. */
export const leadFilter = {
  search: searchText.optional().describe("Stands in the address, the name or the company"),
  status: oneOrMore(z.enum(LEAD_STATUSES)).optional(),
  reachability: oneOrMore(z.enum(REACHABILITIES)).optional(),
  scoreBand: oneOrMore(z.enum(SCORE_BANDS)).optional(),
  list: listId.optional(),
  tag: oneOrMore(tag).optional().describe("Has at least one of them"),
  addressQuality: oneOrMore(z.enum(ASKED_QUALITIES)).optional().describe("What is known of its address; unrated: nothing"),
  removed: yesOrNo.optional().describe("Whether a person took it out of everything; absent: both"),
};
export const storedFilter = z.strictObject(leadFilter);

/** The filters as they stand in a segment. */
export const shownFilter = z
  .object({
    search: z.string().optional(),
    status: z.array(z.enum(LEAD_STATUSES)).readonly().optional(),
    reachability: z.array(z.enum(REACHABILITIES)).readonly().optional(),
    scoreBand: z.array(z.enum(SCORE_BANDS)).readonly().optional(),
    list: listId.optional(),
    tag: z.array(z.string()).readonly().optional(),
    addressQuality: z.array(z.enum(ASKED_QUALITIES)).readonly().optional(),
    removed: z.boolean().optional(),
  })
  .meta({ id: "LeadFilter" });

export const inSegment = {
  segment: idOf<"segment">().optional().describe("A saved filter; what is given beside it takes the place of its filter of the same name"),
};
export type AskedFilter = LeadFilter & { readonly segment?: z.output<typeof inSegment.segment> };

/** What was asked for, with the segment's own filters. @throws AgentError not_found for a list or segment of nobody here */
export async function filterOf(q: Queryable, workspaceId: WorkspaceId, { segment, ...asked }: AskedFilter): Promise<LeadFilter> {
  if (asked.list && !(await listById(q, workspaceId, asked.list))) throw new AgentError("not_found", "There is no such list.");
  if (segment === undefined) return asked;
  const saved = await segmentById(q, workspaceId, segment);
  if (!saved) throw new AgentError("not_found", "There is no such segment.");
  const given = Object.fromEntries(Object.entries(asked).filter(([, filter]) => filter !== undefined));
  return { ...storedFilter.parse(saved.filter), ...given };
}
