// Rows of whole tables, out of the database and into it, as a stream (COPY in its text form, which every PostgreSQL version reads).
import { pipeline } from "node:stream/promises";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import type { Tx } from "./database.ts";
import type { TableShape } from "./table-shape.ts";

/** Held in memory at once. */
const CHUNK_BYTES = 4 * 1024 * 1024;

/** One transaction that may take hours, whatever limits the server sets for statements; a process that freezes still lets go of it. */
export async function takeTime(tx: Tx): Promise<void> {
  await tx.query("set local statement_timeout = 0");
  await tx.query("set local idle_in_transaction_session_timeout = '5min'");
}

/**
 * Rows of a table in pieces of about 4 MiB; a piece may end within a row.
 *
 * @param where a condition; null for all rows
 * @returns how many rows it were
 */
export async function* copyOut(
  tx: Tx,
  { name, columns }: TableShape,
  where: { readonly column: string; readonly id: string } | null,
): AsyncGenerator<Buffer, number, void> {
  const condition = where ? ` where ${quoted(where.column)} = ${literal(where.id)}` : "";
  const stream = tx.client.query(copyTo(`copy (select ${columns.map(quoted).join(", ")} from ${quoted(name)}${condition}) to stdout`));
  let pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes < CHUNK_BYTES) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(pieces);
  return stream.rowCount;
}

/** Returns how many rows went in. Triggers of ours do not fire: what they would do was done when the rows were written first. */
export async function copyIn(tx: Tx, { name, columns }: TableShape, rows: AsyncIterable<Uint8Array>): Promise<number> {
  await tx.query(`alter table ${quoted(name)} disable trigger user`);
  const stream = tx.client.query(copyFrom(`copy ${quoted(name)} (${columns.map(quoted).join(", ")}) from stdin`));
  await pipeline(rows, stream);
  await tx.query(`alter table ${quoted(name)} enable trigger user`);
  return stream.rowCount;
}

/**
 * Rows of one owner (`owner.column` = `owner.id`) into a table that holds those of others: they stand aside first, and only what belongs to it comes
 * over, so that no file can write into another workspace. Returns how many rows that were.
 *
 * @param replace a column that gets another value than it had
 */
export async function copyOwned(
  tx: Tx,
  { name, columns }: TableShape,
  rows: AsyncIterable<Uint8Array>,
  owner: { readonly column: string; readonly id: string },
  replace: { readonly column: string; readonly value: string } | null,
): Promise<number> {
  const names = columns.map(quoted).join(", ");
  await tx.query(`create temporary table rows_aside on commit drop as select ${names} from ${quoted(name)} with no data`);
  await pipeline(rows, tx.client.query(copyFrom(`copy rows_aside (${names}) from stdin`)));
  if (replace) await tx.query(`update rows_aside set ${quoted(replace.column)} = $1`, [replace.value]);
  const { rowCount } = await tx.query(
    `insert into ${quoted(name)} (${names}) select ${names} from rows_aside where ${quoted(owner.column)} = ${literal(owner.id)}`,
  );
  await tx.query("drop table rows_aside");
  return rowCount ?? 0;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** COPY takes no parameters. Only ids get here, which hold no quote. */
function literal(id: string): string {
  return `'${id.replaceAll("'", "''")}'`;
}
