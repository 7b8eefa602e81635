// Operations whose body or answer is a file. It flows through piece by piece: of hundreds of megabytes only one is in memory at a time.
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Agent } from "../../automations/agent.ts";
import { AgentError } from "../../core/errors.ts";
import { type Clock, MINUTE, SECOND } from "../../core/instant.ts";
import { within } from "../../mail/time-limit.ts";
import type { Operation } from "./operation.ts";
import { registerOperations } from "./register.ts";

const UPLOADED_AS = ["text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/octet-stream"];
const CSV = "text/csv; charset=utf-8";
/** A sender that is silent for this long is gone; what it sent holds a database connection. */
const SILENCE = MINUTE;
/** What is still on its way when a file is refused is read and thrown away for this long, so that the sender comes to read the refusal. */
const LINGER = 10 * SECOND;

interface UploadLimits {
  readonly bytes: number;
  /** As the sender says; null when it does not. */
  readonly declaredBytes: number | null;
  /** Milliseconds. */
  readonly silence: number;
}

/** A file on its way in. Reading it throws AgentError file_too_large or upload_broken. */
export class UploadedFile implements AsyncIterable<Uint8Array> {
  readonly #content: Readable;
  readonly #limits: UploadLimits;

  constructor(content: Readable, limits: UploadLimits) {
    this.#content = content;
    this.#limits = limits;
  }

  /** What the audit log, and the check of an Idempotency-Key, know of it: the content would have to be read twice. */
  toJSON(): object {
    return { bytes: this.#limits.declaredBytes };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    let isRead = false;
    // Not by `for await`: left early, it destroys the request, which takes its connection along, and with it the answer.
    const pieces: AsyncIterator<unknown> = this.#content[Symbol.asyncIterator]();
    try {
      for (;;) {
        const piece = await this.#next(pieces);
        if (piece === null) break;
        bytes += piece.length;
        if (bytes > this.#limits.bytes) throw tooLarge(this.#limits.bytes);
        yield piece;
      }
      isRead = true;
    } finally {
      if (!isRead) this.#throwRestAway();
    }
  }

  async #next(pieces: AsyncIterator<unknown>): Promise<Uint8Array | null> {
    try {
      const { done, value } = await within(this.#limits.silence, pieces.next());
      return done === true ? null : (value as Uint8Array);
    } catch (cause) {
      throw new AgentError("upload_broken", "The upload broke off before its end.", { cause, retryable: true });
    }
  }

  #throwRestAway(): void {
    const timer = setTimeout(() => this.#content.destroy(), LINGER);
    this.#content.once("close", () => clearTimeout(timer));
    this.#content.on("error", () => undefined).resume();
  }
}

function tooLarge(limit: number): AgentError {
  return new AgentError("file_too_large", `The file is larger than ${Math.floor(limit / 1e6)} MB.`);
}

/** The body of an operation that takes a file. */
export const uploadedFile = z.instanceof(UploadedFile).meta({ type: "string", format: "binary" });
/** The answer of one that gives a file. */
export const csvFile = z.instanceof(Readable).meta({ type: "string", format: "binary" });

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
