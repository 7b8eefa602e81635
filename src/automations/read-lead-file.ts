// Which kind of file is it? Its first bytes say so; names and content types are often wrong.
import { AgentError } from "../core/errors.ts";
import type { Settings } from "../core/settings.ts";
import type { RecordPieces } from "./lead-file.ts";
import { readCsv } from "./read-csv.ts";
import { readSpreadsheet } from "./read-spreadsheet.ts";

/** A ZIP, as XLSX is one. */
const ZIP = "504b0304";
/** The container of Excel before 2007, and of workbooks with a password. */
const COMPOUND_FILE = "d0cf11e0";
const MARK_BYTES = 4;

/** @throws AgentError spreadsheet_unreadable; invalid_input for a sheet of a file that has none */
export async function* readLeadFile(content: AsyncIterable<Uint8Array>, sheet: string | null, limits: Settings["imports"]): RecordPieces {
  const file = await marked(content);
  if (file.mark === COMPOUND_FILE) {
    throw new AgentError(
      "spreadsheet_unreadable",
      "The file is a workbook of Excel before 2007 or has a password; save it as .xlsx without one, or as CSV.",
    );
  }
  if (file.mark === ZIP) yield* readSpreadsheet(file.content, sheet, limits);
  else if (sheet !== null) throw new AgentError("invalid_input", "The file is no spreadsheet, so it has no sheets.");
  else yield* readCsv(file.content);
}

async function marked(content: AsyncIterable<Uint8Array>): Promise<{ mark: string; content: AsyncIterable<Uint8Array> }> {
  const pieces = content[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  while (start.length < MARK_BYTES) {
    const { done, value } = await pieces.next();
    if (done) break;
    start = Buffer.concat([start, value]);
  }
  const mark = start.toString("hex", 0, Math.min(MARK_BYTES, start.length));
  return { mark, content: continued(start, pieces) };
}

async function* continued(start: Uint8Array, pieces: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (start.length > 0) yield start;
    for (;;) {
      const { done, value } = await pieces.next();
      if (done) return;
      yield value;
    }
  } finally {
    await pieces.return?.();
  }
}
