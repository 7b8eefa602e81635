// Claims of its own process: from each of its mailboxes at the same time, in batches of 100, nothing written and nothing sent.
import { claimMessages } from "../src/automations/claim-messages.ts";
import type { MailboxRef } from "../src/automations/send-batch.ts";
import { openDatabase } from "../src/store/database.ts";
import { acquireLease } from "../src/store/lease.ts";
import { mailboxById } from "../src/store/mailbox.ts";
import { testAgent } from "../test/support/agent.ts";
import { childProcess } from "./child.ts";
import { timed } from "./machine.ts";
import { START } from "./stage.ts";

export interface ClaimTask {
  readonly connectionString: string;
  readonly mailboxes: readonly MailboxRef[];
  /** From each mailbox. */
  readonly claims: number;
}

export interface ClaimResult {
  readonly claimed: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

const LEASE_SECONDS = 3_600;

await childProcess(async ({ connectionString, mailboxes, claims }: ClaimTask) => {
  const db = openDatabase({ connectionString, maxConnections: 12, onIdleError: () => undefined });
  const agent = testAgent({ db, clock: { now: () => START } });
  const claimFrom = async (ref: MailboxRef) => {
    const mailbox = await mailboxById(db, ref.workspaceId, ref.mailboxId);
    const lease = await acquireLease(db, { ...ref, purpose: "send", holder: "bench", seconds: LEASE_SECONDS });
    if (!mailbox || !lease) throw new Error("The mailbox is busy.");
    return async () => {
      let claimed = 0;
      while (claimed < claims) {
        const { ids } = await claimMessages(agent, mailbox, lease);
        if (ids.length === 0) throw new Error(`Nothing is due after ${claimed} claims.`);
        claimed += ids.length;
      }
      return claimed;
    };
  };
  const senders = await Promise.all(mailboxes.map(claimFrom));
  return async (): Promise<ClaimResult> => {
    const { seconds, cpuSeconds, result } = await timed(() => Promise.all(senders.map((claim) => claim())));
    return { claimed: result.reduce((sum, claimed) => sum + claimed, 0), seconds, cpuSeconds };
  };
});
