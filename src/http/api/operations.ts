// Every operation of the API. What is listed here is served, documented, and proved to ask for a login, a role and the right workspace.
import { automationOperations } from "./automations.ts";
import { campaignScheduleOperations } from "./campaign-schedule.ts";
import { campaignOperations } from "./campaigns.ts";
import { domainOperations } from "./domains.ts";
import { enrollmentOperations } from "./enrollments.ts";
import { eventOperations } from "./events.ts";
import { grantRequestOperations } from "./grant-requests.ts";
import { importOperations } from "./imports.ts";
import { inboundOperations } from "./inbound.ts";
import { leadOperations } from "./leads.ts";
import { listOperations } from "./lists.ts";
import { mailboxOperations } from "./mailboxes.ts";
import { messageOperations } from "./messages.ts";
import type { Operation } from "./operation.ts";
import { segmentOperations } from "./segments.ts";
import { sequenceVersionOperations } from "./sequence-versions.ts";
import { statusOperations } from "./status.ts";
import { suppressionOperations } from "./suppressions.ts";
import { teamOperations } from "./team.ts";
import { workspaceOperations } from "./workspaces.ts";

export const OPERATIONS: readonly Operation[] = [
  ...workspaceOperations,
  ...statusOperations,
  ...eventOperations,
  ...teamOperations,
  ...campaignOperations,
  ...campaignScheduleOperations,
  ...sequenceVersionOperations,
  ...enrollmentOperations,
  ...messageOperations,
  ...inboundOperations,
  ...mailboxOperations,
  ...grantRequestOperations,
  ...domainOperations,
  ...automationOperations,
  ...leadOperations,
  ...listOperations,
  ...importOperations,
  ...segmentOperations,
  ...suppressionOperations,
];
