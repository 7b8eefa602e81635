// What a command says: for people as text and tables, for programs as JSON; and with which code it ends.
import { AgentError, type ErrorCode } from "../../core/errors.ts";

/** Prints one value: as JSON when asked for, else as `text` writes it. */
export function print<Value>(value: Value, json: boolean | undefined, text: (value: Value) => string): void {
  process.stdout.write(`${json ? JSON.stringify(value, null, 2) : text(value)}\n`);
}

/** Columns as wide as their widest cell, two spaces apart. Control characters of hostile text do not reach the terminal. */
export function table(headers: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const cells = [headers, ...rows.map((row) => row.map((cell) => printable(String(cell ?? ""))))];
  const widths = headers.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) => row.map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - cell.length)).join("  ");
  return cells.map((row) => line(row).trimEnd()).join("\n");
}

export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, " ");
}

/** 2: what was asked for is wrong. 3: not now, something is missing. 4: something outside does not answer. 1: everything else. */
const EXIT_CODES: Readonly<Partial<Record<ErrorCode, number>>> = {
  config_invalid: 2,
  invalid_input: 2,
  csv_unreadable: 2,
  campaign_file_invalid: 2,
  template_invalid: 2,
  not_found: 2,
  already_exists: 2,
  campaign_not_ready: 3,
  campaign_state: 3,
  data_directory_in_use: 3,
  database_unavailable: 4,
  database_start_failed: 4,
  smtp_unreachable: 4,
  smtp_auth: 4,
  smtp_tls: 4,
  smtp_rejected: 4,
  imap_unreachable: 4,
  imap_auth: 4,
  imap_tls: 4,
  imap_failed: 4,
};

/** Says what went wrong and returns the exit code. */
export function fail(error: unknown, json: boolean | undefined): number {
  const known = error instanceof AgentError ? error : null;
  const code = known?.code ?? "internal";
  const message = error instanceof Error ? error.message : String(error);
  if (json) process.stdout.write(`${JSON.stringify({ error: { code, message, detail: known?.detail ?? {} } }, null, 2)}\n`);
  else process.stderr.write(`${known ? message : (error as Error)?.stack}\n`);
  return EXIT_CODES[code] ?? 1;
}
