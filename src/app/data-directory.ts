// Who owns a data directory, and how do other processes of ours reach the database in it? owner.json says the first, connection.json the second.
import { randomBytes } from "node:crypto";
import {
  chownSync,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { AgentError } from "../core/errors.ts";
import { processIdentity, processSpace } from "./process-identity.ts";

const ownerSchema = z.object({ pid: z.number(), started: z.string(), space: z.string() });
type Owner = z.output<typeof ownerSchema>;

const connectionSchema = z.object({ host: z.string(), port: z.number(), user: z.string(), password: z.string(), database: z.string() });
/** How to reach the embedded database. Holds a password: never log it. */
export type Connection = z.output<typeof connectionSchema>;

/** An owner touches its file this often, for those who cannot look for its process: other containers on the same volume. */
const HEARTBEAT_MS = 3_000;

/** The absolute path of the directory, made if missing; AgentError data_directory_unusable if it cannot be. */
export function openDataDirectory(dataDir: string): string {
  return orUnusable(dataDir, () => {
    // The database may run as another user (when we are root), who must pass through; what is secret in here has its own mode.
    mkdirSync(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
    return realpathSync(resolve(dataDir));
  });
}

/**
 * Makes this process the only owner of the directory, until `release` or its end, however it ends.
 * AgentError data_directory_in_use while another lives. Takes long (10 s) only after a crash in another container.
 */
export async function claimDataDirectory(dataDir: string): Promise<{ release(): void }> {
  const path = join(dataDir, "owner.json");
  const mine = JSON.stringify({ pid: process.pid, started: processIdentity(process.pid) ?? "", space: processSpace() } satisfies Owner);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    // Looked at before anything is written: a full disk must not keep anybody from joining the owner.
    const found = read(path);
    if (found === undefined) {
      if (orUnusable(dataDir, () => createWhole(path, mine, 0o644))) return hold(path, mine);
      continue;
    }
    if (await isAlive(path, found)) throw inUse(dataDir, found);
    if (!removeExactly(path, found)) break;
  }
  throw inUse(dataDir, read(path));
}

export function readConnectionFile(dataDir: string): Connection | null {
  const text = read(join(dataDir, "connection.json"));
  return text === undefined ? null : (parse(connectionSchema, text) ?? null);
}

export function writeConnectionFile(dataDir: string, connection: Connection): void {
  const path = join(dataDir, "connection.json");
  orUnusable(dataDir, () => {
    writeFileSync(`${path}.new`, JSON.stringify(connection), { mode: 0o600, flush: true });
    giveToOwner(dataDir, `${path}.new`);
    renameSync(`${path}.new`, path);
  });
}

/** Root, running once in a directory of somebody else's, leaves nothing there that the owner cannot use afterwards. */
export function giveToOwner(dataDir: string, path: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dataDir);
  chownSync(path, uid, gid);
}

/** Runs file system work; what the operator can mend becomes AgentError data_directory_unusable. */
export function orUnusable<Result>(dataDir: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (!["EACCES", "EPERM", "EROFS", "ENOSPC", "ENOTDIR", "EEXIST", "EDQUOT"].includes(code ?? "")) throw cause;
    const message = `The data directory ${dataDir} cannot be written to (${code}); check its owner, its permissions and the space left.`;
    throw new AgentError("data_directory_unusable", message, { cause, detail: { dataDir } });
  }
}

/** Creates the file with its content in one step; false when there is one. Nobody ever reads half of it, and a full disk leaves nothing behind. */
export function createWhole(path: string, content: string, mode: number): boolean {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    writeFileSync(draft, content, { mode, flush: true });
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function hold(path: string, mine: string): { release(): void } {
  const heartbeat = setInterval(() => touch(path), HEARTBEAT_MS).unref();
  return {
    release: () => {
      clearInterval(heartbeat);
      removeExactly(path, mine);
    },
  };
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // Somebody removed the file by hand; the database's own lock still protects its data.
  }
}

async function isAlive(path: string, content: string): Promise<boolean> {
  const owner = parse(ownerSchema, content);
  if (!owner) return false;
  if (owner.space === processSpace()) return processIdentity(owner.pid) === owner.started;
  return moves(path);
}

/** Whether the owner's heartbeat is seen; compares file times with each other only, since clocks of machines differ. */
async function moves(path: string): Promise<boolean> {
  const before = touchedAt(path);
  for (let waited = 0; waited < 3 * HEARTBEAT_MS; waited += 500) {
    await sleep(500);
    if (touchedAt(path) !== before) return true;
  }
  return false;
}

function touchedAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

/**
 * Removes the file only if it still is the one that was judged: of two starters that find the same dead owner, the slower must not remove
 * the claim of the faster. Renaming takes exactly one file, which can then be looked at and, if it was the wrong one, put back.
 */
function removeExactly(path: string, content: string): boolean {
  const taken = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    renameSync(path, taken);
  } catch {
    return true;
  }
  const right = read(taken) === content;
  if (!right) linkSync(taken, path);
  rmSync(taken, { force: true });
  return right;
}

function inUse(dataDir: string, content: string | undefined): AgentError {
  const owner = content === undefined ? undefined : parse(ownerSchema, content);
  const who = owner ? `process ${owner.pid}` : "another process";
  return new AgentError(
    "data_directory_in_use",
    `The data directory ${dataDir} is in use by ${who}; stop it first, or choose another data_dir.`,
    {
      detail: { dataDir, pid: owner?.pid },
    },
  );
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new AgentError("data_directory_unusable", `${path} cannot be read; run as the user who owns it.`, { cause: error });
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
