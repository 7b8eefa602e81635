// Starts, thaws and kills sending-process.ts.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { SendPhase } from "../../src/automations/agent.ts";

const PROGRAM = fileURLToPath(new URL("sending-process.ts", import.meta.url));

export interface ChildOptions {
  /** Holds the embedded database, where there is one. */
  readonly dataDir: string;
  /** All children of a test log into one file there. */
  readonly logDir: string;
  /** Absent: the child opens the embedded database of `dataDir`. */
  readonly connectionString?: string;
  /** It kills itself there; with SIGSTOP it freezes, as when a laptop is closed or a machine is moved, until it is thawed. */
  readonly crash?: { readonly at: SendPhase; readonly after: number; readonly signal?: "SIGSTOP" };
}

export class SendingChild {
  readonly #process: ChildProcess;
  readonly #logFile: string;

  constructor({ dataDir, logDir, connectionString, crash }: ChildOptions) {
    this.#logFile = join(logDir, "children.log");
    const log = openSync(this.#logFile, "a", 0o600);
    const env: NodeJS.ProcessEnv = { ...process.env, DATA_DIR: dataDir };
    delete env["DATABASE_URL"];
    if (connectionString) env["DATABASE_URL"] = connectionString;
    if (crash) Object.assign(env, { CRASH_AT: crash.at, CRASH_AFTER: String(crash.after), CRASH_WITH: crash.signal ?? "SIGKILL" });
    this.#process = fork(PROGRAM, { env, execArgv: [], stdio: ["ignore", log, log, "ipc"] });
    closeSync(log);
  }

  /** What all children of the test logged. */
  get log(): string {
    return readFileSync(this.#logFile, "utf8");
  }

  get ended(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** Waits for `holds`; throws, with what the children logged, if the child ends before or it takes too long. */
  async until(holds: () => boolean | Promise<boolean>, withinMs = 120_000): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (!(await holds())) {
      if (this.ended || performance.now() > deadline)
        throw this.#failure(this.ended ? "The child ended." : `It did not happen in ${withinMs / 1_000} s.`);
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
    return new Error(`${what} The children logged:\n${this.log.slice(-4_000)}`);
  }
}

/** The children of a test, and the directory that holds their log. None outlives `end`. */
export class Children {
  /** Not in os.tmpdir(): the embedded server runs as another user when the tests run as root, and must reach it. */
  readonly directory = mkdtempSync("/tmp/agent-crash-");
  readonly #all: SendingChild[] = [];

  constructor() {
    chmodSync(this.directory, 0o755);
  }

  start(options: Omit<ChildOptions, "dataDir" | "logDir">, dataDir = this.directory): SendingChild {
    const child = new SendingChild({ dataDir, logDir: this.directory, ...options });
    this.#all.push(child);
    return child;
  }

  async killAll(): Promise<void> {
    await Promise.all(this.#all.filter((child) => !child.ended).map((child) => child.kill()));
  }

  async end(): Promise<void> {
    await this.killAll();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
