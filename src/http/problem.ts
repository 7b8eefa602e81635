// What a refused request is told: problem+json (RFC 9457) with a code of docs/reference/errors.md.
import type { FastifyReply } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { AgentError, ERROR_CODES, type ErrorCode } from "../core/errors.ts";

const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  invalid_input: 400,
  unauthenticated: 401,
  sign_in_refused: 401,
  second_factor_required: 401,
  forbidden: 403,
  installation_wide: 403,
  not_found: 404,
  already_exists: 409,
  in_use: 409,
  suppression_protected: 409,
  wrong_state: 409,
  campaign_not_ready: 409,
  campaign_state: 409,
  last_owner: 409,
  lease_lost: 409,
  request_in_progress: 409,
  link_invalid: 410,
  precondition_failed: 412,
  second_factor_wrong: 422,
  password_weak: 422,
  idempotency_conflict: 422,
  file_too_large: 413,
  upload_broken: 400,
  csv_unreadable: 422,
  spreadsheet_unreadable: 422,
  campaign_file_invalid: 422,
  template_invalid: 422,
  missing_variable: 422,
  dkim_key_invalid: 422,
  dkim_signing_failed: 422,
  smtp_unreachable: 422,
  smtp_tls: 422,
  smtp_auth: 422,
  smtp_rejected: 422,
  imap_unreachable: 422,
  imap_tls: 422,
  imap_auth: 422,
  imap_failed: 422,
  oauth_not_set_up: 409,
  oauth_unreachable: 422,
  oauth_client: 422,
  oauth_revoked: 422,
  oauth_failed: 422,
  too_many_requests: 429,
  database_unavailable: 503,
  database_full: 503,
};

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** What an error looks like from outside. Of what we did not foresee, nothing is told: the log holds it. */
export function problemOf(error: unknown): Problem {
  if (error instanceof AgentError) return agentProblem(error);
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map(({ instancePath, message }) => ({ path: instancePath, message: message ?? "is not allowed" }));
    return { ...problem("invalid_input", `The ${error.validationContext ?? "request"} is not as it should be.`, 400), errors };
  }
  const status = statusOf(error);
  if (status === 429) return problem("too_many_requests", "Too many requests: wait as long as Retry-After says.", status);
  if (status !== null) return problem("invalid_input", error instanceof Error ? error.message : "The request cannot be read.", status);
  return problem("internal", "Something failed that should not; the log holds the cause.", 500);
}

function agentProblem(error: AgentError): Problem {
  const status = STATUS[error.code] ?? 500;
  const facts = Object.keys(error.detail).length > 0 && status < 500 ? { facts: error.detail } : {};
  return {
    ...problem(error.code, status === 500 ? "Something failed that should not; the log holds the cause." : error.message, status),
    ...facts,
  };
}

/** Fastify's own refusals (a body that is too large, no JSON …) carry a status below 500. */
function statusOf(error: unknown): number | null {
  const status = typeof error === "object" && error !== null && "statusCode" in error ? Number(error.statusCode) : Number.NaN;
  return status >= 400 && status < 500 ? status : null;
}

function problem(code: ErrorCode, detail: string, status: number): Problem {
  return { type: `urn:marketing-agent:error:${code}`, title: ERROR_CODES[code], status, code, detail };
}

export function sendProblem(reply: FastifyReply, found: Problem): FastifyReply {
  return reply.code(found.status).type("application/problem+json").serializer(JSON.stringify).send(found);
}
