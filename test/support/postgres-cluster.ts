// One PostgreSQL for the whole test run, with a migrated template that every test file clones. TEST_DATABASE_URL names a server to use instead.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestProject } from "vitest/node";
import { databaseUser, INITDB_OPTIONS, usableBinaries } from "../../src/app/postgres-binaries.ts";
import { openDatabase } from "../../src/store/database.ts";
import { migrate } from "../../src/store/migrate.ts";
import { quickDisk } from "./quick-disk.ts";

declare module "vitest" {
  interface ProvidedContext {
    postgres: PostgresForTests;
  }
}

export interface PostgresForTests {
  /** A superuser's URL of the database `postgres`. */
  readonly adminUrl: string;
  /** A migrated, empty database; also the prefix of its clones' names. */
  readonly template: string;
}

/** Durability is not what these tests are about. */
const FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0"];
const LIMITS = ["listen_addresses=", "max_connections=200", "shared_buffers=64MB", "max_wal_size=256MB"];

/** Ends the server and removes its directories when its standard input ends, so that even a killed test run leaves nothing behind. */
const GUARD = 'dir=$1; data=$2; shift 2; "$@" & server=$!; read _; kill -INT $server; wait $server; rm -rf "$dir" "$data"';

let cluster: ChildProcess | undefined;
let provided: PostgresForTests | undefined;

export async function setup(project: TestProject): Promise<void> {
  const adminUrl = process.env["TEST_DATABASE_URL"] ?? (await startCluster());
  provided = { adminUrl, template: `agent_test_${process.pid}` };
  await createTemplate(provided);
  project.provide("postgres", provided);
}

export async function teardown(): Promise<void> {
  if (!cluster) return provided && dropDatabases(provided);
  cluster.stdin?.end();
  if (cluster.exitCode === null) await once(cluster, "exit");
}

/** On a private socket: the directory admits only its owner and root, so no password is needed. */
async function startCluster(): Promise<string> {
  const user = databaseUser();
  // Not os.tmpdir(): a socket's path is limited to 107 bytes, and another user must reach it.
  const directory = mkdtempSync("/tmp/agent-test-");
  if (user) chownSync(directory, user.uid, user.gid);
  const binaries = usableBinaries(directory, user);
  const data = mkdtempSync(join(quickDisk(), "agent-test-data-"));
  if (user) chownSync(data, user.uid, user.gid);
  const initdb = ["-D", data, "--auth=trust", "--no-sync", ...INITDB_OPTIONS];
  execFileSync(join(binaries, "bin/initdb"), initdb, { ...user, cwd: directory, stdio: ["ignore", "ignore", "inherit"] });
  const settings = [...FAST, ...LIMITS, `unix_socket_directories=${directory}`].flatMap((setting) => ["-c", setting]);
  const log = join(directory, "log");
  const server = [join(binaries, "bin/postgres"), "-D", data, ...settings];
  const output = openSync(log, "a");
  const stdio = ["pipe", output, output] as const;
  cluster = spawn("/bin/sh", ["-c", GUARD, "sh", directory, data, ...server], {
    ...user,
    cwd: directory,
    detached: true,
    stdio: [...stdio],
  });
  const adminUrl = `postgres://postgres@localhost/postgres?host=${directory}`;
  await untilAnswers(adminUrl, log);
  return adminUrl;
}

async function untilAnswers(adminUrl: string, log: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      return await onServer(adminUrl, ["select 1"]);
    } catch (cause) {
      if (Date.now() > deadline) throw new Error(`The test database did not start:\n${readFileSync(log, "utf8")}`, { cause });
      await sleep(20);
    }
  }
}

async function createTemplate({ adminUrl, template }: PostgresForTests): Promise<void> {
  await onServer(adminUrl, [`create database ${template}`]);
  const db = openDatabase({ connectionString: urlOf(adminUrl, template), maxConnections: 1, onIdleError: ignore });
  try {
    await migrate(db);
  } finally {
    await db.close();
  }
  // A template that anybody is connected to cannot be cloned.
  await onServer(adminUrl, [`alter database ${template} with allow_connections false`]);
}

/** On a server that outlives the run: the template, and clones whose test file did not get to drop them. */
async function dropDatabases({ adminUrl, template }: PostgresForTests): Promise<void> {
  const db = openDatabase({ connectionString: adminUrl, maxConnections: 1, onIdleError: ignore });
  const { rows } = await db.query<{ datname: string }>(
    "select datname from pg_database where datname = $1 or starts_with(datname, $1 || '_')",
    [template],
  );
  for (const { datname } of rows) await db.query(`drop database if exists ${datname} with (force)`);
  await db.close();
}

/** Runs statements that cannot stand in a transaction, such as CREATE DATABASE. */
export async function onServer(adminUrl: string, statements: readonly string[]): Promise<void> {
  const db = openDatabase({ connectionString: adminUrl, maxConnections: 1, onIdleError: ignore });
  try {
    for (const statement of statements) await db.query(statement);
  } finally {
    await db.close();
  }
}

/** The URL of another database of the same server. */
export function urlOf(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** The statement that needs a broken connection fails by itself. */
function ignore(): void {}
