// The database that comes with the product: opened by the process that owns the data directory, watched, started again if it dies, and stopped.
// Our own supervisor, because the npm wrapper fails as root, below closed folders, without install scripts, and beside an orphaned server.
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { AgentError } from "../core/errors.ts";
import { type Connection, claimDataDirectory, openDataDirectory, readConnectionFile, writeConnectionFile } from "./data-directory.ts";
import { type Cluster, connectionOf, prepareCluster } from "./postgres-cluster.ts";
import { ask, findPostmaster, freePort, isRunning, type Postmaster, startPostmaster, stopPostmaster, untilAnswers } from "./postmaster.ts";

export interface PostgresOptions {
  readonly dataDir: string;
  readonly log: Logger;
  /** Use the database of the process that owns the directory, if one does, instead of refusing. */
  readonly join?: boolean;
}

export interface RunningPostgres {
  /** Holds the password: never log it. */
  readonly connectionString: string;
  /** Stops the server and lets go of the directory; does nothing to a database that was joined. Close pools first: it ends their connections. */
  stop(): Promise<void>;
}

const WATCH_MS = 500;
/** How long a database that is to be joined may take to answer. */
const JOIN_MS = 15_000;
const STARTS = 5;
/** Between two attempts to start it again, at most. */
const LONGEST_WAIT_MS = 30_000;

/** AgentError data_directory_in_use, data_directory_unusable, database_start_failed, or database_unavailable where it was to be joined. */
export async function openPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const dataDir = openDataDirectory(options.dataDir);
  const claim = await claimOrJoin(dataDir, options.join ?? false);
  if ("connectionString" in claim) return claim;
  try {
    const cluster = await prepareCluster(dataDir);
    return supervise(cluster, await openServer(cluster, options.log), options.log, () => claim.release());
  } catch (error) {
    claim.release();
    throw error;
  }
}

/** The URL of the database that another process runs on this directory; null when nothing answers. */
export async function joinRunning(dataDir: string): Promise<string | null> {
  const connection = readConnectionFile(dataDir);
  return connection && connection.port > 0 && (await ask(connection)) === "yes" ? urlOf(connection) : null;
}

interface Opened {
  readonly postmaster: Postmaster;
  readonly connection: Connection;
}

async function claimOrJoin(dataDir: string, join: boolean): Promise<RunningPostgres | { release(): void }> {
  try {
    return await claimDataDirectory(dataDir);
  } catch (error) {
    if (!join || !(error instanceof AgentError) || error.code !== "data_directory_in_use") throw error;
    return { connectionString: await untilJoined(dataDir, error), stop: () => Promise.resolve() };
  }
}

/** The owner may be starting its database just now, or starting it again. */
async function untilJoined(dataDir: string, inUse: AgentError): Promise<string> {
  for (const deadline = performance.now() + JOIN_MS; ; ) {
    const connectionString = await joinRunning(dataDir);
    if (connectionString !== null) return connectionString;
    if (performance.now() > deadline) break;
    await sleep(WATCH_MS);
  }
  const owner = `The agent that runs on ${dataDir}`;
  throw new AgentError("database_unavailable", `${owner} has a database that does not answer; try again, or look at the agent's log.`, {
    cause: inUse,
    detail: inUse.detail,
    retryable: true,
  });
}

/** Tries again, on another port: one that was free may be taken before the server has it, and an orphan may show itself only now. */
async function openServer(cluster: Cluster, log: Logger): Promise<Opened> {
  for (let start = 1; ; start += 1) {
    const adopted = await adoptOrphan(cluster, log);
    if (adopted) return adopted;
    try {
      return await startOnFreePort(cluster, log);
    } catch (error) {
      if (start === STARTS || !(error instanceof AgentError) || error.code !== "database_start_failed") throw error;
      await sleep(WATCH_MS);
    }
  }
}

/** The server of an owner that was killed: still healthy, or just starting or stopping, which is waited for. */
async function adoptOrphan(cluster: Cluster, log: Logger): Promise<Opened | undefined> {
  const postmaster = findPostmaster(cluster);
  if (!postmaster) return undefined;
  const connection = { ...connectionOf(cluster), port: postmaster.port };
  if (!(await untilAnswers(postmaster, connection))) {
    await stopPostmaster(postmaster);
    return undefined;
  }
  writeConnectionFile(cluster.dataDir, connection);
  log.info({ event: "database.adopted", pid: postmaster.pid, port: connection.port });
  return { postmaster, connection };
}

async function startOnFreePort(cluster: Cluster, log: Logger): Promise<Opened> {
  const connection = { ...connectionOf(cluster), port: await freePort() };
  const postmaster = await startPostmaster(cluster, connection);
  writeConnectionFile(cluster.dataDir, connection);
  log.info({ event: "database.started", pid: postmaster.pid, port: connection.port });
  return { postmaster, connection };
}

function supervise(cluster: Cluster, opened: Opened, log: Logger, release: () => void): RunningPostgres {
  const stopping = new AbortController();
  const watching = watch(cluster, opened, log, stopping.signal);
  const stop = async () => {
    stopping.abort();
    const postmaster = await watching;
    if (postmaster) await stopPostmaster(postmaster);
    log.info({ event: "database.stopped" });
    release();
  };
  let stopped: Promise<void> | undefined;
  return {
    connectionString: urlOf(opened.connection),
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** Looks after the server until told to stop; gives the one that runs then. A server cannot be waited for: it may not be our child. */
async function watch(cluster: Cluster, opened: Opened, log: Logger, stopping: AbortSignal): Promise<Postmaster | undefined> {
  let postmaster: Postmaster | undefined = opened.postmaster;
  while (!stopping.aborted) {
    await unlessStopped(WATCH_MS, stopping);
    if (stopping.aborted || (postmaster && isRunning(postmaster))) continue;
    log.error({ event: "database.died", pid: postmaster?.pid });
    postmaster = await startAgain(cluster, opened.connection, log, stopping);
    if (postmaster) log.warn({ event: "database.restarted", pid: postmaster.pid });
  }
  return postmaster;
}

/**
 * On the same port, so that pools find it again. Backends that outlived their parent end within moments; until then PostgreSQL refuses. It is never
 * given up: a disk that is full is emptied by somebody, and then everything goes on. Undefined when told to stop before.
 */
async function startAgain(cluster: Cluster, connection: Connection, log: Logger, stopping: AbortSignal): Promise<Postmaster | undefined> {
  for (let start = 1; !stopping.aborted; start += 1) {
    try {
      return await startPostmaster(cluster, connection);
    } catch (error) {
      log.error({ event: "database.not_started", attempt: start, err: error });
      await unlessStopped(Math.min(start * WATCH_MS, LONGEST_WAIT_MS), stopping);
    }
  }
  return undefined;
}

async function unlessStopped(ms: number, stopping: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { ref: false, signal: stopping }).catch(() => undefined);
}

function urlOf({ host, port, user, password, database }: Connection): string {
  return `postgres://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
}
