// The product as an operator runs it: its command line, configured by the environment alone.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const MAIN = fileURLToPath(new URL("../../src/app/cli/main.ts", import.meta.url));

export class Installation {
  readonly directory = mkdtempSync("/tmp/agent-start-");
  readonly #env: NodeJS.ProcessEnv;

  /** Looks for work every second, so that a test need not wait for minutes. Without a URL it has the database that comes with the product. */
  constructor(databaseUrl: string | null, more: Readonly<Record<string, string>> = {}) {
    // The embedded database runs as another user when the tests run as root, and must pass through.
    chmodSync(this.directory, 0o755);
    const { DATABASE_URL: _none, ...inherited } = process.env;
    this.#env = {
      ...inherited,
      ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
      MARKETING_AGENT_DATA_DIR: join(this.directory, "data"),
      MARKETING_AGENT_ENGINE_TICK_MS: "100",
      MARKETING_AGENT_SENDING_INTERVAL_SECONDS: "1",
      ...more,
    };
  }

  write(name: string, text: string): string {
    const file = join(this.directory, name);
    writeFileSync(file, text);
    return file;
  }

  /** A command that succeeds; gives what it printed. Fails with what it said when it does not. */
  async run(args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<string> {
    const { stdout } = await promisify(execFile)(process.execPath, [MAIN, ...args], {
      cwd: this.directory,
      env: { ...this.#env, ...more },
    });
    return stdout;
  }

  /** `log`: a file descriptor that takes the log, instead of the test. */
  start(role: "all" | "web" | "worker", log: number | "pipe" = "pipe"): RunningProduct {
    const args = [MAIN, "start", "--role", role, "--port", "0"];
    return new RunningProduct(spawn(process.execPath, args, { cwd: this.directory, env: this.#env, stdio: ["ignore", "pipe", log] }));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export class RunningProduct {
  readonly #process: ChildProcess;
  #output = "";
  #log = "";

  constructor(child: ChildProcess) {
    this.#process = child;
    child.stdout?.on("data", (chunk: Buffer) => {
      this.#output += chunk.toString();
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      this.#log += chunk.toString();
    });
  }

  get log(): string {
    return this.#log;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Its exit code, once it has ended by itself; null when a signal ended it. */
  async ended(): Promise<number | null> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) await once(this.#process, "exit");
    return this.#process.exitCode;
  }

  /** Where it serves; waits until it says so. */
  async url(): Promise<string> {
    for (;;) {
      const url = /running: (http\S+)/.exec(this.#output)?.[1];
      if (url) return url;
      if (this.#process.exitCode !== null) throw new Error(`The product ended:\n${this.#log}`);
      await Promise.race([once(this.#process.stdout as NodeJS.ReadableStream, "data"), once(this.#process, "exit")]);
    }
  }

  /** As an operator stops it; gives the exit code, null when a signal ended it. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<number | null> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill(signal);
      await once(this.#process, "exit");
    }
    return this.#process.exitCode;
  }
}
