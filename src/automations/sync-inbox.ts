// Reads a mailbox to its end: every folder that may hold an answer, each new mail once and in order. At most one process does so per mailbox (lease).
import { AgentError } from "../core/errors.ts";
import { foldersToRead } from "../mail/imap-folders.ts";
import type { FolderStatus, Inbox, InboxFolder } from "../mail/inbox-pool.ts";
import { cursorsOf, type InboxCursor, markReadToEnd, startCursor } from "../store/inbox.ts";
import { acquireLease, releaseLease } from "../store/lease.ts";
import { type Mailbox, mailboxById, pauseMailbox } from "../store/mailbox.ts";
import { type MailboxPause, mayBeRead } from "../store/mailbox-pause.ts";
import type { Agent } from "./agent.ts";
import { enrollAllLeads } from "./enroll-leads.ts";
import { findSentCopies } from "./find-sent-copies.ts";
import { handOnAll, type InboxHandlers, mustStop, type Reading } from "./hand-on-mails.ts";
import { keepLease } from "./lease-keeper.ts";
import { imapAccess, withLogin } from "./mailbox-access.ts";
import { TOKEN_PAUSES } from "./mailbox-tokens.ts";
import { endHoldOfSentFolder } from "./reconcile-sent.ts";
import type { MailboxRef } from "./send-batch.ts";
import { watchInbox } from "./watch-inbox.ts";

export type SyncCounts = Readonly<Reading["counts"]>;

export async function syncInbox<Examined>(agent: Agent, ref: MailboxRef, handlers: InboxHandlers<Examined>): Promise<SyncCounts> {
  const counts = { folders: 0, seen: 0, stored: 0, duplicates: 0, failed: 0 };
  const mailbox = await readableMailbox(agent, ref);
  if (!mailbox) return counts;
  const { lease_seconds: seconds } = agent.settings.sending;
  const lease = await acquireLease(agent.db.hot, { ...ref, purpose: "read", holder: agent.processId, seconds });
  if (!lease) return counts;
  const keeper = keepLease(agent, lease);
  try {
    await readMailbox({ agent, mailbox, handlers, keeper, counts });
    return counts;
  } finally {
    keeper.stop();
    await releaseLease(agent.db.hot, lease);
  }
}

/** Null for a mailbox that is gone, only sends, or waits for a person; nobody listens to it any more. */
async function readableMailbox(agent: Agent, { workspaceId, mailboxId }: MailboxRef): Promise<Mailbox | null> {
  const mailbox = await mailboxById(agent.db.hot, workspaceId, mailboxId);
  if (mailbox?.imap && mayBeRead(mailbox.pauseReason)) return mailbox;
  await agent.inboxes.forget(mailboxId);
  return null;
}

async function readMailbox(reading: Reading): Promise<void> {
  const { agent, mailbox } = reading;
  try {
    // a lead that was enrolled after the backup must stand in its campaign again for its mails to be found there
    if (mailbox.sentUnknownSince !== null) await enrollAllLeads(agent);
    const access = (refused: string | null) => imapAccess(agent, mailbox, refused);
    const read = async (inbox: Inbox) => {
      await readFolders(reading, inbox);
      await endHoldOfSentFolder(agent, mailbox, inbox);
      await findSentCopies(agent, mailbox, inbox, () => mustStop(reading));
    };
    await withLogin(access, (opened) => agent.inboxes.withInbox(mailbox.id, opened, read));
    await watchInbox(agent, mailbox, () => access(null));
  } catch (error) {
    if (!(error instanceof AgentError && /^(?:imap|oauth)_/.test(error.code))) throw error;
    reading.counts.failed += 1;
    await stopReading(agent, mailbox, error);
  }
}

/**
 * A refused login pauses the mailbox, sending included: a follow-up must not go out where nobody reads the answers. Everything else is tried again by
 * the next poll.
 */
async function stopReading(agent: Agent, { workspaceId, id }: Mailbox, error: AgentError): Promise<void> {
  agent.log.warn({ event: "inbox.not_read", mailbox: id, code: error.code, err: error });
  const reason = PAUSES[error.code];
  if (!reason) return;
  await agent.inboxes.forget(id);
  await pauseMailbox(agent.db, workspaceId, id, reason, error.message, agent.clock.now());
}

const PAUSES: Readonly<Partial<Record<AgentError["code"], MailboxPause>>> = {
  imap_auth: "imap_auth",
  ...TOKEN_PAUSES,
};

async function readFolders(reading: Reading, inbox: Inbox): Promise<void> {
  const { agent, mailbox } = reading;
  const began = agent.clock.now();
  const cursors = await cursorsOf(agent.db.hot, mailbox.workspaceId, mailbox.id);
  const folders = foldersToRead(await inbox.folders(), mailbox.extraFolders);
  const read: string[] = [];
  try {
    for (const folder of folders) {
      if (mustStop(reading)) return;
      if (await readFolder(reading, inbox, folder, cursors)) read.push(folder.path);
    }
    read.push(...vanished(folders, cursors));
  } finally {
    if (read.length > 0) await markReadToEnd(agent.db.hot, mailbox.workspaceId, mailbox.id, read, began);
  }
}

/** True when it was read to its end. A folder that cannot be read does not keep us from the others. */
async function readFolder(
  reading: Reading,
  inbox: Inbox,
  folder: InboxFolder,
  cursors: ReadonlyMap<string, InboxCursor>,
): Promise<boolean> {
  const { agent, mailbox, counts } = reading;
  const { max_message_bytes: maxBytes, batch } = agent.settings.receiving;
  counts.folders += 1;
  try {
    const status = await inbox.status(folder.path);
    const { uidValidity, lastUid } = await cursorFor(reading, status, folder, cursors);
    if (inbox.isAsRead(folder.path, status, lastUid)) return true;
    if (!(await handOnAll(reading, inbox.fetchSince(folder, uidValidity, lastUid, { maxBytes, batch })))) return false;
    inbox.noteRead(folder.path, status, lastUid);
    return true;
  } catch (error) {
    if (!(error instanceof AgentError && (error.code === "imap_failed" || error.code === "uidvalidity_changed"))) throw error;
    counts.failed += 1;
    agent.log.warn({ event: "inbox.folder_not_read", mailbox: mailbox.id, folder: folder.path, code: error.code, err: error });
    return false;
  }
}

/**
 * Where to read on. A mailbox that was never connected begins behind all that its folders hold. From the beginning is read a folder that appeared
 * later (a hoster makes Junk for the first mail that goes there), and one that its server rebuilt: what was received before is known by its content.
 */
async function cursorFor(
  { agent, mailbox }: Reading,
  { uidValidity, uidNext }: FolderStatus,
  { path, role }: InboxFolder,
  cursors: ReadonlyMap<string, InboxCursor>,
): Promise<InboxCursor> {
  const cursor = cursors.get(path);
  if (cursor?.uidValidity === uidValidity) return cursor;
  if (cursor)
    agent.log.warn({ event: "inbox.folder_rebuilt", mailbox: mailbox.id, folder: path, from: cursor.uidValidity, to: uidValidity });
  return startCursor(agent.db, {
    workspaceId: mailbox.workspaceId,
    mailboxId: mailbox.id,
    folder: path,
    role,
    uidValidity,
    lastUid: cursors.size > 0 || (role === "sent" && mailbox.sentUnknownSince !== null) ? 0 : uidNext - 1,
    now: agent.clock.now(),
  });
}

/** A folder that is not there any more is read to its end: else follow-ups would wait for it for ever. */
function vanished(folders: readonly InboxFolder[], cursors: ReadonlyMap<string, InboxCursor>): string[] {
  const present = new Set(folders.map((folder) => folder.path));
  return [...cursors.keys()].filter((path) => !present.has(path));
}
