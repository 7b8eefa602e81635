// A reader of its own process: the product's way from the mailbox into the ledger. The mailbox was connected, then all mails count as news.
import { pino } from "pino";
import { examineMessages, receiveMessages } from "../src/automations/receive-messages.ts";
import type { MailboxRef } from "../src/automations/send-batch.ts";
import { syncInbox } from "../src/automations/sync-inbox.ts";
import { settingsSchema } from "../src/core/settings.ts";
import { createInboxPool } from "../src/mail/inbox-pool.ts";
import { openDatabase } from "../src/store/database.ts";
import { testAgent } from "../test/support/agent.ts";
import { childProcess } from "./child.ts";
import { measuredReading } from "./measured-reading.ts";
import { START } from "./stage.ts";

export interface SyncTask {
  readonly connectionString: string;
  readonly mailbox: MailboxRef;
}

/** Of one reading. */
export interface ReadResult {
  readonly mails: number;
  /** Zero where nobody counted. */
  readonly bytes: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
  /** The longest time in which the process did nothing else. */
  readonly stallMs: number;
}

await childProcess(async ({ connectionString, mailbox }: SyncTask) => {
  const db = openDatabase({ connectionString, maxConnections: 12, onIdleError: () => undefined });
  const settings = settingsSchema.parse({});
  // Everything that production logs is written, to nowhere.
  const log = pino({ level: settings.log.level }, pino.destination({ dest: "/dev/null", sync: false }));
  const agent = testAgent({
    db,
    settings,
    log,
    processId: `bench ${process.pid}`,
    clock: { now: () => START },
    inboxes: createInboxPool({ log }),
  });
  const read = () => syncInbox(agent, mailbox, { examine: examineMessages, receive: receiveMessages });
  const connected = await read();
  if (connected.seen !== 0) throw new Error("A mailbox that is connected begins behind what it holds.");
  await db.query("update inbox_cursor set last_uid = 0 where workspace_id = $1 and mailbox_id = $2 and role = 'inbox'", [
    mailbox.workspaceId,
    mailbox.mailboxId,
  ]);
  return (): Promise<ReadResult> =>
    measuredReading(async () => {
      const { seen, failed } = await read();
      if (failed > 0) throw new Error(`${failed} mails failed.`);
      return { mails: seen, bytes: 0 };
    });
});
