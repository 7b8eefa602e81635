// The team: its members and invitations, its API keys, its audit log.
import { z } from "zod";
import { createApiKey } from "../../access/api-keys.ts";
import { changeRole, inviteMember, type Manager, removeMember } from "../../access/members.ts";
import { AgentError } from "../../core/errors.ts";
import { PERMISSIONS, ROLES } from "../../core/permissions.ts";
import { listApiKeys, revokeApiKey } from "../../store/api-key.ts";
import { listAuditEntries } from "../../store/audit.ts";
import { listMembers, openInvitations, revokeInvitation } from "../../store/member.ts";
import { idOf, instant, nothing, pageOfItems, pageRequest, paging, words } from "./contract.ts";
import { found } from "./found.ts";
import { type Context, operation } from "./operation.ts";

const role = z.enum(ROLES);
const scope = z.enum(PERMISSIONS);
const member = z
  .object({ userId: idOf<"user">(), email: z.string(), name: z.string(), role, hasSecondFactor: z.boolean(), createdAt: instant })
  .meta({ id: "Member" });
const invitation = z
  .object({
    id: idOf<"invitation">(),
    email: z.string(),
    role,
    invitedBy: idOf<"user">().nullable(),
    createdAt: instant,
    expiresAt: instant,
  })
  .meta({ id: "Invitation" });
const apiKey = z
  .object({
    id: idOf<"api_key">(),
    name: z.string(),
    prefix: z.string().describe("Its first characters, by which to know it again"),
    scopes: z.array(scope).readonly(),
    createdBy: idOf<"user">().nullable(),
    createdAt: instant,
    expiresAt: instant.nullable(),
    lastUsedAt: instant.nullable(),
  })
  .meta({ id: "ApiKey" });
const auditEntry = z
  .object({
    id: z.uuid(),
    at: instant,
    actor: z.enum(["user", "api_key", "command_line"]),
    actorId: z.uuid().nullable(),
    actorName: z.string(),
    action: z.string().describe("The id of the operation"),
    target: z.record(z.string(), z.unknown()),
    detail: z.record(z.string(), z.unknown()),
    ip: z.string().nullable(),
  })
  .meta({ id: "AuditEntry" });

/** A key acts with the rights of an admin at most: owners are made by owners. */
function manager({ caller }: Context): Manager {
  return { userId: caller.actor.kind === "user" ? caller.actor.id : null, role: caller.role ?? "admin" };
}

export const teamOperations = [
  operation({
    id: "members.list",
    method: "GET",
    path: "/members",
    summary: "Who belongs to the team",
    permission: "members:read",
    result: z.object({ items: z.array(member) }),
    handle: async ({ agent, workspaceId }) => ({ items: await listMembers(agent.db, workspaceId) }),
  }),
  operation({
    id: "members.changeRole",
    method: "PATCH",
    path: "/members/:userId",
    summary: "Gives a member another role",
    permission: "members:write",
    params: z.object({ userId: idOf<"user">() }),
    body: z.strictObject({ role }),
    handle: async (context, { params, body }) =>
      changeRole(context.agent.db, manager(context), { workspaceId: context.workspaceId, ...params, ...body }),
  }),
  operation({
    id: "members.remove",
    method: "DELETE",
    path: "/members/:userId",
    summary: "Takes a member out of the team; what they made stays, except that their API keys end",
    permission: "members:write",
    params: z.object({ userId: idOf<"user">() }),
    handle: async (context, { params }) =>
      removeMember(context.agent.db, manager(context), context.workspaceId, params.userId, context.now),
  }),
  operation({
    id: "members.leave",
    method: "POST",
    path: "/members/leave",
    summary: "Leaves the team oneself",
    permission: "workspace:read",
    body: nothing,
    handle: async (context) => {
      const by = manager(context);
      if (!by.userId) throw new AgentError("forbidden", "A key is no member; revoke it instead.");
      await removeMember(context.agent.db, by, context.workspaceId, by.userId, context.now);
    },
  }),
  operation({
    id: "invitations.list",
    method: "GET",
    path: "/invitations",
    summary: "Invitations that are open",
    permission: "members:read",
    result: z.object({ items: z.array(invitation) }),
    handle: async ({ agent, workspaceId, realNow }) => ({ items: await openInvitations(agent.db, workspaceId, realNow) }),
  }),
  operation({
    id: "invitations.create",
    method: "POST",
    path: "/invitations",
    summary: "Invites a person by a link, which is shown once and works for seven days",
    permission: "members:write",
    body: z.strictObject({ email: z.string().max(320), role }),
    result: z.object({ id: idOf<"invitation">(), token: z.string(), expiresAt: instant }),
    status: 201,
    showsSecret: true,
    handle: async (context, { body }) =>
      inviteMember(context.agent.db, manager(context), { workspaceId: context.workspaceId, ...body }, context.realNow),
  }),
  operation({
    id: "invitations.revoke",
    method: "DELETE",
    path: "/invitations/:invitationId",
    summary: "Takes an invitation back",
    permission: "members:write",
    params: z.object({ invitationId: idOf<"invitation">() }),
    handle: async ({ agent, workspaceId, realNow }, { params }) => {
      found((await revokeInvitation(agent.db, workspaceId, params.invitationId, realNow)) || null);
    },
  }),
  operation({
    id: "apiKeys.list",
    method: "GET",
    path: "/api-keys",
    summary: "The keys of the workspace, newest first",
    permission: "api_keys:read",
    result: z.object({ items: z.array(apiKey) }),
    handle: async ({ agent, workspaceId }) => ({ items: await listApiKeys(agent.db, workspaceId) }),
  }),
  operation({
    id: "apiKeys.create",
    method: "POST",
    path: "/api-keys",
    summary: "Makes a key, which is shown once",
    permission: "api_keys:write",
    body: z.strictObject({ name: words(100), scopes: z.array(scope).min(1), expiresAt: instant.nullable().default(null) }),
    result: z.object({ id: idOf<"api_key">(), key: z.string(), prefix: z.string() }),
    status: 201,
    showsSecret: true,
    handle: async ({ agent, workspaceId, caller, realNow }, { body }) => {
      const createdBy = caller.actor.kind === "user" ? caller.actor.id : null;
      return createApiKey(agent.db, caller.permissions, { workspaceId, createdBy, ...body }, realNow);
    },
  }),
  operation({
    id: "apiKeys.revoke",
    method: "DELETE",
    path: "/api-keys/:apiKeyId",
    summary: "Revokes a key at once",
    permission: "api_keys:write",
    params: z.object({ apiKeyId: idOf<"api_key">() }),
    handle: async ({ agent, workspaceId, realNow }, { params }) => {
      found((await revokeApiKey(agent.db, workspaceId, params.apiKeyId, realNow)) || null);
    },
  }),
  operation({
    id: "audit.list",
    method: "GET",
    path: "/audit",
    summary: "What was changed by whom, newest first",
    permission: "audit:read",
    query: z.strictObject(paging),
    result: pageOfItems(auditEntry),
    handle: async ({ agent, workspaceId }, { query }) => listAuditEntries(agent.db, workspaceId, pageRequest(query)),
  }),
];
