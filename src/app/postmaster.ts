// One run of the database server: started, or found running on its files, and stopped. It outlives us if we are killed, and is adopted later.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { AgentError } from "../core/errors.ts";
import { sqlState } from "../store/database.ts";
import { type Connection, giveToOwner, orUnusable } from "./data-directory.ts";
import { DATABASE_ENVIRONMENT } from "./postgres-binaries.ts";
import type { Cluster } from "./postgres-cluster.ts";
import { commandOf, processIdentity } from "./process-identity.ts";

/** The server's first process: the parent of all others. */
export interface Postmaster {
  readonly pid: number;
  /** What tells it from a later process of the same number. */
  readonly identity: string;
  readonly port: number;
}

/** The defaults are durable already; said here too, so that no edited file makes them otherwise. */
const DURABLE = ["fsync=on", "full_page_writes=on", "synchronous_commit=on"];
/** Never ERROR: those lines hold statements, hence people's addresses, and would grow without end. */
const LOGGING = ["log_min_messages=log", "log_checkpoints=off", "log_timezone=UTC"];
/** A young table grows tenfold within a minute, and plans that were made while it was small read all of it: the statistics are looked after sooner. */
const STATISTICS = ["autovacuum_naptime=10s"];
const LISTENING = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "password_encryption=scram-sha-256", "timezone=UTC"];

const LOG_LIMIT_BYTES = 5_000_000;
/** Recovery after a power cut replays at most a checkpoint's distance: seconds on a disk, minutes on a bad one. */
const START_MS = 300_000;
/** A fast shutdown waits for a checkpoint. */
const STOP_MS = 60_000;
const POLL_MS = 30;
/** SQLSTATE invalid_password. */
const INVALID_PASSWORD = "28P01";

/** The server that runs on these files, if one does. */
export function findPostmaster(cluster: Pick<Cluster, "dataDir" | "files">): Postmaster | undefined {
  const lockFile = join(cluster.files, "postmaster.pid");
  const [pid = 0, , , port = 0] = (readIfAny(lockFile) ?? "").split("\n").map(Number);
  if (!(pid > 0)) return undefined;
  const identity = processIdentity(pid);
  const command = commandOf(pid) ?? "";
  if (identity !== undefined && command.includes(cluster.files)) return { pid, identity, port };
  // PostgreSQL takes any process of that number for its server, be it a stranger's or a zombie that nobody reaps, and would not start.
  // Without the file it still finds orphaned backends that write, by the shared memory whose key is the directory's inode.
  // Another postgres may be ours by another path (a bind mount): that one PostgreSQL must judge.
  if (identity === undefined || !command.includes("postgres")) orUnusable(cluster.dataDir, () => rmSync(lockFile, { force: true }));
  return undefined;
}

export function isRunning(postmaster: Postmaster): boolean {
  return processIdentity(postmaster.pid) === postmaster.identity;
}

/** Starts a server on the connection's port and waits until it answers; AgentError database_start_failed with its last words if it does not. */
export async function startPostmaster(cluster: Cluster, connection: Connection): Promise<Postmaster> {
  const postmaster = await launch(cluster, connection.port);
  try {
    if (postmaster && (await untilAnswers(postmaster, connection))) return postmaster;
  } catch (error) {
    if (postmaster) await stopPostmaster(postmaster);
    throw error;
  }
  if (postmaster) await stopPostmaster(postmaster);
  throw new AgentError("database_start_failed", `The embedded database did not start: ${lastWords(cluster)}`, {
    detail: { log: logOf(cluster) },
  });
}

/**
 * True when the server answers; false when it ended first, or stays silent for five minutes.
 * AgentError data_directory_unusable if it runs but refuses the password of connection.json.
 */
export async function untilAnswers(postmaster: Postmaster, connection: Connection): Promise<boolean> {
  const deadline = Date.now() + START_MS;
  // Each refusal is a line in the server's log: a long recovery is asked less and less often.
  for (let pause = POLL_MS; isRunning(postmaster) && Date.now() < deadline; pause = Math.min(pause * 1.5, 1_000)) {
    const answer = await ask(connection);
    if (answer === "yes") return true;
    if (answer === "wrong_password") {
      throw new AgentError(
        "data_directory_unusable",
        "The database refuses the password in connection.json; restore the file that was made with it.",
      );
    }
    await sleep(pause);
  }
  return false;
}

/** Whether a server accepts this connection. SCRAM proves both sides: another server on the same port does not know the password. */
export async function ask(connection: Connection): Promise<"yes" | "wrong_password" | "no"> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 5_000 });
  // A connection that breaks would otherwise end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return "yes";
  } catch (error) {
    return sqlState(error) === INVALID_PASSWORD ? "wrong_password" : "no";
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Ends connections and the server ("fast"); one that does not end within a minute is stopped at once and recovers at its next start. */
export async function stopPostmaster(postmaster: Postmaster): Promise<void> {
  if (await ends(postmaster, "SIGINT", STOP_MS)) return;
  if (await ends(postmaster, "SIGQUIT", STOP_MS)) return;
  throw new AgentError("internal", `The embedded database (process ${postmaster.pid}) does not stop.`);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}

/** In a session of its own: Ctrl-C in a terminal reaches us alone, and the server stays until we are done with it. */
async function launch(cluster: Cluster, port: number): Promise<Postmaster | undefined> {
  const { binaries, files, user } = cluster;
  const settings = [...DURABLE, ...LOGGING, ...STATISTICS, ...LISTENING, `port=${port}`].flatMap((setting) => ["-c", setting]);
  const log = openLog(cluster);
  const server = spawn(join(binaries, "bin/postgres"), ["-D", files, ...settings], {
    ...user,
    cwd: "/",
    env: DATABASE_ENVIRONMENT,
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  try {
    await once(server, "spawn");
  } catch (cause) {
    throw new AgentError("database_start_failed", `The embedded database's program cannot be run: ${(cause as Error).message}`, { cause });
  }
  server.unref();
  const identity = server.pid === undefined ? undefined : processIdentity(server.pid);
  return server.pid === undefined || identity === undefined ? undefined : { pid: server.pid, identity, port };
}

function openLog(cluster: Cluster): number {
  const path = logOf(cluster);
  return orUnusable(cluster.dataDir, () => {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    const log = openSync(path, size > LOG_LIMIT_BYTES ? "w" : "a", 0o600);
    giveToOwner(cluster.dataDir, path);
    return log;
  });
}

function logOf(cluster: Cluster): string {
  return join(cluster.dataDir, "postgres.log");
}

function lastWords(cluster: Cluster): string {
  const lines = (readIfAny(logOf(cluster)) ?? "").trimEnd().split("\n");
  return lines.slice(-5).join("\n") || "it said nothing";
}

async function ends(postmaster: Postmaster, signal: NodeJS.Signals, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  if (isRunning(postmaster)) process.kill(postmaster.pid, signal);
  while (isRunning(postmaster)) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

function readIfAny(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
