// start: runs the product until it is told to stop. `--sandbox` runs it against a bundled mail world in which days pass in seconds.
import closeWithGrace from "close-with-grace";
import { type Command, Option } from "commander";
import { startWebServer } from "../../http/server.ts";
import { startWorker } from "../worker.ts";
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
  const overrides = options.port ? { "http.port": options.port } : {};
  const sandbox = options.sandbox ? await openSandbox(options, overrides, Number(options.seed)) : null;
  const session = sandbox?.session ?? (await openSession(settingsFor(options, overrides), { join: options.role !== "all" }));
  const closers: (() => Promise<void>)[] = [async () => (sandbox ? sandbox.close() : session.close())];
  closeWithGrace({ delay: GRACE_MS + 10_000 }, async ({ err }) => {
    if (err) session.agent.log.fatal({ event: "process.failed", err });
    for (const close of closers.toReversed()) await close();
  });
  if (options.role !== "web") {
    const worker = await startWorker(session.wired);
    closers.push(() => worker.stop(GRACE_MS));
  }
  if (options.role !== "worker") closers.push(await serve(session));
  await sandbox?.begin();
}

async function serve(session: Session): Promise<() => Promise<void>> {
  const web = await startWebServer(session.agent, session.workspaceId);
  process.stdout.write(`Marketing Agent is running: ${web.url}\n`);
  return () => web.close();
}
