// Operations whose body (uploaded-file.ts) or answer is a file.
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Agent } from "../../automations/agent.ts";
import { type Clock, MINUTE } from "../../core/instant.ts";
import type { Operation } from "./operation.ts";
import { registerOperations } from "./register.ts";
import { tooLarge, UploadedFile } from "./uploaded-file.ts";

const UPLOADED_AS = ["text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/octet-stream"];
const CSV = "text/csv; charset=utf-8";
/** A sender that is silent for this long is gone; what it sent holds a database connection. */
const SILENCE = MINUTE;

/** Registers those of the operations that say `file`, where bodies are not read before they are asked for. */
export async function fileOperations(app: FastifyInstance, agent: Agent, realTime: Clock, operations: readonly Operation[]): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(UPLOADED_AS, async (request: FastifyRequest, content: Readable) => received(agent, request, content));
  app.addHook("onRoute", (route) => {
    if (route.method === "GET") Object.assign(route.schema ?? {}, { produces: ["text/csv"] });
    else Object.assign(route.schema ?? {}, { consumes: UPLOADED_AS });
  });
  app.addHook("onSend", async (request, reply, payload) => {
    if (!(payload instanceof Readable)) return;
    const name = request.routeOptions.url?.split("/").at(-1);
    reply.header("content-type", CSV).header("content-disposition", `attachment; filename="${name}"`);
  });
  registerOperations(
    app,
    agent,
    realTime,
    operations.filter(({ file }) => file),
  );
}

function received({ settings }: Agent, { headers }: FastifyRequest, content: Readable): UploadedFile {
  const bytes = settings.http.max_upload_megabytes * 1e6;
  const declared = Number(headers["content-length"] ?? Number.NaN);
  if (declared > bytes) throw tooLarge(bytes);
  return new UploadedFile(content, { bytes, declaredBytes: Number.isNaN(declared) ? null : declared, silence: SILENCE });
}
