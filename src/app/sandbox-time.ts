// What time is it in a sandbox that another process runs? Commands on its data directory live by its clock and its settings.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { AgentError } from "../core/errors.ts";
import type { Clock, Instant } from "../core/instant.ts";
import { scaledClock } from "../sandbox/scaled-clock.ts";

const FILE = "sandbox.json";

const written = z.strictObject({
  /** What the sandbox's clock showed at `begunAt`, real milliseconds since 1970, and how many times faster than real time it runs. */
  start: z.iso.datetime().transform((text) => new Date(text)),
  factor: z.number().positive(),
  begunAt: z.number(),
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

export type SandboxSettings = z.output<typeof written>["settings"];

export function announceSandbox(dataDir: string, start: Instant, factor: number, settings: SandboxSettings): void {
  writeFileSync(join(dataDir, FILE), JSON.stringify({ start: start.toISOString(), factor, begunAt: Date.now(), settings }), {
    mode: 0o600,
  });
}

/** Null when the data directory is no sandbox's. */
export function sandboxOn(dataDir: string): { readonly clock: Clock; readonly settings: SandboxSettings } | null {
  const path = join(dataDir, FILE);
  if (!existsSync(path)) return null;
  const { start, factor, begunAt, settings } = read(path);
  const clock = scaledClock(new Date(start.getTime() + Math.max(0, Date.now() - begunAt) * factor), factor);
  clock.begin();
  return { clock, settings };
}

function read(path: string): z.output<typeof written> {
  try {
    return written.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw new AgentError("data_directory_unusable", `The sandbox's file ${path} cannot be read; start the sandbox again.`, { cause });
  }
}
