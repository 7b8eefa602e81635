// Which automation answers which job? The only place that imports them all.
import type { CampaignId, InboundMessageId, MailboxId, SendingDomainId, WorkspaceId } from "../core/ids.ts";
import { advanceEnrollments } from "./advance-enrollments.ts";
import type { Agent } from "./agent.ts";
import { analyzeReply } from "./analyze-reply.ts";
import type { JobName } from "./catalog.ts";
import { checkDomain, checkDomains } from "./check-domains.ts";
import { enrollAllLeads, enrollLeads } from "./enroll-leads.ts";
import { fileAllSentCopies, fileSentCopies } from "./file-sent-copies.ts";
import { keepHouse } from "./keep-house.ts";
import { examineMessages, receiveMessages } from "./receive-messages.ts";
import { recoverInterruptedSends } from "./recover-interrupted-sends.ts";
import { type Counts, type RunTrigger, runAutomation } from "./run.ts";
import { sendBatch } from "./send-batch.ts";
import { sendDueSteps } from "./send-due-steps.ts";
import { startAndFinishCampaigns } from "./start-and-finish-campaigns.ts";
import { syncInbox } from "./sync-inbox.ts";
import { syncInboxes } from "./sync-inboxes.ts";

type Of<Key extends string, Value> = { readonly workspaceId: WorkspaceId } & { readonly [Name in Key]: Value };

/** Payloads were checked against the catalog; ids get their kind back here. */
const AUTOMATIONS: Readonly<Record<JobName, (agent: Agent, payload: never) => Promise<Counts>>> = {
  "send-due-steps": sendDueSteps,
  "sync-inboxes": syncInboxes,
  "start-and-finish-campaigns": startAndFinishCampaigns,
  "advance-enrollments": advanceEnrollments,
  "enroll-all-leads": enrollAllLeads,
  "recover-interrupted-sends": recoverInterruptedSends,
  "file-all-sent-copies": fileAllSentCopies,
  "check-domains": checkDomains,
  "keep-house": keepHouse,
  "send-batch": (agent, mailbox: Of<"mailboxId", MailboxId>) => sendBatch(agent, mailbox),
  "sync-inbox": (agent, mailbox: Of<"mailboxId", MailboxId>) =>
    syncInbox(agent, mailbox, { examine: examineMessages, receive: receiveMessages }),
  "file-sent-copies": (agent, mailbox: Of<"mailboxId", MailboxId>) => fileSentCopies(agent, mailbox),
  "enroll-leads": (agent, campaign: Of<"campaignId", CampaignId>) => enrollLeads(agent, campaign),
  "check-domain": async (agent, domain: Of<"domainId", SendingDomainId>) => (await checkDomain(agent, domain)).counts,
  "analyze-reply": (agent, reply: Of<"inboundMessageId", InboundMessageId>) => analyzeReply(agent, reply),
};

const SWEEPS: ReadonlySet<JobName> = new Set([
  "send-due-steps",
  "sync-inboxes",
  "start-and-finish-campaigns",
  "advance-enrollments",
  "enroll-all-leads",
  "recover-interrupted-sends",
  "file-all-sent-copies",
  "check-domains",
  "keep-house",
]);

export function runJob(agent: Agent, name: JobName, payload: object, trigger: RunTrigger = triggerOf(name, payload)): Promise<Counts> {
  const workspaceId = "workspaceId" in payload ? (payload.workspaceId as WorkspaceId) : null;
  return runAutomation(agent, { automation: name, workspaceId, trigger }, () => AUTOMATIONS[name](agent, payload as never));
}

function triggerOf(name: JobName, payload: object): RunTrigger {
  if ("askedBy" in payload) return "person";
  return SWEEPS.has(name) ? "schedule" : "event";
}
