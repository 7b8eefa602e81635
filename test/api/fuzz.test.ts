// Every operation of the OpenAPI document, asked rightly and wrongly many times: it never fails, it gives what the document says, and nothing of
// another workspace comes out or is changed. Deterministic by PROPERTY_SEED.
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import fc from "fast-check";
import type { InjectOptions } from "fastify";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createApiKey } from "../../src/access/api-keys.ts";
import { hashPassword } from "../../src/access/password.ts";
import { ensureSchedule } from "../../src/automations/tick.ts";
import { PERMISSIONS } from "../../src/core/permissions.ts";
import { openApiDocument } from "../../src/http/api/openapi.ts";
import { campaignText } from "../support/campaign-text.ts";
import { type ImapServer, type SmtpServer, startImapServer, startSmtpServer } from "../support/mail-servers.ts";
import { ApiUnderTest } from "./api-under-test.ts";
import {
  type DocumentedOperation,
  type FuzzRequest,
  hostileRequests,
  type OpenApi,
  operationsOf,
  properRequests,
} from "./fuzz/requests.ts";
import { cursors, type Vocabulary } from "./fuzz/schema-values.ts";
import { fillWorkspace, fingerprints, type Ids } from "./fuzz/world.ts";

const OURS = "amsel";
/** Stands in every text of the other workspace, and nowhere else. */
const THEIRS = "zaunkoenig7f3a";
const PROPER = 8;
const HOSTILE = 20;

const document = (await openApiDocument()) as OpenApi;
const operations = operationsOf(document);

let api: ApiUnderTest;
let smtp: SmtpServer;
let imap: ImapServer;
let ours: Ids;
let theirs: Ids;
let others: string;
let untouched: Readonly<Record<string, string>>;
/** The credentials of whoever asks, by turns a program and a person. */
let program: Record<string, string>;
let person: Record<string, string>;
let passwordHash: string;

beforeAll(async () => {
  api = await ApiUnderTest.begin();
  smtp = await startSmtpServer();
  imap = await startImapServer({ address: `anna.${OURS}@team.example`, password: `password of ${OURS}` });
  Object.assign(api.agent.settings.sending, { connect_timeout_seconds: 1, reply_timeout_seconds: 1 });
  Object.assign(api.agent.settings.receiving, { timeout_seconds: 1, command_timeout_seconds: 1 });
  await ensureSchedule(api.agent);
  passwordHash = await hashPassword("correct horse battery", "");
  const world = { ports: { smtp: smtp.port, imap: imap.port }, key: api.agent.keys.credentials };
  others = await api.otherWorkspace();
  ours = await fillWorkspace(api.agent.db, api.workspaceId, { word: OURS, ...world });
  theirs = await fillWorkspace(api.agent.db, others, { word: THEIRS, ...world });
  untouched = await fingerprints(api.agent.db, others);
});
afterAll(async () => {
  await api.end();
  await Promise.all([smtp.stop(), imap.stop()]);
});

beforeEach(async () => {
  // A request may have revoked the key, ended the session or made the person leave.
  const { db } = api.agent;
  const made = { workspaceId: api.workspaceId, name: "program", scopes: PERMISSIONS, expiresAt: null, createdBy: null };
  program = { authorization: `Bearer ${(await createApiKey(db, new Set(PERMISSIONS), made, api.realNow)).key}` };
  person = { cookie: (await api.person("owner")).cookie };
  await db.query("update user_account set password_hash = $1 where password_hash <> $1", [passwordHash]);
});

/** What is known by name, so that requests find something; and what must not be left to chance, because a socket would be opened there. */
const vocabulary: Vocabulary = {
  schemas: document.components.schemas,
  named: (name, { format, type }) =>
    format === "uuid" ? idsNamed(name) : type === "string" || name === "port" || name === "version" ? (NAMED[name] ?? null) : null,
};
const servers = () => fc.constantFrom(smtp.port, imap.port, 1);
const NAMED: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  host: fc.constantFrom("127.0.0.1", "localhost"),
  port: fc.constant(null).chain(servers),
  provider: fc.constant("custom"),
  timeZone: fc.constantFrom("UTC", "Europe/Berlin", "America/New_York"),
  email: fc.constantFrom(`lead1@${OURS}.example`, `anna.${OURS}@team.example`, "new@elsewhere.example", "Ä@bücher.example"),
  cursor: cursors,
  file: fc
    .constantFrom("Spring", "Autumn")
    .map((name) => campaignText({ name, steps: { first: "0 minutes", second: "2 days" }, more: `mailboxes: [anna.${OURS}@team.example]` })),
  target: fc.constantFrom("no@elsewhere.example", "@elsewhere.example", "nobody"),
  version: fc.oneof(fc.constant(1), fc.integer({ min: -1, max: 2 ** 31 })),
  automation: fc.constantFrom("send-due-steps", "sync-inboxes", "keep-house", "nonsense"),
};

/** Ids of what the parameter names, ours and theirs; of anything, where no table bears its name. */
function idsNamed(name: string): fc.Arbitrary<unknown> {
  const kind = name.replace(/Ids?$/, "").toLowerCase();
  const pick = (ids: Ids) => {
    const all = Object.entries(ids);
    const isNamed = [(table: string) => table === kind, (table: string) => table.endsWith(kind), (table: string) => table.startsWith(kind)];
    const fitting = isNamed.map((fits) => all.filter(([table]) => fits(table.replaceAll("_", "")))).find((some) => some.length > 0) ?? all;
    return fitting.flatMap(([, some]) => some);
  };
  return fc
    .constant(null)
    .chain(() =>
      fc.oneof(
        { arbitrary: fc.constantFrom(...pick(ours)), weight: 8 },
        { arbitrary: fc.constantFrom(...pick(theirs)), weight: 1 },
        { arbitrary: fc.uuid(), weight: 1 },
      ),
    );
}

const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
formats.default(ajv);
const components = { $defs: JSON.parse(localRefs(document.components.schemas)) as object };
const validators = new Map<object, ValidateFunction>();

function localRefs(schema: unknown): string {
  return JSON.stringify(schema).replaceAll("#/components/schemas/", "#/$defs/");
}

function validatorOf(schema: object): ValidateFunction {
  const known = validators.get(schema) ?? ajv.compile({ ...(JSON.parse(localRefs(schema)) as object), ...components });
  validators.set(schema, known);
  return known;
}

test.each(operations.map((operation) => [operation.id, operation] as const))(
  "%s never fails, and gives what the document says",
  async (_id, operation) => {
    const statuses = new Set<number>();
    const faults: string[] = [];
    for (const request of samples(operation)) {
      const answer = await answerTo(operation, request);
      statuses.add(answer.status);
      faults.push(...faultsOf(operation, answer).map((fault) => `${fault}: ${said(request, answer)}`));
    }
    // Else the requests would be too wild to find anything.
    const isFound = operation.method !== "get" || operation.id.startsWith("account.") || statuses.has(200);
    expect([...faults, ...(isFound ? [] : ["nothing was ever found"])]).toEqual([]);
  },
);

function samples(operation: DocumentedOperation): FuzzRequest[] {
  const { seed = 0 } = fc.readConfigureGlobal();
  return [
    ...fc.sample(properRequests(operation, vocabulary), { numRuns: PROPER, seed }),
    ...fc.sample(hostileRequests(operation, vocabulary), { numRuns: HOSTILE, seed }),
  ].map(keptOnLoopback);
}

/** Names of servers that a hostile value has become would be looked up. */
function keptOnLoopback(request: FuzzRequest): FuzzRequest {
  const payload = request.payload?.replaceAll(/"host":"(?!127\.0\.0\.1"|localhost")[\p{L}\p{N}._:%-]+"/gu, '"host":"127.0.0.1"') ?? null;
  return { ...request, payload: payload?.replaceAll(/"provider":"(?!custom)\w+"/g, '"provider":"custom"') ?? null };
}

interface Answer {
  readonly status: number;
  /** Media type. */
  readonly type: string;
  readonly headers: string;
  readonly body: string;
}

let asked = 0;

async function answerTo({ id }: DocumentedOperation, { method, url, headers, payload }: FuzzRequest): Promise<Answer> {
  asked += 1;
  const isPersons = id.startsWith("account.") || asked % 4 === 0;
  const request = {
    method,
    // a stream that goes on would never answer
    url:
      id === "events.follow" && !url.includes("follow=")
        ? `${url}${url.includes("?") ? "&" : "?"}follow=false`
        : url.replaceAll("follow=true", "follow=false"),
    headers: { ...headers, ...(isPersons ? person : program) },
    remoteAddress: api.clientIp(),
    ...(payload === null ? {} : { payload }),
  } as InjectOptions;
  const response = await api.app.inject(request);
  const type = String(response.headers["content-type"]).replace(/;.*/s, "");
  return { status: response.statusCode, type, headers: JSON.stringify(response.headers), body: response.body };
}

function said({ method, url, payload }: FuzzRequest, { status, body }: Answer): string {
  return `${method.toUpperCase()} ${url.slice(0, 400)} ${payload?.slice(0, 1_000) ?? ""} → ${status} ${body.slice(0, 1_000)}`;
}

function faultsOf({ responses }: DocumentedOperation, { status, type, headers, body }: Answer): string[] {
  const leaks = `${headers} ${body}`.toLowerCase().includes(THEIRS) ? ["tells what belongs to others"] : [];
  if (status >= 500) return ["fails", ...leaks];
  if (status === 204) return body === "" ? leaks : ["has a body with 204", ...leaks];
  if (status < 300) return [...undocumented(responses[String(status)]?.[type]?.schema, type, body), ...leaks];
  if (type !== "application/problem+json") return ["is refused without a problem", ...leaks];
  return [...undocumented(PROBLEM, "application/json", body), ...leaks];
}

const PROBLEM = { $ref: "#/components/schemas/Problem" };

/** What is no JSON is documented by its media type alone. */
function undocumented(schema: object | undefined, type: string, body: string): string[] {
  if (!schema) return [`gives what the document does not know (${type})`];
  if (type !== "application/json") return [];
  const validate = validatorOf(schema);
  return validate(JSON.parse(body)) ? [] : [`is not as documented: ${ajv.errorsText(validate.errors)}`];
}

test("nothing of the other workspace was changed", async () => {
  expect(await fingerprints(api.agent.db, others)).toEqual(untouched);
});
