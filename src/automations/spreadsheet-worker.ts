// Reads a workbook in a thread of its own: the library holds all of it in memory and does not stop, so whoever asked can end the thread.
import { parentPort, workerData } from "node:worker_threads";
import { unzipSync, zipSync } from "fflate";
import { readSheet, type SheetData, SheetNotFoundError } from "read-excel-file/universal";
import { type CellValue, cellText } from "../core/spreadsheet-cell.ts";

export interface SpreadsheetOrder {
  readonly file: Uint8Array<ArrayBuffer>;
  /** Null: the first. */
  readonly sheet: string | null;
  /** Of all parts of the workbook together. */
  readonly unpackedBytes: number;
}

/** What the thread says: first whether it could read the file, then rows, as often as it is asked for them; none when they are over. */
export type SpreadsheetAnswer =
  | { readonly kind: "read" }
  | { readonly kind: "rows"; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: "too_large" | "not_a_workbook" }
  | { readonly kind: "no_such_sheet"; readonly sheets: readonly string[] };

/** Rows a message. */
const PIECE = 2_000;
/** A workbook has one for each sheet, and a few more. */
const MAX_PARTS = 1_000;
/** What holds cells. Pictures, charts and macros are left out. */
const PART = /^(?:\[Content_Types\]\.xml|_rels\/\.rels|xl\/_rels\/workbook\.xml\.rels|xl\/(?:\w+|worksheets\/[^/]+)\.xml)$/;

class TooLarge extends Error {}

/**
 * The parts of a workbook with cells, packed anew without compression. A ZIP whose directory lies about sizes, or names a part twice, has then met
 * its limit before the library sees the file: fflate unpacks into as many bytes as the directory declares, and no more.
 */
function repacked({ file, unpackedBytes }: SpreadsheetOrder): Uint8Array<ArrayBuffer> {
  let bytes = 0;
  let parts = 0;
  const unpacked = unzipSync(file, {
    filter: ({ name, size, originalSize }) => {
      if (!PART.test(name)) return false;
      bytes += Math.max(size, originalSize);
      parts += 1;
      if (bytes > unpackedBytes || parts > MAX_PARTS) throw new TooLarge();
      return true;
    },
  });
  return zipSync(unpacked, { level: 0 });
}

async function read(order: SpreadsheetOrder): Promise<{ readonly answer: SpreadsheetAnswer; readonly rows: SheetData }> {
  try {
    return { answer: { kind: "read" }, rows: await readSheet(repacked(order).buffer, order.sheet ?? 1) };
  } catch (error) {
    return { answer: refusal(error), rows: [] };
  }
}

function refusal(error: unknown): SpreadsheetAnswer {
  if (error instanceof TooLarge) return { kind: "too_large" };
  if (!(error instanceof SheetNotFoundError)) return { kind: "not_a_workbook" };
  const sheets: unknown = "sheets" in error ? error.sheets : [];
  return { kind: "no_such_sheet", sheets: Array.isArray(sheets) ? sheets.map(String) : [] };
}

const { answer, rows } = await read(workerData as SpreadsheetOrder);
let given = 0;
parentPort?.on("message", () => {
  // the library's type of a cell names the constructor of Date where it means a Date
  const piece = rows.slice(given, given + PIECE).map((row) => row.map((cell) => cellText(cell as CellValue)));
  given += PIECE;
  parentPort?.postMessage({ kind: "rows", rows: piece } satisfies SpreadsheetAnswer);
});
parentPort?.postMessage(answer);
