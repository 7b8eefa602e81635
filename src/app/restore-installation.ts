// From a backup to an installation: its database (nobody else may work on it), its secret key, and the work that no backup holds.
import { resolve } from "node:path";
import { backupIn, type Restored, restoreBackup } from "../automations/restore.ts";
import { AgentError } from "../core/errors.ts";
import { deriveKeys, secretKeyFingerprint } from "../core/keys.ts";
import type { Settings } from "../core/settings.ts";
import { mailboxesHeldSinceRestore, unjudgedReplies } from "../store/after-restore.ts";
import { type Database, openDatabase } from "../store/database.ts";
import { closing } from "./cli/closing.ts";
import { checkServer } from "./database-server.ts";
import { openPostgres } from "./embedded-postgres.ts";
import { createJobEngine } from "./job-queue.ts";
import { createLog } from "./log.ts";
import { knownMasterKey, readKeyFile, replaceKey } from "./secret-key.ts";
import { wallClock } from "./wire.ts";

export interface RestoreRequest {
  readonly file: string;
  /** A key file; null: the key of this installation is that of the backup. */
  readonly keyFile: string | null;
}

export interface RestoredInstallation extends Restored {
  /** Where the key stands that this installation had before; null where it had none, or the same. */
  readonly keptKey: string | null;
  /** How many must find out what they have sent. */
  readonly mailboxes: number;
}

export async function restoreInstallation(settings: Settings, { file, keyFile }: RestoreRequest): Promise<RestoredInstallation> {
  const dataDir = resolve(settings.data_dir);
  const key = await keyFor(settings, dataDir, file, keyFile);
  const closers = closing();
  try {
    const connectionString = settings.database_url ?? (await embedded(dataDir, (close) => closers.add(close)));
    const db = openDatabase({ connectionString, maxConnections: 2, onIdleError: () => undefined });
    closers.add(() => db.close());
    await checkServer(db);
    let keptKey: string | null = null;
    const beforeCommit = () => {
      if (key.isNew) keptKey = replaceKey(dataDir, key.bytes);
    };
    const restored = await restoreBackup({ db, keys: deriveKeys(key.bytes), now: wallClock.now(), beforeCommit }, file);
    await enqueueLostWork(db, connectionString);
    return { ...restored, keptKey, mailboxes: await mailboxesHeldSinceRestore(db) };
  } finally {
    await closers.closeAll();
  }
}

async function embedded(dataDir: string, add: (close: () => Promise<void>) => void): Promise<string> {
  const postgres = await openPostgres({ dataDir, log: createLog({ level: "fatal" }) });
  add(() => postgres.stop());
  return postgres.connectionString;
}

/** The key that the backup names: this installation's, or the given one, which then becomes this installation's. */
async function keyFor(
  settings: Settings,
  dataDir: string,
  file: string,
  keyFile: string | null,
): Promise<{ readonly bytes: Uint8Array; readonly isNew: boolean }> {
  const { keyFingerprint: wanted } = await backupIn(file);
  const own = knownMasterKey(settings.secret_key, dataDir);
  if (own && fingerprintOf(own) === wanted) return { bytes: own, isNew: false };
  if (settings.secret_key !== undefined) throw otherKey(wanted, "the settings name another one: set secret_key to that key");
  if (keyFile === null) throw otherKey(wanted, "give it with --secret-key FILE, as `keys export` wrote it in that installation");
  const given = readKeyFile(keyFile);
  if (fingerprintOf(given) !== wanted) throw otherKey(wanted, `${keyFile} holds the key ${fingerprintOf(given)}`);
  return { bytes: given, isNew: true };
}

function fingerprintOf(key: Uint8Array): string {
  return secretKeyFingerprint(deriveKeys(key));
}

function otherKey(wanted: string, what: string): AgentError {
  return new AgentError("secret_key_missing", `The backup needs the secret key ${wanted}; ${what}.`, { detail: { wanted } });
}

/** Jobs are in no backup. All but these are found anew by what is due. */
async function enqueueLostWork(db: Database, connectionString: string): Promise<void> {
  const engine = createJobEngine({ connectionString, onError: () => undefined });
  await engine.start();
  try {
    for (const reply of await unjudgedReplies(db))
      await db.transaction((tx) => engine.enqueue(tx, "analyze-reply", reply, reply.inboundMessageId));
  } finally {
    await engine.stop(5_000);
  }
}
