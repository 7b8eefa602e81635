// Mailboxes: their servers, limits and health; how to add, change, test, pause and remove them. Passwords come in and never go out.
import { z } from "zod";
import { addNewMailbox, changeMailbox } from "../../automations/add-mailbox.ts";
import { listMailboxHealth, type MailboxHealth, mailboxHealth } from "../../automations/mailbox-health.ts";
import { mailboxRequest } from "../../automations/mailbox-request.ts";
import { existingMailbox, pauseByPerson, resumeByPerson } from "../../automations/pause-mailbox.ts";
import { removeMailbox } from "../../automations/remove-mailbox.ts";
import { testMailbox } from "../../automations/test-mailbox.ts";
import { whyMailbox } from "../../automations/why.ts";
import { AgentError, ERROR_CODES, type ErrorCode } from "../../core/errors.ts";
import type { MailboxId } from "../../core/ids.ts";
import { MAILBOX_PRESETS } from "../../core/mailbox-presets.ts";
import type { MailServer } from "../../store/mailbox.ts";
import { exactAddress, idOf, instant, pageOfItems, pageRequest, paging, words } from "./contract.ts";
import { type Context, operation } from "./operation.ts";
import { whyToday } from "./why-today.ts";

const PAUSES = [
  "smtp_auth",
  "imap_auth",
  "grant_revoked",
  "oauth_client",
  "sender_refused",
  "daily_limit",
  "tls",
  "unsigned",
  "domain",
  "person",
] as const;
const security = z.enum(["tls", "starttls", "none"]);
const state = z.enum(["active", "paused"]);
const mailboxId = idOf<"mailbox">();
const ofMailbox = z.object({ mailboxId });

const server = z
  .object({
    host: z.string(),
    port: z.number().int(),
    security,
    username: z.string().nullable(),
    login: z.enum(["none", "password", "oauth"]).describe("By what it logs in"),
    oauth: z.enum(["google", "microsoft", "custom"]).nullable().describe("At whom its owner agreed, where it logs in by OAuth"),
    hasPassword: z.boolean(),
  })
  .meta({ id: "MailServer" });
const mailbox = z
  .object({
    id: mailboxId,
    email: z.string(),
    fromName: z.string().nullable(),
    provider: z.enum(["gmail", "microsoft365", "hostinger", "custom"]),
    smtp: server,
    imap: server.nullable().describe("Null: a relay, which only sends"),
    replyMailboxId: mailboxId.nullable().describe("Where the answers to a relay arrive"),
    extraFolders: z.array(z.string()).readonly(),
    timeZone: z.string().describe("Whose midnight begins its day"),
    dailyCap: z.number().int(),
    minGapSeconds: z.number().int(),
    domainDailyCap: z.number().int().nullable().describe("Mails a day to one mail domain; 0: no limit, null: as the server's settings say"),
    domainHourlyCap: z.number().int().nullable().describe("The same by the hour"),
    rampUp: z
      .object({ from: z.iso.date(), start: z.number().int(), step: z.number().int() })
      .nullable()
      .describe("From that day on `start` mails a day, and `step` more each day, up to the cap"),
    sentCopies: z
      .enum(["provider", "agent", "nobody"])
      .nullable()
      .describe("Who puts copies of sent mails into its Sent folder; null: as the provider is known to, else as its first mail shows"),
    domainWarnings: z.array(z.string()).readonly().describe("What DNS lacks of its domain, in plain words"),
    state,
    pause: z
      .object({ reason: z.enum(PAUSES), detail: z.string().nullable(), since: instant })
      .nullable()
      .describe("Why it rests until a person resumes it, or what keeps its mail from being trusted is mended (unsigned, domain)"),
    backoff: z
      .object({ until: instant, times: z.number().int() })
      .nullable()
      .describe("Its server asked to slow down or did not answer: nothing is sent before `until`"),
    sentUnknownSince: instant
      .nullable()
      .describe("After a restore: it sends nothing until it is known what it has sent since then. Null: it is known"),
    smtpTestedAt: instant.nullable(),
    imapTestedAt: instant.nullable(),
    lastReadAt: instant.nullable().describe("Since when its inbox is known to be read to the end"),
    today: z.object({ day: z.iso.date(), used: z.number().int(), cap: z.number().int() }).describe("Its local day's budget"),
    campaigns: z.number().int().describe("How many may send from it"),
    version: z.number().int(),
  })
  .meta({ id: "Mailbox" });

const login = z.union([
  z.object({ ok: z.literal(true) }),
  z.object({
    ok: z.literal(false),
    code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
    message: z.string(),
    retryable: z.boolean(),
  }),
]);
const tests = z.object({ smtp: login, imap: login.nullable().describe("Null: a relay, which is not read") }).meta({ id: "MailboxTests" });
const saved = z.object({ mailbox, tests: tests.nullable().describe("Null: not tested") });

const newMailbox = mailboxRequest
  .omit({ replyMailbox: true })
  .extend({ email: z.string().min(3).max(320), replyMailboxId: mailboxId.nullish() });
const changes = newMailbox.omit({ email: true });
const preset = z.object({ host: z.string(), port: z.number().int(), security });

export const mailboxOperations = [
  operation({
    id: "mailboxes.list",
    method: "GET",
    path: "/mailboxes",
    summary: "The mailboxes by address, with their limits and health",
    permission: "mailboxes:read",
    query: z.strictObject({ ...paging, state: state.optional(), email: exactAddress.optional() }),
    result: pageOfItems(mailbox),
    handle: async ({ agent, workspaceId }, { query }) => {
      const { items, nextCursor } = await listMailboxHealth(
        agent,
        workspaceId,
        { id: null, state: query.state ?? null, identityKey: query.email ?? null },
        pageRequest(query),
      );
      return { items: items.map(shown), nextCursor };
    },
  }),
  operation({
    id: "mailboxes.presets",
    method: "GET",
    path: "/mailbox-presets",
    summary: "The servers of the big providers, and what their logins want",
    permission: "mailboxes:read",
    result: z.object({
      items: z.array(z.object({ provider: z.enum(["gmail", "microsoft365", "hostinger"]), smtp: preset, imap: preset, hint: z.string() })),
    }),
    handle: () => {
      const providers = ["gmail", "microsoft365", "hostinger"] as const;
      return Promise.resolve({ items: providers.map((provider) => ({ provider, ...MAILBOX_PRESETS[provider] })) });
    },
  }),
  operation({
    id: "mailboxes.create",
    method: "POST",
    path: "/mailboxes",
    summary: "Logs in to both servers, then stores the mailbox; `skipTest` stores it untested",
    permission: "mailboxes:write",
    body: newMailbox,
    result: saved,
    status: 201,
    ownTransactions: true,
    handle: async (context, { body }) => {
      const added = await addNewMailbox(context.agent, { workspaceId: context.workspaceId, ...(await withReplyMailbox(context, body)) });
      return { mailbox: await read(context, added.mailboxId), tests: added.tests };
    },
  }),
  operation({
    id: "mailboxes.read",
    method: "GET",
    path: "/mailboxes/:mailboxId",
    summary: "One mailbox, its limits and its health",
    permission: "mailboxes:read",
    params: ofMailbox,
    result: mailbox,
    handle: (context, { params }) => read(context, params.mailboxId),
  }),
  operation({
    id: "mailboxes.change",
    method: "PATCH",
    path: "/mailboxes/:mailboxId",
    summary: "Changes what is given; new servers or passwords are tested first. Another server needs its password anew",
    permission: "mailboxes:write",
    params: ofMailbox,
    body: changes,
    result: saved,
    ownTransactions: true,
    handle: async (context, { params, body }) => {
      const known = await existingMailbox(context.agent, context.workspaceId, params.mailboxId);
      if (context.ifMatch !== null && context.ifMatch !== String(known.version))
        throw new AgentError("precondition_failed", "Somebody changed this mailbox since it was read; read it again.");
      const changed = await changeMailbox(context.agent, known, await withReplyMailbox(context, body));
      return { mailbox: await read(context, params.mailboxId), tests: changed.tests };
    },
  }),
  operation({
    id: "mailboxes.test",
    method: "POST",
    path: "/mailboxes/:mailboxId/test",
    summary: "Logs in to both servers; a success ends a pause that a failed login caused",
    permission: "mailboxes:write",
    params: ofMailbox,
    result: tests,
    ownTransactions: true,
    handle: async ({ agent, workspaceId }, { params }) => testMailbox(agent, await existingMailbox(agent, workspaceId, params.mailboxId)),
  }),
  operation({
    id: "mailboxes.pause",
    method: "POST",
    path: "/mailboxes/:mailboxId/pause",
    summary: "Neither sends nor reads until a person resumes it",
    permission: "mailboxes:write",
    params: ofMailbox,
    body: z.strictObject({ reason: words(500).optional() }),
    result: mailbox,
    handle: async (context, { params, body }) => {
      const found = await existingMailbox(context.agent, context.workspaceId, params.mailboxId);
      await pauseByPerson(context.agent, found, body.reason ?? `paused by ${context.caller.actor.name}`);
      return read(context, params.mailboxId);
    },
  }),
  operation({
    id: "mailboxes.resume",
    method: "POST",
    path: "/mailboxes/:mailboxId/resume",
    summary: "Ends a pause once both servers let us in; `force` does not ask them",
    permission: "mailboxes:write",
    params: ofMailbox,
    body: z.strictObject({ force: z.boolean().default(false) }),
    result: mailbox,
    ownTransactions: true,
    handle: async (context, { params, body }) => {
      const found = await existingMailbox(context.agent, context.workspaceId, params.mailboxId);
      await resumeByPerson(context.agent, found, body);
      return read(context, params.mailboxId);
    },
  }),
  operation({
    id: "mailboxes.remove",
    method: "DELETE",
    path: "/mailboxes/:mailboxId",
    summary: "Removes a mailbox that no campaign, lead or mail depends on",
    permission: "mailboxes:write",
    params: ofMailbox,
    handle: ({ agent, workspaceId }, { params }) => removeMailbox(agent, workspaceId, params.mailboxId),
  }),
  operation({
    id: "mailboxes.why",
    method: "GET",
    path: "/mailboxes/:mailboxId/why",
    summary: "What goes out from it today, what limits it, and who waits for what",
    permission: "mailboxes:read",
    params: ofMailbox,
    result: whyToday,
    handle: ({ agent, workspaceId }, { params }) => whyMailbox(agent, workspaceId, params.mailboxId),
  }),
];

/** The automation knows mailboxes by address, as people do. */
export async function withReplyMailbox<Given extends { readonly replyMailboxId?: MailboxId | null | undefined }>(
  { agent, workspaceId }: Context,
  { replyMailboxId, ...rest }: Given,
) {
  if (!replyMailboxId) return replyMailboxId === undefined ? rest : { ...rest, replyMailbox: null };
  const { email } = await existingMailbox(agent, workspaceId, replyMailboxId);
  return { ...rest, replyMailbox: email };
}

async function read({ agent, workspaceId }: Context, id: MailboxId) {
  return shown(await mailboxHealth(agent, workspaceId, id));
}

function shown(found: MailboxHealth) {
  const { limits, domainCaps, state: now, pauseReason, pauseDetail, pausedAt, backoffUntil, backoffCount, readToEndAt, ...rest } = found;
  return {
    ...rest,
    smtp: withoutSecret(found.smtp),
    imap: found.imap && withoutSecret(found.imap),
    timeZone: limits.zone,
    dailyCap: limits.dailyCap,
    minGapSeconds: limits.minGapSeconds,
    domainDailyCap: domainCaps.daily,
    domainHourlyCap: domainCaps.hourly,
    rampUp: limits.rampUp,
    state: now,
    pause: pauseReason && pausedAt ? { reason: pauseReason, detail: pauseDetail, since: pausedAt } : null,
    backoff: backoffUntil ? { until: backoffUntil, times: backoffCount } : null,
    lastReadAt: readToEndAt,
  };
}

function withoutSecret({ host, port, security: how, login: { kind, ...by } }: MailServer) {
  const username = "username" in by ? by.username : null;
  const oauth = "provider" in by ? by.provider : null;
  return { host, port, security: how, username, login: kind, oauth, hasPassword: kind === "password" };
}
