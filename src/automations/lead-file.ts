// A lead file as the import takes it: what its columns mean, or in plain words why nobody can tell; then its rows in batches.
import type { CsvRecord } from "../core/csv-records.ts";
import { AgentError } from "../core/errors.ts";
import { type ColumnMapping, type ColumnsRead, type LeadColumn, readColumns } from "../core/lead-columns.ts";

/** Rows of a lead file, in pieces of any size, each with how many bytes of the file were read up to it. */
export type RecordPieces = AsyncGenerator<{ readonly records: readonly CsvRecord[]; readonly bytes: number }>;

/** First the header alone, then batches of rows. Blank rows are left out. */
export async function* batches(file: RecordPieces, rows: number): AsyncGenerator<{ records: CsvRecord[]; bytes: number }> {
  let size = 1;
  let batch: CsvRecord[] = [];
  let bytes = 0;
  for await (const piece of file) {
    bytes = piece.bytes;
    for (const record of piece.records) {
      if (record.cells.every((cell) => cell.trim() === "")) continue;
      if (batch.push(record) < size) continue;
      yield { records: batch, bytes };
      batch = [];
      size = rows;
    }
  }
  if (batch.length > 0) yield { records: batch, bytes };
}

/** @throws AgentError csv_unreadable, invalid_input when the mapping does not fit the file */
export function columnsOf(header: CsvRecord, mapping: ColumnMapping | undefined, withProgress: boolean): readonly LeadColumn[] {
  if (header.broken) throw new AgentError("csv_unreadable", "The header cannot be read; its quotes do not close.");
  const read = readColumns(header.cells, mapping, { withProgress });
  if (read.kind === "columns") return read.columns;
  throw unreadable(read, header.cells);
}

function unreadable(read: Exclude<ColumnsRead, { kind: "columns" }>, headers: readonly string[]): AgentError {
  const detail = { headers: headers.slice(0, 100).map((header) => header.slice(0, 100)) };
  const found = `The first row holds: ${detail.headers.map((header) => header.trim() || "(blank)").join(", ")}.`;
  switch (read.kind) {
    case "no_header":
      return new AgentError("csv_unreadable", `The file has no header; its first row must name the columns. ${found}`, { detail });
    case "no_address":
      return new AgentError("csv_unreadable", `No column holds an address; name one \`Email\`, or say which it is. ${found}`, { detail });
    case "unknown_column": {
      const hint = read.nearest ? ` Did you mean ${read.nearest}?` : "";
      return new AgentError("invalid_input", `There is no further column ${read.column} in the file.${hint} ${found}`, { detail });
    }
    case "field_twice":
      return new AgentError("invalid_input", `Two columns cannot both be ${read.field}.`, { detail });
    default:
      return read satisfies never;
  }
}
