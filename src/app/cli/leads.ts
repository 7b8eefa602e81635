// leads import|resume: a CSV into the workspace, with a progress bar, and what was rejected as a CSV. The other leads commands have files of their own.
import { createReadStream, createWriteStream } from "node:fs";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import cliProgress from "cli-progress";
import { type Command, Option } from "commander";
import { type ImportResult, importLeads, rejectionsAsCsv } from "../../automations/import-leads.ts";
import { resumeLead } from "../../automations/resume-lead.ts";
import { AgentError } from "../../core/errors.ts";
import { mustBeWritable, readableSize } from "./input-file.ts";
import { addListCommand } from "./leads-list.ts";
import { addRemoveCommand } from "./leads-remove.ts";
import { print } from "./output.ts";
import { type GlobalOptions, type Session, withSession } from "./session.ts";

type OnDuplicate = "skip" | "fill" | "overwrite";

interface ImportOptions extends GlobalOptions {
  readonly list?: string;
  readonly onDuplicate: OnDuplicate;
  readonly map?: readonly string[];
  readonly rejected?: string;
}

export function addLeadCommands(program: Command): void {
  const leads = program.command("leads").description("people who may be written to");
  leads
    .command("import <file>")
    .description("imports a CSV; only the address is required, and a bad row never stops the rest")
    .option("--list <name>", "put them into this list")
    .addOption(
      new Option("--on-duplicate <mode>", "what happens to leads that exist").choices(["skip", "fill", "overwrite"]).default("fill"),
    )
    .option("--map <column=field...>", "say what a column is: --map 'Mail=email' 'Notes='")
    .option("--rejected <file>", "write rejected rows with their reasons to this file")
    .action(async (file: string, _options, command: Command) => {
      const options = command.optsWithGlobals<ImportOptions>();
      const result = await withSession(options, (session) => importFile(session, file, options));
      print(result, options.json, (done) => writeResult(done, options.rejected));
      if (result.counts.rows > 0 && result.counts.rejected === result.counts.rows) process.exitCode = 2;
    });
  leads
    .command("resume <address>")
    .description("ends the holds of a lead: its sequences go on")
    .action(async (address: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const resumed = await withSession(options, ({ agent, workspaceId }) => resumeLead(agent, { workspaceId, address }));
      print({ resumed }, options.json, () => (resumed === 0 ? "Nothing of it was held." : `${resumed} resumed.`));
    });
  addListCommand(leads);
  addRemoveCommand(leads);
}

async function importFile(session: Session, file: string, options: ImportOptions): Promise<ImportResult> {
  if (options.rejected) mustBeWritable(options.rejected);
  const result = await importCsv(session, file, {
    list: options.list ?? null,
    onDuplicate: options.onDuplicate,
    bar: !options.json,
    ...mappingOf(options.map),
  });
  if (options.rejected) {
    const rows = Readable.from(rejectionsAsCsv(session.agent.db, session.workspaceId, result.importId));
    await pipeline(rows, createWriteStream(options.rejected)).catch((error: unknown) => notWritten(options.rejected, error));
  }
  return result;
}

function notWritten(file: string | undefined, cause: unknown): never {
  if (cause instanceof AgentError) throw cause;
  const why = (cause as NodeJS.ErrnoException).code;
  const advice = "import the same file again with another one: what is there already is not changed";
  throw new AgentError("invalid_input", `The leads were imported, but ${file} cannot be written (${why}); ${advice}.`, { cause });
}

export async function importCsv(
  { agent, workspaceId }: Session,
  file: string,
  options: { list: string | null; onDuplicate: OnDuplicate; bar: boolean; mapping?: Record<string, string | null> },
): Promise<ImportResult> {
  const size = readableSize(file);
  const bar = new cliProgress.SingleBar({
    format: "{bar} {percentage}% | {rows} rows",
    clearOnComplete: true,
    stream: process.stderr,
    noTTYOutput: false,
  });
  const shown = options.bar && process.stderr.isTTY;
  if (shown) bar.start(size, 0, { rows: 0 });
  try {
    const { list, onDuplicate, mapping } = options;
    return await importLeads(agent, {
      workspaceId,
      fileName: basename(file),
      content: createReadStream(file),
      list,
      onDuplicate,
      ...(mapping ? { mapping } : {}),
      onProgress: ({ bytes, rows }) => bar.update(bytes, { rows }),
    });
  } finally {
    if (shown) bar.stop();
  }
}

function mappingOf(written: readonly string[] | undefined): { mapping?: Record<string, string | null> } {
  if (!written) return {};
  const pairs = written.map((pair) => {
    const at = pair.lastIndexOf("=");
    if (at < 1)
      throw new AgentError("invalid_input", `--map ${pair} must be written COLUMN=FIELD (nothing after the = ignores the column).`);
    return [pair.slice(0, at), pair.slice(at + 1) || null] as const;
  });
  return { mapping: Object.fromEntries(pairs) };
}

function writeResult({ counts }: ImportResult, rejectedTo: string | undefined): string {
  if (counts.rejected + counts.duplicates === 0) return writeCounts(counts);
  const where = rejectedTo ? `${rejectedTo} holds the rows that were not taken` : "--rejected FILE gives the rows that were not taken back";
  return `${writeCounts(counts)}\n${where}, with their reasons.`;
}

/** One sentence. */
export function writeCounts({ rows, ...others }: ImportResult["counts"]): string {
  if (rows === 0) return "The file has no rows.";
  const parts = Object.entries(others).filter(([, value]) => value !== 0);
  return `${rows} ${rows === 1 ? "row" : "rows"}: ${parts.map(([name, value]) => `${value} ${name.replaceAll("_", " ")}`).join(", ")}.`;
}
