// Gives every mailbox with due mail to a sender. The sweep only enqueues; send-batch decides what is really due.
import { mailboxesWithDueWork } from "../store/enrollment-claim.ts";
import type { Agent } from "./agent.ts";

export async function sendDueSteps(agent: Agent): Promise<{ mailboxes: number }> {
  const due = await mailboxesWithDueWork(agent.db.hot, agent.clock.now());
  await agent.db.transaction(async (tx) => {
    for (const mailbox of due) await agent.jobs.enqueue(tx, "send-batch", mailbox, mailbox.mailboxId);
  });
  return { mailboxes: due.length };
}
