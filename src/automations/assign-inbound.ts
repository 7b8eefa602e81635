// A person says whose mail one is that nobody could tie to anything. From then on it counts as if it had been found out when it came in.
import { AgentError } from "../core/errors.ts";
import type { EnrollmentId, InboundMessageId, LeadId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Tx } from "../store/database.ts";
import { type Enrollment, enrollmentsOfLead } from "../store/enrollment.ts";
import { assignInbound, type Inbound } from "../store/inbound.ts";
import { lockInbound } from "../store/inbound-page.ts";
import { type Lead, leadById, raiseStatus } from "../store/lead.ts";
import { type Message, messagesOfEnrollment } from "../store/message.ts";
import type { Agent } from "./agent.ts";
import { followReply } from "./apply-verdict.ts";
import { processUnsubscribe } from "./process-unsubscribe.ts";

export interface Assignment {
  readonly workspaceId: WorkspaceId;
  readonly inboundMessageId: InboundMessageId;
  readonly leadId: LeadId;
  /** Null: the one that was written to last. */
  readonly enrollmentId: EnrollmentId | null;
}

/**
 * Throws `not_found` for a mail, a lead or an enrollment of that lead that is not there, and `wrong_state` when the mail is tied to something already,
 * is nobody's, or the enrollment was never written to.
 */
export function assignByPerson(agent: Agent, assignment: Assignment): Promise<void> {
  const { workspaceId, inboundMessageId, leadId } = assignment;
  const at = agent.clock.now();
  return agent.db.transaction(async (tx) => {
    const inbound = await lockInbound(tx, workspaceId, inboundMessageId);
    if (!inbound) throw new AgentError("not_found", "There is no such mail.");
    const lead = await leadById(tx, workspaceId, leadId);
    if (!lead) throw new AgentError("not_found", "There is no such lead.");
    const answered = await answeredMessage(tx, assignment);
    const to = {
      leadId,
      enrollmentId: answered?.enrollmentId ?? null,
      campaignId: answered?.campaignId ?? null,
      answeredMessageId: answered?.id ?? null,
    };
    if (!(await assignInbound(tx, workspaceId, inboundMessageId, to)))
      throw new AgentError("wrong_state", `The mail is ${inbound.disposition}; only an unmatched one can be assigned.`);
    await follow(agent, tx, inbound, lead, answered, at);
  });
}

/** The last mail that went out, or may have, in the enrollment that is meant. */
async function answeredMessage(tx: Tx, { workspaceId, leadId, enrollmentId }: Assignment): Promise<Message | null> {
  const enrollments = (await enrollmentsOfLead(tx, workspaceId, leadId)).filter((one) => enrollmentId === null || one.id === enrollmentId);
  if (enrollmentId !== null && enrollments.length === 0) throw new AgentError("not_found", "The lead has no such enrollment.");
  const sent: Message[] = [];
  for (const one of enrollments) sent.push(...(await sentIn(tx, one)));
  const last = sent.toSorted((a, b) => wentAt(a) - wentAt(b)).at(-1) ?? null;
  if (enrollmentId !== null && !last) throw new AgentError("wrong_state", "No mail was sent in this enrollment that could be answered.");
  return last;
}

async function sentIn(tx: Tx, { workspaceId, id }: Enrollment): Promise<Message[]> {
  return (await messagesOfEnrollment(tx, workspaceId, id)).filter(({ state }) => state === "sent" || state === "uncertain");
}

function wentAt({ sentAt, slotAt }: Message): number {
  return (sentAt ?? slotAt).getTime();
}

async function follow(agent: Agent, tx: Tx, inbound: Inbound, lead: Lead, answered: Message | null, at: Instant): Promise<void> {
  const { workspaceId, id: leadId, identityKey } = lead;
  if (inbound.verdict === "unsubscribe_request") {
    const evidence = { inbound: inbound.id, assigned_by: "person" };
    const request = { workspaceId, identityKey, campaignId: null, source: "reply", evidence } as const;
    await processUnsubscribe(tx, { ...request, inboundMessageId: inbound.id }, at);
  } else if (answered) await followReply(agent, tx, { workspaceId, id: inbound.id, receivedAt: at }, answered);
  else await raiseStatus(tx, workspaceId, leadId, "engaged", at);
}
