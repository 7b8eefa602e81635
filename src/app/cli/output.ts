// What a command says: for people as text and tables, for programs as JSON; and with which code it ends.
import { CommanderError } from "commander";
import { z } from "zod";
import { AgentError, type ErrorCode } from "../../core/errors.ts";
import { debugging } from "../config.ts";

/** Prints one value: as JSON when asked for, else as `text` writes it. */
export function print<Value>(value: Value, json: boolean | undefined, text: (value: Value) => string): void {
  process.stdout.write(`${json ? jsonOf(value) : printable(text(value))}\n`);
}

/** Columns as wide as their widest cell, two spaces apart. */
export function table(headers: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const cells = [headers, ...rows.map((row) => row.map((cell) => printable(String(cell ?? "")).replaceAll(/\s/g, " ")))];
  const widths = headers.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) => row.map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - cell.length)).join("  ");
  return cells.map((row) => line(row).trimEnd()).join("\n");
}

/** What strangers wrote must not steer the terminal: no control characters but line ends and tabs, and nothing that turns the direction of text. */
const STEERING = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** `1 sequence`, `2 sequences`. */
export function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

export function printable(text: string): string {
  return text.replaceAll(STEERING, " ");
}

/** JSON.stringify lets DEL and the C1 controls pass. */
function jsonOf(value: unknown): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value, null, 2).replaceAll(STEERING, escaped);
}

const USAGE = 2;
/** 2: what was asked for is wrong. 3: not now, something is missing. 4: something outside does not answer. 1: everything else. */
const EXIT_CODES: Readonly<Partial<Record<ErrorCode, number>>> = {
  config_invalid: USAGE,
  invalid_input: USAGE,
  csv_unreadable: USAGE,
  spreadsheet_unreadable: USAGE,
  campaign_file_invalid: USAGE,
  template_invalid: USAGE,
  dkim_key_invalid: USAGE,
  not_found: USAGE,
  archive_damaged: USAGE,
  already_exists: USAGE,
  unauthenticated: USAGE,
  forbidden: USAGE,
  installation_wide: USAGE,
  file_too_large: USAGE,
  campaign_not_ready: 3,
  campaign_state: 3,
  in_use: 3,
  wrong_state: 3,
  last_owner: 3,
  precondition_failed: 3,
  request_in_progress: 3,
  too_many_requests: 3,
  suppression_protected: 3,
  data_directory_in_use: 3,
  installation_not_empty: 3,
  secret_key_missing: 3,
  port_unavailable: 3,
  server_unreachable: 4,
  upload_broken: 4,
  database_unavailable: 4,
  database_full: 4,
  database_unusable: 4,
  database_start_failed: 4,
  smtp_unreachable: 4,
  smtp_auth: 4,
  smtp_tls: 4,
  smtp_rejected: 4,
  imap_unreachable: 4,
  imap_auth: 4,
  imap_tls: 4,
  imap_failed: 4,
  oauth_not_set_up: 3,
  oauth_unreachable: 4,
  oauth_client: 4,
  oauth_revoked: 4,
  oauth_failed: 4,
};

/** Where to look next, for errors whose sentence does not say it. */
const HINTS: Readonly<Partial<Record<ErrorCode, string>>> = {
  not_found: "`status`, `leads list` and `mailbox list` show what there is.",
  campaign_file_invalid: "docs/campaign-file.md explains every key.",
  campaign_state: "`status` shows the state of every campaign.",
  config_invalid: "docs/reference/configuration.md lists every setting.",
  internal: "Set MARKETING_AGENT_LOG_LEVEL=debug to see where it happened.",
};

/** Says what went wrong and returns the exit code. */
export function fail(error: unknown, json: boolean | undefined): number {
  // Commander has written its own sentence; asked for help it is no failure.
  if (error instanceof CommanderError) return failUsage(error, json);
  const known = error instanceof AgentError ? error : null;
  const code = known?.code ?? "internal";
  const message = error instanceof Error && error.message ? error.message : String(error);
  const hint = HINTS[code];
  if (json) process.stdout.write(`${jsonOf({ error: { code, message, ...(hint ? { hint } : {}), detail: known?.detail ?? {} } })}\n`);
  else process.stderr.write(printable(`${message} [${code}]\n${hint ? `${hint}\n` : ""}${problemsOf(error)}`));
  if (!known && debugging()) process.stderr.write(`${(error as Error).stack ?? ""}\n`);
  return EXIT_CODES[code] ?? 1;
}

const problemsSchema = z.array(z.object({ path: z.string(), line: z.number().nullable(), message: z.string() }));
/** The sentence names as many of a file's problems; whoever mends the file wants them all. */
const NAMED = 3;

function problemsOf(error: unknown): string {
  const { data: problems = [] } = problemsSchema.safeParse(error instanceof AgentError ? error.detail["problems"] : []);
  if (problems.length <= NAMED) return "";
  return problems.map(({ line, path, message }) => `- ${line === null ? "" : `line ${line}: `}${path} ${message}\n`).join("");
}

function failUsage(error: CommanderError, json: boolean | undefined): number {
  if (error.exitCode === 0) return 0;
  if (json)
    process.stdout.write(`${jsonOf({ error: { code: "invalid_input", message: error.message.replace(/^error: /, ""), detail: {} } })}\n`);
  return USAGE;
}
