// What an operation answers: a reading as it is now, a write once per Idempotency-Key; in the form that goes onto the wire.
import { z } from "zod";
import { AgentError } from "../../core/errors.ts";
import { type Context, isWrite, type Operation } from "./operation.ts";
import { type Answer, runWrite, type WriteRequest } from "./write.ts";

export const API_PREFIX = "/api/v1";

export async function answerOf(
  operation: Operation,
  context: Context,
  input: WriteRequest["input"],
  idempotencyKey: string | null,
): Promise<Answer> {
  if (isWrite(operation)) return runWrite({ operation, context, input, idempotencyKey });
  if (!operation.result) throw new AgentError("internal", `${operation.id} has no result.`);
  const found = await operation.handle(context, input);
  return { status: operation.status ?? 200, body: z.encode(operation.result, found), replayed: false };
}
