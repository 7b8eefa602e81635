// Puts the operations of the API onto the server: who asks, whether they may, what they ask for, and what they are told.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Agent } from "../../automations/agent.ts";
import { AgentError } from "../../core/errors.ts";
import type { Clock } from "../../core/instant.ts";
import { type Caller, callerOf } from "../caller.ts";
import { API_PREFIX, answerOf } from "./answer.ts";
import { problem } from "./contract.ts";
import { streamTo } from "./event-stream.ts";
import { type Context, isWrite, type Operation } from "./operation.ts";

export function registerOperations(app: FastifyInstance, agent: Agent, realTime: Clock, operations: readonly Operation[]): void {
  for (const operation of operations) {
    app.route({
      method: operation.method,
      url: API_PREFIX + operation.path,
      schema: schemaOf(operation),
      ...(operation.bodyLimit === undefined ? {} : { bodyLimit: operation.bodyLimit }),
      // Before the body is read: a stranger's megabytes are not parsed.
      onRequest: async (request) => {
        request.caller = await callerOf(agent.db, request, realTime.now());
        if (!request.caller.permissions.has(operation.permission)) {
          throw new AgentError("forbidden", `This needs the permission ${operation.permission}.`, {
            detail: { permission: operation.permission },
          });
        }
      },
      handler: (request, reply) => respond(operation, contextOf(agent, realTime, request), request, reply),
    });
  }
}

function contextOf(agent: Agent, realTime: Clock, request: FastifyRequest): Context {
  const { caller } = request;
  const lastEventId = request.headers["last-event-id"];
  return {
    agent,
    workspaceId: caller.workspaceId,
    caller,
    now: agent.clock.now(),
    realNow: realTime.now(),
    ifMatch: ifMatchOf(request),
    lastEventId: typeof lastEventId === "string" ? lastEventId : null,
    isWelcome: () => isStill(agent, caller, request, realTime),
  };
}

/** Null: the caller does not care (RFC 9110 §13.1.1). Proxies that compress make a version weak. One that cannot be read must not count as none. */
function ifMatchOf({ headers }: FastifyRequest): string | null {
  const written = headers["if-match"]?.trim() ?? "*";
  if (written === "*") return null;
  const version = /^(?:W\/)?"([^"]{1,100})"$/.exec(written)?.[1];
  if (version !== undefined) return version;
  throw new AgentError("invalid_input", 'If-Match names one version as the ETag told it, in double quotes: "3".');
}

/** Whether who asked may still do the same: streams outlive sessions, keys, memberships and roles. */
async function isStill({ db }: Agent, was: Caller, request: FastifyRequest, realTime: Clock): Promise<boolean> {
  try {
    const { workspaceId, permissions } = await callerOf(db, request, realTime.now());
    return workspaceId === was.workspaceId && [...was.permissions].every((permission) => permissions.has(permission));
  } catch (error) {
    if (error instanceof AgentError) return false;
    throw error;
  }
}

async function respond(operation: Operation, context: Context, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const input = { params: request.params, query: request.query, body: request.body };
  if (operation.stream) return streamTo(reply, await operation.handle(context, input));
  const answer = await answerOf(operation, context, input, isWrite(operation) ? idempotencyKeyOf(request) : null);
  if (answer.replayed) reply.header("idempotent-replayed", "true");
  return send(reply, answer.status, answer.body);
}

function idempotencyKeyOf(request: FastifyRequest): string | null {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return null;
  if (typeof key !== "string" || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new AgentError("invalid_input", "An Idempotency-Key has 1 to 255 visible characters.");
  }
  return key;
}

function send(reply: FastifyReply, status: number, body: unknown): FastifyReply {
  if (body === undefined || body === null) return reply.code(204).send();
  const version = typeof body === "object" && "version" in body ? String(body.version) : null;
  if (version !== null) reply.header("etag", `"${version}"`);
  return reply.code(status).type("application/json; charset=utf-8").serializer(JSON.stringify).send(body);
}

function schemaOf(operation: Operation): object {
  const { id, summary, params, query, body, result, permission } = operation;
  const streamed = { description: "Server-sent events", content: { "text/event-stream": { schema: result } } };
  const ok =
    result === undefined ? { 204: z.null().describe("Done") } : { [operation.status ?? 200]: operation.stream ? streamed : result };
  const problems = { "4xx": { description: "Refused", content: { "application/problem+json": { schema: problem } } } };
  return {
    operationId: id,
    summary,
    description: `Needs the permission \`${permission}\`.`,
    tags: [id.slice(0, id.indexOf("."))],
    ...(params ? { params } : {}),
    ...(query ? { querystring: query } : {}),
    ...(body ? { body } : {}),
    response: { ...ok, ...problems },
  };
}
