// Settings = defaults ← file ← environment. The only reader of process.env.
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { AgentError } from "../core/errors.ts";
import { SECRET_SETTINGS, type Settings, settingsSchema } from "../core/settings.ts";
import { defaultDataDir } from "./default-data-dir.ts";
import { databaseUser } from "./postgres-binaries.ts";

const PREFIX = "MARKETING_AGENT_";
/** Read when no other file is named and it exists. */
const DEFAULT_FILE = "marketing-agent.yaml";

export interface ConfigSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A YAML file; null reads marketing-agent.yaml of the working directory, if there is one. */
  readonly file: string | null;
  /** Command-line flags, as dotted paths. */
  readonly overrides: Readonly<Record<string, string | number | boolean>>;
  /** Where the product was started. */
  readonly cwd: string;
}

/** Reads and checks the settings; every problem is named at once (AgentError config_invalid). */
export function loadSettings(sources: ConfigSources): Settings {
  const tree = withoutBlanks(fromFile(sources.file));
  for (const path of settingPaths()) {
    const value = fromEnvironment(sources.env, path);
    if (value !== undefined) set(tree, path, value);
  }
  if (sources.env["DATABASE_URL"] && tree["database_url"] === undefined) tree["database_url"] = sources.env["DATABASE_URL"];
  for (const [path, value] of Object.entries(sources.overrides)) set(tree, path, value);
  if (tree["data_dir"] === undefined && tree["database_url"] === undefined) tree["data_dir"] = defaultDataDir(sources.cwd, databaseUser());
  const parsed = settingsSchema.safeParse(tree);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => [path.join("."), message].filter(Boolean).join(": "));
  throw new AgentError("config_invalid", `The configuration is not valid: ${problems.join("; ")}.`, {
    detail: { issues: parsed.error.issues },
  });
}

export function processSources(file: string | null, overrides: ConfigSources["overrides"]): ConfigSources {
  return { env: process.env, file, overrides, cwd: process.cwd() };
}

/** Whether the operator looks for a fault, also when the settings themselves cannot be read. */
export function debugging(): boolean {
  return ["debug", "trace"].includes(process.env[environmentVariable("log.level")] ?? "");
}

/** Every setting as a dotted path, in the order of the schema. */
export function settingPaths(): string[] {
  const walk = (schema: z.ZodType, path: string): string[] => {
    const inner = unwrap(schema);
    return inner instanceof z.ZodObject
      ? Object.entries(inner.shape).flatMap(([key, child]) => walk(child as z.ZodType, path ? `${path}.${key}` : key))
      : [path];
  };
  return walk(settingsSchema, "");
}

export function environmentVariable(path: string): string {
  return PREFIX + path.replaceAll(".", "_").toUpperCase();
}

function unwrap(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodPrefault ? unwrap(schema.unwrap() as z.ZodType) : schema;
}

function fromFile(file: string | null): Record<string, unknown> {
  try {
    const tree: unknown = parse(readFileSync(file ?? DEFAULT_FILE, "utf8"), { maxAliasCount: 10 });
    if (tree === null) return {};
    if (typeof tree === "object" && !Array.isArray(tree)) return tree as Record<string, unknown>;
    throw new Error("it does not hold a list of settings");
  } catch (cause) {
    if (file === null && (cause as NodeJS.ErrnoException).code === "ENOENT") return {};
    const why = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such file" : (cause as Error).message.split("\n")[0];
    throw new AgentError("config_invalid", `The configuration file ${file ?? DEFAULT_FILE} cannot be read: ${why}.`, { cause });
  }
}

/** A key without a value (`daily_cap:`) is not set: as a number it would be 0, and nothing would ever be sent. */
function withoutBlanks(tree: object): Record<string, unknown> {
  const set = Object.entries(tree).filter(([, value]) => value !== null);
  return Object.fromEntries(set.map(([key, value]) => [key, isTree(value) ? withoutBlanks(value) : value]));
}

function isTree(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An empty variable is not set, as with `PORT: ${PORT:-}` in a compose file. */
function fromEnvironment(env: ConfigSources["env"], path: string): string | undefined {
  const name = environmentVariable(path);
  const file = SECRET_SETTINGS.has(path) ? env[`${name}_FILE`] : undefined;
  if (!file) return env[name] || undefined;
  try {
    return readFileSync(file, "utf8").trim();
  } catch (cause) {
    throw new AgentError("config_invalid", `${name}_FILE names ${file}, which cannot be read.`, { cause });
  }
}

function set(tree: Record<string, unknown>, path: string, value: unknown): void {
  const keys = path.split(".");
  const last = keys.pop() as string;
  let at = tree;
  for (const key of keys) {
    const child = at[key];
    at[key] = typeof child === "object" && child !== null ? child : {};
    at = at[key] as Record<string, unknown>;
  }
  at[last] = value;
}
