// One row of a lead file: a lead, somebody who must not be written to, or a reason why it is neither. Only the address is required.
import { IANAZone } from "luxon";
import { type EmailAddress, parseEmailAddress } from "./email-address.ts";
import type { ColumnField, LeadColumn } from "./lead-columns.ts";

export interface LeadRow {
  readonly address: EmailAddress;
  readonly fields: Readonly<Record<Exclude<ColumnField, "email">, string | null>>;
  /** Custom fields that have a value. */
  readonly custom: Readonly<Record<string, string>>;
}

export type RowRejectionCode =
  | "address_missing"
  | "address_too_long"
  | "address_invalid"
  | "columns_missing"
  | "columns_too_many"
  | "value_too_long"
  | "nul_character"
  | "consent_unclear";

export type RowRead =
  | { readonly kind: "lead"; readonly lead: LeadRow; readonly unknownTimeZone: boolean; readonly garbledCells: number }
  | { readonly kind: "opted_out"; readonly address: EmailAddress }
  | { readonly kind: "rejected"; readonly code: RowRejectionCode; readonly reason: string };

/** RFC 5321 §4.5.3.1.3 less the brackets, as in email-address.ts. */
const MAX_ADDRESS = 254;
const MAX_FIELD = 500;
const MAX_CUSTOM = 10_000;
/** Names of zones repeat from row to row, and asking for one takes some 30 µs; hostile files do not grow the memory. */
const REMEMBERED_ZONES = 1_000;

const YES = words("true t yes y 1 1.0 on x ✓ ✔ wahr ja j vrai oui o vero si sí s verdadero verdadeiro sim waar tak ano да はい 是");
const NO = words("false f no n 0 0.0 off falsch nein faux non falso nao não onwaar nee nej nei ei nie ne нет いいえ 否");
const OPTED_IN = words("subscribed optin opt-in opted-in confirmed active angemeldet abonniert aktiv");
const OPTED_OUT = words(
  "unsubscribed optout opt-out opted-out inactive blocked blocklisted cleaned abgemeldet abbestellt gesperrt inaktiv",
);
const BLANK = words("- – — n/a na null none nil #n/a");
const DATE = /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b/;

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}

/** Reads rows of a file with these columns. What it remembers are answers that cannot change. */
export function rowReader(columns: readonly LeadColumn[]): (cells: readonly string[]) => RowRead {
  const zones = new Map<string, boolean>();
  const isZone = (zone: string): boolean => {
    const known = zones.get(zone) ?? IANAZone.isValidZone(zone);
    if (zones.size < REMEMBERED_ZONES) zones.set(zone, known);
    return known;
  };
  return (cells) => readRow(columns, cells, isZone);
}

function readRow(columns: readonly LeadColumn[], cells: readonly string[], isZone: (zone: string) => boolean): RowRead {
  const shape = checkShape(columns, cells);
  if (shape) return shape;
  const address = readAddress(cells[columns.findIndex((column) => column.kind === "field" && column.field === "email")] ?? "");
  if ("kind" in address) return address;
  const consent = readConsent(columns, cells);
  if (consent === "opted_out") return { kind: "opted_out", address };
  return consent ?? readValues(columns, cells, address, isZone);
}

function rejected(code: RowRejectionCode, reason: string): RowRead & { kind: "rejected" } {
  return { kind: "rejected", code, reason };
}

/** Blank cells behind the last column are no harm; a cell too few may be any of them, and the ones behind it would stand in wrong columns. */
function checkShape(columns: readonly LeadColumn[], cells: readonly string[]): RowRead | null {
  if (cells.some((cell) => cell.includes("\0"))) return rejected("nul_character", "Holds a NUL character.");
  if (cells.length < columns.length) {
    return rejected("columns_missing", `Has ${cells.length} columns; the header has ${columns.length}.`);
  }
  if (cells.slice(columns.length).some((cell) => cell.trim() !== "")) {
    return rejected("columns_too_many", `Has ${cells.length} columns; the header has ${columns.length}.`);
  }
  return null;
}

function readAddress(cell: string): EmailAddress | (RowRead & { kind: "rejected" }) {
  const text = withoutTextMark(cell.trim());
  if (text === "") return rejected("address_missing", "Has no address.");
  if (text.length > MAX_ADDRESS) return rejected("address_too_long", `The address is longer than ${MAX_ADDRESS} characters.`);
  return parseEmailAddress(text.toWellFormed()) ?? rejected("address_invalid", "The address is none that can be written to.");
}

/**
 * The first column that says no decides. A yes, a blank cell and a date under `subscribed` are no objection; under `unsubscribed` everything
 * but a blank and a no is an opt-out, a date above all. What else stands under `subscribed` a person must read.
 */
function readConsent(columns: readonly LeadColumn[], cells: readonly string[]): "opted_out" | (RowRead & { kind: "rejected" }) | null {
  let unclear: string | null = null;
  for (const [index, column] of columns.entries()) {
    if (column.kind !== "consent") continue;
    const answer = (cells[index] ?? "").trim().toLowerCase();
    if (answer === "" || BLANK.has(answer)) continue;
    const isFine = OPTED_IN.has(answer) || (column.states === "subscribed" ? YES.has(answer) || DATE.test(answer) : NO.has(answer));
    if (isFine) continue;
    if (column.states === "unsubscribed" || NO.has(answer) || OPTED_OUT.has(answer)) return "opted_out";
    unclear ??= answer;
  }
  if (unclear === null) return null;
  return rejected("consent_unclear", `“${unclear.slice(0, 40).toWellFormed()}” does not say whether the person may be written to.`);
}

function readValues(
  columns: readonly LeadColumn[],
  cells: readonly string[],
  address: EmailAddress,
  isZone: (zone: string) => boolean,
): RowRead {
  const fields: Record<Exclude<ColumnField, "email">, string | null> = {
    first_name: null,
    last_name: null,
    company: null,
    title: null,
    phone: null,
    time_zone: null,
  };
  const custom: Record<string, string> = {};
  let garbledCells = 0;
  for (const [index, column] of columns.entries()) {
    if (column.kind !== "custom" && !(column.kind === "field" && column.field !== "email")) continue;
    const value = valueOf(cells[index] ?? "", column.kind);
    if (value.length > (column.kind === "custom" ? MAX_CUSTOM : MAX_FIELD)) {
      return rejected("value_too_long", `The value of ${column.kind === "custom" ? column.key : column.field} is too long.`);
    }
    if (value.includes("\uFFFD")) garbledCells += 1;
    else if (column.kind === "custom" && value !== "") custom[column.key] = value;
    else if (column.kind === "field" && column.field !== "email") fields[column.field] = value || null;
  }
  const unknownTimeZone = fields.time_zone !== null && !isZone(fields.time_zone);
  if (unknownTimeZone) fields.time_zone = null;
  return { kind: "lead", lead: { address, fields, custom }, unknownTimeZone, garbledCells };
}

/** Fields of a lead are single lines, since they end up in subjects; custom fields keep their lines. Nothing else is touched: `{{` stays `{{`. */
function valueOf(cell: string, kind: "field" | "custom"): string {
  const text = kind === "field" ? cell.replace(/[\s\p{Cc}]+/gu, " ") : cell.replace(/\r\n?/g, "\n");
  return withoutTextMark(text.trim()).toWellFormed();
}

/** Spreadsheets, and our own CSV of rejected rows, mark what is no formula with an apostrophe: `'+49 30 …`. */
function withoutTextMark(text: string): string {
  return /^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text;
}
