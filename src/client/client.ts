// The API as typed calls: for the command line, and for whoever writes TypeScript against it.
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

/** Seconds to wait where a server says to slow down, but not for how long. */
const PAUSE = 5;
const LONGEST_PAUSE = 120;
const TRIES = 5;

export function remoteApi({ server, key }: ClientOptions): ApiClient {
  const client = createClient<paths>({ baseUrl: server.replace(/\/+$/, ""), fetch: patientFetch });
  client.use(authorized(key));
  return client;
}

/** Whatever answers in the place of a server. */
export function apiOn(answering: Middleware): ApiClient {
  const client = createClient<paths>({ baseUrl: "http://in-process.invalid" });
  client.use(answering);
  return client;
}

function authorized(key: string): Middleware {
  return {
    onRequest: ({ request }) => {
      request.headers.set("authorization", `Bearer ${key}`);
      // The same for every try, so that a write whose answer was lost is not done twice.
      if (request.method !== "GET") request.headers.set("idempotency-key", crypto.randomUUID());
      return request;
    },
    onResponse: ({ response }) => {
      const { status, headers } = response;
      const elsewhere = status >= 300 && status < 400 ? headers.get("location") : null;
      if (elsewhere !== null) throw unreachable(`The server sends us on to ${elsewhere}; if that is the right one, name its address.`);
      if (status !== 204 && !OURS.test(headers.get("content-type") ?? ""))
        throw unreachable(`What answers there (${status}) is not Marketing Agent; is the address right, and does the server run?`);
    },
    onError: ({ error }) => {
      throw unreachable("The server does not answer; is the address right?", error);
    },
  };
}

/** What the API answers with. Pages of HTML come from proxies, and from servers of others. */
const OURS = /^(?:application\/(?:problem\+)?json|text\/csv|text\/event-stream)\b/;

function unreachable(message: string, cause?: unknown): AgentError {
  return new AgentError("server_unreachable", message, { cause, retryable: true });
}

/**
 * Waits as a server that is asked too much says, and tries once more where a connection breaks. What is sent as a stream is sent once. Redirects are
 * not followed: fetch makes a GET of a POST (Fetch Standard §4.4), and a write would seem done.
 */
async function patientFetch(request: Request): Promise<Response> {
  if (request.headers.get("content-type") === FILE) return fetch(request, { redirect: "manual" });
  let broken = 0;
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(request.clone(), { redirect: "manual" }).catch((error: unknown) => {
      broken += 1;
      if (broken > 1) throw error;
      return null;
    });
    if (response && (response.status !== 429 || attempt >= TRIES)) return response;
    if (response) await pause(Number(response.headers.get("retry-after")) || PAUSE);
  }
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.min(seconds, LONGEST_PAUSE) * 1_000));
}

const FILE = "text/csv";

/** What a call needs for a body that is a file, to be sent piece by piece. */
export function fileBody(content: ReadableStream<Uint8Array>) {
  return { body: content as unknown as string, bodySerializer: () => content, headers: { "content-type": FILE }, duplex: "half" } as const;
}

/** What the server gave. AgentError with the server's own code and sentence when it refused. */
export async function given<Data>(answer: Promise<{ data?: Data; error?: unknown; response: Response }>): Promise<Data> {
  const { data, error, response } = await answer;
  if (response.ok) return data as Data;
  const { code, detail, facts } = (error ?? {}) as { code?: string; detail?: string; facts?: Record<string, unknown> };
  const known = code !== undefined && code in ERROR_CODES ? (code as ErrorCode) : "internal";
  throw new AgentError(known, detail ?? `The server answered ${response.status}.`, { detail: facts ?? {} });
}

const PAGE = 200;

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** The first items of a list, however many pages they are on. */
export async function upTo<Item>(
  limit: number,
  ask: (page: { limit: number; cursor?: string }) => Promise<Page<Item>>,
  pageSize = PAGE,
): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | null | undefined; cursor !== null && items.length < limit; ) {
    const page: Page<Item> = await ask({ limit: Math.min(pageSize, limit - items.length), ...(cursor === undefined ? {} : { cursor }) });
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}
