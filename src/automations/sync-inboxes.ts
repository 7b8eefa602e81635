// Gives every inbox to a reader. The sweep only enqueues: the floor under IDLE, which may be missing or may have missed something.
import { readableMailboxes } from "../store/mailbox.ts";
import type { Agent } from "./agent.ts";

export async function syncInboxes(agent: Agent): Promise<{ mailboxes: number }> {
  const mailboxes = await readableMailboxes(agent.db);
  await agent.db.transaction(async (tx) => {
    for (const mailbox of mailboxes) await agent.jobs.enqueue(tx, "sync-inbox", mailbox, mailbox.mailboxId);
  });
  return { mailboxes: mailboxes.length };
}
