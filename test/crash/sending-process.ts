// A worker of its own process, made to be killed (or, with CRASH_WITH=SIGSTOP, frozen): by itself at the CRASH_AFTER-th CRASH_AT phase of sending,
// or by its parent at any moment.
// Works on DATABASE_URL, else on the embedded database of DATA_DIR. SIGTERM stops it in good order.
import { openPostgres } from "../../src/app/embedded-postgres.ts";
import { createLog } from "../../src/app/log.ts";
import { wallClock, wire } from "../../src/app/wire.ts";
import { startWorker } from "../../src/app/worker.ts";
import type { SendPhase } from "../../src/automations/agent.ts";
import { settingsSchema } from "../../src/core/settings.ts";

/** Leases and intervals short enough that a recovery takes seconds. */
const settings = settingsSchema.parse({
  data_dir: process.env["DATA_DIR"],
  engine: { tick_ms: 100 },
  sending: { interval_seconds: 1, lease_seconds: 3, batch: 40, connections_per_mailbox: 2, connections_per_relay: 2 },
  receiving: { interval_seconds: 2 },
  // of the tests' agents, which set the mailboxes up
  secret_key: Buffer.alloc(32).toString("base64"),
  log: { level: "warn" },
});

// Nothing outlives the test, even if the test is killed.
process.once("disconnect", () => process.exit(1));

const log = createLog(settings.log);
const url = process.env["DATABASE_URL"];
const postgres = url ? null : await openPostgres({ dataDir: settings.data_dir, log });
const wired = wire({
  settings,
  connectionString: postgres?.connectionString ?? url ?? "",
  dataDir: settings.data_dir,
  clock: wallClock,
  log,
  onSendPhase: crashAt(process.env["CRASH_AT"], Number(process.env["CRASH_AFTER"] ?? 1)),
});
await wired.engine.start();
const worker = await startWorker(wired);
process.send?.("working");

process.once("SIGTERM", () => void stop());

async function stop(): Promise<void> {
  await worker.stop(10_000);
  await wired.close();
  await postgres?.stop();
  process.disconnect();
  process.exit(0);
}

/** Signals itself at the n-th time that sending comes to `at`. After SIGKILL nothing runs: no `finally`, no last words to anybody. */
function crashAt(at: string | undefined, n: number): (phase: SendPhase) => Promise<void> {
  const signal = process.env["CRASH_WITH"] === "SIGSTOP" ? "SIGSTOP" : "SIGKILL";
  let left = n;
  return async (phase) => {
    if (phase !== at) return;
    left -= 1;
    if (left !== 0) return;
    process.kill(process.pid, signal);
    if (signal === "SIGKILL") await new Promise(() => undefined);
  };
}
