// Takes back what a dead process left half done. A claimed message never left this machine: it waits again. One that was being transmitted may or
// may not have been accepted: it is uncertain, and evidence or a person decides.
import { acquireLease, type Lease, releaseLease } from "../store/lease.ts";
import { type Mailbox, mailboxById } from "../store/mailbox.ts";
import { doubtInterrupted, mailboxesWithInterrupted, putBackInterrupted, settleFences } from "../store/message-recall.ts";
import type { Agent } from "./agent.ts";

export async function recoverInterruptedSends(agent: Agent): Promise<{ put_back: number; uncertain: number }> {
  const total = { put_back: 0, uncertain: 0 };
  for (const ref of await mailboxesWithInterrupted(agent.db)) {
    const mailbox = await mailboxById(agent.db, ref.workspaceId, ref.mailboxId);
    const lease = await acquireLease(agent.db, {
      ...ref,
      purpose: "send",
      holder: agent.processId,
      seconds: agent.settings.sending.lease_seconds,
    });
    if (!mailbox || !lease) continue;
    try {
      const found = await takeBackInterrupted(agent, mailbox, lease);
      total.put_back += found.put_back;
      total.uncertain += found.uncertain;
    } finally {
      await releaseLease(agent.db, lease);
    }
  }
  return total;
}

/** Everything in flight under an older lease than ours: its holder is gone, or has lost the right to record anything but a success. */
export async function takeBackInterrupted(agent: Agent, mailbox: Mailbox, lease: Lease): Promise<{ put_back: number; uncertain: number }> {
  const now = agent.clock.now();
  const found = await agent.db.transaction(async (tx) => {
    const put_back = await putBackInterrupted(tx, lease, now);
    const uncertain = await doubtInterrupted(tx, lease, now);
    await settleFences(tx, lease);
    return { put_back, uncertain };
  });
  if (found.put_back + found.uncertain > 0) agent.log.warn({ event: "sending.recovered", mailbox: mailbox.id, ...found });
  return found;
}
