// Why a lead was (not) written to, on the wire.
import { z } from "zod";
import { ENROLLMENT_STATES, LEAD_STATUSES } from "../../core/words.ts";
import { REACHABILITIES } from "../../store/lead.ts";
import { idOf, instant } from "./contract.ts";
import { waiting, whyToday } from "./why-today.ts";

const campaignId = idOf<"campaign">();
const leadId = idOf<"lead">();

export const sendNow = z
  .object({
    enrollmentId: idOf<"enrollment">(),
    campaignId,
    campaign: z.string(),
    leadId,
    lead: z.string(),
    step: z.string(),
    slotAt: instant,
  })
  .meta({ id: "SendNow" });

export const leadWhy = z
  .object({
    lead: z.object({
      id: leadId,
      email: z.string(),
      zone: z.string().nullable(),
      status: z.enum(LEAD_STATUSES),
      reachability: z.enum(REACHABILITIES),
      suppressed: z.string().nullable(),
      removedAt: instant.nullable(),
    }),
    happened: z
      .array(
        z.object({
          at: instant,
          kind: z.enum(["enrollment", "message", "inbound"]),
          campaign: z.string().nullable(),
          code: z.string(),
          sentence: z.string(),
        }),
      )
      .readonly(),
    campaigns: z
      .array(
        z.object({
          campaignId,
          campaign: z.string(),
          state: z.enum(ENROLLMENT_STATES),
          reason: z.string(),
          now: z.array(sendNow).readonly().describe("What goes out at this very moment"),
          wait: waiting.nullable().describe("Why nothing does; null when something does, or when it has ended"),
        }),
      )
      .readonly(),
    planned: z.array(whyToday.shape.next.unwrap()).readonly().describe("What it gets if it does not answer, in order"),
    sentences: z.array(z.string()).readonly().describe("All of it in words"),
  })
  .meta({ id: "LeadWhy" });
