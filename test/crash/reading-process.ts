// A process that reads one mailbox until nothing is new, made to be killed. Works on DATABASE_URL.
import { pino } from "pino";
import { runJob } from "../../src/automations/run-job.ts";
import type { MailboxId, WorkspaceId } from "../../src/core/ids.ts";
import { settingsSchema } from "../../src/core/settings.ts";
import { createInboxPool } from "../../src/mail/inbox-pool.ts";
import { openDatabase } from "../../src/store/database.ts";
import { testAgent } from "../support/agent.ts";

const { DATABASE_URL: connectionString = "", WORKSPACE: workspaceId = "", MAILBOX: mailboxId = "" } = process.env;
const now = new Date(process.env["NOW"] ?? 0);

// Nothing outlives the test, even if the test is killed.
process.once("disconnect", () => process.exit(1));

const log = pino({ level: "silent" });
const agent = testAgent({
  db: openDatabase({ connectionString, maxConnections: 6, onIdleError: () => undefined }),
  // the lease of one that was killed is soon over
  settings: settingsSchema.parse({ sending: { lease_seconds: 3 }, receiving: { batch: 10 } }),
  clock: { now: () => now },
  inboxes: createInboxPool({ log, idle: false }),
  processId: `reader ${process.pid}`,
});
const read = () => runJob(agent, "sync-inbox", { workspaceId: workspaceId as WorkspaceId, mailboxId: mailboxId as MailboxId });
/** Sent, INBOX, Junk: fewer when it stopped before, because it lost the lease, or did not get it. */
const FOLDERS = 3;
for (let counts = await read(); counts["folders"] !== FOLDERS || counts["seen"] !== 0 || counts["failed"] !== 0; counts = await read());
process.exit(0);
