// What mailboxes do today, and why who waits: the same answer for a mailbox, a campaign and the whole workspace.
import { z } from "zod";
import type { WaitReason } from "../../automations/wait-reasons.ts";
import { idOf, instant } from "./contract.ts";
import { scheduledMail } from "./scheduled-mail.ts";

export const WAIT_REASONS = [
  "campaign_paused",
  "campaign_not_active",
  "campaign_ended",
  "suppressed",
  "held",
  "held_by_person",
  "awaiting_reply",
  "message_in_flight",
  "message_uncertain",
  "message_deferred",
  "unplanned",
  "not_due",
  "domain_paused",
  "mailbox_paused",
  "mailbox_lost",
  "mailbox_backed_off",
  "sent_unknown",
  "reply_inbox_unread",
  "step_without_text",
  "outside_window",
  "new_leads",
  "domain_day",
  "domain_hour",
  "company_full",
  "company_cooling_off",
  "company_refused",
  "cap_used",
  "gap",
] as const satisfies readonly WaitReason[];

export const waiting = z
  .object({
    enrollmentId: idOf<"enrollment">(),
    campaignId: idOf<"campaign">(),
    campaign: z.string(),
    leadId: idOf<"lead">(),
    lead: z.string(),
    reason: z.enum(WAIT_REASONS),
    until: instant.nullable().describe("When that reason ends; null: unknown, or a person decides"),
    sentence: z.string(),
  })
  .meta({ id: "Waiting" });

const limitedBy = z.enum(["cap", "quota", "gap", "window", "paused", "sent_unknown", "backed_off"]);
const mailboxToday = z
  .object({
    mailboxId: idOf<"mailbox">(),
    mailbox: z.string(),
    day: z.iso.date().describe("The mailbox's local day"),
    sent: z.number().int().describe("Went out, or is on its way"),
    toCome: z.number().int().describe("Will go out, if nobody answers"),
    used: z.number().int().describe("What all campaigns and people have used of the cap"),
    cap: z.number().int(),
    limitedBy: limitedBy.nullable().describe("What keeps more from going out today; null: nothing more wants to"),
  })
  .meta({ id: "MailboxToday" });
export const whyToday = z
  .object({
    at: instant,
    mailboxes: z.array(mailboxToday).readonly(),
    next: scheduledMail.nullable(),
    waits: z.array(waiting).readonly(),
    sentences: z.array(z.string()).readonly().describe("All of it in words"),
  })
  .meta({ id: "WhyToday" });
