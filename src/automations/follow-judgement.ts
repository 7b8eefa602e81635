// What follows from knowing what a reply means, whoever judged it: who wants no more mail gets none, anything else may lead into a sub-sequence.
import { parseEmailAddress } from "../core/email-address.ts";
import type { WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Tx } from "../store/database.ts";
import type { Inbound } from "../store/inbound.ts";
import { messageById } from "../store/message.ts";
import { enterSubSequence } from "./enter-sub-sequence.ts";
import { processUnsubscribes } from "./process-unsubscribe.ts";

/** Returns whether the lead entered a sub-sequence. */
export async function followJudgement(
  tx: Tx,
  workspaceId: WorkspaceId,
  judged: Inbound,
  by: { readonly source: "reply" | "person"; readonly evidence: object },
  at: Instant,
): Promise<boolean> {
  if (judged.interestLevel === "unsubscribe") await optOut(tx, workspaceId, judged, by, at);
  return enterSubSequence(tx, workspaceId, judged, at);
}

/** Somebody who answers from another address of theirs asks for the one that we wrote to. The ledger knows it, also when the lead is gone. */
async function optOut(
  tx: Tx,
  workspaceId: WorkspaceId,
  { id, fromAddress, answeredMessageId }: Inbound,
  { source, evidence }: { readonly source: "reply" | "person"; readonly evidence: object },
  at: Instant,
): Promise<void> {
  const answered = answeredMessageId && (await messageById(tx, workspaceId, answeredMessageId));
  const keys = [parseEmailAddress(fromAddress ?? "")?.identityKey, answered ? answered.recipientKey : null];
  await processUnsubscribes(
    tx,
    keys,
    { workspaceId, campaignId: null, source, evidence: { inbound: id, ...evidence }, inboundMessageId: id },
    at,
  );
}
