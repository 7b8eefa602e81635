// The workspace that one works in, the others that one belongs to, and the settings that hold for all.
import { z } from "zod";
import { createWorkspace } from "../../access/workspaces.ts";
import { AgentError } from "../../core/errors.ts";
import { ROLES } from "../../core/permissions.ts";
import { shownSettings } from "../../core/shown-settings.ts";
import { membershipsOf } from "../../store/member.ts";
import { changeWorkspace, workspaceById } from "../../store/workspace.ts";
import { idOf, words } from "./contract.ts";
import { found } from "./found.ts";
import { type Context, operation } from "./operation.ts";

const name = words(200);
const postalAddress = words(500).nullable();
const role = z.enum(ROLES);
const workspace = z
  .object({ id: idOf<"workspace">(), name: z.string(), postalAddress: z.string().nullable(), version: z.number().int() })
  .meta({ id: "Workspace" });
const ownWorkspace = z
  .object({ id: idOf<"workspace">(), name: z.string(), role: role.nullable().describe("Null: a key, which is no member") })
  .meta({ id: "OwnWorkspace" });
const plain = z.union([z.string(), z.number(), z.boolean()]).nullable();
const setting = z
  .object({
    path: z.string().describe("Dotted, as in the configuration file"),
    value: plain,
    default: plain,
    means: z.string(),
  })
  .meta({ id: "Setting" });

export const workspaceOperations = [
  operation({
    id: "workspace.read",
    method: "GET",
    path: "/workspace",
    summary: "The workspace that the key or session works in",
    permission: "workspace:read",
    result: workspace,
    handle: (context) => read(context),
  }),
  operation({
    id: "workspace.change",
    method: "PATCH",
    path: "/workspace",
    summary: "Changes its name or the postal address that every mail shows",
    permission: "workspace:write",
    body: z.strictObject({ name: name.optional(), postalAddress: postalAddress.optional() }),
    result: workspace,
    handle: async (context, { body }) => {
      if (!(await changeWorkspace(context.agent.db, context.workspaceId, body, context.ifMatch)))
        throw new AgentError("precondition_failed", "Somebody changed the workspace since it was read; read it again.");
      return read(context);
    },
  }),
  operation({
    id: "workspaces.list",
    method: "GET",
    path: "/workspaces",
    summary: "The workspaces that one belongs to; a request works in the one that its Workspace-Id header names",
    permission: "workspace:read",
    result: z.object({ items: z.array(ownWorkspace) }),
    handle: async ({ agent, workspaceId, caller }) => {
      if (caller.actor.kind !== "user") {
        const { id, name: own } = found(await workspaceById(agent.db, workspaceId));
        return { items: [{ id, name: own, role: null }] };
      }
      const memberships = await membershipsOf(agent.db, caller.actor.id);
      return { items: memberships.map((one) => ({ id: one.workspaceId, name: one.workspaceName, role: one.role })) };
    },
  }),
  operation({
    id: "workspaces.create",
    method: "POST",
    path: "/workspaces",
    summary: "Makes a workspace, whose owner one becomes; only owners may, and no key",
    permission: "workspace:write",
    body: z.strictObject({ name, postalAddress: postalAddress.default(null) }),
    result: workspace,
    status: 201,
    handle: async ({ agent, caller, realNow }, { body }) => {
      const by = { userId: caller.actor.kind === "user" ? caller.actor.id : null, role: caller.role };
      return found(await workspaceById(agent.db, await createWorkspace(agent.db, by, body, realNow)));
    },
  }),
  operation({
    id: "settings.list",
    method: "GET",
    path: "/settings",
    summary: "The settings of this installation, without secrets; they are changed in its configuration file",
    permission: "workspace:read",
    result: z.object({ items: z.array(setting) }),
    handle: ({ agent }) => Promise.resolve({ items: shownSettings(agent.settings) }),
  }),
];

async function read({ agent, workspaceId }: Context): Promise<z.output<typeof workspace>> {
  return found(await workspaceById(agent.db, workspaceId));
}
