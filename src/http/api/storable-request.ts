// No request brings text that the database cannot keep: a NUL character, or half of a surrogate pair. Asked once for all operations.
import type { FastifyRequest } from "fastify";
import { AgentError } from "../../core/errors.ts";
import { unstorableTexts } from "../../core/storable-text.ts";

/** AgentError invalid_input. */
export function refuseUnstorable({ params, query, body }: FastifyRequest): void {
  const [path] = unstorableTexts(isJson(body) ? { params, query, body } : { params, query }, 1);
  if (path) throw new AgentError("invalid_input", `The text at ${path.join(".")} holds a NUL character or half of a character.`);
}

/** A file is read by whoever takes it. */
function isJson(body: unknown): boolean {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return true;
  const prototype: unknown = Object.getPrototypeOf(body);
  return prototype === Object.prototype || prototype === null;
}
