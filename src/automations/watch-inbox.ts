// Which process listens for news of a mailbox? One of them all, by a lease that it keeps for as long as it listens: providers count connections.
// Whoever reads the mailbox without it closes its connection afterwards. When the listener dies, the lease runs out, and the next reader listens.
import type { ImapAccess } from "../mail/imap.ts";
import type { Watcher } from "../mail/inbox-pool.ts";
import { acquireLease, releaseLease } from "../store/lease.ts";
import type { Mailbox } from "../store/mailbox.ts";
import type { Agent } from "./agent.ts";
import { keepLease } from "./lease-keeper.ts";

export async function watchInbox(agent: Agent, mailbox: Mailbox, accessNow: () => Promise<ImapAccess>): Promise<void> {
  const watcher = agent.inboxes.watcherOf(mailbox.id) ?? (await becomeWatcher(agent, mailbox));
  if (watcher) agent.inboxes.watch(mailbox.id, accessNow, watcher);
  else await agent.inboxes.forget(mailbox.id);
}

/** Null when another process listens. Reading has a lease of its own: it must go on in any process while one listens. */
async function becomeWatcher(agent: Agent, mailbox: Mailbox): Promise<Watcher | null> {
  const { workspaceId, id: mailboxId } = mailbox;
  const { lease_seconds: seconds } = agent.settings.sending;
  const lease = await acquireLease(agent.db, { workspaceId, mailboxId, purpose: "watch", holder: agent.processId, seconds });
  if (!lease) return null;
  const keeper = keepLease(agent, lease, () => {
    agent.log.warn({ event: "inbox.watch_lost", mailbox: mailboxId });
    agent.inboxes
      .forget(mailboxId)
      .catch((error: unknown) => agent.log.warn({ event: "inbox.not_closed", mailbox: mailboxId, err: error }));
  });
  return {
    onNews: () => void syncSoon(agent, mailbox),
    onEnd: async () => {
      keeper.stop();
      try {
        await releaseLease(agent.db, lease);
      } catch (error) {
        agent.log.warn({ event: "inbox.watch_not_released", mailbox: mailboxId, err: error }); // it runs out by itself
      }
    },
  };
}

/** News came in: reads soon, in whichever process is free. */
async function syncSoon(agent: Agent, { workspaceId, id: mailboxId }: Mailbox): Promise<void> {
  if (agent.stopping()) return;
  try {
    await agent.db.transaction((tx) => agent.jobs.enqueue(tx, "sync-inbox", { workspaceId, mailboxId }, mailboxId));
  } catch (error) {
    agent.log.warn({ event: "inbox.news_not_enqueued", mailbox: mailboxId, err: error }); // the next poll reads it
  }
}
