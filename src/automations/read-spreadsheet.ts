// A spreadsheet (XLSX) into the records that a CSV has. It is hostile until read: a thread of its own reads it, within bytes, memory and time.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { CsvRecord } from "../core/csv-records.ts";
import { AgentError } from "../core/errors.ts";
import { SECOND } from "../core/instant.ts";
import type { Settings } from "../core/settings.ts";
import type { SpreadsheetAnswer, SpreadsheetOrder } from "./spreadsheet-worker.ts";

const MB = 1e6;

/**
 * The rows of one sheet, numbered as the spreadsheet numbers them.
 *
 * @param sheet its name; null for the first
 * @throws AgentError spreadsheet_unreadable; invalid_input when there is no sheet of that name
 */
export async function* readSpreadsheet(
  content: AsyncIterable<Uint8Array>,
  sheet: string | null,
  limits: Settings["imports"],
): AsyncGenerator<{ records: CsvRecord[]; bytes: number }> {
  const file = await whole(content, limits.spreadsheet_megabytes);
  const bytes = file.length;
  const thread = startReading({ file, sheet, unpackedBytes: limits.spreadsheet_unpacked_megabytes * MB }, limits);
  try {
    refuse(await thread.answer(), limits);
    for (let row = 1; ; ) {
      thread.ask();
      const answer = await thread.answer();
      if (answer.kind !== "rows" || answer.rows.length === 0) return;
      const first = row;
      row += answer.rows.length;
      yield { records: answer.rows.map((cells, index) => ({ row: first + index, cells, broken: null })), bytes };
    }
  } finally {
    await thread.end();
  }
}

/** The directory of a ZIP stands at its end. */
async function whole(content: AsyncIterable<Uint8Array>, megabytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of content) {
    bytes += piece.length;
    if (bytes > megabytes * MB) throw tooLarge(`The spreadsheet is larger than ${megabytes} MB`);
    pieces.push(piece);
  }
  const file = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    file.set(piece, at);
    at += piece.length;
  }
  return file;
}

interface ReadingThread {
  ask(): void;
  answer(): Promise<SpreadsheetAnswer>;
  end(): Promise<unknown>;
}

function startReading(order: SpreadsheetOrder, limits: Settings["imports"]): ReadingThread {
  const worker = new Worker(new URL("./spreadsheet-worker.ts", import.meta.url), {
    workerData: order,
    transferList: [order.file.buffer],
    resourceLimits: { maxOldGenerationSizeMb: limits.spreadsheet_memory_megabytes },
    // What the operator gave this process is none of a stranger's file.
    env: {},
  });
  const died = once(worker, "exit");
  died.catch(() => undefined);
  return {
    ask: () => worker.postMessage(null),
    answer: async () => {
      try {
        const signal = AbortSignal.timeout(limits.spreadsheet_seconds * SECOND);
        const [said] = await Promise.race([once(worker, "message", { signal }), died]);
        if (typeof said === "object") return said as SpreadsheetAnswer;
        throw new Error(`The thread ended with ${said}.`);
      } catch (cause) {
        throw tooLarge("Reading the spreadsheet takes more memory or time than it may", cause);
      }
    },
    end: () => worker.terminate(),
  };
}

function refuse(answer: SpreadsheetAnswer, limits: Settings["imports"]): void {
  switch (answer.kind) {
    case "read":
    case "rows":
      return;
    case "too_large":
      throw tooLarge(`The spreadsheet unpacks to more than ${limits.spreadsheet_unpacked_megabytes} MB`);
    case "not_a_workbook":
      throw new AgentError("spreadsheet_unreadable", "The file is no Excel workbook (.xlsx) that can be read; save it as one, or as CSV.");
    case "no_such_sheet": {
      const sheets = answer.sheets.slice(0, 100).map((name) => name.slice(0, 100));
      throw new AgentError("invalid_input", `There is no such sheet. The file has: ${sheets.join(", ")}.`, { detail: { sheets } });
    }
    default:
      answer satisfies never;
  }
}

function tooLarge(what: string, cause?: unknown): AgentError {
  return new AgentError("spreadsheet_unreadable", `${what}; save it as CSV, which may be of any size.`, { cause });
}
