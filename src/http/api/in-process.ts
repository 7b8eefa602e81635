// The operations of the API without a server: for the command line on the machine itself. They check what they are given, run, and are written into
// the audit log as over HTTP; whoever asks was let in by the operating system.
import { Readable } from "node:stream";
import type { z } from "zod";
import type { Agent } from "../../automations/agent.ts";
import { AgentError } from "../../core/errors.ts";
import { MINUTE } from "../../core/instant.ts";
import type { Caller } from "../caller.ts";
import { API_PREFIX, answerOf } from "./answer.ts";
import type { Operation } from "./operation.ts";
import { OPERATIONS } from "./operations.ts";
import { UploadedFile } from "./uploaded-file.ts";

export interface InProcessRequest {
  readonly agent: Agent;
  readonly caller: Caller;
  readonly request: Request;
  /** As in the OpenAPI document: /api/v1/leads/{leadId} */
  readonly schemaPath: string;
  readonly path: Readonly<Record<string, unknown>>;
}

/** @throws the AgentError that over HTTP would be a problem */
export async function answerInProcess({ agent, caller, request, schemaPath, path }: InProcessRequest): Promise<Response> {
  const operation = BY_PATH.get(`${request.method} ${schemaPath}`);
  if (!operation) throw new AgentError("internal", `There is no operation ${request.method} ${schemaPath}.`);
  const input = {
    params: checked(operation.params, path),
    query: checked(operation.query, queryOf(new URL(request.url))),
    body: checked(operation.body, await bodyOf(operation, request)),
  };
  const context = {
    agent,
    caller,
    workspaceId: caller.workspaceId,
    now: agent.clock.now(),
    realNow: new Date(),
    ifMatch: null,
    lastEventId: null,
    isWelcome: () => Promise.resolve(true),
  };
  const { status, body } = await answerOf(operation, context, input, null);
  if (body instanceof Readable) return new Response(Readable.toWeb(body), { status });
  return status === 204 ? new Response(null, { status }) : Response.json(body, { status });
}

const BY_PATH: ReadonlyMap<string, Operation> = new Map(
  OPERATIONS.map((operation) => [`${operation.method} ${API_PREFIX}${operation.path.replaceAll(/:(\w+)/g, "{$1}")}`, operation]),
);

function checked(schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => [path.join("."), message].filter(Boolean).join(": "));
  throw new AgentError("invalid_input", `What was asked for is not as it should be: ${problems.join("; ")}.`, { cause: parsed.error });
}

/** As a server reads it: a name that stands there more than once is a list. */
function queryOf({ searchParams }: URL): Record<string, string | string[]> {
  const names = [...new Set(searchParams.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const all = searchParams.getAll(name);
      return [name, all.length === 1 ? (all[0] ?? "") : all];
    }),
  );
}

/** A file of this machine may be as large as it likes, and take its time. */
async function bodyOf({ body, file }: Operation, request: Request): Promise<unknown> {
  if (!body) return undefined;
  if (!file) return request.json();
  const content = request.body ? Readable.fromWeb(request.body) : Readable.from([]);
  return new UploadedFile(content, { bytes: Number.POSITIVE_INFINITY, declaredBytes: null, silence: 10 * MINUTE });
}
