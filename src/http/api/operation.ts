// One operation of the API as data: its contract, who may ask for it, and what it does. server-side registration, the OpenAPI document,
// and the tests that prove the access rules all go over the same list (operations.ts).
import type { z } from "zod";
import type { Agent } from "../../automations/agent.ts";
import type { WorkspaceId } from "../../core/ids.ts";
import type { Instant } from "../../core/instant.ts";
import type { Permission } from "../../core/permissions.ts";
import type { Caller } from "../caller.ts";

export interface Context {
  /** In a write: everything it does to the database is one transaction, with the audit entry and the answer kept for the Idempotency-Key. */
  readonly agent: Agent;
  readonly workspaceId: WorkspaceId;
  readonly caller: Caller;
  /** Domain time. */
  readonly now: Instant;
  /** Real time: what sessions, keys and invitations go by. */
  readonly realNow: Instant;
  /** The version that the caller has read (If-Match), where it says so. */
  readonly ifMatch: string | null;
  /** What a client that comes back to a stream has seen last. */
  readonly lastEventId: string | null;
  /** Whether the caller may still do what it could when it asked. */
  readonly isWelcome: () => Promise<boolean>;
}

export interface Operation<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Result extends z.ZodType = z.ZodType,
> {
  /** `<resource>.<verb>`: the operationId, and the action in the audit log. */
  readonly id: `${string}.${string}`;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below /api/v1, with `:name` parameters. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly permission: Permission;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Absent: 204 without a body. */
  readonly result?: Result;
  readonly status?: 200 | 201 | 202;
  /** Its body (of a POST) or its answer (of a GET) is a CSV that flows through: files.ts. */
  readonly file?: true;
  /** Its answer is server-sent events: event-stream.ts. */
  readonly stream?: true;
  /** The most bytes that a request may have, where it may have more than usual. */
  readonly bodyLimit?: number;
  /** A write that talks to mail servers, or takes long, makes transactions of its own; asked for twice, it must do no harm. */
  readonly ownTransactions?: true;
  /** The answer holds a secret that is shown once, so it is not kept for the Idempotency-Key. */
  readonly showsSecret?: true;
  handle(context: Context, input: { params: z.output<Params>; query: z.output<Query>; body: z.output<Body> }): Promise<z.output<Result>>;
}

/** Infers the types of `handle` from the contract beside it. */
export function operation<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  definition: Operation<P, Q, B, R>,
): Operation {
  return definition;
}

export function isWrite({ method }: Operation): boolean {
  return method !== "GET";
}
