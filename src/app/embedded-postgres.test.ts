// The embedded database through starts, crashes and second starts, on real files and real processes.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../store/database.ts";
import { readConnectionFile } from "./data-directory.ts";
import { joinRunning, openPostgres, type RunningPostgres } from "./embedded-postgres.ts";
import { processIdentity, processSpace } from "./process-identity.ts";

// Not os.tmpdir(): the server runs as another user when the tests run as root, and must reach it.
const directory = mkdtempSync("/tmp/agent-embedded-");
chmodSync(directory, 0o755);
const dataDir = join(directory, "data");
const lockFile = join(dataDir, "postgres/postmaster.pid");
const log = pino({ level: "silent" });
let running: RunningPostgres | undefined;

afterAll(async () => {
  await running?.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function open(): Promise<RunningPostgres> {
  running = await openPostgres({ dataDir, log });
  return running;
}

async function query<Row extends object>(connectionString: string, sql: string): Promise<Row[]> {
  const db = openDatabase({ connectionString, maxConnections: 1, onIdleError: () => undefined });
  try {
    return (await db.query<Row & Record<string, unknown>>(sql)).rows;
  } finally {
    await db.close();
  }
}

const note = (connectionString: string, text: string) => query(connectionString, `insert into note values ('${text}')`);

async function notes(connectionString: string): Promise<string[]> {
  return (await query<{ text: string }>(connectionString, "select text from note order by text")).map((row) => row.text);
}

function postmasterPid(): number {
  return Number(readFileSync(lockFile, "utf8").split("\n")[0]);
}

/** Another process that owns the directory. */
async function owner(): Promise<ChildProcess> {
  const module = JSON.stringify(new URL("embedded-postgres.ts", import.meta.url).href);
  const code = `const { openPostgres } = await import(${module}); const { pino } = await import("pino");
    await openPostgres({ dataDir: ${JSON.stringify(dataDir)}, log: pino({ level: "silent" }) }); console.log("open"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    stdio: ["ignore", "pipe", "inherit"],
  });
  await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error("It did not happen within ten seconds.");
    await sleep(50);
  }
}

beforeAll(async () => {
  const { connectionString } = await open();
  await query(connectionString, "create table note (text text)");
  await note(connectionString, "first");
});

describe("a first start", () => {
  test("keeps the password where only the owner can read it", () => {
    expect(statSync(join(dataDir, "connection.json")).mode & 0o777).toBe(0o600);
    expect(readConnectionFile(dataDir)?.password).toMatch(/^[\w-]{43}$/);
  });

  test("makes a durable database that asks for the password and knows every letter", async () => {
    const { connectionString } = running as RunningPostgres;
    const [facts] = await query(connectionString, "select current_setting('fsync') as fsync, lower('ÄΩ') as lower, version() as version");
    expect(facts).toMatchObject({ fsync: "on", lower: "äω", version: expect.stringContaining("PostgreSQL 18") as string });
    const wrong = new URL(connectionString);
    wrong.password = "guess";
    await expect(query(wrong.href, "select 1")).rejects.toMatchObject({ code: "database_unavailable", cause: { code: "28P01" } });
  });

  test("can be joined by other processes through the data directory", async () => {
    expect(await joinRunning(dataDir)).toBe(running?.connectionString);
  });
});

describe("a second start on the same directory", () => {
  test("is refused while the first lives", async () => {
    await expect(openPostgres({ dataDir, log })).rejects.toMatchObject({ code: "data_directory_in_use", detail: { pid: process.pid } });
  });

  test("joins the first where it was asked to, and leaves it running", async () => {
    const joined = await openPostgres({ dataDir, log, join: true });
    await joined.stop();
    expect(await notes(joined.connectionString)).toEqual(["first"]);
  });
});

describe("a server that dies under us", () => {
  test("is started again at the same address, with every committed row", async () => {
    const { connectionString } = running as RunningPostgres;
    await note(connectionString, "second");
    const pid = postmasterPid();
    process.kill(pid, "SIGKILL");
    await until(async () => (await notes(connectionString).catch(() => [])).length === 2);
    expect(postmasterPid()).not.toBe(pid);
  });

  test("is joined as soon as it is back", async () => {
    process.kill(postmasterPid(), "SIGKILL");
    const joined = await openPostgres({ dataDir, log, join: true });
    expect(await notes(joined.connectionString)).toEqual(["first", "second"]);
  });
});

describe("a stopped database", () => {
  test("answers nobody, and keeps its rows for the next start", async () => {
    await running?.stop();
    expect(await joinRunning(dataDir)).toBeNull();
    const { connectionString } = await open();
    expect(await notes(connectionString)).toEqual(["first", "second"]);
    await running?.stop();
  });

  test("starts although a crash left a lock file whose number another process has now", async () => {
    const stat = statSync(join(dataDir, "postgres"));
    const bystander = spawn("sleep", ["60"], { uid: stat.uid, gid: stat.gid, stdio: "ignore" });
    writeFileSync(lockFile, `${bystander.pid}\n${join(dataDir, "postgres")}\n1700000000\n5432\n\n127.0.0.1\n`);
    writeFileSync(join(dataDir, "owner.json"), JSON.stringify({ pid: bystander.pid, started: "an earlier boot", space: processSpace() }));
    const { connectionString } = await open();
    expect(await notes(connectionString)).toEqual(["first", "second"]);
    expect(bystander.exitCode).toBeNull();
    await kill(bystander);
    await running?.stop();
  });
});

describe("an owner that was killed", () => {
  test("leaves a server that the next start adopts, and that stops with it", async () => {
    const child = await owner();
    const orphan = postmasterPid();
    await note((await joinRunning(dataDir)) ?? "", "third");
    await kill(child);
    const { connectionString } = await open();
    expect(postmasterPid()).toBe(orphan);
    expect(await notes(connectionString)).toEqual(["first", "second", "third"]);
    await running?.stop();
    expect(processIdentity(orphan)).toBeUndefined();
  });

  test("leaves every committed row even if the server was killed with it", async () => {
    const child = await owner();
    await note((await joinRunning(dataDir)) ?? "", "fourth");
    process.kill(postmasterPid(), "SIGKILL");
    await kill(child);
    const { connectionString } = await open();
    expect(await notes(connectionString)).toEqual(["first", "fourth", "second", "third"]);
    await running?.stop();
  });
});

describe("a directory that cannot be used", () => {
  test("is named when the password is gone", async () => {
    rmSync(join(dataDir, "connection.json"));
    await expect(openPostgres({ dataDir, log })).rejects.toMatchObject({ code: "data_directory_unusable" });
  });

  test.runIf(process.getuid?.() === 0)("is named when the database's user may not enter it", async () => {
    const closed = join(directory, "closed");
    mkdirSync(closed, { mode: 0o700 });
    const opening = openPostgres({ dataDir: join(closed, "data"), log });
    await expect(opening).rejects.toMatchObject({ code: "data_directory_unusable", detail: { folder: closed } });
  });
});
