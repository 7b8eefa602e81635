// The command line, as a shell has it and without one.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { fail } from "../../src/app/cli/output.ts";
import { commandLine } from "../../src/app/cli/program.ts";

const MAIN = fileURLToPath(new URL("../../src/app/cli/main.ts", import.meta.url));

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export type Environment = Readonly<Record<string, string>>;

/** A process of its own, begun in a directory. */
export function inShell(words: readonly string[], { cwd, env = {} }: { cwd: string; env?: Environment }): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...words], { cwd, env: { ...process.env, ...env } }, (error, out, err) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err });
    });
  });
}

/** The same in the process of the test, for what a shell adds nothing to: a process of its own takes a second of CPU to begin. One at a time. */
export async function inThisProcess(words: readonly string[], env: Environment): Promise<Ended> {
  const said = { out: "", err: "" };
  const listen = (to: "out" | "err") => (text: string | Uint8Array) => {
    said[to] += String(text);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation(listen("out")),
    vi.spyOn(process.stderr, "write").mockImplementation(listen("err")),
  ];
  const { argv, env: outside, exitCode } = process;
  Object.assign(process, { argv: [...argv.slice(0, 2), ...words], env: { ...outside, ...env }, exitCode: undefined });
  try {
    await commandLine().parseAsync();
    return { code: Number(process.exitCode ?? 0), ...said };
  } catch (error) {
    return { code: fail(error, words.includes("--json")), ...said };
  } finally {
    Object.assign(process, { argv, env: outside, exitCode });
    for (const spy of spies) spy.mockRestore();
  }
}
