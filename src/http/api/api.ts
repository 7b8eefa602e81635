// The HTTP API: its plugins, its document (OpenAPI 3.1 at /api/v1/openapi.json, readable at /api/docs), its operations.
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject, serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import type { Agent } from "../../automations/agent.ts";
import type { WorkspaceId } from "../../core/ids.ts";
import type { Clock } from "../../core/instant.ts";
import type { Caller } from "../caller.ts";
import { problemOf, sendProblem } from "../problem.ts";
import { registerAccount } from "./account.ts";
import { API_PREFIX } from "./answer.ts";
import { closeEvents } from "./events.ts";
import { fileOperations } from "./files.ts";
import { OPERATIONS } from "./operations.ts";
import { registerOperations } from "./register.ts";
import { refuseUnstorable } from "./storable-request.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Set before any operation runs. */
    caller: Caller;
  }
}

export interface ApiOptions {
  readonly agent: Agent;
  /** Sessions, keys and links go by real time, also in the sandbox. */
  readonly realTime: Clock;
  /** Whose owner the first account becomes. */
  readonly workspaceId: WorkspaceId;
}

/** As a plugin of its own, so that its checks and its error format hold for the API only. */
export async function api(app: FastifyInstance, { agent, realTime, workspaceId }: ApiOptions): Promise<void> {
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => {
    const found = problemOf(error);
    if (found.status >= 500) agent.log.error({ event: "http.failed", route: request.routeOptions.url, err: error });
    return sendProblem(reply, found);
  });
  app.decorateRequest("caller");
  app.addHook("preValidation", async (request) => refuseUnstorable(request));
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Marketing Agent", version: "1" },
      security: [{ apiKey: [] }, { session: [] }],
      components: SECURITY,
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  await app.register(swaggerUi, { routePrefix: "/api/docs", staticCSP: DOCS_POLICY, uiConfig: DOCS });
  app.addHook("preClose", async () => closeEvents(agent));
  await app.register(async (account) => registerAccount(account, agent, realTime, workspaceId));
  await app.register(async (operations) => {
    operations.addHook("preParsing", limitOfCallers(operations, agent));
    const plain = OPERATIONS.filter(({ file }) => !file);
    registerOperations(operations, agent, realTime, plain);
    await operations.register((files) => fileOperations(files, agent, realTime, OPERATIONS));
  });
  app.get(`${API_PREFIX}/openapi.json`, { schema: { hide: true } }, () => app.swagger());
}

/** Over all operations, once it is known who asks: a header can be written in many ways, and programs behind one address do not share a limit. */
function limitOfCallers(app: FastifyInstance, { settings }: Agent) {
  const keyGenerator = ({ caller }: FastifyRequest) => caller.actor.id ?? caller.actor.name;
  return app.rateLimit({ max: settings.http.requests_per_minute, timeWindow: "1 minute", keyGenerator });
}

/** Everything comes from this server. The plugin's own policy would also have every request upgraded to https, which breaks the page on plain http. */
const DOCS_POLICY = {
  "default-src": "'none'",
  "script-src": "'self'",
  "style-src": ["'self'", "'unsafe-inline'"],
  "img-src": ["'self'", "data:"],
  "font-src": "'self'",
  "connect-src": "'self'",
  "base-uri": "'none'",
  "form-action": "'none'",
  "frame-ancestors": "'none'",
};
/** Without the bar that reads documents of other servers, and without asking a stranger whether ours is valid. */
const DOCS = { layout: "BaseLayout", docExpansion: "none", validatorUrl: null } as const;

const SECURITY = {
  securitySchemes: {
    apiKey: { type: "http", scheme: "bearer" },
    session: { type: "apiKey", in: "cookie", name: "session" },
  },
} as const;
