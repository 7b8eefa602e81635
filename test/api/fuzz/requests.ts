// Requests for an operation of the OpenAPI document: as they should be, and as they should not.
import fc from "fast-check";
import { allowed, cursors, type JsonSchema, spoiled, unexpected, type Vocabulary } from "./schema-values.ts";

export interface DocumentedOperation {
  readonly id: string;
  readonly method: string;
  /** With `{name}` parameters. */
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema: JsonSchema }[];
  readonly body: JsonSchema | null;
  /** Status → media type → schema of what it gives. */
  readonly responses: Readonly<Record<string, Content>>;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

interface OpenApiOperation {
  readonly operationId: string;
  readonly parameters?: DocumentedOperation["parameters"];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;

/** Reading first, removing last: what is read is still there. */
const ORDER = ["get", "post", "patch", "put", "delete"];

export function operationsOf(document: OpenApi): DocumentedOperation[] {
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => ({
      id: one.operationId,
      method,
      path,
      parameters: one.parameters ?? [],
      body: one.requestBody?.content["application/json"]?.schema ?? null,
      responses: Object.fromEntries(Object.entries(one.responses).map(([status, { content = {} }]) => [status, content])),
    })),
  );
  return all.toSorted((a, b) => ORDER.indexOf(a.method) - ORDER.indexOf(b.method));
}

export interface FuzzRequest {
  readonly method: string;
  /** With its query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string | null;
}

/** What is asked, before it is written down. */
interface Asked {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

export function properRequests(operation: DocumentedOperation, vocabulary: Vocabulary): fc.Arbitrary<FuzzRequest> {
  return asked(operation, vocabulary).map((one) => written(operation, one, JSON_HEADERS));
}

export function hostileRequests(operation: DocumentedOperation, vocabulary: Vocabulary): fc.Arbitrary<FuzzRequest> {
  const begun = asked(operation, vocabulary);
  const wrong = begun.chain((one) => {
    const parts: fc.Arbitrary<Asked>[] = [];
    if (operation.body) parts.push(...[1, 2, 3].map(() => spoiled(one.body).map((body) => ({ ...one, body }))));
    if (Object.keys(one.params).length > 0) parts.push(spoiledValues(one.params).map((params) => ({ ...one, params })));
    parts.push(spoiledValues({ ...one.query, unknown: undefined, cursor: undefined }).map((query) => ({ ...one, query })));
    return fc.oneof(...parts);
  });
  const unreadable = fc.tuple(begun, payloads, contentTypes).map(([one, payload, type]) => ({
    ...written(operation, one, { "content-type": type }),
    payload: operation.method === "get" ? null : payload,
  }));
  return fc.oneof(
    { arbitrary: fc.tuple(wrong, strangeHeaders).map(([one, headers]) => written(operation, one, headers)), weight: 6 },
    { arbitrary: fc.tuple(begun, strangeHeaders).map(([one, headers]) => written(operation, one, headers)), weight: 2 },
    { arbitrary: unreadable, weight: 1 },
  );
}

const JSON_HEADERS = { "content-type": "application/json" };

function asked({ parameters, body }: DocumentedOperation, vocabulary: Vocabulary): fc.Arbitrary<Asked> {
  const of = (place: string) => {
    const here = parameters.filter((parameter) => parameter.in === place);
    const values = Object.fromEntries(here.map(({ name, schema }) => [name, allowed(schema, vocabulary, name)]));
    return fc.record(values, { requiredKeys: here.filter(({ required }) => required).map(({ name }) => name) });
  };
  return fc.record({ params: of("path"), query: of("query"), body: body ? allowed(body, vocabulary) : fc.constant(undefined) });
}

function spoiledValues(values: Readonly<Record<string, unknown>>): fc.Arbitrary<Record<string, unknown>> {
  return fc
    .tuple(fc.constantFrom(...Object.keys(values)), fc.oneof({ arbitrary: unexpected, weight: 2 }, { arbitrary: cursors, weight: 1 }))
    .map(([name, value]) => ({ ...values, [name]: value }));
}

const strangeHeaders: fc.Arbitrary<Record<string, string>> = fc
  .record(
    {
      "if-match": fc.constantFrom('"1"', "*", '"', 'W/"7"', '"99999999999999999999"', '"\'; --"', "1", '"1", "2"'),
      "idempotency-key": fc.oneof(fc.constantFrom("k", "same", "x".repeat(255), "x".repeat(256), "a b", "\u00e9"), fc.uuid()),
      "accept-language": fc.constantFrom("de", "*;q=x"),
    },
    { requiredKeys: [] },
  )
  .map((headers) => ({ ...JSON_HEADERS, ...headers }));

const payloads = fc.constantFrom(
  "{",
  "",
  "null",
  "[]",
  '"text"',
  "0",
  '{"a":1}{',
  "\u0000",
  '{"__proto__":{}}',
  "a=b&c=d",
  `"${"y".repeat(70_000)}"`,
  "\ufeff{}",
);
const contentTypes = fc.constantFrom(
  "application/json",
  "application/json; charset=utf-16",
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "multipart/form-data",
  "application/octet-stream",
  "nonsense",
);

function written({ method, path }: DocumentedOperation, { params, query, body }: Asked, headers: Record<string, string>): FuzzRequest {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encoded(params[name]));
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : (Array.isArray(value) ? value : [value]).map((one) => `${encoded(name)}=${encoded(one)}`),
  );
  const url = pairs.length > 0 ? `${filled}?${pairs.join("&")}` : filled;
  // Nothing is sent with a GET, and nothing without a body where there is none.
  if (method === "get" || body === undefined) return { method, url, headers: withoutType(headers), payload: null };
  return { method, url, headers, payload: JSON.stringify(body) };
}

function withoutType({ "content-type": _type, ...rest }: Record<string, string>): Record<string, string> {
  return rest;
}

function encoded(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return encodeURIComponent(text.toWellFormed().slice(0, 3_000));
}
