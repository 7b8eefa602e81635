// Writes the whole installation into one file: every table as it was at one moment, while everything else goes on. Not the secret key.
import { type ArchiveWriter, writeArchive } from "../archive/archive-file.ts";
import type { Instant } from "../core/instant.ts";
import { secretKeyFingerprint } from "../core/keys.ts";
import type { Tx } from "../store/database.ts";
import { noteBackup } from "../store/installation.ts";
import { recordedMigrations } from "../store/migrate.ts";
import { inSnapshot } from "../store/schedule-input.ts";
import { copyOut, takeTime } from "../store/table-copy.ts";
import { monthlyPartitions, sequenceStates, serverVersion, type TableShape, tableShapes } from "../store/table-shape.ts";
import { TABLES } from "../store/tables.ts";
import type { Agent } from "./agent.ts";
import { type BackupManifest, MANIFEST, pieceName, type RowCounts, writeManifest } from "./backup-manifest.ts";

export interface BackUpOptions {
  /** Must not exist yet. */
  readonly file: string;
  /** Of this product. */
  readonly version: string;
}

export interface BackedUp {
  readonly file: string;
  readonly at: Instant;
  readonly rows: RowCounts;
}

export async function backUp(agent: Pick<Agent, "db" | "clock" | "keys" | "log">, options: BackUpOptions): Promise<BackedUp> {
  const at = agent.clock.now();
  const rows = await inSnapshot(agent.db, async (tx) => {
    await takeTime(tx);
    return writeArchive(options.file, agent.keys.backup, (archive) => writeInstallation(tx, archive, manifestOf(agent, options, at)));
  });
  await noteBackup(agent.db, at);
  agent.log.info({ event: "backup.written", tables: Object.keys(rows).length, rows: Object.values(rows).reduce((a, b) => a + b, 0) });
  return { file: options.file, at, rows };
}

function manifestOf({ keys }: Pick<Agent, "keys">, { version }: BackUpOptions, at: Instant) {
  return { version, at, keyFingerprint: secretKeyFingerprint(keys) };
}

async function writeInstallation(
  tx: Tx,
  archive: ArchiveWriter,
  about: Pick<BackupManifest, "version" | "at" | "keyFingerprint">,
): Promise<RowCounts> {
  const tables = (await tableShapes(tx)).filter(({ name }) => TABLES[name]?.backup === true);
  const manifest = writeManifest({
    ...about,
    postgres: await serverVersion(tx),
    migrations: [...(await recordedMigrations(tx))].map(([name, sha256]) => ({ name, sha256 })),
    tables,
    partitions: await monthlyPartitions(tx),
    sequences: await sequenceStates(tx),
  });
  await archive.add(MANIFEST, manifest);
  const counts: Record<string, number> = {};
  for (const table of tables) counts[table.name] = await writeTable(tx, archive, table, null);
  return counts;
}

/** Returns how many rows it wrote. */
export async function writeTable(tx: Tx, archive: ArchiveWriter, table: TableShape, where: Parameters<typeof copyOut>[2]): Promise<number> {
  const pieces = copyOut(tx, table, where);
  for (let number = 1; ; number += 1) {
    const { done, value } = await pieces.next();
    if (done) return value;
    await archive.add(pieceName(table.name, number), value);
  }
}
