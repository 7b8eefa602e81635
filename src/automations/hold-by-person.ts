// A person stops a lead in one campaign: for a while, until they say otherwise, or for good.
import { AgentError } from "../core/errors.ts";
import type { EnrollmentId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Tx } from "../store/database.ts";
import { type Enrollment, lockEnrollment, stopEnrollments } from "../store/enrollment.ts";
import { holdEnrollments, releaseHold } from "../store/enrollment-time.ts";
import { cancelUnsent } from "../store/message-recall.ts";
import type { Agent } from "./agent.ts";

export interface EnrollmentRef {
  readonly workspaceId: WorkspaceId;
  readonly enrollmentId: EnrollmentId;
}

/**
 * Nothing goes out before `until` (null: until a person resumes it). A person's word counts more than an older hold, also when it is shorter.
 * Throws `not_found`, `invalid_input` for a moment that is past, and `wrong_state` where nothing is to come that could be held.
 */
export function holdByPerson(agent: Agent, { workspaceId, enrollmentId }: EnrollmentRef, until: Instant | null): Promise<void> {
  const at = agent.clock.now();
  if (until && until <= at) throw new AgentError("invalid_input", "The end of a hold lies in the future.");
  return agent.db.transaction(async (tx) => {
    const enrollment = await existing(tx, workspaceId, enrollmentId);
    if (enrollment.state === "held") await releaseHold(tx, workspaceId, enrollmentId, "hold_changed_by_person", at);
    const hold = { workspaceId, ids: [enrollmentId], until, reason: "held_by_person" };
    if ((await holdEnrollments(tx, hold, at)).length === 0) throw wrongState(enrollment, "only what is still to be sent can be held");
  });
}

/** Throws `not_found`, and `wrong_state` unless it is held. */
export function resumeByPerson(agent: Agent, { workspaceId, enrollmentId }: EnrollmentRef): Promise<void> {
  return agent.db.transaction(async (tx) => {
    const enrollment = await existing(tx, workspaceId, enrollmentId);
    const released = await releaseHold(tx, workspaceId, enrollmentId, "resumed_by_person", agent.clock.now());
    if (!released) throw wrongState(enrollment, "only one that is held can be resumed");
    await agent.jobs.enqueue(tx, "advance-enrollments", {}, "advance-enrollments");
  });
}

/** Ends it for good; what is not on the wire yet is cancelled. Doing it again changes nothing. Throws `not_found` and `wrong_state`. */
export function removeByPerson(agent: Agent, { workspaceId, enrollmentId }: EnrollmentRef): Promise<void> {
  const at = agent.clock.now();
  return agent.db.transaction(async (tx) => {
    const enrollment = await existing(tx, workspaceId, enrollmentId);
    if (enrollment.state === "removed") return;
    const stop = { workspaceId, ids: [enrollmentId], state: "removed", reason: "removed_by_person" } as const;
    if ((await stopEnrollments(tx, stop, at)).length === 0) throw wrongState(enrollment, "it has ended for good already");
    await cancelUnsent(tx, workspaceId, [enrollmentId], "removed", at);
  });
}

export async function existing(tx: Tx, workspaceId: WorkspaceId, id: EnrollmentId): Promise<Enrollment> {
  const enrollment = await lockEnrollment(tx, workspaceId, id);
  if (!enrollment) throw new AgentError("not_found", "There is no such enrollment.");
  return enrollment;
}

export function wrongState({ state }: Pick<Enrollment, "state">, because: string): AgentError {
  return new AgentError("wrong_state", `The enrollment is ${state}; ${because}.`, { detail: { state } });
}
