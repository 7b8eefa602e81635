// Which records does the text of a CSV file hold (RFC 4180), and how is one written? A broken quote costs its own line and nothing else.
//
// Not csv-parse: after an unclosed quote it takes everything up to the next quote, or the end of the file, for one cell, so that one bad row
// swallows good ones. Here a quote that does not close within bounds is given up, and reading goes on with the line after it.

export type CsvDelimiter = "," | ";" | "\t" | "|";

export interface CsvRecord {
  /** As a spreadsheet numbers it: the header is 1, blank rows count, a cell of several lines does not make several rows. */
  readonly row: number;
  /** Without their quotes. Of a broken record: whatever stands between the delimiters of its line. */
  readonly cells: readonly string[];
  readonly broken: "quotes" | "too_long" | null;
}

export interface CsvReader {
  /** The records that are complete with this piece of text. */
  push(text: string): CsvRecord[];
  /** What is left when the file is over. */
  end(): CsvRecord[];
}

/** A cell of more lines than this is an unclosed quote. */
const MAX_LINES = 100;
/** Characters of one record; more is no lead, and bounds the memory. */
const MAX_RECORD = 256 * 1_024;
/** Of a line that is too long only its beginning is given back. */
const SHOWN = 1_000;
const LINE_END = /\r\n|\n|\r/;

export function csvReader(delimiter: CsvDelimiter): CsvReader {
  let rest = "";
  let inOverlongLine = false;
  let row = 0;
  let width: number | null = null;

  const record = (taken: Taken): CsvRecord => {
    row += 1;
    if (taken.broken === null && taken.cells.some((cell) => cell !== "")) width ??= taken.cells.length;
    return { row, cells: taken.cells, broken: taken.broken };
  };

  const read = (text: string, isEnd: boolean): CsvRecord[] => {
    // a carriage return at the end of a piece may be the first half of a line end
    const held = !isEnd && text.endsWith("\r") ? "\r" : "";
    const lines = (rest + (held ? text.slice(0, -1) : text)).split(LINE_END);
    const last = isEnd ? "" : (lines.pop() ?? "");
    if (isEnd && lines.at(-1) === "") lines.pop();
    if (inOverlongLine && (lines.length > 0 || isEnd)) {
      lines.shift();
      inOverlongLine = false;
    }
    const isOverlong = last.length > MAX_RECORD;
    const records: CsvRecord[] = [];
    let at = 0;
    while (at < lines.length) {
      const taken = takeRecord(lines, at, delimiter, width, isEnd || isOverlong);
      if (taken === null) break;
      records.push(record(taken));
      at += taken.lines;
    }
    if (isOverlong && !inOverlongLine) records.push(record(tooLong(last)));
    inOverlongLine ||= isOverlong;
    rest = inOverlongLine ? held : [...lines.slice(at), last].join("\n") + held;
    return records;
  };
  return { push: (text) => read(text, false), end: () => read("", true) };
}

interface Taken {
  readonly cells: readonly string[];
  readonly broken: CsvRecord["broken"];
  readonly lines: number;
}

function tooLong(line: string): Taken {
  return { cells: [line.slice(0, SHOWN)], broken: "too_long", lines: 1 };
}

/** The record that begins with `lines[at]`; null when it takes more lines to know. Several lines that do not make a row of the usual width are none. */
function takeRecord(lines: readonly string[], at: number, delimiter: CsvDelimiter, width: number | null, isEnd: boolean): Taken | null {
  const first = lines[at] ?? "";
  if (first.length > MAX_RECORD) return tooLong(first);
  const broken: Taken = { cells: first.split(delimiter), broken: "quotes", lines: 1 };
  let length = first.length;
  let part = readLine(first, delimiter, null);
  for (let count = 1; part !== null; count += 1) {
    if (part.open === null) {
      return count > 1 && width !== null && part.cells.length !== width ? broken : { cells: part.cells, broken: null, lines: count };
    }
    const next = lines[at + count];
    if (next === undefined) return isEnd ? broken : null;
    length += next.length;
    if (count === MAX_LINES || length > MAX_RECORD) return broken;
    part = readLine(next, delimiter, part);
  }
  return broken;
}

interface Part {
  readonly cells: string[];
  /** What a quoted cell holds so far when the line ends inside of it. */
  readonly open: string | null;
}

/** Reads one line, or goes on with a quoted cell that the lines before left open. Null when its quotes make no sense. */
function readLine(line: string, delimiter: CsvDelimiter, before: Part | null): Part | null {
  if (before === null && !line.includes('"')) return { cells: line.split(delimiter), open: null };
  const cells = before?.cells ?? [];
  let open = before?.open ?? null;
  let at = 0;
  for (;;) {
    const quote = open === null ? openingQuote(line, at) : -1;
    if (open !== null || quote >= 0) {
      const quoted = readQuoted(line, quote + 1, delimiter);
      if (quoted.isStrange && (open !== null || quoted.end === null)) return null;
      const text: string = open === null ? quoted.text : `${open}\n${quoted.text}`;
      if (quoted.end === null) return { cells, open: text };
      cells.push(text);
      open = null;
      at = quoted.end;
    } else {
      const end = line.indexOf(delimiter, at);
      cells.push(line.slice(at, end < 0 ? line.length : end));
      at = end < 0 ? line.length : end;
    }
    if (at >= line.length) return { cells, open: null };
    at += 1;
  }
}

/** Where the quote stands that opens the cell at `at`, blanks before it aside; -1 when the cell is not quoted. */
function openingQuote(line: string, at: number): number {
  const start = afterBlanks(line, at);
  return line[start] === '"' ? start : -1;
}

function afterBlanks(line: string, at: number): number {
  let start = at;
  while (line[start] === " ") start += 1;
  return start;
}

/**
 * Reads from behind an opening quote to behind the closing one: the one that a delimiter or the end of the line follows. `""` is a quote, and
 * so is a single one amid the text (`"5" pipe"`), which is strange but says itself what it means as long as the cell ends on its line.
 */
function readQuoted(line: string, from: number, delimiter: CsvDelimiter): { text: string; end: number | null; isStrange: boolean } {
  let text = "";
  let isStrange = false;
  for (let at = from; ; ) {
    const quote = line.indexOf('"', at);
    if (quote < 0) return { text: text + line.slice(at), end: null, isStrange };
    const isDoubled = line[quote + 1] === '"';
    const end = afterBlanks(line, quote + 1);
    if (!isDoubled && (end >= line.length || line[end] === delimiter)) return { text: text + line.slice(at, quote), end, isStrange };
    isStrange ||= !isDoubled;
    text += line.slice(at, quote + 1);
    at = quote + (isDoubled ? 2 : 1);
  }
}

/** In the order in which a tie is decided: commas stand in headers as text, tabs never. */
const DELIMITERS = ["\t", ";", ","] as const;

/** What separates the cells, read off the first line that is not blank, and where the records begin: a line `sep=;`, as Excel writes it, is none. */
export function delimiterOf(head: string): { readonly delimiter: CsvDelimiter; readonly begin: number } {
  const said = /^"?sep=([,;\t|])"?(?:\r\n|\n|\r)/i.exec(head);
  if (said) return { delimiter: said[1] as CsvDelimiter, begin: said[0].length };
  const line = head.split(LINE_END).find((text) => text.trim() !== "") ?? "";
  const bare = line.replace(/"(?:[^"]|"")*"/g, "");
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length);
  const most = Math.max(...counts);
  return { delimiter: (most > 1 && DELIMITERS[counts.indexOf(most)]) || ",", begin: 0 };
}

/**
 * One record as a line of CSV. A cell that a spreadsheet would run as a formula gets an apostrophe in front (CWE-1236); importing takes it away
 * again.
 */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(cellText).join(",")}\r\n`;
}

function cellText(cell: string): string {
  const harmless = /^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",;\r\n\t]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
