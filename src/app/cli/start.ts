// start: runs the product until it is told to stop. `--sandbox` runs it against a bundled mail world in which days pass in seconds.
import { resolve } from "node:path";
import closeWithGrace from "close-with-grace";
import { type Command, Option } from "commander";
import type { Logger } from "pino";
import { newSetupToken } from "../../access/set-up.ts";
import { AgentError } from "../../core/errors.ts";
import { startWebServer } from "../../http/server.ts";
import { startWorker } from "../worker.ts";
import { type Closing, closing } from "./closing.ts";
import { openSandbox } from "./sandbox.ts";
import { type GlobalOptions, openSession, type Session, settingsFor } from "./session.ts";

interface StartOptions extends GlobalOptions {
  readonly role: "all" | "web" | "worker";
  readonly port?: string;
  readonly sandbox?: boolean;
  readonly seed: string;
}

/** How long running jobs may take to end, real milliseconds. */
const GRACE_MS = 20_000;

export function addStartCommand(program: Command): void {
  program
    .command("start")
    .description("runs the agent")
    .addOption(new Option("--role <role>", "what this process does").choices(["all", "web", "worker"]).default("all"))
    .option("--port <port>", "port of the web server")
    .option("--sandbox", "a mail world with simulated people; no real mail is sent")
    .option("--seed <number>", "which people live in the sandbox", "1")
    .action(async (_options, command: Command) => start(command.optsWithGlobals<StartOptions>()));
}

async function start(options: StartOptions): Promise<void> {
  const closers = closing();
  let log: Logger | undefined;
  // Before anything is opened: who presses Ctrl-C while the database still starts leaves nothing running.
  const grace = closeWithGrace({ delay: GRACE_MS + 10_000, logger: false }, async ({ err }) => {
    if (err) log?.fatal({ event: "process.failed", err });
    await closers.closeAll();
  });
  try {
    const { session, begin } = await opened(options, closers);
    log = session.agent.log;
    if (options.role !== "web") {
      const worker = await startWorker(session.wired);
      closers.add(() => worker.stop(GRACE_MS));
    }
    if (options.role !== "worker") await serve(session, closers);
    await begin();
  } catch (error) {
    grace.uninstall();
    await closers.closeAll().catch(() => undefined);
    throw error;
  }
}

async function opened(options: StartOptions, closers: Closing): Promise<{ session: Session; begin: () => Promise<void> }> {
  const overrides = options.port === undefined ? {} : { "http.port": options.port };
  if (options.sandbox) return openSandbox(options, { overrides, seed: seedOf(options.seed), closers });
  const settings = settingsFor(options, overrides);
  return { session: await openSession(settings, { join: options.role !== "all", closers }), begin: () => Promise.resolve() };
}

function seedOf(written: string): number {
  const seed = Number(written);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new AgentError("invalid_input", "--seed must be a whole number.");
  return seed;
}

async function serve(session: Session, closers: Closing): Promise<void> {
  const web = await startWebServer(session.agent, session.workspaceId);
  closers.add(() => web.close());
  const setUp = await newSetupToken(session.agent.db, new Date());
  const account = setUp === null ? "" : `Make the first account (for the API and other people): ${web.url}/setup/${setUp}\n`;
  const data = session.settings.database_url ? "" : `Its data: ${resolve(session.settings.data_dir)}\n`;
  process.stdout.write(`Marketing Agent is running: ${web.url}\n${account}${data}`);
}
