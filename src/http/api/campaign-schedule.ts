// When a campaign sends, and why it does not: the planned mails, who gets none, and what limits it today.
import { z } from "zod";
import { type CampaignSchedule, campaignSchedule, type ScheduledMail, type UnreachedLead } from "../../automations/print-schedule.ts";
import { whyCampaign } from "../../automations/why.ts";
import type { CampaignId } from "../../core/ids.ts";
import { afterCursor, type Page, pageOf } from "../../store/page.ts";
import { campaignState } from "./campaign-contract.ts";
import { idOf, instant, pageOfItems, pageRequest, paging } from "./contract.ts";
import { type Context, operation } from "./operation.ts";
import { scheduledMail } from "./scheduled-mail.ts";
import { whyToday } from "./why-today.ts";

const params = z.object({ campaignId: idOf<"campaign">() });
const count = z.number().int();

const scheduleDay = z
  .object({
    mailboxId: idOf<"mailbox">(),
    mailbox: z.string(),
    day: z.string().describe("The mailbox's local day"),
    mails: count,
    others: count.describe("Of other campaigns on the same mailbox"),
    used: count.describe("Had gone out when the schedule was made"),
    cap: count,
    limitedBy: z.enum(["cap", "quota", "gap", "window"]).nullable().describe("What makes mail wait for a later day"),
  })
  .meta({ id: "ScheduleDay" });

const schedule = z
  .object({
    state: campaignState,
    madeAt: instant,
    mails: count,
    unreached: count,
    firstAt: instant.nullable(),
    lastAt: instant.nullable(),
    days: z.array(scheduleDay).readonly(),
    limits: z.array(z.string()).readonly().describe("One sentence for each mailbox and limit"),
  })
  .meta({ id: "Schedule" });

const unreachedLead = z
  .object({
    leadId: idOf<"lead">(),
    lead: z.string(),
    step: z.string().nullable().describe("The first step that it does not get; null: any"),
    reason: z.string(),
    sentence: z.string(),
  })
  .meta({ id: "UnreachedLead" });

/** A page is as dear as the whole, so it may hold more than usual. */
const wholePaging = { ...paging, limit: z.coerce.number().int().min(1).max(10_000).default(50).describe("How many at most") };

export const campaignScheduleOperations = [
  operation({
    id: "campaigns.schedule",
    method: "GET",
    path: "/campaigns/:campaignId/schedule",
    summary: "What it will send on which days, if nobody answers",
    permission: "campaigns:read",
    params,
    result: schedule,
    handle: async (context, { params }) => {
      const { mails, unreached, ...rest } = await scheduleOf(context, params.campaignId);
      return { ...rest, mails: mails.length, unreached: unreached.length };
    },
  }),
  operation({
    id: "campaigns.scheduledMails",
    method: "GET",
    path: "/campaigns/:campaignId/schedule/mails",
    summary: "Every mail that it will send, the next one first",
    permission: "campaigns:read",
    params,
    query: z.strictObject(wholePaging),
    result: pageOfItems(scheduledMail),
    handle: async (context, { params, query }) => {
      const { mails } = await scheduleOf(context, params.campaignId);
      return pageInMemory(mails, keyOfMail, MAIL_KEY, query);
    },
  }),
  operation({
    id: "campaigns.unreached",
    method: "GET",
    path: "/campaigns/:campaignId/schedule/unreached",
    summary: "Leads that get no further mail, and why",
    permission: "campaigns:read",
    params,
    query: z.strictObject(wholePaging),
    result: pageOfItems(unreachedLead),
    handle: async (context, { params, query }) => {
      const { unreached } = await scheduleOf(context, params.campaignId);
      return pageInMemory(unreached, keyOfUnreached, UNREACHED_KEY, query);
    },
  }),
  operation({
    id: "campaigns.why",
    method: "GET",
    path: "/campaigns/:campaignId/why",
    summary: "What it sends today, what limits it, and why whom waits",
    permission: "campaigns:read",
    params,
    result: whyToday,
    handle: async ({ agent, workspaceId }, { params }) => whyCampaign(agent, workspaceId, params.campaignId),
  }),
];

function scheduleOf({ agent, workspaceId }: Context, campaignId: CampaignId): Promise<CampaignSchedule> {
  return campaignSchedule(agent, workspaceId, campaignId);
}

const MAIL_KEY = ["text", "uuid", "text", "text"] as const;
const UNREACHED_KEY = ["text", "uuid", "text"] as const;

function keyOfMail({ at, leadId, sequence, step }: ScheduledMail): string[] {
  return [at.toISOString(), leadId, sequence, step];
}

function keyOfUnreached({ lead, leadId, step }: UnreachedLead): string[] {
  return [lead, leadId, step ?? ""];
}

/** Made anew for each page: what went out meanwhile is missing, nothing else moves. */
function pageInMemory<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string[],
  types: Parameters<typeof afterCursor>[1],
  query: { limit: number; cursor?: string | undefined },
): Page<Item> {
  const request = pageRequest(query);
  const sorted = items.map((item) => ({ item, key: keyOf(item) })).toSorted((a, b) => compare(a.key, b.key));
  const after = afterCursor(request, types).map((part) => part ?? "");
  const rest = request.cursor === null ? sorted : sorted.filter(({ key }) => compare(key, after) > 0);
  const { items: page, nextCursor } = pageOf(rest, request.limit, ({ key }) => key);
  return { items: page.map(({ item }) => item), nextCursor };
}

function compare(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((part, index) => part !== b[index]);
  const [left = "", right = ""] = at === -1 ? [] : [a[at], b[at]];
  return left < right ? -1 : Number(left > right);
}
