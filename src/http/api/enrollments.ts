// Enrollments: where a lead stands in a campaign, what happened to it there, and what a person does about it.
import { z } from "zod";
import { enrollByPerson, enterByPerson } from "../../automations/enroll-by-person.ts";
import { holdByPerson, removeByPerson, resumeByPerson } from "../../automations/hold-by-person.ts";
import type { EnrollmentId } from "../../core/ids.ts";
import { ENROLLMENT_STATES } from "../../core/words.ts";
import { campaignById } from "../../store/campaign.ts";
import { historyOf } from "../../store/enrollment.ts";
import { enrollmentOfLeadIn, listedEnrollment, pageOfEnrollments } from "../../store/enrollment-page.ts";
import { leadById } from "../../store/lead.ts";
import { idOf, instant, nothing, oneOrMore, pageOfItems, pageRequest, paging, words } from "./contract.ts";
import { found } from "./found.ts";
import { type Context, operation } from "./operation.ts";

const state = z.enum(ENROLLMENT_STATES);
const params = z.object({ enrollmentId: idOf<"enrollment">() });

const fields = {
  id: idOf<"enrollment">(),
  campaignId: idOf<"campaign">(),
  campaign: z.string(),
  leadId: idOf<"lead">(),
  lead: z.string().describe("The address"),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  company: z.string().nullable(),
  mailboxId: idOf<"mailbox">(),
  mailbox: z.string(),
  state,
  reason: z.string().describe("Why it is in this state"),
  sequenceId: idOf<"sequence">(),
  sequence: z.string(),
  staysInVersion: z.number().int().nullable().describe("The version of the sequence that it stays in; null: it follows the newest one"),
  visit: z.number().int().describe("How often it entered a sequence"),
  nextStepId: idOf<"step">().nullable(),
  nextStep: z.string().nullable().describe("Null when no mail is to come"),
  nextAt: instant.nullable().describe("When it acts next; of one that is held: until when, null for until a person resumes it"),
  pendingMessageId: idOf<"message">().nullable().describe("The mail that is on its way"),
  version: z.number().int(),
  createdAt: instant,
  updatedAt: instant,
};

const enrollment = z.object(fields).meta({ id: "Enrollment" });
const enrollmentEvent = z
  .object({
    at: instant,
    reason: z.string(),
    fromState: state.nullable(),
    toState: state.nullable(),
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "EnrollmentEvent" });
const enrollmentWithHistory = z
  .object({ ...fields, history: z.array(enrollmentEvent).readonly().describe("Oldest first") })
  .meta({ id: "EnrollmentWithHistory" });

const filter = z.strictObject({
  ...paging,
  state: oneOrMore(state).optional(),
  search: words(200).optional().describe("A part of the lead's address"),
});

export const enrollmentOperations = [
  operation({
    id: "enrollments.ofCampaign",
    method: "GET",
    path: "/campaigns/:campaignId/enrollments",
    summary: "The leads of a campaign, the latest change first",
    permission: "campaigns:read",
    params: z.object({ campaignId: idOf<"campaign">() }),
    query: filter,
    result: pageOfItems(enrollment),
    handle: async ({ agent, workspaceId }, { params: { campaignId }, query }) => {
      found(await campaignById(agent.db, workspaceId, campaignId));
      const wanted = { campaignId, leadId: null, states: query.state ?? null, search: query.search ?? null };
      return pageOfEnrollments(agent.db, workspaceId, wanted, pageRequest(query));
    },
  }),
  operation({
    id: "enrollments.ofLead",
    method: "GET",
    path: "/leads/:leadId/enrollments",
    summary: "The campaigns that a lead is in, the latest change first",
    permission: "campaigns:read",
    params: z.object({ leadId: idOf<"lead">() }),
    query: z.strictObject({ ...paging, state: oneOrMore(state).optional() }),
    result: pageOfItems(enrollment),
    handle: async ({ agent, workspaceId }, { params: { leadId }, query }) => {
      found(await leadById(agent.db, workspaceId, leadId));
      const wanted = { campaignId: null, leadId, states: query.state ?? null, search: null };
      return pageOfEnrollments(agent.db, workspaceId, wanted, pageRequest(query));
    },
  }),
  operation({
    id: "enrollments.create",
    method: "POST",
    path: "/campaigns/:campaignId/enrollments",
    summary: "Puts a lead into a campaign that runs, whatever its audience is",
    permission: "campaigns:write",
    params: z.object({ campaignId: idOf<"campaign">() }),
    body: z.strictObject({ leadId: idOf<"lead">() }),
    result: enrollmentWithHistory,
    status: 201,
    handle: async (context, { params: { campaignId }, body: { leadId } }) => {
      const { agent, workspaceId } = context;
      await enrollByPerson(agent, { workspaceId, campaignId, leadId });
      return shown(context, found(await enrollmentOfLeadIn(agent.db, workspaceId, campaignId, leadId)));
    },
  }),
  operation({
    id: "enrollments.read",
    method: "GET",
    path: "/enrollments/:enrollmentId",
    summary: "An enrollment with its history",
    permission: "campaigns:read",
    params,
    result: enrollmentWithHistory,
    handle: async (context, { params }) => shown(context, params.enrollmentId),
  }),
  operation({
    id: "enrollments.hold",
    method: "POST",
    path: "/enrollments/:enrollmentId/hold",
    summary: "Nothing is sent to the lead before a moment, or until somebody resumes it",
    permission: "campaigns:write",
    params,
    body: z.strictObject({ until: instant.nullable().default(null) }),
    result: enrollmentWithHistory,
    handle: async (context, { params, body }) => {
      await holdByPerson(context.agent, { workspaceId: context.workspaceId, ...params }, body.until);
      return shown(context, params.enrollmentId);
    },
  }),
  operation({
    id: "enrollments.resume",
    method: "POST",
    path: "/enrollments/:enrollmentId/resume",
    summary: "Lets one that is held go on",
    permission: "campaigns:write",
    params,
    body: nothing,
    result: enrollmentWithHistory,
    handle: async (context, { params }) => {
      await resumeByPerson(context.agent, { workspaceId: context.workspaceId, ...params });
      return shown(context, params.enrollmentId);
    },
  }),
  operation({
    id: "enrollments.remove",
    method: "POST",
    path: "/enrollments/:enrollmentId/remove",
    summary: "Takes the lead out of the campaign for good; what is not on the wire yet is cancelled",
    permission: "campaigns:write",
    params,
    body: nothing,
    result: enrollmentWithHistory,
    handle: async (context, { params }) => {
      await removeByPerson(context.agent, { workspaceId: context.workspaceId, ...params });
      return shown(context, params.enrollmentId);
    },
  }),
  operation({
    id: "enrollments.enter",
    method: "POST",
    path: "/enrollments/:enrollmentId/enter",
    summary: "Puts the lead into a sub-sequence of the campaign",
    permission: "campaigns:write",
    params,
    body: z.strictObject({ sequenceId: idOf<"sequence">() }),
    result: enrollmentWithHistory,
    handle: async (context, { params, body }) => {
      await enterByPerson(context.agent, { workspaceId: context.workspaceId, ...params, ...body });
      return shown(context, params.enrollmentId);
    },
  }),
];

async function shown({ agent, workspaceId }: Context, id: EnrollmentId): Promise<z.output<typeof enrollmentWithHistory>> {
  const one = found(await listedEnrollment(agent.db, workspaceId, id));
  return { ...one, history: await historyOf(agent.db, workspaceId, id) };
}
