// Messages: every mail that went out or will, with its bytes; what a person says about uncertain ones; previews and tests.
import { z } from "zod";
import { previewFor } from "../../automations/preview-step.ts";
import { sendTest } from "../../automations/send-test.ts";
import { cancelByPerson, sayWasSent, sendAgainByPerson } from "../../automations/settle-message.ts";
import { parseEmailAddress } from "../../core/email-address.ts";
import type { MessageId } from "../../core/ids.ts";
import { MESSAGE_STATES } from "../../core/words.ts";
import { type ListedMessage, listedMessage, messageBytes, pageOfMessages } from "../../store/message-page.ts";
import { idOf, instant, nothing, oneOrMore, pageOfItems, pageRequest, paging, words } from "./contract.ts";
import { found } from "./found.ts";
import { mailContent, readableMail } from "./mail-content.ts";
import { type Context, operation } from "./operation.ts";

const state = z.enum(MESSAGE_STATES);
const params = z.object({ messageId: idOf<"message">() });
const ofCampaign = z.object({ campaignId: idOf<"campaign">() });

const fields = {
  id: idOf<"message">(),
  kind: z.enum(["step", "answer", "test", "notice"]),
  state,
  reason: z.string().nullable().describe("Why it failed, waits, is uncertain or was cancelled"),
  campaignId: idOf<"campaign">().nullable(),
  campaign: z.string().nullable(),
  enrollmentId: idOf<"enrollment">().nullable(),
  leadId: idOf<"lead">().nullable(),
  stepId: idOf<"step">().nullable(),
  sequenceVersion: z.number().int().nullable().describe("The version of the sequence that it was written from; null for what is no step"),
  step: z.string().nullable().describe("The name of its step"),
  visit: z.number().int().nullable(),
  mailboxId: idOf<"mailbox">(),
  mailbox: z.string(),
  recipient: z.string(),
  subject: z.string().nullable().describe("Null before it was written"),
  messageId: z.string().describe("The Message-ID of its header"),
  inReplyTo: z.string().nullable(),
  slotAt: instant.describe("The moment that the planner gave it"),
  sentAt: instant.nullable(),
  attempts: z.number().int(),
  nextAttemptAt: instant.nullable(),
  smtpResponse: z.string().nullable().describe("What the server said last"),
  createdAt: instant,
};

export const message = z.object(fields).meta({ id: "Message" });
const messageWithContent = z
  .object({ ...fields, content: mailContent.nullable().describe("Null before it was written") })
  .meta({ id: "MessageWithContent" });

const preview = z
  .object({
    from: z.string(),
    to: z.string(),
    subject: z.string(),
    text: z.string(),
    html: z.string().nullable(),
    headers: z.array(z.object({ name: z.string(), value: z.string() })).readonly(),
  })
  .meta({ id: "Preview" });

const stepOfLead = {
  leadId: idOf<"lead">(),
  step: words(100).describe("The name of the step"),
  sequence: words(100).nullable().default(null).describe("The name of its sub-sequence; null for the main sequence"),
};

const email = z
  .string()
  .max(320)
  .transform((text, context) => {
    const parsed = parseEmailAddress(text);
    if (parsed) return parsed;
    context.addIssue("must be an email address");
    return z.NEVER;
  });

export const messageOperations = [
  operation({
    id: "messages.list",
    method: "GET",
    path: "/messages",
    summary: "Mails that went out, are on their way or failed, newest first",
    permission: "messages:read",
    query: z.strictObject({
      ...paging,
      campaignId: idOf<"campaign">().optional(),
      leadId: idOf<"lead">().optional(),
      mailboxId: idOf<"mailbox">().optional(),
      state: oneOrMore(state).optional(),
    }),
    result: pageOfItems(message),
    handle: async ({ agent, workspaceId }, { query }) => {
      const { campaignId = null, leadId = null, mailboxId = null, state: states = null } = query;
      const page = await pageOfMessages(agent.db, workspaceId, { campaignId, leadId, mailboxId, states }, pageRequest(query));
      return { ...page, items: page.items.map(asListed) };
    },
  }),
  operation({
    id: "messages.read",
    method: "GET",
    path: "/messages/:messageId",
    summary: "A mail with its headers, its words and its bytes",
    permission: "messages:read",
    params,
    result: messageWithContent,
    handle: async (context, { params }) => {
      const one = await shown(context, params.messageId);
      const raw = await messageBytes(context.agent.db, context.workspaceId, params.messageId);
      return { ...one, content: raw && (await readableMail(raw)) };
    },
  }),
  operation({
    id: "messages.wasSent",
    method: "POST",
    path: "/messages/:messageId/was-sent",
    summary: "An uncertain mail arrived: its lead goes on as after any other",
    permission: "messages:write",
    params,
    body: nothing,
    result: message,
    handle: async (context, { params }) => {
      await sayWasSent(context.agent, { workspaceId: context.workspaceId, ...params });
      return shown(context, params.messageId);
    },
  }),
  operation({
    id: "messages.sendAgain",
    method: "POST",
    path: "/messages/:messageId/send-again",
    summary: "An uncertain mail did not arrive: the same bytes go out again",
    permission: "messages:write",
    params,
    body: nothing,
    result: message,
    handle: async (context, { params }) => {
      await sendAgainByPerson(context.agent, { workspaceId: context.workspaceId, ...params });
      return shown(context, params.messageId);
    },
  }),
  operation({
    id: "messages.cancel",
    method: "POST",
    path: "/messages/:messageId/cancel",
    summary: "A mail that waits does not go out; its lead goes on with the step behind it",
    permission: "messages:write",
    params,
    body: nothing,
    result: message,
    handle: async (context, { params }) => {
      await cancelByPerson(context.agent, { workspaceId: context.workspaceId, ...params });
      return shown(context, params.messageId);
    },
  }),
  operation({
    id: "messages.preview",
    method: "POST",
    path: "/campaigns/:campaignId/preview",
    summary: "What a step would say to a lead; sends nothing",
    permission: "campaigns:read",
    params: ofCampaign,
    body: z.strictObject(stepOfLead),
    result: preview,
    handle: async ({ agent, workspaceId }, { params, body }) => {
      const { headers, ...written } = await previewFor(agent, { workspaceId, ...params, ...body });
      return { ...written, headers: headers.map(([name, value]) => ({ name, value })) };
    },
  }),
  operation({
    id: "messages.sendTest",
    method: "POST",
    path: "/campaigns/:campaignId/test-send",
    summary: "Sends a step, as it would be written to a lead, to an address of yours",
    permission: "messages:write",
    params: ofCampaign,
    body: z.strictObject({ ...stepOfLead, to: email }),
    result: message,
    ownTransactions: true,
    handle: async (context, { params, body }) => {
      const { agent, workspaceId } = context;
      return shown(context, await sendTest(agent, { workspaceId, ...params, ...body }));
    },
  }),
];

async function shown({ agent, workspaceId }: Context, id: MessageId): Promise<z.output<typeof message>> {
  const { stepLineage, ...one } = found(await listedMessage(agent.db, workspaceId, id));
  return { ...one, step: stepLineage };
}

export function asListed({ stepLineage, ...one }: ListedMessage): z.output<typeof message> {
  return { ...one, step: stepLineage };
}
