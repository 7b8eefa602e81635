// Starts, thaws and kills sending-process.ts.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { SendPhase } from "../../src/automations/agent.ts";

const PROGRAM = fileURLToPath(new URL("sending-process.ts", import.meta.url));

export interface ChildOptions {
  /** Holds the key and the log of the children. */
  readonly dataDir: string;
  /** Absent: the child opens the embedded database of `dataDir`. */
  readonly connectionString?: string;
  /** It kills itself there; with SIGSTOP it freezes, as when a laptop is closed or a machine is moved, until it is thawed. */
  readonly crash?: { readonly at: SendPhase; readonly after: number; readonly signal?: "SIGSTOP" };
}

export class SendingChild {
  readonly #process: ChildProcess;
  readonly #logFile: string;

  constructor({ dataDir, connectionString, crash }: ChildOptions) {
    this.#logFile = join(dataDir, "children.log");
    const log = openSync(this.#logFile, "a", 0o600);
    const env: NodeJS.ProcessEnv = { ...process.env, DATA_DIR: dataDir };
    delete env["DATABASE_URL"];
    if (connectionString) env["DATABASE_URL"] = connectionString;
    if (crash) Object.assign(env, { CRASH_AT: crash.at, CRASH_AFTER: String(crash.after), CRASH_WITH: crash.signal ?? "SIGKILL" });
    this.#process = fork(PROGRAM, { env, execArgv: [], stdio: ["ignore", log, log, "ipc"] });
    closeSync(log);
  }

  get ended(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** Waits for `holds`; throws, with what the children logged, if the child ends before or it takes a minute. */
  async until(holds: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = performance.now() + 60_000;
    while (!(await holds())) {
      if (this.ended || performance.now() > deadline)
        throw this.#failure(this.ended ? "The child ended." : "It did not happen in a minute.");
      await sleep(20);
    }
  }

  /** Waits until it has killed itself. */
  async untilCrashed(): Promise<void> {
    await this.until(() => this.ended).catch((error: unknown) => {
      if (this.#process.signalCode !== "SIGKILL") throw error;
    });
    if (this.#process.signalCode !== "SIGKILL") throw this.#failure("The child ended in another way than by SIGKILL.");
  }

  async kill(): Promise<void> {
    if (this.ended) throw this.#failure("The child ended before it was killed.");
    this.#process.kill("SIGKILL");
    await once(this.#process, "exit");
  }

  thaw(): void {
    this.#process.kill("SIGCONT");
  }

  /** In good order; gives the exit code. */
  async stop(): Promise<number | null> {
    if (!this.ended) {
      this.#process.kill("SIGTERM");
      await once(this.#process, "exit");
    }
    return this.#process.exitCode;
  }

  #failure(what: string): Error {
    return new Error(`${what} The children logged:\n${readFileSync(this.#logFile, "utf8").slice(-4_000)}`);
  }
}
