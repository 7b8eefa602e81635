// What `start` does, once it is known that it is asked for: opens everything, in this order, and closes it when told to stop.
import { resolve } from "node:path";
import closeWithGrace from "close-with-grace";
import type { Logger } from "pino";
import { newSetupToken } from "../../access/set-up.ts";
import { AgentError } from "../../core/errors.ts";
import { startWebServer } from "../../http/server.ts";
import { startWorker } from "../worker.ts";
import { type Closing, closing } from "./closing.ts";
import type { StartOptions } from "./options.ts";
import { openSandbox } from "./sandbox.ts";
import { openSession, type Session, settingsFor } from "./session.ts";

/** How long running jobs may take to end, real milliseconds. */
const GRACE_MS = 20_000;

export async function runAgent(options: StartOptions): Promise<void> {
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
