// Processes of the product as an operator starts and stops them: two on one data directory, a stop in the middle of a batch, a stop that hangs, a
// stop without a database, a log that cannot be written.
import { openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, inject, test, vi } from "vitest";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { onServer } from "../support/postgres-cluster.ts";
import { Installation, type RunningProduct } from "../system/product-process.ts";
import { type AcceptingServer, startAcceptingServer } from "./accepting-server.ts";
import { CONNECTIONS, compare, inFlight, startCampaign } from "./campaign-under-fire.ts";
import { endDatabase } from "./embedded-campaign.ts";

/** Without the test that waits for the whole grace. */
const SHORT = process.env["CRASH_FORM"] === "short";
const LEADS = 200;
/** Of start.ts: what runs may take so long to end. */
const GRACE_SECONDS = 20;
/** It never answers, as far as a test is concerned. */
const NEVER_MS = 600_000;

let installation: Installation;
let running: RunningProduct[];

beforeEach(() => {
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((product) => product.stop("SIGKILL")));
  await endDatabase(join(installation.directory, "data"));
  installation.remove();
});

function start(role: "all" | "web" | "worker" = "all", log: number | "pipe" = "pipe"): RunningProduct {
  const product = installation.start(role, log);
  running.push(product);
  return product;
}

async function seconds(work: Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work;
  return (performance.now() - began) / 1_000;
}

describe("two processes on one data directory", () => {
  beforeEach(() => {
    installation = new Installation(null, { MARKETING_AGENT_LOG_LEVEL: "debug" });
  });

  test("of two that start at once one runs, and the other ends with what to do about it", { timeout: 90_000 }, async () => {
    const both = [start(), start()];
    const url = await Promise.any(both.map((product) => product.url()));
    const loser = await Promise.any(both.map((product) => product.ended().then(() => product)));
    const winner = both.find((product) => product !== loser) as RunningProduct;
    expect(await loser.ended()).toBe(3);
    expect(loser.log).toMatch(
      new RegExp(`is in use by process ${winner.pid}; stop it first, or choose another data_dir\\. \\[data_directory_in_use\\]`),
    );
    expect(await (await fetch(new URL("/readyz", url))).json()).toEqual({ status: "ok" });

    const joined = start("worker");
    await vi.waitFor(() => expect(joined.log).toContain('"event":"automation.finished"'), 30_000);
    expect(await joined.stop()).toBe(0);
    expect(await winner.stop()).toBe(0);
  });

  test("a directory whose owner was killed, and whose number another process has now, is taken over", { timeout: 90_000 }, async () => {
    const first = start();
    await first.url();
    await first.stop("SIGKILL");
    const owner = join(installation.directory, "data/owner.json");
    const left = JSON.parse(readFileSync(owner, "utf8")) as { pid: number };
    expect(left.pid).toBe(first.pid);
    writeFileSync(owner, JSON.stringify({ ...left, pid: process.pid }));
    const second = start();
    expect(await (await fetch(new URL("/readyz", await second.url()))).json()).toEqual({ status: "ok" });
    expect(await second.stop()).toBe(0);
  });
});

describe("on a database of its own", () => {
  let database: TestDatabase;
  let server: AcceptingServer;

  async function begin(answerAfterMs: number): Promise<RunningProduct> {
    server = await startAcceptingServer(answerAfterMs);
    await startCampaign(database.db, { leads: LEADS, smtpPort: server.port });
    const product = start("worker");
    await vi.waitFor(() => expect(server.accepted.length).toBeGreaterThan(1), { timeout: 30_000, interval: 20 });
    return product;
  }

  beforeEach(async () => {
    database = await createTestDatabase();
    installation = new Installation(database.connectionString, {
      MARKETING_AGENT_SENDING_LEASE_SECONDS: "2",
      MARKETING_AGENT_SENDING_CONNECTIONS_PER_RELAY: String(CONNECTIONS),
    });
  });
  afterEach(async () => {
    await Promise.all(running.map((product) => product.stop("SIGKILL")));
    await server?.stop();
    await database.drop();
  });

  test("told to stop in the middle of a batch, it finishes what is on the wire, and puts the rest back", { timeout: 60_000 }, async () => {
    const product = await begin(100);
    let code: number | null = null;
    expect(await seconds(product.stop().then((ended) => (code = ended)))).toBeLessThan(10);
    expect(code).toBe(0);
    const { rows } = await database.db.query<{ state: string }>("select distinct state from message order by state");
    expect(rows.map(({ state }) => state)).toEqual(["queued", "sent"]);
    const found = await compare(database.db, server);
    expect(found).toMatchObject({ sent: server.accepted.length, doubled: 0, uncertain: 0, unknown: 0 });
    expect(found.sent).toBeLessThan(LEADS);
    expect(product.log).not.toMatch(/"level":"(?:error|fatal)"/);
  });

  test("told twice, it ends at once; what was on the wire is uncertain at the next start", { timeout: 60_000 }, async () => {
    const product = await begin(NEVER_MS);
    const first = product.stop();
    await sleep(500);
    expect(await seconds(product.stop())).toBeLessThan(2);
    expect(await first).toBe(1);
    expect((await inFlight(database.db)).transmitting).toHaveLength(CONNECTIONS);
    start("worker");
    await vi.waitFor(async () => expect(await compare(database.db, server)).toMatchObject({ uncertain: CONNECTIONS, doubled: 0 }), 30_000);
  });

  test.skipIf(SHORT)("told to stop while a server hangs, it ends when its grace is over", { timeout: 90_000 }, async () => {
    const product = await begin(NEVER_MS);
    expect(await seconds(product.stop())).toBeLessThan(GRACE_SECONDS + 10);
    expect(await product.ended()).toBe(0);
  });

  test("told to stop while its database is away, it ends in time", { timeout: 90_000 }, async () => {
    const product = await begin(100);
    const { adminUrl } = inject("postgres");
    const name = new URL(database.connectionString).pathname.slice(1);
    await onServer(adminUrl, [
      `alter database ${name} with allow_connections false`,
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
    ]);
    await vi.waitFor(() => expect(product.log).toContain("database_unavailable"), 15_000);
    expect(await seconds(product.stop())).toBeLessThan(15);
    expect(await product.ended()).toBe(0);
    expect(product.log).not.toContain("unhandled");
    await onServer(adminUrl, [`alter database ${name} with allow_connections true`]);
  });

  test("an import whose rejected rows cannot be written says so, and that the leads are there", { timeout: 60_000 }, async () => {
    const file = installation.write("leads.csv", "email\nkim@bakery.example\nnobody\n");
    const failed = installation.run(["leads", "import", file, "--rejected", "/dev/full"]);
    await expect(failed).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining("The leads were imported, but /dev/full cannot be written (ENOSPC)") as string,
    });
    const { rows } = await database.db.query("select email from lead");
    expect(rows).toEqual([{ email: "kim@bakery.example" }]);
  });

  test("with a log on a full disk it goes on sending", { timeout: 60_000 }, async () => {
    server = await startAcceptingServer(1);
    await startCampaign(database.db, { leads: 20, smtpPort: server.port });
    const product = start("worker", openSync("/dev/full", "w"));
    await vi.waitFor(() => expect(server.accepted).toHaveLength(20), { timeout: 30_000, interval: 50 });
    expect(await product.stop()).toBe(0);
  });
});
