// The API as typed calls: for the command line's remote mode, and for whoever writes TypeScript against it.
import createClient, { type Client, type Middleware } from "openapi-fetch";
import { AgentError, ERROR_CODES, type ErrorCode } from "../core/errors.ts";
import type { paths } from "./api-types.ts";

export type ApiClient = Client<paths>;

export interface ClientOptions {
  /** Where the server is, e.g. https://agent.team.example */
  readonly server: string;
  /** `mak_…` */
  readonly key: string;
}

export function apiClient({ server, key }: ClientOptions): ApiClient {
  const client = createClient<paths>({ baseUrl: server.replace(/\/+$/, "") });
  client.use(authorized(key));
  return client;
}

function authorized(key: string): Middleware {
  return {
    onRequest: ({ request }) => {
      request.headers.set("authorization", `Bearer ${key}`);
      return request;
    },
    onError: ({ error }) => {
      throw new AgentError("server_unreachable", "The server does not answer; is the address right?", { cause: error, retryable: true });
    },
  };
}

/** What the server gave. AgentError with the server's own code and sentence when it refused. */
export async function given<Data>(answer: Promise<{ data?: Data; error?: unknown; response: Response }>): Promise<Data> {
  const { data, error, response } = await answer;
  if (response.ok) return data as Data;
  const { code, detail, facts } = (error ?? {}) as { code?: string; detail?: string; facts?: Record<string, unknown> };
  const known = code !== undefined && code in ERROR_CODES ? (code as ErrorCode) : "internal";
  throw new AgentError(known, detail ?? `The server answered ${response.status}.`, { detail: facts ?? {} });
}
