// What is each row of a lead file: a lead, an opt-out, how far another tool came, or something to give back?
import { addressQuality } from "../core/address-quality.ts";
import type { CsvRecord } from "../core/csv-records.ts";
import type { EmailAddress } from "../core/email-address.ts";
import type { FirstRows } from "../core/first-rows.ts";
import type { LeadProgress } from "../core/lead-progress.ts";
import type { LeadRow, RowRead } from "../core/lead-row.ts";
import type { RatedAddress } from "../store/lead-address.ts";
import type { ImportedOptOut, Rejection } from "../store/lead-import.ts";
import type { ContinuedLead, OpenContinuation } from "./continue-leads.ts";
import { isDisposableDomain } from "./disposable-domains.ts";
import { type ImportCounts, noCounts } from "./import-counts.ts";

export interface RowSorting {
  readonly read: (cells: readonly string[]) => RowRead;
  readonly continuation: OpenContinuation | null;
  /** Of the whole file: whose row did not say clearly how far the tool came. */
  readonly unclear: Set<string>;
  /** What a verification service said of the row's address. */
  readonly verification: (cells: readonly string[]) => string;
}

export interface Sorted {
  readonly leads: LeadRow[];
  readonly optOuts: ImportedOptOut[];
  readonly continued: ContinuedLead[];
  readonly unclear: string[];
  readonly rated: RatedAddress[];
  readonly rejections: Rejection[];
  readonly counts: ImportCounts;
}

/** Of rows with the same address the first is taken, but an opt-out, and how far another tool came, counts wherever it stands. */
export function sortOut(file: RowSorting, seen: FirstRows, records: readonly CsvRecord[]): Sorted {
  const sorted: Sorted = { leads: [], optOuts: [], continued: [], unclear: [], rated: [], rejections: [], counts: noCounts() };
  const { leads, optOuts, continued, rejections, counts } = sorted;
  for (const record of records) {
    counts.rows += 1;
    const result = record.broken ? brokenRow(record.broken) : readRow(file, record.cells);
    if (result.kind === "rejected") {
      counts.rejected += 1;
      if ("address" in result) {
        file.unclear.add(result.address.identityKey);
        sorted.unclear.push(result.address.identityKey);
      }
      rejections.push({ row: record.row, code: result.code, reason: result.reason, cells: record.cells });
      continue;
    }
    const address = result.kind === "lead" ? result.lead.address : result.address;
    const before = seen.note(address.identityKey, record.row);
    if (result.kind === "lead" && result.progress) continued.push({ identityKey: address.identityKey, progress: result.progress });
    if (file.unclear.has(address.identityKey)) sorted.unclear.push(address.identityKey);
    if (result.kind === "opted_out") {
      counts.suppressed += 1;
      optOuts.push({ address, row: record.row });
    } else if (before !== null) {
      counts.duplicates += 1;
      rejections.push({ row: record.row, code: "duplicate", reason: `The same address stands in row ${before}.`, cells: record.cells });
    } else {
      counts.unknown_time_zones += result.unknownTimeZone ? 1 : 0;
      counts.garbled_cells += result.garbledCells;
      leads.push(result.lead);
      rate(sorted, result.lead, file.verification(record.cells));
    }
  }
  return sorted;
}

function rate({ rated, counts }: Sorted, { address }: LeadRow, said: string): void {
  const known = addressQuality(address, said, isDisposableDomain);
  if (!known) return;
  rated.push({ identityKey: address.identityKey, ...known });
  counts.invalid_addresses += known.quality === "invalid" ? 1 : 0;
  counts.doubtful_addresses += known.quality === "doubtful" ? 1 : 0;
}

type RowTaken =
  | (RowRead & { readonly kind: "lead" } & { readonly progress: LeadProgress | null })
  | Exclude<RowRead, { kind: "lead" }>
  /** With an address: the lead is clear, and how far another tool came with it is not. */
  | { readonly kind: "rejected"; readonly code: string; readonly reason: string; readonly address?: EmailAddress };

function readRow({ read, continuation }: RowSorting, cells: readonly string[]): RowTaken {
  const row = read(cells);
  if (row.kind !== "lead") return row;
  const told = continuation?.read(cells) ?? { kind: "untouched" };
  switch (told.kind) {
    case "untouched":
      return { ...row, progress: null };
    case "progress":
      return { ...row, progress: told.progress };
    case "unsubscribed":
      return { kind: "opted_out", address: row.lead.address };
    case "rejected":
      return { ...told, address: row.lead.address };
    default:
      return told satisfies never;
  }
}

function brokenRow(broken: "quotes" | "too_long"): { kind: "rejected"; code: string; reason: string } {
  return broken === "quotes"
    ? { kind: "rejected", code: "quotes_broken", reason: "A quote does not close." }
    : { kind: "rejected", code: "row_too_long", reason: "The row is too long." };
}
