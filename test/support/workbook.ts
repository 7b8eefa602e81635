// Workbooks (XLSX) as spreadsheet programs write them, and as nobody should.
import { strToU8, type Zippable, zipSync } from "fflate";

const SHEET = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet";
const STRINGS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings";
const STYLES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles";
/** Styles of cells, for the attribute `s`. */
export const [DATE_STYLE, TIME_STYLE] = [1, 2];

/** Sheets by name, each the XML within its `sheetData`; `strings` are the XML of shared strings. */
export function workbook(sheets: Readonly<Record<string, string>>, strings: readonly string[] = [], prolog = ""): Uint8Array {
  return zipSync(partsOf(sheets, strings, prolog));
}

export function partsOf(sheets: Readonly<Record<string, string>>, strings: readonly string[] = [], prolog = ""): Zippable {
  const names = Object.keys(sheets);
  const listed = names.map((name, at) => `<sheet name="${name}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`).join("");
  const related = names.map((_, at) => `<Relationship Id="rId${at + 1}" Type="${SHEET}" Target="worksheets/sheet${at + 1}.xml"/>`).join("");
  const parts: Record<string, string> = {
    "[Content_Types].xml": "<Types/>",
    "xl/workbook.xml": `<workbook xmlns:r="r"><sheets>${listed}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships>${related}<Relationship Id="s" Type="${STRINGS}" Target="sharedStrings.xml"/><Relationship Id="t" Type="${STYLES}" Target="styles.xml"/></Relationships>`,
    "xl/sharedStrings.xml": `<sst>${strings.join("")}</sst>`,
    "xl/styles.xml": `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>`,
  };
  for (const [at, name] of names.entries()) {
    parts[`xl/worksheets/sheet${at + 1}.xml`] = `${prolog}<worksheet><sheetData>${sheets[name]}</sheetData></worksheet>`;
  }
  return Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)]));
}

/** A row of texts. */
export function textRow(row: number, ...cells: readonly string[]): string {
  const written = cells.map((cell, at) => `<c r="${"ABCDEFGH"[at]}${row}" t="inlineStr"><is><t>${cell}</t></is></c>`);
  return `<row r="${row}">${written.join("")}</row>`;
}
