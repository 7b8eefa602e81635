// Which jobs there are: name → payload and retry policy. No handlers here, so nothing that enqueues imports what runs.
import { z } from "zod";

const id = z.uuid();
/** Absent: the schedule, or what happened. */
const asked = { askedBy: z.literal("person").optional() };
const nothing = z.strictObject(asked);
const ofMailbox = z.strictObject({ workspaceId: id, mailboxId: id, ...asked });
const ofCampaign = z.strictObject({ workspaceId: id, campaignId: id });
const ofDomain = z.strictObject({ workspaceId: id, domainId: id });
const ofInbound = z.strictObject({ workspaceId: id, inboundMessageId: id });

interface JobDefinition {
  readonly payload: z.ZodType<object>;
  /** Tries after the first; what still fails goes to the dead-letter queue. */
  readonly retries: number;
  /** A job that runs longer is given to another worker, seconds. */
  readonly expireInSeconds: number;
}

export const JOBS = {
  // automations of the schedule (schedule.ts)
  "send-due-steps": { payload: nothing, retries: 0, expireInSeconds: 120 },
  "sync-inboxes": { payload: nothing, retries: 0, expireInSeconds: 120 },
  "start-and-finish-campaigns": { payload: nothing, retries: 0, expireInSeconds: 300 },
  "advance-enrollments": { payload: nothing, retries: 0, expireInSeconds: 300 },
  "enroll-all-leads": { payload: nothing, retries: 0, expireInSeconds: 300 },
  "recover-interrupted-sends": { payload: nothing, retries: 0, expireInSeconds: 120 },
  "check-domains": { payload: nothing, retries: 0, expireInSeconds: 300 },
  "file-all-sent-copies": { payload: nothing, retries: 0, expireInSeconds: 120 },
  "keep-house": { payload: nothing, retries: 1, expireInSeconds: 600 },
  // work on one thing
  "send-batch": { payload: ofMailbox, retries: 0, expireInSeconds: 3_600 },
  "sync-inbox": { payload: ofMailbox, retries: 0, expireInSeconds: 3_600 },
  "file-sent-copies": { payload: ofMailbox, retries: 0, expireInSeconds: 3_600 },
  "enroll-leads": { payload: ofCampaign, retries: 3, expireInSeconds: 3_600 },
  "check-domain": { payload: ofDomain, retries: 2, expireInSeconds: 300 },
  "analyze-reply": { payload: ofInbound, retries: 5, expireInSeconds: 300 },
} as const satisfies Readonly<Record<string, JobDefinition>>;

export type JobName = keyof typeof JOBS;
export type JobPayload<Name extends JobName> = z.output<(typeof JOBS)[Name]["payload"]>;
