// The settings as people may see them: every path with its value, its default and what it means. What is secret, or says where things lie on
// the machine, is left out.
import { z } from "zod";
import { SECRET_SETTINGS, type Settings, settingsSchema } from "./settings.ts";

export interface ShownSetting {
  /** Dotted, as in the configuration file. */
  readonly path: string;
  readonly value: string | number | boolean | null;
  readonly default: string | number | boolean | null;
  readonly means: string;
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly default?: unknown;
  readonly description?: string;
}

const HIDDEN: ReadonlySet<string> = new Set([...SECRET_SETTINGS, "data_dir"]);

export function shownSettings(settings: Settings): ShownSetting[] {
  const schema = z.toJSONSchema(settingsSchema, { io: "input", unrepresentable: "any" }) as JsonSchema;
  return walk(schema, settings, "").filter(({ path }) => !HIDDEN.has(path));
}

function walk(schema: JsonSchema, value: unknown, path: string): ShownSetting[] {
  if (!schema.properties) return [{ path, value: plain(value), default: plain(schema.default), means: schema.description ?? "" }];
  return Object.entries(schema.properties).flatMap(([key, child]) =>
    walk(child, (value as Readonly<Record<string, unknown>>)[key], path ? `${path}.${key}` : key),
  );
}

function plain(value: unknown): ShownSetting["value"] {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}
