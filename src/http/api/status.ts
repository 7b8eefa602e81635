// What is going on, in numbers: the campaigns, mailboxes, messages and inbound messages of a workspace, and what it does today.
import { z } from "zod";
import { whyWorkspace } from "../../automations/why.ts";
import type { Permission } from "../../core/permissions.ts";
import { INTEREST_LEVELS, MESSAGE_STATES } from "../../core/words.ts";
import { type CampaignSummary, listCampaigns } from "../../store/campaign.ts";
import { inboundCounts, VERDICTS } from "../../store/inbound.ts";
import { listMailboxes } from "../../store/mailbox.ts";
import { messageCounts } from "../../store/message.ts";
import { listSchedule } from "../../store/schedule.ts";
import { campaignState } from "./campaign-contract.ts";
import { idOf, instant } from "./contract.ts";
import { operation } from "./operation.ts";
import { whyToday } from "./why-today.ts";

const count = z.number().int();

export const campaignNumbers = z
  .object({
    id: idOf<"campaign">(),
    name: z.string(),
    state: campaignState,
    enrolled: count.describe("Leads in it"),
    sent: count,
    active: count,
    awaitingReply: count,
    replied: count,
    stopped: count,
  })
  .meta({ id: "CampaignNumbers" });

export const mailboxState = z
  .object({
    id: idOf<"mailbox">(),
    email: z.string(),
    state: z.enum(["active", "paused"]),
    pauseReason: z.string().nullable(),
    pauseDetail: z.string().nullable(),
    sentUnknownSince: instant.nullable().describe("Held after a restore, until it is known what it has sent since then"),
  })
  .meta({ id: "MailboxState" });

export const messageNumbers = z.object({ state: z.enum(MESSAGE_STATES), messages: count }).meta({ id: "MessageNumbers" });
export const inboundNumbers = z
  .object({
    verdict: z.enum(VERDICTS),
    disposition: z.enum(["matched", "unmatched", "ignored"]),
    interestLevel: z.enum([...INTEREST_LEVELS, "not_analyzed", "needs_review"]),
    mails: count,
  })
  .meta({ id: "InboundNumbers" });
export const nextRuns = z.object({ automation: z.string(), nextRunAt: instant, paused: z.boolean() }).meta({ id: "NextRun" });

const status = z
  .object({
    at: instant.describe("Domain time"),
    campaigns: z.array(campaignNumbers).readonly().nullable(),
    mailboxes: z.array(mailboxState).readonly().nullable(),
    messages: z.array(messageNumbers).readonly().nullable(),
    inbound: z.array(inboundNumbers).readonly().nullable(),
    schedule: z.array(nextRuns).readonly().nullable(),
  })
  .meta({ id: "Status" });

export const statusOperations = [
  operation({
    id: "status.read",
    method: "GET",
    path: "/status",
    summary: "Campaigns, mailboxes, messages and replies in numbers; null is what a key has no permission to read",
    permission: "workspace:read",
    result: status,
    handle: async ({ agent: { db }, workspaceId, caller, now }) => {
      const may = (permission: Permission) => caller.permissions.has(permission);
      return {
        at: now,
        campaigns: may("campaigns:read") ? (await listCampaigns(db, workspaceId)).map(numbersOf) : null,
        mailboxes: may("mailboxes:read") ? (await listMailboxes(db, workspaceId)).map(stateOf) : null,
        messages: may("messages:read") ? await messageCounts(db, workspaceId) : null,
        inbound: may("messages:read") ? await inboundCounts(db, workspaceId) : null,
        schedule: may("automations:read") ? await listSchedule(db) : null,
      };
    },
  }),
  operation({
    id: "status.why",
    method: "GET",
    path: "/why",
    summary:
      "What all mailboxes send today, what limits them, and who waits for what. Of one thing: leads.why, mailboxes.why, campaigns.why",
    permission: "campaigns:read",
    result: whyToday,
    handle: ({ agent, workspaceId }) => whyWorkspace(agent, workspaceId),
  }),
];

export function numbersOf(campaign: CampaignSummary): z.output<typeof campaignNumbers> {
  const { id, name, state, enrolled, sent, active, awaitingReply, replied, stopped } = campaign;
  return { id, name, state, enrolled, sent, active, awaitingReply, replied, stopped };
}

export function stateOf(mailbox: z.output<typeof mailboxState>): z.output<typeof mailboxState> {
  const { id, email, state, pauseReason, pauseDetail, sentUnknownSince } = mailbox;
  return { id, email, state, pauseReason, pauseDetail, sentUnknownSince };
}
