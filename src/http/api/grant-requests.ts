// Mailboxes of Google, Microsoft and other OpenID providers: an owner is sent there to agree, and whoever asked for it learns what became of it.
import { z } from "zod";
import { beginByWeb } from "../../automations/connect-by-web.ts";
import { connectRequest } from "../../automations/connect-mailbox.ts";
import { ERROR_CODES, type ErrorCode } from "../../core/errors.ts";
import { type GrantRequestState, grantRequestById } from "../../store/grant-request.ts";
import { idOf, instant } from "./contract.ts";
import { found } from "./found.ts";
import { withReplyMailbox } from "./mailboxes.ts";
import { operation } from "./operation.ts";

const grantRequestId = idOf<"grant_request">();
const mailboxId = idOf<"mailbox">();
const oauth = z.enum(["google", "microsoft", "custom"]);

const wanted = connectRequest.omit({ replyMailbox: true }).extend({
  email: z.string().min(3).max(320),
  oauth: oauth.describe("At whom its owner signs in"),
  account: z.string().max(320).optional().describe("As whom, where that is not the address: a shared mailbox"),
  replyMailboxId: mailboxId.nullish(),
});

const grantRequest = z
  .object({
    id: grantRequestId,
    email: z.string(),
    oauth,
    state: z
      .enum(["waiting", "connected", "failed", "expired"])
      .describe("waiting: nobody came back from the provider yet; expired: nobody did in time"),
    expiresAt: instant,
    mailboxId: mailboxId.nullable().describe("The mailbox that was connected"),
    error: z
      .object({ code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]), message: z.string() })
      .nullable()
      .describe("Why it failed; begin again"),
  })
  .meta({ id: "GrantRequest" });

export const grantRequestOperations = [
  operation({
    id: "grantRequests.create",
    method: "POST",
    path: "/grant-requests",
    summary: "Begins to connect a mailbox, new or known, by OAuth: gives a link for its owner, who signs in at the provider and agrees",
    permission: "mailboxes:write",
    body: wanted,
    result: z.object({
      id: grantRequestId,
      link: z.url().describe("Works once, in one browser, until it runs out"),
      expiresAt: instant,
    }),
    status: 201,
    ownTransactions: true,
    handle: async (context, { body: { oauth: provider, ...body } }) => {
      const { agent, workspaceId, caller } = context;
      return beginByWeb(agent, { workspaceId, provider, by: caller.actor }, await withReplyMailbox(context, body));
    },
  }),
  operation({
    id: "grantRequests.read",
    method: "GET",
    path: "/grant-requests/:grantRequestId",
    summary: "What became of it: kept for a day",
    permission: "mailboxes:read",
    params: z.object({ grantRequestId }),
    result: grantRequest,
    handle: async ({ agent, workspaceId, now }, { params }) =>
      shown(found(await grantRequestById(agent.db, workspaceId, params.grantRequestId)), now),
  }),
];

function shown({ id, email, provider, expiresAt, endedAt, mailboxId: connected, errorCode, errorMessage }: GrantRequestState, now: Date) {
  const error = errorCode === null ? null : { code: errorCode as ErrorCode, message: errorMessage ?? "" };
  const unanswered = expiresAt <= now ? ("expired" as const) : ("waiting" as const);
  const state = endedAt === null ? unanswered : error ? ("failed" as const) : ("connected" as const);
  return { id, email, oauth: provider, state, expiresAt, mailboxId: connected, error };
}
