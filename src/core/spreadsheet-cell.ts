// What a person sees in a cell of a spreadsheet, as text. A workbook holds numbers and dates as floating point; a phone number that was typed as a number must come out as it went in.

export type CellValue = string | number | boolean | Date | null;

/** Spreadsheets count the time of a day without a date from here. */
const DAY_ZERO = "1899-12-30";
/** What a spreadsheet keeps and shows of a number: 0.1 + 0.2 is 0.3 there. */
const DIGITS = 15;

export function cellText(value: CellValue): string {
  if (value === null) return "";
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  return value instanceof Date ? dateText(value) : numberText(value);
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) return "";
  if (Number.isSafeInteger(value)) return String(value);
  return String(Number(value.toPrecision(DIGITS)));
}

/** `2026-03-14`, `2026-03-14 09:30` or `09:30`: a workbook knows no zones, so none is written. */
function dateText(value: Date): string {
  if (Number.isNaN(value.getTime())) return "";
  // a fraction of a day is not exact: 09:30 may be stored as 09:29:59.999
  const [day = "", time = ""] = new Date(Math.round(value.getTime() / 1_000) * 1_000).toISOString().split("T");
  const clock = time.slice(0, time.slice(6, 8) === "00" ? 5 : 8);
  if (day === DAY_ZERO) return clock;
  return clock === "00:00" ? day : `${day} ${clock}`;
}
