// From the text of campaign.yaml to a campaign, or to everything that is wrong with it, each with its line. The text is hostile until read.
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { CampaignFile } from "../core/campaign-file.ts";
import { checkCampaignFile, writePath } from "../core/campaign-file-problems.ts";
import { AgentError } from "../core/errors.ts";

/** A campaign of fifty long mails with HTML stays far below. */
const MAX_CHARACTERS = 1_000_000;
const MAX_ALIASES = 50;
const MAX_PROBLEMS = 100;

export interface CampaignFileProblem {
  /** `sequence[2].after`; empty for the file itself. */
  readonly path: string;
  /** Counted from 1; null for what stands on no line. */
  readonly line: number | null;
  readonly message: string;
}

/** Reads a campaign file. Throws `campaign_file_invalid` with every problem (up to 100) in `detail.problems`. */
export function readCampaignFile(text: string): CampaignFile {
  if (text.length > MAX_CHARACTERS) throw invalidCampaignFile([{ path: "", line: null, message: "is longer than 1 MB" }]);
  const counter = new LineCounter();
  // The parser compares every key with every other: a megabyte of keys took 57 s. linesOf looks for repeated keys instead.
  const document = parseDocument(text, { lineCounter: counter, version: "1.2", stringKeys: true, uniqueKeys: false });
  if (document.errors.length > 0) {
    throw invalidCampaignFile(
      document.errors.map((error) => ({ path: "", line: error.linePos?.[0].line ?? null, message: firstLine(error.message) })),
    );
  }
  const { lines, repeated } = linesOf(document, counter);
  if (repeated.length > 0) throw invalidCampaignFile(repeated);
  return checkedFile(valuesOf(document), lines);
}

/** The campaign that plain values make, which came from no text. Throws as `readCampaignFile` does. */
export function readWrittenCampaign(values: unknown): CampaignFile {
  return checkedFile(values, new Map());
}

function checkedFile(values: unknown, lines: ReadonlyMap<string, number>): CampaignFile {
  const checked = checkCampaignFile(values, lines);
  if (checked.ok) return checked.file;
  throw invalidCampaignFile(
    checked.problems.map(({ path, message }) => ({ path: writePath(path), line: nearestLine(lines, path), message })),
  );
}

/** One error for all problems; its message holds the first few, for places that show only one sentence. */
export function invalidCampaignFile(problems: readonly CampaignFileProblem[]): AgentError {
  const sorted = problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)).slice(0, MAX_PROBLEMS);
  const shown = sorted.slice(0, 3).map(writeProblem).join("; ");
  const more = problems.length > 3 ? `; and ${problems.length - 3} more` : "";
  return new AgentError("campaign_file_invalid", `The campaign file cannot be used: ${shown}${more}.`, { detail: { problems: sorted } });
}

/** `line 12: sequence[2].after is required …` */
export function writeProblem({ path, line, message }: CampaignFileProblem): string {
  return `${line === null ? "" : `line ${line}: `}${path === "" ? "the file" : path} ${message}`;
}

/** yaml's messages carry an excerpt of the text after the first line. */
function firstLine(message: string): string {
  if (message.startsWith("Maximum call stack")) return "is nested too deeply";
  if (message.startsWith("Source contains multiple documents")) return "holds a second document after `---`";
  return `is not valid YAML: ${(message.split("\n")[0] ?? message).replace(/ at line \d+, column \d+:$/, "")}`;
}

function valuesOf(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch {
    throw invalidCampaignFile([{ path: "", line: null, message: "repeats its parts (`&name`, `*name`) too often" }]);
  }
}

/** The line of every key and list entry, and the keys that stand twice. What an alias stands for is not walked again. */
function linesOf(document: Document.Parsed, counter: LineCounter): { lines: Map<string, number>; repeated: CampaignFileProblem[] } {
  const lines = new Map<string, number>();
  const repeated: CampaignFileProblem[] = [];
  const walk = (node: unknown, path: string): void => {
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        if (!isScalar(key)) continue;
        const own = path === "" ? String(key.value) : `${path}.${String(key.value)}`;
        const line = lineOf(key, counter);
        if (lines.has(own)) repeated.push({ path: own, line, message: "stands here twice" });
        lines.set(own, line);
        walk(value, own);
      }
    } else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) {
        if (isNode(item)) lines.set(`${path}[${index}]`, lineOf(item, counter));
        walk(item, `${path}[${index}]`);
      }
    }
  };
  walk(document.contents, "");
  return { lines, repeated };
}

function lineOf(node: Node, counter: LineCounter): number {
  return counter.linePos(node.range?.[0] ?? 0).line;
}

/** The line of the thing itself, or of what it should stand in. */
function nearestLine(lines: ReadonlyMap<string, number>, path: readonly (string | number)[]): number | null {
  for (let length = path.length; length > 0; length -= 1) {
    const line = lines.get(writePath(path.slice(0, length)));
    if (line !== undefined) return line;
  }
  return null;
}
