// Has every inbox read. The sweep only enqueues; sync-inbox reads one, under its lease.
import { readableMailboxes } from "../store/mailbox.ts";
import type { Agent } from "./agent.ts";

export async function syncInboxes(agent: Agent): Promise<{ mailboxes: number }> {
  const mailboxes = await readableMailboxes(agent.db);
  await agent.db.transaction(async (tx) => {
    for (const mailbox of mailboxes) await agent.jobs.enqueue(tx, "sync-inbox", mailbox, mailbox.mailboxId);
  });
  return { mailboxes: mailboxes.length };
}
