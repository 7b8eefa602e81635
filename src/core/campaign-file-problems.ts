// What is wrong with a campaign file, in sentences for the person who wrote it: all of it at once, with "did you mean".
import type { z } from "zod";
import { CAMPAIGN_KEYS, type CampaignFile, campaignFileSchema, campaignOf } from "./campaign-file.ts";
import { nearestWord } from "./nearest-word.ts";
import { unstorableTexts } from "./storable-text.ts";

type Path = readonly (string | number)[];

export interface FileProblem {
  readonly path: Path;
  readonly message: string;
}

export type CheckedFile =
  | { readonly ok: true; readonly file: CampaignFile }
  | { readonly ok: false; readonly problems: readonly FileProblem[] };

/** Checks the values of a file (YAML or JSON, already parsed). Takes anything and never throws. */
export function checkCampaignFile(values: unknown, lines: ReadonlyMap<string, number> = new Map()): CheckedFile {
  const unstorable = unstorableTexts(values, MOST_KEYS);
  if (unstorable.length > 0)
    return {
      ok: false,
      problems: unstorable.map((path) => ({ path, message: "holds a character that cannot be kept (NUL, or half of one)" })),
    };
  const result = campaignFileSchema.safeParse(values, { error: sentenceFor });
  if (result.success) return { ok: true, file: campaignOf(result.data, lines) };
  return { ok: false, problems: result.error.issues.flatMap((issue) => problemsOf(issue, values)) };
}

/** `sequence[2].after`; the file itself is an empty string. */
export function writePath(path: Path): string {
  return path.map((key, index) => (typeof key === "number" ? `[${key}]` : index === 0 ? key : `.${key}`)).join("");
}

/** A file with more unknown keys than this is no campaign; nobody reads on. */
const MOST_KEYS = 100;

function problemsOf(issue: z.core.$ZodIssue, values: unknown): FileProblem[] {
  const path = issue.path.filter((key) => typeof key !== "symbol");
  if (issue.code === "unrecognized_keys") {
    return issue.keys
      .slice(0, MOST_KEYS)
      .map((key) => ({ path: [...path, key], message: `is not known here${didYouMean(key, keysAt(path))}` }));
  }
  if (issue.code === "invalid_key") return [{ path, message: keyMessage(path, issue.issues[0]?.message) }];
  if (issue.code === "invalid_value")
    return [{ path, message: `${issue.message}${didYouMean(String(valueAt(values, path)), issue.values.map(String))}` }];
  return [{ path, message: issue.message }];
}

function didYouMean(written: string, words: readonly string[]): string {
  const word = nearestWord(written, words);
  return word === null ? "" : `; did you mean \`${word}\`?`;
}

/** The keys that may stand in the mapping at a path. */
function keysAt(path: Path): readonly string[] {
  const [list] = path.filter((key) => typeof key === "string").slice(-1);
  if (list === undefined) return CAMPAIGN_KEYS.campaign;
  if (list === "sequence" || list === "steps") return CAMPAIGN_KEYS.step;
  if (list === "company") return CAMPAIGN_KEYS.company;
  return list === "sub_sequences" ? CAMPAIGN_KEYS.subSequence : [];
}

function keyMessage(path: Path, message = "is not allowed here"): string {
  return path[0] === "window" ? "must be days such as `monday-friday`, `saturday` or `monday, wednesday`" : message;
}

/** What people call the types that zod knows. */
const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping of keys to values",
  record: "a mapping of keys to values",
};

/** Only where a schema has no sentence of its own. */
function sentenceFor(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "invalid_type") {
    if (issue.input === undefined) return "is required";
    return `must be ${KINDS[String(issue.expected)] ?? String(issue.expected)}${hintForText(issue)}`;
  }
  if (issue.code === "invalid_value")
    return issue.input === undefined ? "is required" : `must be one of ${issue.values.map(String).join(", ")}`;
  if (issue.code === "too_small" || issue.code === "too_big") return sentenceForSize(issue);
  return undefined;
}

/** Of a list, a text or a number. */
function sentenceForSize(issue: Extract<z.core.$ZodRawIssue, { code: "too_small" | "too_big" }>): string {
  const isText = issue.origin === "string";
  if (issue.code === "too_small")
    return isText ? "must not be empty" : `${issue.origin === "array" ? "needs" : "must be"} at least ${issue.minimum}`;
  if (isText || issue.origin === "array") return `has more than ${issue.maximum} ${isText ? "characters" : "entries"}`;
  return `must be at most ${issue.maximum}`;
}

/** YAML reads `2024` and `true` as a number and a truth value. */
function hintForText(issue: z.core.$ZodRawIssue): string {
  const isScalar = typeof issue.input === "number" || typeof issue.input === "boolean";
  return issue.code === "invalid_type" && issue.expected === "string" && isScalar ? `: write "${String(issue.input)}" in quotes` : "";
}

function valueAt(values: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined), values);
}
