// A backup becomes this installation: into an empty database, in one transaction, from a file that was read to its end before anything is changed.
// What happened since the backup is not known then: nothing is sent from a mailbox until its Sent folder says what went out (reconcile-sent.ts).
import { type ArchiveEntry, readArchive } from "../archive/archive-file.ts";
import { AgentError } from "../core/errors.ts";
import type { Instant } from "../core/instant.ts";
import { type PurposeKeys, secretKeyFingerprint } from "../core/keys.ts";
import { endLeases, forgetWhatWasRead, forgetWhatWasSent, noteRestore } from "../store/after-restore.ts";
import { failRunsBefore } from "../store/automation-run.ts";
import type { Database, Tx } from "../store/database.ts";
import { dropTables, emptyTables, filledTables, otherProcesses } from "../store/empty-installation.ts";
import { checkMigrations, migrateWithin } from "../store/migrate.ts";
import { makePartition } from "../store/partition.ts";
import { copyIn, takeTime } from "../store/table-copy.ts";
import { setSequence, type TableShape, tableShapes } from "../store/table-shape.ts";
import { TABLES } from "../store/tables.ts";
import { type BackupManifest, type RowCounts, readManifest, rowCountsSchema, tableOfPiece } from "./backup-manifest.ts";

export interface RestoreParts {
  readonly db: Database;
  readonly keys: Pick<PurposeKeys, "backup">;
  readonly now: Instant;
  /** What must be done for the restored installation to work, once all rows are in: when it fails, nothing was restored. */
  readonly beforeCommit?: () => void;
  /** Where the migrations stand; tests have others. */
  readonly migrations?: URL;
}

export interface Restored {
  /** The moment of the backup. */
  readonly from: Instant;
  readonly rows: RowCounts;
}

/** What the file says of itself, whoever sealed it. @throws AgentError archive_damaged, invalid_input */
export async function backupIn(file: string): Promise<BackupManifest> {
  for await (const entry of readArchive(file, null)) return await readManifest(entry);
  throw new AgentError("archive_damaged", `${file} is no backup: it is empty.`);
}

/**
 * @throws AgentError archive_damaged; secret_key_missing where the keys are others; migration_unknown for the backup of a newer version;
 *   installation_not_empty; data_directory_in_use while another process works on the database
 */
export async function restoreBackup(parts: RestoreParts, file: string): Promise<Restored> {
  const manifest = await checked(parts, file);
  const rows = await parts.db.transaction(async (tx) => {
    await takeTime(tx);
    await refuseUnlessEmpty(tx);
    await migrateWithin(tx, new Set(manifest.migrations.map(({ name }) => name)), parts.migrations);
    await load(parts, tx, manifest, file);
    await migrateWithin(tx, null, parts.migrations);
    await beginAgain(tx, manifest.at, parts.now);
    parts.beforeCommit?.();
    return manifest.rows;
  });
  return { from: manifest.at, rows };
}

/** Reads the whole file once, so that nothing is changed for the sake of a torn one. */
async function checked({ keys, migrations }: RestoreParts, file: string): Promise<BackupManifest & { readonly rows: RowCounts }> {
  const manifest = await backupIn(file);
  refuseOtherKey(manifest, keys);
  await checkMigrations(new Map(manifest.migrations.map((one) => [one.name, one.sha256])), migrations);
  const entries = readArchive(file, keys.backup);
  for (;;) {
    const { done, value } = await entries.next();
    if (done) return { ...manifest, rows: rowCountsSchema.parse(value) };
  }
}

function refuseOtherKey({ keyFingerprint }: BackupManifest, keys: RestoreParts["keys"]): void {
  const own = secretKeyFingerprint(keys);
  if (own === keyFingerprint) return;
  throw new AgentError("secret_key_missing", `The backup was made with the secret key ${keyFingerprint}, and this one is ${own}.`, {
    detail: { backup: keyFingerprint, here: own },
  });
}

async function refuseUnlessEmpty(tx: Tx): Promise<void> {
  if ((await otherProcesses(tx)) > 0)
    throw new AgentError("data_directory_in_use", "Another process of the product works on this database; stop it first.");
  const tables = (await tableShapes(tx)).map(({ name }) => name).filter((name) => name in TABLES);
  const filled = await filledTables(tx, tables);
  if (filled.length > 0) {
    const message = `This installation is in use (${filled.join(", ")}); a backup is restored into a new one only: choose another --data-dir or database.`;
    throw new AgentError("installation_not_empty", message, { detail: { tables: filled } });
  }
  // Made anew as they were at the backup: migrations that change rows have to find them.
  await dropTables(tx, tables);
}

/** Pieces of one table stand together. The file is checked once more as it is read: somebody may have changed it meanwhile. */
async function load({ keys }: RestoreParts, tx: Tx, manifest: BackupManifest & { readonly rows: RowCounts }, file: string): Promise<void> {
  await emptyTables(
    tx,
    manifest.tables.map((table) => table.name),
  );
  for (const { table, from, to } of manifest.partitions) await makePartition(tx, table, from, to);
  const entries = readArchive(file, keys.backup);
  const counts = await loadTables(manifest.tables, entries, (table, pieces) => copyIn(tx, table, pieces)).finally(
    () => void entries.return(undefined),
  );
  const wrong = manifest.tables.find(({ name }) => (counts[name] ?? 0) !== manifest.rows[name]);
  if (wrong)
    throw new AgentError("archive_damaged", `${file} does not hold the ${manifest.rows[wrong.name]} rows of ${wrong.name} that it names.`);
  for (const sequence of manifest.sequences) await setSequence(tx, sequence);
}

/** Has every piece that follows filled into the table it belongs to; what belongs to none of `tables` is passed over. Returns the rows of each. */
export async function loadTables(
  tables: readonly TableShape[],
  entries: AsyncGenerator<ArchiveEntry, unknown, void>,
  fill: (table: TableShape, rows: AsyncGenerator<Uint8Array, void, void>) => Promise<number>,
): Promise<RowCounts> {
  const counts: Record<string, number> = {};
  let next = await entries.next();
  while (!next.done) {
    const name = tableOfPiece(next.value.name);
    const table = tables.find((one) => one.name === name);
    if (table) counts[table.name] = (counts[table.name] ?? 0) + (await fill(table, piecesOf(table)));
    else next = await entries.next();
  }
  return counts;

  async function* piecesOf(table: TableShape): AsyncGenerator<Uint8Array, void, void> {
    while (!next.done && tableOfPiece(next.value.name) === table.name) {
      yield* next.value.content;
      next = await entries.next();
    }
  }
}

/** What the installation of the backup knew, this one knows; what has happened since it must find out. */
async function beginAgain(tx: Tx, from: Instant, at: Instant): Promise<void> {
  await noteRestore(tx, from, at);
  await forgetWhatWasSent(tx, null, from);
  await forgetWhatWasRead(tx, null);
  await endLeases(tx, null);
  await failRunsBefore(tx, at, at);
}
