// How a write runs: once per Idempotency-Key, with its audit entry, in one transaction.
import { createHash } from "node:crypto";
import { z } from "zod";
import { AgentError } from "../../core/errors.ts";
import { after, DAY, MINUTE } from "../../core/instant.ts";
import { insertAuditEntry } from "../../store/audit.ts";
import { joined, type Queryable } from "../../store/database.ts";
import {
  type FirstAnswer,
  recordAnswer,
  releaseIdempotencyKey,
  removeIdempotencyKeys,
  takeIdempotencyKey,
} from "../../store/idempotency.ts";
import type { Context, Operation } from "./operation.ts";

/** A first request that is at work for longer than this died with its process. */
const ABANDONED = 10 * MINUTE;
/** Whoever asks again does so within a day; each key that is taken removes a few that are older. */
const KEPT_FOR = DAY;
const REMOVED_AT_ONCE = 20;

export interface WriteRequest {
  readonly operation: Operation;
  readonly context: Context;
  readonly input: { readonly params: unknown; readonly query: unknown; readonly body: unknown };
  readonly idempotencyKey: string | null;
}

export interface Answer {
  readonly status: number;
  /** As it goes onto the wire. */
  readonly body: unknown;
  readonly replayed: boolean;
}

export function runWrite(request: WriteRequest): Promise<Answer> {
  return request.operation.ownTransactions ? runInSteps(request) : runAtOnce(request);
}

/** A second request with the same key waits for the first one's commit, and is given its answer. */
async function runAtOnce({ operation, context, input, idempotencyKey }: WriteRequest): Promise<Answer> {
  const { agent } = context;
  const key = keyOf(context, idempotencyKey);
  return agent.db.transaction(async (tx) => {
    const first = key && (await takeKey(tx, key, operation, input, context));
    if (first) return replay(operation, first);
    const body = await handled(operation, { ...context, agent: { ...agent, db: joined(agent.db, tx) } }, input);
    await audit(tx, operation, context, input);
    return answer(tx, key, operation, body);
  });
}

/** Claim, act, record: a process that dies in between leaves a key that a later request takes over. */
async function runInSteps({ operation, context, input, idempotencyKey }: WriteRequest): Promise<Answer> {
  const { db } = context.agent;
  const key = keyOf(context, idempotencyKey);
  const first = key && (await takeKey(db, key, operation, input, context));
  if (first) return replay(operation, first);
  try {
    const body = await handled(operation, context, input);
    await audit(db, operation, context, input);
    return await answer(db, key, operation, body);
  } catch (error) {
    if (key) await releaseIdempotencyKey(db, key);
    throw error;
  }
}

type Key = Parameters<typeof releaseIdempotencyKey>[1];

function keyOf({ workspaceId, caller }: Context, key: string | null): Key | null {
  return key === null || caller.actor.id === null ? null : { workspaceId, actorId: caller.actor.id, key };
}

async function takeKey(
  q: Queryable,
  key: Key,
  operation: Operation,
  input: WriteRequest["input"],
  { realNow }: Context,
): Promise<FirstAnswer | null> {
  const hash = createHash("sha256")
    .update(JSON.stringify([operation.id, input]))
    .digest();
  await removeIdempotencyKeys(q, after(realNow, -KEPT_FOR), REMOVED_AT_ONCE);
  const first = await takeIdempotencyKey(q, key, hash, realNow, after(realNow, -ABANDONED));
  if (first && !first.requestHash.equals(hash)) {
    throw new AgentError("idempotency_conflict", "This Idempotency-Key was used for another request; use a new one.");
  }
  return first;
}

function replay(operation: Operation, { status, body }: FirstAnswer): Answer {
  if (status === null)
    throw new AgentError("request_in_progress", "The first request with this Idempotency-Key is still at work.", { retryable: true });
  if (operation.showsSecret) throw new AgentError("already_exists", "This was done the first time, and its secret is shown only once.");
  return { status, body, replayed: true };
}

async function handled(operation: Operation, context: Context, input: WriteRequest["input"]): Promise<unknown> {
  const result = await operation.handle(context, input);
  return operation.result === undefined ? undefined : z.encode(operation.result, result);
}

async function answer(q: Queryable, key: Key | null, operation: Operation, body: unknown): Promise<Answer> {
  const status = operation.result === undefined ? 204 : (operation.status ?? 200);
  if (key) await recordAnswer(q, key, status, operation.showsSecret ? null : body);
  return { status, body, replayed: false };
}

async function audit(q: Queryable, operation: Operation, context: Context, { params, body }: WriteRequest["input"]): Promise<void> {
  const { workspaceId, caller, realNow } = context;
  const entry = {
    actor: caller.actor,
    action: operation.id,
    target: params ?? {},
    detail: withoutSecrets(body),
    ip: caller.ip,
    at: realNow,
  };
  await insertAuditEntry(q, workspaceId, entry);
}

const SECRET = /password|secret|token|private|^code$|^key$/i;
const LONGEST = 2_000;

/** What was asked for, as the audit log keeps it: secrets and long texts left out, at any depth. */
export function withoutSecrets(value: unknown): object {
  const kept = JSON.parse(
    JSON.stringify(value ?? {}, (name, inner: unknown) => {
      if (SECRET.test(name) && inner !== null) return "[secret]";
      // jsonb holds neither NUL nor the half of a character at which a long text is cut
      return typeof inner === "string"
        ? (inner.length > LONGEST ? `${inner.slice(0, LONGEST)}…` : inner).toWellFormed().replaceAll("\0", "\ufffd")
        : inner;
    }),
  ) as unknown;
  return typeof kept === "object" && kept !== null && !Array.isArray(kept) ? kept : { value: kept };
}
