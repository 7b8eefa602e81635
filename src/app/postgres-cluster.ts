// The database's files, before a server runs on them: made once, owned by the user the server runs as, reachable for that user.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { AgentError } from "../core/errors.ts";
import { type Connection, orUnusable, readConnectionFile, writeConnectionFile } from "./data-directory.ts";
import { closedFolder, DATABASE_ENVIRONMENT, databaseUser, INITDB_OPTIONS, type SystemUser, usableBinaries } from "./postgres-binaries.ts";

/** Everything that it takes to start a server. */
export interface Cluster {
  readonly dataDir: string;
  /** PostgreSQL's own directory within it. */
  readonly files: string;
  /** The folder with PostgreSQL's bin, lib and share. */
  readonly binaries: string;
  /** undefined: as whoever we are. */
  readonly user: SystemUser | undefined;
}

/** Finds or makes the database's files. The caller owns the data directory. */
export async function prepareCluster(dataDir: string): Promise<Cluster> {
  const files = join(dataDir, "postgres");
  const user = ownerOf(files) ?? databaseUser();
  const closed = closedFolder(dataDir, user);
  if (closed !== undefined) throw unreachable(closed, user);
  const cluster = { dataDir, files, user, binaries: orUnusable(dataDir, () => usableBinaries(dataDir, user)) };
  if (!existsSync(files)) await createFiles(cluster);
  return cluster;
}

/** The connection of a cluster that was made; AgentError data_directory_unusable if its file, and with it the password, is gone. */
export function connectionOf(cluster: Cluster): Connection {
  const connection = readConnectionFile(cluster.dataDir);
  if (connection) return connection;
  const message = `${cluster.dataDir} holds a database, but connection.json with its password is missing or damaged; restore that file.`;
  throw new AgentError("data_directory_unusable", message, { detail: { dataDir: cluster.dataDir } });
}

/** Root runs the server as whoever owns the files already; anybody else must own them. */
function ownerOf(files: string): SystemUser | undefined {
  const found = statSync(files, { throwIfNoEntry: false });
  if (!found) return undefined;
  const me = process.getuid?.();
  if (found.uid === me) return undefined;
  if (me === 0) return { uid: found.uid, gid: found.gid };
  throw new AgentError("data_directory_unusable", `${files} belongs to user ${found.uid}; run as that user, or choose another data_dir.`, {
    detail: { files, owner: found.uid },
  });
}

/** Made under another name and renamed when whole, so that an interrupted first start leaves nothing half-made behind. */
async function createFiles(cluster: Cluster): Promise<void> {
  const { dataDir, files, user } = cluster;
  const draft = orUnusable(dataDir, () => {
    for (const name of readdirSync(dataDir)) if (name.startsWith("initdb-")) rmSync(join(dataDir, name), { recursive: true });
    return mkdtempSync(join(dataDir, "initdb-"));
  });
  const password = randomBytes(32).toString("base64url");
  const passwordFile = join(draft, "password");
  orUnusable(dataDir, () => writeFileSync(passwordFile, password, { mode: 0o600 }));
  if (user) for (const path of [draft, passwordFile]) chownSync(path, user.uid, user.gid);
  await initdb(cluster, join(draft, "files"), passwordFile);
  writeConnectionFile(dataDir, { host: "127.0.0.1", port: 0, user: "postgres", password, database: "postgres" });
  renameSync(join(draft, "files"), files);
  syncDirectory(dataDir);
  rmSync(draft, { recursive: true });
}

async function initdb({ binaries, user }: Cluster, files: string, passwordFile: string): Promise<void> {
  const options = ["--pgdata", files, "--auth=scram-sha-256", `--pwfile=${passwordFile}`, ...INITDB_OPTIONS];
  try {
    await promisify(execFile)(join(binaries, "bin/initdb"), options, { ...user, cwd: "/", env: DATABASE_ENVIRONMENT });
  } catch (cause) {
    const said = (cause as { stderr?: string }).stderr?.trim() || (cause as Error).message;
    throw new AgentError("database_start_failed", `The embedded database could not be created: ${said}`, { cause });
  }
}

/** A rename survives a power cut only when its directory was synced. */
function syncDirectory(path: string): void {
  const directory = openSync(path, "r");
  fsyncSync(directory);
  closeSync(directory);
}

function unreachable(folder: string, user: SystemUser | undefined): AgentError {
  const message = `PostgreSQL does not run as root but as user ${user?.uid}, who may not enter ${folder}; choose a data_dir elsewhere, or run chmod o+x ${folder}.`;
  return new AgentError("data_directory_unusable", message, { detail: { folder, uid: user?.uid } });
}
