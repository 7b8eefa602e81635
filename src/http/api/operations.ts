// Every operation of the API. What is listed here is served, documented, and proved to ask for a login, a role and the right workspace.
import { campaignScheduleOperations } from "./campaign-schedule.ts";
import { campaignOperations } from "./campaigns.ts";
import { enrollmentOperations } from "./enrollments.ts";
import { importOperations } from "./imports.ts";
import { inboundOperations } from "./inbound.ts";
import { leadOperations } from "./leads.ts";
import { listOperations } from "./lists.ts";
import { mailboxOperations } from "./mailboxes.ts";
import { messageOperations } from "./messages.ts";
import type { Operation } from "./operation.ts";
import { segmentOperations } from "./segments.ts";
import { suppressionOperations } from "./suppressions.ts";
import { teamOperations } from "./team.ts";

export const OPERATIONS: readonly Operation[] = [
  ...teamOperations,
  ...campaignOperations,
  ...campaignScheduleOperations,
  ...enrollmentOperations,
  ...messageOperations,
  ...inboundOperations,
  ...mailboxOperations,
  ...leadOperations,
  ...listOperations,
  ...importOperations,
  ...segmentOperations,
  ...suppressionOperations,
];
