// The API on a real database, asked without a socket: people who are signed in, keys, and a real time that moves when told.
import type { FastifyInstance, InjectOptions } from "fastify";
import { afterAll } from "vitest";
import { createApiKey } from "../../src/access/api-keys.ts";
import { newToken } from "../../src/access/token.ts";
import type { Agent } from "../../src/automations/agent.ts";
import type { WorkspaceId } from "../../src/core/ids.ts";
import { after, DAY } from "../../src/core/instant.ts";
import type { Permission, Role } from "../../src/core/permissions.ts";
import { PERMISSIONS } from "../../src/core/permissions.ts";
import { settingsSchema } from "../../src/core/settings.ts";
import { buildWebServer } from "../../src/http/server.ts";
import { insertMember } from "../../src/store/member.ts";
import { insertAccount } from "../../src/store/user-account.ts";
import { insertSession } from "../../src/store/user-session.ts";
import { ensureWorkspace } from "../../src/store/workspace.ts";
import { testAgent } from "../support/agent.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

export type Ask = (method: string, path: string, body?: object, headers?: Record<string, string>) => Promise<Answer>;

export class ApiUnderTest {
  readonly agent: Agent;
  readonly app: FastifyInstance;
  readonly workspaceId: WorkspaceId;
  readonly #database: TestDatabase;
  readonly #time: { real: Date };
  #people = 0;
  #teams = 0;
  #requests = 0;

  private constructor(agent: Agent, app: FastifyInstance, workspaceId: WorkspaceId, database: TestDatabase, time: { real: Date }) {
    this.agent = agent;
    this.app = app;
    this.workspaceId = workspaceId;
    this.#database = database;
    this.#time = time;
  }

  static async begin(): Promise<ApiUnderTest> {
    const database = await createTestDatabase();
    const time = { real: new Date("2026-03-04T09:00:00Z") };
    const agent = testAgent({
      db: database.db,
      clock: { now: () => new Date("2026-03-04T09:00:00Z") },
      settings: settingsSchema.parse({ http: { requests_per_minute: 100_000 } }),
    });
    const workspaceId = await ensureWorkspace(database.db, "Team");
    const app = await buildWebServer(agent, workspaceId, { now: () => time.real });
    await app.ready();
    return new ApiUnderTest(agent, app, workspaceId, database, time);
  }

  /** For what opens connections of its own. */
  get connectionString(): string {
    return this.#database.connectionString;
  }

  get realNow(): Date {
    return this.#time.real;
  }

  pass(ms: number): void {
    this.#time.real = new Date(this.#time.real.getTime() + ms);
  }

  /** Where requests come from: each from elsewhere, unless a test says otherwise, so that only tests about limits meet them. */
  clientIp = (): string => {
    this.#requests += 1;
    return `10.1.${this.#requests >> 8}.${this.#requests & 255}`;
  };

  /** Asks without a login. */
  readonly anonymous: Ask = (method, path, body, headers = {}) => this.#ask(method, path, body, headers);

  async #ask(method: string, path: string, body: object | undefined, headers: Record<string, string>): Promise<Answer> {
    const request = {
      method,
      url: `/api/v1${path}`,
      headers,
      remoteAddress: this.clientIp(),
      ...(body ? { payload: body } : {}),
    } as InjectOptions;
    const response = await this.app.inject(request);
    const json = (response.headers["content-type"] ?? "").includes("json");
    return { status: response.statusCode, headers: response.headers, body: json ? response.json() : response.body };
  }

  /** A member who is signed in, without the second that argon2 takes. */
  async person(role: Role, workspaceId = this.workspaceId): Promise<{ ask: Ask; userId: string; email: string; cookie: string }> {
    const { db } = this.agent;
    this.#people += 1;
    const email = `person${this.#people}@team.example`;
    const account = { email, identityKey: email, name: `Person ${this.#people}`, passwordHash: "$argon2id$none" };
    const userId = await insertAccount(db, account, this.realNow);
    if (!userId) throw new Error("There is such a person already.");
    await insertMember(db, workspaceId, userId, role, this.realNow);
    const { token, hash } = newToken("mas_");
    await insertSession(db, {
      tokenHash: hash,
      userId,
      ip: null,
      userAgent: null,
      at: this.realNow,
      expiresAt: after(this.realNow, 30 * DAY),
    });
    const cookie = `session=${token}`;
    return { ask: (method, path, body, headers) => this.#ask(method, path, body, { cookie, ...headers }), userId, email, cookie };
  }

  async key(scopes: readonly Permission[] = PERMISSIONS, more: { workspaceId?: WorkspaceId; expiresAt?: Date } = {}): Promise<Ask> {
    const { workspaceId = this.workspaceId, expiresAt = null } = more;
    const made = { workspaceId, name: "program", scopes, expiresAt, createdBy: null };
    const { key } = await createApiKey(this.agent.db, new Set(PERMISSIONS), made, this.realNow);
    return (method, path, body, headers) => this.#ask(method, path, body, { authorization: `Bearer ${key}`, ...headers });
  }

  /** A workspace of its own, so that lists hold only what a test has made. */
  async team(): Promise<{ ask: Ask; workspaceId: WorkspaceId }> {
    this.#teams += 1;
    const workspaceId = await ensureWorkspace(this.agent.db, `team ${this.#teams}`);
    return { ask: await this.key(undefined, { workspaceId }), workspaceId };
  }

  otherWorkspace(): Promise<WorkspaceId> {
    return ensureWorkspace(this.agent.db, "Others");
  }

  async end(): Promise<void> {
    await this.app.close();
    await this.agent.inboxes.close();
    await this.#database.drop();
  }
}

/** For one test file; it goes with its database when the file is through. */
export async function apiForTests(): Promise<ApiUnderTest> {
  const api = await ApiUnderTest.begin();
  afterAll(() => api.end());
  return api;
}
