// A mail that the planner has given its moment.
import { z } from "zod";
import { idOf, instant } from "./contract.ts";

export const scheduledMail = z
  .object({
    at: instant,
    leadId: idOf<"lead">(),
    lead: z.string(),
    mailboxId: idOf<"mailbox">(),
    mailbox: z.string(),
    sequence: z.string(),
    step: z.string(),
    localTime: z.string().describe("In the zone in which the window is meant for this lead"),
    zone: z.string(),
  })
  .meta({ id: "ScheduledMail" });
