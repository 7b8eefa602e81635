import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CsvDelimiter, csvLine, csvReader, delimiterOf } from "./csv-records.ts";

/** The file handed over in pieces of a size. */
function read(text: string, delimiter: CsvDelimiter = ",", size = text.length || 1) {
  const reader = csvReader(delimiter);
  const records = [];
  for (let at = 0; at < text.length; at += size) records.push(...reader.push(text.slice(at, at + size)));
  return [...records, ...reader.end()];
}
const cellsOf = (text: string) => read(text).map((record) => record.cells);
const brokenRows = (text: string) => read(text).flatMap((record) => (record.broken ? [record.row] : []));

describe("records", () => {
  test("are lines, whatever ends them; the last needs no end", () => {
    for (const end of ["\n", "\r\n", "\r"])
      expect(cellsOf(["a,b", "1,2", "", "3,"].join(end))).toEqual([["a", "b"], ["1", "2"], [""], ["3", ""]]);
  });

  test("hold delimiters, quotes and line ends inside of quotes", () => {
    expect(cellsOf('a,b\n"1,2","say ""hi""\r\nthere"\n"",x\n')).toEqual([
      ["a", "b"],
      ["1,2", 'say "hi"\nthere'],
      ["", "x"],
    ]);
  });

  test("allow blanks around quotes, and quotes amid the text", () => {
    expect(cellsOf('a,b\nx, "Doe, Jane" \n5" pipe,"5" pipe, long"\n')).toEqual([
      ["a", "b"],
      ["x", "Doe, Jane"],
      ['5" pipe', '5" pipe, long'],
    ]);
  });

  test("are numbered as a spreadsheet numbers them", () => {
    expect(read('a,b\n\n"1\n2",x\ny,z').map((record) => record.row)).toEqual([1, 2, 3, 4]);
  });

  test("of any table are what csv-parse reads, however the file is cut into pieces", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "é", "😀", " ", ",", ";", '"', "\n", "\t", "'", "=") });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 9 }), fc.constantFrom("\n", "\r\n"), (rows, size, end) => {
        const text = rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(",") + end).join("");
        expect(read(text, ",", size).map((record) => record.cells)).toEqual(parse(text));
      }),
    );
  });

  test("of any text whatever hold all of its rows that have no quotes in or before them", () => {
    const line = fc.string({ unit: fc.constantFrom("a", ",", '"', " ") });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.integer({ min: 1, max: 9 }), (lines, size) => {
        const text = lines.map((one) => `${one}\n`).join("");
        expect(read(text, ",", size)).toEqual(read(text));
        const firstQuoted = lines.findIndex((one) => one.includes('"'));
        const plain = firstQuoted < 0 ? lines : lines.slice(0, firstQuoted);
        expect(read(text).slice(0, plain.length)).toMatchObject(plain.map((one) => ({ cells: one.split(","), broken: null })));
      }),
    );
  });
});

describe("a quote that does not close costs its own line only", () => {
  const after = "b,Eve,Y\nc,Ann,Z\n";
  test.each([
    ["nothing quoted behind it", `e,f,g\na,"Bob,X\n${after}`],
    ["a quoted cell behind it", `e,f,g\na,"Bob,X\nb,"Eve",Y\nc,Ann,Z\n`],
    ["quoted lines behind it", `e,f,g\na,"Bob,X\n"b","Eve","Y"\n"c","Ann","Z"\n`],
    ["text behind the closing quote", `e,f,g\na,"Bob" Doe,X\n${after}`],
    ["the end of the file", `e,f,g\nb,Eve,Y\nc,Ann,Z\na,"Bob,X`],
  ])("%s", (_what, text) => {
    const records = read(text);
    expect(records.filter((record) => record.broken).map((record) => record.cells[0])).toEqual(["a"]);
    expect(records.filter((record) => !record.broken).map((record) => record.cells)).toEqual([
      ["e", "f", "g"],
      ["b", "Eve", "Y"],
      ["c", "Ann", "Z"],
    ]);
    for (const size of [1, 2, 7]) expect(read(text, ",", size)).toEqual(records);
  });

  test("even in a file of nothing else", () => {
    expect(brokenRows(`e,f\n${'a,"b\n'.repeat(2_000)}`)).toHaveLength(2_000);
  });
});

test("a line of a megabyte is one broken row, kept to its beginning", () => {
  const text = `a,b\n${"x".repeat(1_000_000)}\n1,2\n`;
  for (const size of [text.length, 65_536]) {
    const records = read(text, ",", size);
    expect(records.map((record) => [record.row, record.broken, record.cells.join().length])).toEqual([
      [1, null, 3],
      [2, "too_long", 1_000],
      [3, null, 3],
    ]);
  }
});

test.each([
  ["a,b,c", ",", 0],
  ["a;b;c", ";", 0],
  ["a\tb", "\t", 0],
  ["email", ",", 0],
  ["\n\na;b", ";", 0],
  ["E-mail;Name, Vorname", ";", 0],
  ['"Last, first, middle";Email', ";", 0],
  ["sep=;\r\na,b;c,d", ";", 7],
  ["sep=|\na|b", "|", 6],
] as const)("the delimiter of %j is %j", (head, delimiter, begin) => {
  expect(delimiterOf(head)).toEqual({ delimiter, begin });
});

describe("a line that is written", () => {
  test("is read as it was", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", ";", " ", "ü") }).filter((text) => !text.startsWith("\n"));
    fc.assert(
      fc.property(fc.array(cell, { minLength: 2 }), (cells) => {
        expect(read(csvLine(cells))[0]?.cells).toEqual(cells);
      }),
    );
  });

  test("runs no formula", () => {
    expect(csvLine(["=1+1", "+49", "-1", "@SUM(A1)", "\t=1", "a=1"])).toBe(`'=1+1,'+49,'-1,'@SUM(A1),"'\t=1",a=1\r\n`);
    expect(csvLine(['=HYPERLINK("http://x.example","x")'])).toBe(`"'=HYPERLINK(""http://x.example"",""x"")"\r\n`);
  });
});
