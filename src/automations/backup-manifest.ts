// What a backup says about itself, before its rows. Entries: manifest.json, then tables/<name>/<number> with pieces of a COPY, parents first.
import { z } from "zod";
import { type ArchiveEntry, jsonOf } from "../archive/archive-file.ts";
import { AgentError } from "../core/errors.ts";
import { PARTITIONED } from "../store/partition.ts";

const name = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

export const MANIFEST = "manifest.json";
const KIND = "marketing-agent-backup";

const manifestSchema = z.strictObject({
  kind: z.literal(KIND),
  format: z.literal(1),
  /** Of the product. */
  version: z.string(),
  /** The moment that all rows are from, by the installation's clock. */
  at: z.iso.datetime().transform((text) => new Date(text)),
  /** Of the secret key that its passwords were encrypted with (app/secret-key.ts). */
  keyFingerprint: z.hex(),
  postgres: z.string(),
  migrations: z.array(z.strictObject({ name: z.string(), sha256: z.hex() })).min(1),
  tables: z.array(z.strictObject({ name, columns: z.array(name).min(1).readonly() })),
  partitions: z.array(z.strictObject({ table: z.enum(PARTITIONED), from: day, to: day })),
  sequences: z.array(z.strictObject({ name, lastValue: z.number().nullable() })),
});

export type BackupManifest = z.output<typeof manifestSchema>;

export function writeManifest(manifest: Omit<BackupManifest, "kind" | "format">): Buffer {
  return Buffer.from(JSON.stringify({ kind: KIND, format: 1, ...manifest }, null, 2));
}

/** @throws AgentError archive_damaged */
export async function readManifest(entry: ArchiveEntry): Promise<BackupManifest> {
  const parsed = manifestSchema.safeParse(entry.name === MANIFEST ? jsonOf(await entry.document()) : undefined);
  if (parsed.success) return parsed.data;
  throw new AgentError("archive_damaged", "The file is no backup that this version can read: its manifest is missing or unknown.", {
    cause: parsed.error,
  });
}

/** Rows by table. */
export const rowCountsSchema = z.record(name, z.number());
export type RowCounts = z.output<typeof rowCountsSchema>;

export function pieceName(table: string, piece: number): string {
  return `tables/${table}/${String(piece).padStart(6, "0")}`;
}

/** The table that a piece belongs to; null for what is no piece. */
export function tableOfPiece(entryName: string): string | null {
  return /^tables\/([a-z0-9_]+)\/\d{6,}$/.exec(entryName)?.[1] ?? null;
}
