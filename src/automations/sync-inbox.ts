// Reads a mailbox to its end: every folder that may hold an answer, each new mail once and in order. At most one process does so per mailbox (lease).
import { AgentError } from "../core/errors.ts";
import type { Instant } from "../core/instant.ts";
import { foldersToRead } from "../mail/imap-folders.ts";
import type { FetchedMessage, Inbox, InboxFolder } from "../mail/inbox-pool.ts";
import { advanceCursor, cursorsOf, type InboxCursor, markReadToEnd, startCursor } from "../store/inbox.ts";
import { acquireLease, releaseLease } from "../store/lease.ts";
import { type Mailbox, mailboxById, pauseMailbox } from "../store/mailbox.ts";
import { type MailboxPause, mayBeRead } from "../store/mailbox-pause.ts";
import type { Agent } from "./agent.ts";
import { enrollAllLeads } from "./enroll-leads.ts";
import { findSentCopies } from "./find-sent-copies.ts";
import { keepLease, type LeaseKeeper } from "./lease-keeper.ts";
import { imapAccess, withLogin } from "./mailbox-access.ts";
import { TOKEN_PAUSES } from "./mailbox-tokens.ts";
import { endHoldOfSentFolder } from "./reconcile-sent.ts";
import { asAgentError } from "./run.ts";
import type { MailboxRef } from "./send-batch.ts";
import { watchInbox } from "./watch-inbox.ts";

export type SyncCounts = Readonly<Record<"folders" | "seen" | "stored" | "duplicates" | "failed", number>>;

export interface InboxHandlers {
  /** Handles one mail in a transaction of its own, which also moves the cursor over it (advanceCursor). */
  receive(agent: Agent, mailbox: Mailbox, message: FetchedMessage, at: Instant): Promise<{ readonly stored: boolean }>;
}

/** One reading of one mailbox. */
interface Reading {
  readonly agent: Agent;
  readonly mailbox: Mailbox;
  readonly handlers: InboxHandlers;
  readonly keeper: LeaseKeeper;
  readonly counts: Record<keyof SyncCounts, number>;
}

export async function syncInbox(agent: Agent, ref: MailboxRef, handlers: InboxHandlers): Promise<SyncCounts> {
  const counts = { folders: 0, seen: 0, stored: 0, duplicates: 0, failed: 0 };
  const mailbox = await readableMailbox(agent, ref);
  if (!mailbox) return counts;
  const { lease_seconds: seconds } = agent.settings.sending;
  const lease = await acquireLease(agent.db, { ...ref, purpose: "read", holder: agent.processId, seconds });
  if (!lease) return counts;
  const keeper = keepLease(agent, lease);
  try {
    await readMailbox({ agent, mailbox, handlers, keeper, counts });
    return counts;
  } finally {
    keeper.stop();
    await releaseLease(agent.db, lease);
  }
}

/** Null for a mailbox that is gone, only sends, or waits for a person; nobody listens to it any more. */
async function readableMailbox(agent: Agent, { workspaceId, mailboxId }: MailboxRef): Promise<Mailbox | null> {
  const mailbox = await mailboxById(agent.db, workspaceId, mailboxId);
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
  const cursors = await cursorsOf(agent.db, mailbox.workspaceId, mailbox.id);
  const folders = foldersToRead(await inbox.folders(), mailbox.extraFolders);
  for (const folder of folders) {
    if (mustStop(reading)) return;
    await readFolder(reading, inbox, folder, cursors);
  }
  await closeVanished(reading, folders, cursors, began);
}

function mustStop({ agent, keeper }: Reading): boolean {
  return keeper.lost() || agent.stopping();
}

/** A folder that cannot be read does not keep us from the others. */
async function readFolder(reading: Reading, inbox: Inbox, folder: InboxFolder, cursors: ReadonlyMap<string, InboxCursor>): Promise<void> {
  const { agent, mailbox, counts } = reading;
  const began = agent.clock.now();
  counts.folders += 1;
  try {
    const cursor = await cursorFor(reading, inbox, folder, cursors);
    if (!(await readToEnd(reading, inbox, folder, cursor))) return;
    await markReadToEnd(agent.db, mailbox.workspaceId, mailbox.id, folder.path, began);
  } catch (error) {
    if (!(error instanceof AgentError && (error.code === "imap_failed" || error.code === "uidvalidity_changed"))) throw error;
    counts.failed += 1;
    agent.log.warn({ event: "inbox.folder_not_read", mailbox: mailbox.id, folder: folder.path, code: error.code, err: error });
  }
}

/**
 * Where to read on. A mailbox that was never connected begins behind all that its folders hold. From the beginning is read a folder that appeared
 * later (a hoster makes Junk for the first mail that goes there), and one that its server rebuilt: what was received before is known by its content.
 */
async function cursorFor(
  { agent, mailbox }: Reading,
  inbox: Inbox,
  { path, role }: InboxFolder,
  cursors: ReadonlyMap<string, InboxCursor>,
): Promise<InboxCursor> {
  const { uidValidity, uidNext } = await inbox.status(path);
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

/** False when it stopped before the end. */
async function readToEnd(reading: Reading, inbox: Inbox, folder: InboxFolder, cursor: InboxCursor): Promise<boolean> {
  const { max_message_bytes: maxBytes, batch } = reading.agent.settings.receiving;
  for await (const message of inbox.fetchSince(folder, cursor.uidValidity, cursor.lastUid, { maxBytes, batch })) {
    if (mustStop(reading) || !(await handOn(reading, message))) return false;
  }
  return true;
}

/** False when the mail could not be handled: it and what follows in its folder are tried again in the next run. */
async function handOn(reading: Reading, message: FetchedMessage): Promise<boolean> {
  const { agent, mailbox, handlers, counts } = reading;
  counts.seen += 1;
  try {
    if (message.raw.length === 0) throw new AgentError("imap_failed", "The server names a mail but does not hand it out.");
    const { stored } = await handlers.receive(agent, mailbox, message, agent.clock.now());
    counts[stored ? "stored" : "duplicates"] += 1;
    failedRuns.delete(nameOf(mailbox, message));
    return true;
  } catch (error) {
    counts.failed += 1;
    return skipAfterTries(agent, mailbox, message, asAgentError(error));
  }
}

/** How many runs of this process in a row a mail failed in. Only what fails by itself counts, not a database that was away. */
const failedRuns = new Map<string, number>();
const TRIES = 3;

function nameOf(mailbox: Mailbox, { folder, uidValidity, uid }: FetchedMessage): string {
  return JSON.stringify([mailbox.id, folder, uidValidity, uid]);
}

/** One mail that nothing can handle must not keep all later answers from being read. True when it was passed over. */
async function skipAfterTries(agent: Agent, mailbox: Mailbox, message: FetchedMessage, error: AgentError): Promise<boolean> {
  const name = nameOf(mailbox, message);
  const { folder, uidValidity, uid } = message;
  const tries = (failedRuns.get(name) ?? 0) + (error.retryable ? 0 : 1);
  const skipped = tries >= TRIES;
  const event = skipped ? "inbox.message_skipped" : "inbox.message_failed";
  agent.log.error({ event, mailbox: mailbox.id, folder, uidValidity, uid, tries, code: error.code, err: error });
  if (!skipped) {
    failedRuns.set(name, tries);
    return false;
  }
  await advanceCursor(agent.db, { workspaceId: mailbox.workspaceId, mailboxId: mailbox.id, folder, uidValidity, uid, stored: false });
  failedRuns.delete(name);
  return true;
}

/** A folder that is not there any more is read to its end: else follow-ups would wait for it for ever. */
async function closeVanished(
  { agent, mailbox }: Reading,
  folders: readonly InboxFolder[],
  cursors: ReadonlyMap<string, InboxCursor>,
  began: Instant,
): Promise<void> {
  const present = new Set(folders.map((folder) => folder.path));
  for (const path of cursors.keys()) {
    if (!present.has(path)) await markReadToEnd(agent.db, mailbox.workspaceId, mailbox.id, path, began);
  }
}
