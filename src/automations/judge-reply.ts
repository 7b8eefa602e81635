// A person says what a reply means, where the analyst was unsure or wrong. What follows is what follows its judgements.
import { parseEmailAddress } from "../core/email-address.ts";
import { AgentError } from "../core/errors.ts";
import type { InterestLevel } from "../core/words.ts";
import { inboundById } from "../store/inbound.ts";
import { recordReview } from "../store/reply-review.ts";
import type { Agent } from "./agent.ts";
import type { InboundRef } from "./analyze-reply.ts";
import { enterSubSequence } from "./enter-sub-sequence.ts";
import { processUnsubscribe } from "./process-unsubscribe.ts";

/** Says whether the lead entered a sub-sequence. Judging it the same again changes nothing. @throws AgentError not_found */
export async function judgeReply(
  agent: Pick<Agent, "db" | "clock" | "log">,
  { workspaceId, inboundMessageId }: InboundRef,
  level: InterestLevel,
): Promise<{ readonly judged: boolean; readonly entered: boolean }> {
  const at = agent.clock.now();
  const done = await agent.db.transaction(async (tx) => {
    const inbound = await inboundById(tx, workspaceId, inboundMessageId);
    if (inbound?.verdict !== "reply") throw new AgentError("not_found", `There is no reply ${inboundMessageId}.`);
    if (!(await recordReview(tx, workspaceId, inboundMessageId, level, at))) return { judged: false, entered: false };
    const identityKey = level === "unsubscribe" ? parseEmailAddress(inbound.fromAddress ?? "")?.identityKey : undefined;
    const evidence = { inbound: inboundMessageId, judged_by: "person" };
    if (identityKey)
      await processUnsubscribe(tx, { workspaceId, identityKey, campaignId: null, source: "person", evidence, inboundMessageId }, at);
    return { judged: true, entered: await enterSubSequence(tx, workspaceId, { ...inbound, interestLevel: level }, at) };
  });
  if (done.judged) agent.log.info({ event: "reply.judged_by_person", inbound: inboundMessageId, level, entered: done.entered });
  return done;
}
