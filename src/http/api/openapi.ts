// The OpenAPI document without a server or a database: what docs/reference and the generated client are made from.
import cookie from "@fastify/cookie";
import rateLimit from "@fastify/rate-limit";
import { fastify } from "fastify";
import type { Agent } from "../../automations/agent.ts";
import type { WorkspaceId } from "../../core/ids.ts";
import { settingsSchema } from "../../core/settings.ts";
import { api } from "./api.ts";

export async function openApiDocument(): Promise<object> {
  const app = fastify();
  // Registering looks at nothing but the settings; no request is ever answered.
  const agent = { settings: settingsSchema.parse({}), keys: {} } as Agent;
  await app.register(cookie);
  await app.register(rateLimit, { global: false });
  let document: object = {};
  await app.register(async (scope) => {
    await api(scope, { agent, realTime: { now: () => new Date(0) }, workspaceId: "" as WorkspaceId });
    scope.addHook("onReady", () => {
      document = scope.swagger();
      return Promise.resolve();
    });
  });
  await app.ready();
  await app.close();
  return document;
}
