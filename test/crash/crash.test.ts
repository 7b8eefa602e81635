// The promise of ADR 4, kept under kill -9: no step is sent twice, none is lost in silence, and sending goes on.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { joinRunning, openPostgres } from "../../src/app/embedded-postgres.ts";
import type { SendPhase } from "../../src/automations/agent.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { migrate } from "../../src/store/migrate.ts";
import { createTestDatabase } from "../support/database.ts";
import { type AcceptingServer, startAcceptingServer } from "./accepting-server.ts";
import { allDone, CONNECTIONS, type Comparison, compare, inFlight, readLedger, startCampaign } from "./campaign-under-fire.ts";
import { type ChildOptions, SendingChild } from "./sending-child.ts";

const ANSWER_AFTER_MS = 60;
const RESUMES_WITHIN_MS = 90_000;
const SEED = 20_260_304;
/** What a kill at each phase leaves on the wire: marked mails, and how many of them the server has. */
const LEFT: readonly { at: SendPhase; transmitting: number; accepted: number }[] = [
  { at: "before_mark", transmitting: 0, accepted: 0 },
  { at: "marked", transmitting: CONNECTIONS, accepted: 0 },
  { at: "transmitted", transmitting: CONNECTIONS, accepted: CONNECTIONS },
  { at: "recorded", transmitting: 0, accepted: 0 },
];

let directory: string;
let server: AcceptingServer;
let children: SendingChild[];

beforeEach(async () => {
  // Not os.tmpdir(): the embedded server runs as another user when the tests run as root, and must reach it.
  directory = mkdtempSync("/tmp/agent-crash-");
  await chmod(directory, 0o755);
  server = await startAcceptingServer(ANSWER_AFTER_MS);
  children = [];
});

afterEach(async () => {
  for (const child of children) if (!child.ended) await child.kill();
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

function start(options: Omit<ChildOptions, "dataDir">, dataDir = directory): SendingChild {
  const child = new SendingChild({ dataDir, ...options });
  children.push(child);
  return child;
}

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** From `since` to the first mail that the server took after it, milliseconds. */
function resumedAfter(since: number): number {
  const next = server.accepted.find((mail) => mail.at > since);
  return next ? Math.round(next.at - since) : Number.POSITIVE_INFINITY;
}

function expectNothingLostOrDoubled(found: Comparison, leads: number, mayBeUncertain: number): void {
  expect(found).toMatchObject({ messages: leads, leadsWithoutOneMessage: 0, doubled: 0, lost: 0, unknown: 0, neitherSentNorUncertain: 0 });
  // With nothing lost, what is not accepted is uncertain: "sent" is never said of a mail that the server does not have.
  expect(found.sent + found.uncertainButAccepted).toBe(server.accepted.length);
  expect(found.uncertain).toBeLessThanOrEqual(mayBeUncertain);
}

describe("a sender on a database of its own", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let db: Database;
  let connectionString: string;

  beforeEach(async () => {
    database = await createTestDatabase();
    ({ db, connectionString } = database);
  });
  afterEach(async () => {
    await Promise.all(children.filter((child) => !child.ended).map((child) => child.kill()));
    await database.drop();
  });

  /** Kills itself at a phase; what it leaves is exact. */
  async function crashAt({ at, transmitting, accepted }: (typeof LEFT)[number]): Promise<number> {
    await start({ connectionString, crash: { at, after: 3 } }).untilCrashed();
    const killedAt = performance.now();
    await sleep(200);
    const left = (await inFlight(db)).transmitting;
    const ids = new Set(server.accepted.map((mail) => mail.messageId));
    expect({ at, transmitting: left.length, accepted: left.filter((id) => ids.has(id)).length }).toEqual({ at, transmitting, accepted });
    return killedAt;
  }

  /** Is killed from outside, some moments after it has begun to send. */
  async function killAfter(moments: number): Promise<number> {
    const child = start({ connectionString });
    const before = server.accepted.length;
    await child.until(() => server.accepted.length > before);
    await sleep(moments);
    await child.kill();
    return performance.now();
  }

  test("that is killed at every phase and at random moments sends every mail at most once and loses none", async () => {
    const leads = 240;
    const random = seeded(SEED);
    await startCampaign(db, server.port, leads);
    const kills: number[] = [];
    for (const left of LEFT) kills.push(await crashAt(left));
    for (let round = 0; round < 6; round += 1) kills.push(await killAfter(random() * 400));
    expect(await allDone(db)).toBe(false);

    const last = start({ connectionString });
    await last.until(() => allDone(db));
    expect(await last.stop()).toBe(0);

    const found = compare(await readLedger(db), server);
    const resumed = kills.map(resumedAfter);
    console.log("killed at every phase and at random moments", { kills: kills.length, ...found, resumedAfterMs: resumed.join(" ") });
    expectNothingLostOrDoubled(found, leads, kills.length * CONNECTIONS);
    expect(Math.max(...resumed)).toBeLessThan(RESUMES_WITHIN_MS);
  });

  test("that wakes up after another has taken its mailbox over disturbs nothing", async () => {
    const leads = 120;
    await startCampaign(db, server.port, leads);
    const sleeper = start({ connectionString, crash: { at: "transmitted", after: 3, signal: "SIGSTOP" } });
    await sleeper.until(() => server.accepted.length === 3 * CONNECTIONS);
    await sleep(200);
    const other = start({ connectionString });
    await other.until(() => server.accepted.length >= 6 * CONNECTIONS);
    sleeper.thaw();
    await other.until(() => allDone(db));
    expect(await Promise.all([sleeper.stop(), other.stop()])).toEqual([0, 0]);

    const found = compare(await readLedger(db), server);
    console.log("frozen, and overtaken", found);
    expectNothingLostOrDoubled(found, leads, CONNECTIONS);
  });
});

describe("an agent with the database that comes with the product", () => {
  async function onDatabase<Result>(url: string, work: (db: Database) => Promise<Result>): Promise<Result> {
    const db = openDatabase({ connectionString: url, maxConnections: 2, onIdleError: () => undefined });
    try {
      return await work(db);
    } finally {
      await db.close();
    }
  }

  async function prepare(dataDir: string, leads: number): Promise<void> {
    const postgres = await openPostgres({ dataDir, log: pino({ level: "silent" }) });
    await onDatabase(postgres.connectionString, async (db) => {
      await migrate(db);
      await startCampaign(db, server.port, leads);
    });
    await postgres.stop();
  }

  test("that is killed while it starts, while it sends, and together with its database goes on at the next start", async () => {
    const leads = 80;
    const dataDir = join(directory, "data");
    const random = seeded(SEED);
    await prepare(dataDir, leads);

    const starting = start({}, dataDir);
    await sleep(300 + random() * 700);
    await starting.kill();
    for (const withDatabase of [false, true]) {
      const child = start({}, dataDir);
      const before = server.accepted.length;
      await child.until(() => server.accepted.length > before);
      await sleep(random() * 300);
      if (withDatabase) process.kill(Number(readFileSync(join(dataDir, "postgres/postmaster.pid"), "utf8").split("\n")[0]), "SIGKILL");
      await child.kill();
    }
    const killedAt = performance.now();

    const last = start({}, dataDir);
    await last.until(() => resumedAfter(killedAt) < RESUMES_WITHIN_MS);
    const url = (await joinRunning(dataDir)) ?? "";
    const found = await onDatabase(url, async (db) => {
      await last.until(() => allDone(db));
      return compare(await readLedger(db), server);
    });
    console.log("all in one", { kills: 3, ...found, resumedAfterMs: resumedAfter(killedAt) });
    expectNothingLostOrDoubled(found, leads, 3 * CONNECTIONS);
    expect(await last.stop()).toBe(0);
    expect(await joinRunning(dataDir)).toBeNull();
  });
});
