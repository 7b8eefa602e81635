// Mail that came in: the inbox over all mailboxes, one mail with why it was judged so, and what a person says about it.
import { z } from "zod";
import { assignByPerson } from "../../automations/assign-inbound.ts";
import { judgeReply } from "../../automations/judge-reply.ts";
import type { InboundMessageId } from "../../core/ids.ts";
import { INTEREST_LEVELS } from "../../core/words.ts";
import { setHandled, VERDICTS } from "../../store/inbound.ts";
import { inboundBytes, judgementsOf, listedInbound, pageOfInbound } from "../../store/inbound-page.ts";
import { idOf, instant, oneOrMore, pageOfItems, pageRequest, paging, words } from "./contract.ts";
import { found } from "./found.ts";
import { mailContent, readableMail } from "./mail-content.ts";
import { type Context, operation } from "./operation.ts";

const verdict = z.enum(VERDICTS);
const disposition = z.enum(["matched", "unmatched", "ignored"]);
const interest = z.enum([...INTEREST_LEVELS, "not_analyzed", "needs_review"]);
const method = z.enum([
  "in_reply_to",
  "references",
  "plus_address",
  "quoted_original",
  "original_recipient",
  "subject_and_address",
  "address",
  "person",
]);
const params = z.object({ inboundMessageId: idOf<"inbound_message">() });

const fields = {
  id: idOf<"inbound_message">(),
  mailboxId: idOf<"mailbox">(),
  mailbox: z.string(),
  receivedAt: instant,
  sentDate: instant.nullable().describe("What the sender's program says"),
  messageId: z.string().nullable().describe("The Message-ID of its header"),
  fromAddress: z.string().nullable(),
  fromName: z.string().nullable(),
  subject: z.string().nullable(),
  verdict: verdict.describe("What it is"),
  disposition: disposition.describe("`ignored`: tied to nothing, and nothing of it was kept"),
  dispositionReason: z.string(),
  matchMethod: method.nullable().describe("How it was tied to what it answers"),
  answeredMessageId: idOf<"message">().nullable(),
  enrollmentId: idOf<"enrollment">().nullable(),
  campaignId: idOf<"campaign">().nullable(),
  campaign: z.string().nullable(),
  leadId: idOf<"lead">().nullable(),
  lead: z.string().nullable(),
  suggestedLeadId: idOf<"lead">().nullable().describe("A guess for a person to confirm"),
  suggestedLead: z.string().nullable(),
  interestLevel: interest,
  visibleText: z.string().nullable().describe("The new words: no quote, no signature"),
  handledAt: instant.nullable().describe("When a person had dealt with it"),
};

export const inbound = z.object(fields).meta({ id: "InboundMessage" });
const judgement = z
  .object({
    at: instant,
    analyst: z.string().describe("`person`, or the name of what judged"),
    version: z.string(),
    level: interest,
    confidence: z.number(),
    evidence: z.string().nullable().describe("The words that decided, or a person's note"),
    why: z.array(z.string()).readonly(),
  })
  .meta({ id: "Judgement" });
const inboundWithJudgements = z
  .object({
    ...fields,
    verdictWhy: z.array(z.string()).readonly().describe("The rules that decided, with what they saw"),
    judgements: z.array(judgement).readonly().describe("Newest first: the first one counts"),
  })
  .meta({ id: "InboundMessageWithJudgements" });
const inboundWithContent = z
  .object({ ...inboundWithJudgements.shape, content: mailContent.nullable().describe("Null when nothing of it was kept") })
  .meta({ id: "InboundMessageWithContent" });

const judgedInbound = z.object({
  ...inboundWithJudgements.shape,
  judged: z.boolean().describe("False: it meant that before"),
  entered: z.boolean().describe("Whether its lead entered a sub-sequence"),
});

export const inboundOperations = [
  operation({
    id: "inbound.list",
    method: "GET",
    path: "/inbound-messages",
    summary: "Mail that came in, newest first; ignored mail only where it is asked for",
    permission: "messages:read",
    query: z.strictObject({
      ...paging,
      disposition: oneOrMore(disposition).default(["matched", "unmatched"]),
      verdict: oneOrMore(verdict).optional(),
      interestLevel: oneOrMore(interest).optional(),
      campaignId: idOf<"campaign">().optional(),
      leadId: idOf<"lead">().optional(),
      mailboxId: idOf<"mailbox">().optional(),
      handled: z.enum(["true", "false"]).optional(),
    }),
    result: pageOfItems(inbound),
    handle: async ({ agent, workspaceId }, { query }) => {
      const { verdict: verdicts = null, interestLevel: interestLevels = null, disposition: dispositions } = query;
      const { campaignId = null, leadId = null, mailboxId = null } = query;
      const handled = query.handled === undefined ? null : query.handled === "true";
      const filter = { dispositions, verdicts, interestLevels, campaignId, leadId, mailboxId, handled };
      return pageOfInbound(agent.db, workspaceId, filter, pageRequest(query));
    },
  }),
  operation({
    id: "inbound.read",
    method: "GET",
    path: "/inbound-messages/:inboundMessageId",
    summary: "A mail that came in, with its content, its verdict and every judgement",
    permission: "messages:read",
    params,
    result: inboundWithContent,
    handle: async (context, { params }) => {
      const one = await shown(context, params.inboundMessageId);
      const raw = await inboundBytes(context.agent.db, context.workspaceId, params.inboundMessageId);
      return { ...one, content: raw && (await readableMail(raw)) };
    },
  }),
  operation({
    id: "inbound.handle",
    method: "POST",
    path: "/inbound-messages/:inboundMessageId/handled",
    summary: "Marks that a person has dealt with it, or has not",
    permission: "messages:write",
    params,
    body: z.strictObject({ handled: z.boolean().default(true) }),
    result: inboundWithJudgements,
    handle: async (context, { params, body }) => {
      const { agent, workspaceId, now } = context;
      await setHandled(agent.db, workspaceId, params.inboundMessageId, body.handled ? now : null);
      return shown(context, params.inboundMessageId);
    },
  }),
  operation({
    id: "inbound.judge",
    method: "POST",
    path: "/inbound-messages/:inboundMessageId/judge",
    summary: "Says what a reply means; the lead enters the sub-sequence that answers it, and leaves the one that a wrong judgement led to",
    permission: "messages:write",
    params,
    body: z.strictObject({ interestLevel: z.enum(INTEREST_LEVELS), note: words(2_000).nullable().default(null) }),
    result: judgedInbound,
    handle: async (context, { params, body }) => {
      const reply = { workspaceId: context.workspaceId, ...params };
      const done = await judgeReply(context.agent, reply, { level: body.interestLevel, note: body.note });
      return { ...(await shown(context, params.inboundMessageId)), ...done };
    },
  }),
  operation({
    id: "inbound.assign",
    method: "POST",
    path: "/inbound-messages/:inboundMessageId/assign",
    summary: "Says whose an unmatched mail is; it then counts as that lead's reply",
    permission: "messages:write",
    params,
    body: z.strictObject({
      leadId: idOf<"lead">(),
      enrollmentId: idOf<"enrollment">().nullable().default(null).describe("Null: the one that was written to last"),
    }),
    result: inboundWithJudgements,
    handle: async (context, { params, body }) => {
      await assignByPerson(context.agent, { workspaceId: context.workspaceId, ...params, ...body });
      return shown(context, params.inboundMessageId);
    },
  }),
];

async function shown({ agent, workspaceId }: Context, id: InboundMessageId): Promise<z.output<typeof inboundWithJudgements>> {
  const one = found(await listedInbound(agent.db, workspaceId, id));
  return { ...one, judgements: await judgementsOf(agent.db, workspaceId, id) };
}
