// What does a reply mean, and what follows? Slow work, so a job of its own: the mail was stored and the sequence stopped before.

import type { InboundMessageId, WorkspaceId } from "../core/ids.ts";
import { inboundById, recordAnalysis } from "../store/inbound.ts";
import type { Agent } from "./agent.ts";
import { followJudgement } from "./follow-judgement.ts";

export interface InboundRef {
  readonly workspaceId: WorkspaceId;
  readonly inboundMessageId: InboundMessageId;
}

/** Judges a reply once; a second run finds it judged and does nothing. */
export async function analyzeReply(
  agent: Agent,
  { workspaceId, inboundMessageId }: InboundRef,
): Promise<{ judged: number; entered: number }> {
  const inbound = await inboundById(agent.db, workspaceId, inboundMessageId);
  if (!inbound || inbound.verdict !== "reply" || inbound.interestLevel !== "not_analyzed") return { judged: 0, entered: 0 };
  const judgement = await agent.analyst.analyze({ newText: inbound.visibleText ?? "", subject: inbound.subject ?? "" });
  const now = agent.clock.now();
  return agent.db.transaction(async (tx) => {
    const analysis = { analyst: agent.analyst.name, version: agent.analyst.version, ...judgement };
    if (!(await recordAnalysis(tx, workspaceId, inboundMessageId, analysis, now))) return { judged: 0, entered: 0 };
    agent.log.info({ event: "reply.judged", inbound: inboundMessageId, level: judgement.level, confidence: judgement.confidence });
    const judged = { ...inbound, interestLevel: judgement.level };
    const entered = await followJudgement(tx, workspaceId, judged, { source: "reply", evidence: { words: judgement.evidence } }, now);
    return { judged: 1, entered: entered ? 1 : 0 };
  });
}
