// Somebody does not want to be written to any more. Whoever says so, and however: the address is suppressed, everything that runs for it ends, and
// what is not on the wire yet is cancelled, all in the caller's transaction.
import type { CampaignId, InboundMessageId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Tx } from "../store/database.ts";
import { recordEngagement } from "../store/engagement.ts";
import { enrollmentsOfLead, stopEnrollments } from "../store/enrollment.ts";
import { leadByAddress, markReachability } from "../store/lead.ts";
import { cancelUnsent } from "../store/message-recall.ts";
import { suppress } from "../store/suppression.ts";

export interface OptOut {
  readonly workspaceId: WorkspaceId;
  readonly identityKey: string;
  /** Null: everything this workspace sends. */
  readonly campaignId: CampaignId | null;
  readonly source: "reply" | "mailto" | "link" | "person";
  readonly evidence: object;
  readonly inboundMessageId?: InboundMessageId;
}

/** One request that speaks for several addresses, each once; what is none is left out. */
export async function processUnsubscribes(
  tx: Tx,
  identityKeys: readonly (string | null | undefined)[],
  optOut: Omit<OptOut, "identityKey">,
  at: Instant,
): Promise<void> {
  for (const identityKey of new Set(identityKeys)) if (identityKey) await processUnsubscribe(tx, { ...optOut, identityKey }, at);
}

/** Returns how many enrollments it ended. Doing it again changes nothing. */
export async function processUnsubscribe(tx: Tx, optOut: OptOut, at: Instant): Promise<{ stopped: number; cancelled: number }> {
  const { workspaceId, identityKey, campaignId, source } = optOut;
  const evidence = { source, ...optOut.evidence };
  await suppress(tx, { workspaceId, kind: "address", key: identityKey, campaignId, reason: "unsubscribe", evidence }, at);
  const lead = await leadByAddress(tx, workspaceId, identityKey);
  if (!lead) return { stopped: 0, cancelled: 0 };
  const enrollments = (await enrollmentsOfLead(tx, workspaceId, lead.id)).filter(
    (one) => campaignId === null || one.campaignId === campaignId,
  );
  const ids = enrollments.map((one) => one.id);
  const stopped = await stopEnrollments(tx, { workspaceId, ids, state: "unsubscribed", reason: `unsubscribed_by_${source}` }, at);
  const cancelled = await cancelUnsent(tx, workspaceId, ids, "unsubscribed", at);
  if (campaignId === null) await markReachability(tx, workspaceId, lead.id, "unsubscribed", at);
  await recordEngagement(
    tx,
    workspaceId,
    { kind: "unsubscribe", leadId: lead.id, campaignId, inboundMessageId: optOut.inboundMessageId ?? null, evidence },
    at,
  );
  return { stopped: stopped.length, cancelled };
}
