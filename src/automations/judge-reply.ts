// A person says what a reply means, where the analyst was unsure or wrong. What follows is what follows its judgements.
import { AgentError } from "../core/errors.ts";
import type { EnrollmentId, InboundMessageId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { InterestLevel } from "../core/words.ts";
import type { Tx } from "../store/database.ts";
import { historyOf, lockEnrollment, stopEnrollments } from "../store/enrollment.ts";
import { lockInbound } from "../store/inbound-page.ts";
import { cancelUnsent } from "../store/message-recall.ts";
import { recordReview } from "../store/reply-review.ts";
import type { Agent } from "./agent.ts";
import type { InboundRef } from "./analyze-reply.ts";
import { followJudgement } from "./follow-judgement.ts";

/**
 * Says whether this changed the judgement, and whether the lead entered a sub-sequence. Saying again what was judged already only puts a person's
 * name to it. Throws `not_found`, and `wrong_state` for a mail that is no reply.
 */
export async function judgeReply(
  agent: Pick<Agent, "db" | "clock" | "log">,
  { workspaceId, inboundMessageId }: InboundRef,
  { level, note = null }: { readonly level: InterestLevel; readonly note?: string | null },
): Promise<{ readonly judged: boolean; readonly entered: boolean }> {
  const at = agent.clock.now();
  const done = await agent.db.transaction(async (tx) => {
    const inbound = await lockInbound(tx, workspaceId, inboundMessageId);
    if (!inbound) throw new AgentError("not_found", `There is no reply ${inboundMessageId}.`);
    if (inbound.verdict !== "reply")
      throw new AgentError("wrong_state", `The mail is no reply (${inbound.verdict}), so it says nothing about interest.`);
    await recordReview(tx, workspaceId, inboundMessageId, { level, note }, at);
    if (inbound.interestLevel === level) return { judged: false, entered: false };
    if (inbound.enrollmentId) await leaveWhatItLedTo(tx, workspaceId, inbound.enrollmentId, inboundMessageId, at);
    const judged = { ...inbound, interestLevel: level };
    return {
      judged: true,
      entered: await followJudgement(tx, workspaceId, judged, { source: "person", evidence: { judged_by: "person" } }, at),
    };
  });
  if (done.judged) agent.log.info({ event: "reply.judged_by_person", inbound: inboundMessageId, level, entered: done.entered });
  return done;
}

/** Nobody who said no gets the mails for those who said yes. Only what this very reply began: a later one may have put the lead elsewhere since. */
async function leaveWhatItLedTo(tx: Tx, workspaceId: WorkspaceId, id: EnrollmentId, inbound: InboundMessageId, at: Instant): Promise<void> {
  if (!(await lockEnrollment(tx, workspaceId, id))) return;
  const entered = (await historyOf(tx, workspaceId, id)).findLast((event) => event.reason === "entered_sub_sequence");
  if (entered?.detail["inbound"] !== inbound) return;
  const stop = { workspaceId, ids: [id], state: "replied", reason: "judgement_corrected", detail: { inbound } } as const;
  await stopEnrollments(tx, stop, at);
  await cancelUnsent(tx, workspaceId, [id], "judgement_corrected", at);
}
