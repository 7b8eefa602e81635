// Which records does the text of a CSV file hold (RFC 4180), and how is a record written? One broken quote costs its own line and nothing else.
//
// Not csv-parse: after an unclosed quote it reads up to the next quote or the end of the file as one cell, so a single bad row took all
// rows after it. Here a quote that does not close within its bounds is given up, and reading goes on with the line after the one that opened it.

export type CsvDelimiter = "," | ";" | "\t" | "|";

export interface CsvRecord {
  /** As a spreadsheet numbers them: the header is 1, blank rows count, a cell of several lines does not make several rows. */
  readonly row: number;
  /** As written, without their quotes. Of a broken record: whatever stands between delimiters. */
  readonly cells: readonly string[];
  readonly broken: "quotes" | "too_long" | null;
}

export interface CsvReader {
  /** The records that are complete with this piece of text. */
  push(text: string): CsvRecord[];
  /** What is left when the file is over. */
  end(): CsvRecord[];
}

/** A cell with more lines than this is an unclosed quote. */
const MAX_LINES = 100;
/** Characters of one record; more is no lead. */
const MAX_RECORD = 256 * 1_024;
/** Of a record that is too long only its beginning is given back. */
const SHOWN_OF_TOO_LONG = 1_000;

interface Open {
  readonly cells: string[];
  cell: string;
}

export function csvReader(delimiter: CsvDelimiter): CsvReader {
  let rest = "";
  let row = 0;
  let skipping = false;
  let width: number | null = null;

  const record = (cells: readonly string[], broken: CsvRecord["broken"] = null): CsvRecord => {
    row += 1;
    if (!broken) width ??= cells.length;
    return { row, cells, broken };
  };

  /** Takes the record that begins at `lines[at]`; null when more lines are needed to know. */
  const take = (lines: readonly string[], at: number, isEnd: boolean): { record: CsvRecord; lines: number } | null => {
    const first = lines[at] ?? "";
    if (first.length > MAX_RECORD) return { record: record([first.slice(0, SHOWN_OF_TOO_LONG)], "too_long"), lines: 1 };
    const broken = () => ({ record: record(first.split(delimiter), "quotes"), lines: 1 });
    let open: Open | null = readLine(first, delimiter, null, row === 0);
    let length = first.length;
    for (let count = 1; ; count += 1) {
      if (isClosed(open)) {
        return count > 1 && width !== null && open.cells.length !== width ? broken() : { record: record(open.cells), lines: count };
      }
      const next = lines[at + count];
      if (next === undefined) return isEnd ? broken() : null;
      length += next.length;
      if (count === MAX_LINES || length > MAX_RECORD) return broken();
      open = readLine(next, delimiter, open, false);
      if (open === null) return broken();
    }
  };
  return { push: () => [], end: () => [] };
}
