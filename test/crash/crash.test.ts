// The promise of ADR 4, kept under kill -9: no step is sent twice, none is lost in silence, and sending goes on.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { joinRunning } from "../../src/app/embedded-postgres.ts";
import type { SendPhase } from "../../src/automations/agent.ts";
import type { Database } from "../../src/store/database.ts";
import { createTestDatabase } from "../support/database.ts";
import { type AcceptingServer, startAcceptingServer } from "./accepting-server.ts";
import { allDone, CONNECTIONS, type Comparison, compare, inFlight, startCampaign } from "./campaign-under-fire.ts";
import { onDatabase, postmasterOf, prepareEmbedded } from "./embedded-campaign.ts";
import { seeded } from "./random-moments.ts";
import { Children } from "./sending-child.ts";

const ANSWER_AFTER_MS = 60;
const RESUMES_WITHIN_MS = 90_000;
/** What a kill at each phase leaves on the wire: marked mails, and how many of them the server has. */
const LEFT: readonly { at: SendPhase; transmitting: number; accepted: number }[] = [
  { at: "before_mark", transmitting: 0, accepted: 0 },
  { at: "marked", transmitting: CONNECTIONS, accepted: 0 },
  { at: "transmitted", transmitting: CONNECTIONS, accepted: CONNECTIONS },
  { at: "recorded", transmitting: 0, accepted: 0 },
];

let server: AcceptingServer;
let children: Children;

beforeEach(async () => {
  server = await startAcceptingServer(ANSWER_AFTER_MS);
  children = new Children();
});

afterEach(async () => {
  await children.end();
  await server.stop();
});

/** From `since` to the first mail that the server took after it, milliseconds. */
function resumedAfter(since: number): number {
  const next = server.accepted.find((mail) => mail.at > since);
  return next ? Math.round(next.at - since) : Number.POSITIVE_INFINITY;
}

function expectNothingLostOrDoubled(found: Comparison, leads: number, mayBeUncertain: number): void {
  expect(found).toMatchObject({ messages: leads, vanished: 0, doubled: 0, lost: 0, unknown: 0, neitherSentNorUncertain: 0 });
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
    await children.killAll();
    await database.drop();
  });

  /** Kills itself at a phase; what it leaves is exact. */
  async function crashAt({ at, transmitting, accepted }: (typeof LEFT)[number]): Promise<number> {
    await children.start({ connectionString, crash: { at, after: 3 } }).untilCrashed();
    const killedAt = performance.now();
    await sleep(200);
    const left = (await inFlight(db)).transmitting;
    const ids = new Set(server.accepted.map((mail) => mail.messageId));
    expect({ at, transmitting: left.length, accepted: left.filter((id) => ids.has(id)).length }).toEqual({ at, transmitting, accepted });
    return killedAt;
  }

  test("that is killed at every phase leaves exactly what it had on the wire, and the next one goes on", async () => {
    const leads = 120;
    await startCampaign(db, { smtpPort: server.port, leads });
    const kills: number[] = [];
    for (const left of LEFT) kills.push(await crashAt(left));
    expect(await allDone(db)).toBe(false);

    const last = children.start({ connectionString });
    await last.until(() => allDone(db));
    expect(await last.stop()).toBe(0);

    const found = await compare(db, server);
    const resumed = kills.map(resumedAfter);
    console.log("killed at every phase", { kills: kills.length, ...found, resumedAfterMs: resumed.join(" ") });
    expectNothingLostOrDoubled(found, leads, kills.length * CONNECTIONS);
    expect(Math.max(...resumed)).toBeLessThan(RESUMES_WITHIN_MS);
  });

  test("that wakes up after another has taken its mailbox over disturbs nothing", async () => {
    const leads = 120;
    await startCampaign(db, { smtpPort: server.port, leads });
    const sleeper = children.start({ connectionString, crash: { at: "transmitted", after: 3, signal: "SIGSTOP" } });
    await sleeper.until(() => server.accepted.length === 3 * CONNECTIONS);
    await sleep(200);
    const other = children.start({ connectionString });
    await other.until(() => server.accepted.length >= 6 * CONNECTIONS);
    sleeper.thaw();
    await other.until(() => allDone(db));
    expect(await Promise.all([sleeper.stop(), other.stop()])).toEqual([0, 0]);

    const found = await compare(db, server);
    console.log("frozen, and overtaken", found);
    expectNothingLostOrDoubled(found, leads, CONNECTIONS);
  });
});

describe("an agent with the database that comes with the product", () => {
  test("that is killed while it starts, while it sends, and together with its database goes on at the next start", async () => {
    const leads = 80;
    const dataDir = join(children.directory, "data");
    const random = seeded();
    await prepareEmbedded(dataDir, { leads, smtpPort: server.port });

    const starting = children.start({}, dataDir);
    await sleep(300 + random() * 700);
    await starting.kill();
    for (const withDatabase of [false, true]) {
      const child = children.start({}, dataDir);
      const before = server.accepted.length;
      await child.until(() => server.accepted.length > before);
      await sleep(random() * 300);
      if (withDatabase) process.kill(postmasterOf(dataDir), "SIGKILL");
      await child.kill();
    }
    const killedAt = performance.now();

    const last = children.start({}, dataDir);
    await last.until(() => resumedAfter(killedAt) < RESUMES_WITHIN_MS);
    const url = (await joinRunning(dataDir)) ?? "";
    const found = await onDatabase(url, async (db) => {
      await last.until(() => allDone(db));
      return compare(db, server);
    });
    console.log("all in one", { kills: 3, ...found, resumedAfterMs: resumedAfter(killedAt) });
    expectNothingLostOrDoubled(found, leads, 3 * CONNECTIONS);
    expect(await last.stop()).toBe(0);
    expect(await joinRunning(dataDir)).toBeNull();
  });
});
