// From when on is a mailbox read? From the moment that it is connected: what comes in afterwards is news, however long the first reading takes to come.
import type { MailboxId, WorkspaceId } from "../core/ids.ts";
import type { FolderEnd } from "../mail/try-inbox.ts";
import type { Tx } from "../store/database.ts";
import { cursorsOf, startCursor } from "../store/inbox.ts";
import type { Agent } from "./agent.ts";

/**
 * Starts the cursors of a mailbox that has none, and of chosen folders that are new to it, at the ends that its test has found; what has a cursor
 * is read on from there. The first reading follows at once, in whichever process is free, so that somebody listens from now on.
 */
export async function connectInbox(
  agent: Pick<Agent, "clock" | "jobs">,
  tx: Tx,
  mailbox: { readonly workspaceId: WorkspaceId; readonly mailboxId: MailboxId },
  ends: readonly FolderEnd[],
): Promise<void> {
  const now = agent.clock.now();
  const cursors = await cursorsOf(tx, mailbox.workspaceId, mailbox.mailboxId);
  for (const { path: folder, role, uidValidity, uidNext } of ends) {
    const isNew = cursors.size === 0 || (role === "other" && !cursors.has(folder));
    if (isNew) await startCursor(tx, { ...mailbox, folder, role, uidValidity, lastUid: uidNext - 1, now });
  }
  if (ends.length > 0) await agent.jobs.enqueue(tx, "sync-inbox", mailbox, mailbox.mailboxId);
}
