// A sender of its own process: the product's way from claim to record, out of the mailboxes that it is given, one after the other.
import { pino } from "pino";
import { type MailboxRef, sendBatch } from "../src/automations/send-batch.ts";
import { settingsSchema } from "../src/core/settings.ts";
import { openDatabase } from "../src/store/database.ts";
import { testAgent } from "../test/support/agent.ts";
import { childProcess } from "./child.ts";
import { timed } from "./machine.ts";
import { START } from "./stage.ts";

export interface AgentTask {
  readonly connectionString: string;
  readonly mailboxes: readonly MailboxRef[];
  readonly connections: number;
}

export interface AgentResult {
  readonly sent: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Resident memory in MB, sampled twice a second. */
  readonly memory: readonly number[];
}

const SAMPLE_MS = 500;

await childProcess(async ({ connectionString, mailboxes, connections }: AgentTask) => {
  const db = openDatabase({ connectionString, maxConnections: 12, onIdleError: () => undefined });
  const settings = settingsSchema.parse({
    sending: { connections_per_relay: connections },
    http: { public_url: "https://mail.team.example" },
  });
  // Everything that production logs is written, to nowhere.
  const log = pino({ level: settings.log.level }, pino.destination({ dest: "/dev/null", sync: false }));
  const agent = testAgent({ db, settings, log, processId: `bench ${process.pid}`, clock: { now: () => START } });
  await db.query("select 1");
  return async (): Promise<AgentResult> => {
    const memory: number[] = [];
    const sampler = setInterval(() => memory.push(Math.round(process.memoryUsage.rss() / 2 ** 20)), SAMPLE_MS);
    const { seconds, cpuSeconds, result } = await timed(async () => {
      let sent = 0;
      for (const mailbox of mailboxes) sent += (await sendBatch(agent, mailbox)).sent;
      return sent;
    });
    clearInterval(sampler);
    return { sent: result, seconds, cpuSeconds, memory };
  };
});
