// leads import|resume: a CSV or XLSX into the workspace, with a progress bar, and what was rejected as a CSV. The other leads commands have files of their own.
import { createReadStream, createWriteStream } from "node:fs";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { type Command, Option } from "commander";
import type { components } from "../../client/api-types.ts";
import { type ApiClient, fileBody, given } from "../../client/client.ts";
import { AgentError } from "../../core/errors.ts";
import { withApi } from "./api.ts";
import { mustBeWritable, readableSize } from "./input-file.ts";
import { addCheckCommand } from "./leads-check.ts";
import { addListCommand } from "./leads-list.ts";
import { addRemoveCommand } from "./leads-remove.ts";
import { campaignNamed, leadNamed } from "./named.ts";
import type { GlobalOptions } from "./options.ts";
import { print } from "./output.ts";

export type Import = components["schemas"]["Import"];

type DayOrder = "day-first" | "month-first";
type OnDuplicate = "skip" | "fill" | "overwrite";

interface ImportOptions extends GlobalOptions {
  readonly list?: string;
  readonly sheet?: string;
  readonly onDuplicate: OnDuplicate;
  readonly map?: readonly string[];
  readonly rejected?: string;
  readonly continue?: string;
  readonly dates?: DayOrder;
}

export function addLeadCommands(program: Command): void {
  const leads = program.command("leads").description("people who may be written to");
  leads
    .command("import <file>")
    .description("imports a CSV or a spreadsheet (.xlsx); only the address is required, and a bad row never stops the rest")
    .option("--list <name>", "put them into this list")
    .option("--sheet <name>", "of a spreadsheet; its first unless named")
    .addOption(
      new Option("--on-duplicate <mode>", "what happens to leads that exist").choices(["skip", "fill", "overwrite"]).default("fill"),
    )
    .option("--map <column=field...>", "say what a column is: --map 'Mail=email' 'Notes='")
    .option("--continue <campaign>", "another tool wrote to them: go on in this campaign after the last step that the file says was sent")
    .addOption(new Option("--dates <order>", "what 03/04/2026 means in the file").choices(["day-first", "month-first"]))
    .option("--rejected <file>", "write rejected rows with their reasons to this file")
    .action(async (file: string, _options, command: Command) => {
      const options = command.optsWithGlobals<ImportOptions>();
      const result = await withApi(options, (api) => importFile(api, file, options));
      print(result, options.json, (done) => writeResult(done, options.rejected));
      if (result.counts.rows > 0 && result.counts.rejected === result.counts.rows) process.exitCode = 2;
    });
  leads
    .command("resume <address>")
    .description("ends the holds of a lead: its sequences go on")
    .action(async (address: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const { resumed } = await withApi(options, async (api) => {
        const params = { path: { leadId: (await leadNamed(api, address)).id } };
        return given(api.POST("/api/v1/leads/{leadId}/resume", { params, body: {} }));
      });
      print({ resumed }, options.json, () => (resumed === 0 ? "Nothing of it was held." : `${resumed} resumed.`));
    });
  addListCommand(leads);
  addCheckCommand(leads);
  addRemoveCommand(leads);
}

async function importFile(api: ApiClient, file: string, options: ImportOptions): Promise<Import> {
  if (options.rejected) mustBeWritable(options.rejected);
  const result = await importLeadFile(api, file, {
    list: options.list ?? null,
    ...(options.sheet === undefined ? {} : { sheet: options.sheet }),
    onDuplicate: options.onDuplicate,
    bar: !options.json,
    ...mappingOf(options.map),
    ...(await continuationOf(api, options)),
  });
  if (options.rejected) {
    const params = { path: { importId: result.id } };
    const rows = await given(api.GET("/api/v1/imports/{importId}/rejected.csv", { params, parseAs: "stream" }));
    if (!rows) return result;
    await pipeline(Readable.fromWeb(rows), createWriteStream(options.rejected)).catch((error: unknown) =>
      notWritten(options.rejected, error),
    );
  }
  return result;
}

function notWritten(file: string | undefined, cause: unknown): never {
  if (cause instanceof AgentError) throw cause;
  const why = (cause as NodeJS.ErrnoException).code;
  const advice = "import the same file again with another one: what is there already is not changed";
  throw new AgentError("invalid_input", `The leads were imported, but ${file} cannot be written (${why}); ${advice}.`, { cause });
}

interface FileImport {
  readonly list: string | null;
  readonly sheet?: string;
  readonly onDuplicate: OnDuplicate;
  readonly mapping?: Record<string, string | null>;
  /** The id of the campaign in which its leads go on. */
  readonly continueCampaign?: string;
  readonly dates?: DayOrder;
  readonly bar: boolean;
}

export async function importLeadFile(api: ApiClient, file: string, { bar: wanted, list, mapping, ...how }: FileImport): Promise<Import> {
  const bar = await barOf(readableSize(file), wanted);
  const query = {
    ...how,
    fileName: basename(file),
    ...(list === null ? {} : { list }),
    ...(mapping ? { mapping: JSON.stringify(mapping) } : {}),
  };
  const content = Readable.toWeb(Readable.from(pieces(file, bar.add), { objectMode: false })) as ReadableStream<Uint8Array>;
  try {
    return await given(api.POST("/api/v1/imports", { params: { query }, ...fileBody(content as never) }));
  } finally {
    bar.stop();
  }
}

async function* pieces(file: string, onPiece: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) {
    onPiece(piece.length);
    yield piece;
  }
}

async function barOf(size: number, wanted: boolean): Promise<{ readonly add: (bytes: number) => void; readonly stop: () => void }> {
  if (!wanted || !process.stderr.isTTY) return { add: () => undefined, stop: () => undefined };
  const { default: cliProgress } = await import("cli-progress");
  const bar = new cliProgress.SingleBar({
    format: "{bar} {percentage}%",
    clearOnComplete: true,
    stream: process.stderr,
    noTTYOutput: false,
  });
  bar.start(size, 0);
  return { add: (bytes) => bar.increment(bytes), stop: () => bar.stop() };
}

async function continuationOf(
  api: ApiClient,
  { continue: campaign, dates }: ImportOptions,
): Promise<Pick<FileImport, "continueCampaign" | "dates">> {
  if (campaign === undefined) return {};
  return { continueCampaign: (await campaignNamed(api, campaign)).id, ...(dates ? { dates } : {}) };
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

function writeResult({ counts }: Import, rejectedTo: string | undefined): string {
  if (counts.rejected + counts.duplicates === 0) return writeCounts(counts);
  const where = rejectedTo ? `${rejectedTo} holds the rows that were not taken` : "--rejected FILE gives the rows that were not taken back";
  return `${writeCounts(counts)}\n${where}, with their reasons.`;
}

/** One sentence. */
export function writeCounts({ rows, ...others }: Import["counts"]): string {
  if (rows === 0) return "The file has no rows.";
  const parts = Object.entries(others).filter(([, value]) => value !== 0);
  return `${rows} ${rows === 1 ? "row" : "rows"}: ${parts.map(([name, value]) => `${value} ${name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`).join(", ")}.`;
}
