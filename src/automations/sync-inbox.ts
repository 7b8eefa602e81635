// Reads a mailbox to its end: every folder from its cursor, each new message handed on once. Never marks anything as read.
import { AgentError } from "../core/errors.ts";
import type { MailboxId, WorkspaceId } from "../core/ids.ts";
import { type Instant, SECOND } from "../core/instant.ts";
import type { FolderRole, InboxFolder } from "../mail/imap.ts";
import type { FetchedMessage, Inbox } from "../mail/inbox-pool.ts";
import { advanceCursor, cursorsOf, type InboxCursor, markReadToEnd, startCursor } from "../store/inbox.ts";
import { acquireLease, type Lease, releaseLease, renewLease } from "../store/lease.ts";
import { type Mailbox, mailboxById, pauseMailbox } from "../store/mailbox.ts";
import type { Agent } from "./agent.ts";
import { imapAccess } from "./mailbox-access.ts";

export interface SyncCounts extends Readonly<Record<string, number>> {
  readonly folders: number;
  readonly seen: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly failed: number;
}

export interface Handlers {
  /** Handles one message and moves its cursor, in one transaction of its own. */
  readonly receive: (agent: Agent, mailbox: Mailbox, message: FetchedMessage, at: Instant) => Promise<{ readonly stored: boolean }>;
}

/** A person's own answer is known before the mail it answers is judged. */
const ORDER: readonly FolderRole[] = ["sent", "inbox", "junk", "other"];
/** A message that cannot be handled is passed over after this many tries in this process: it must not block those behind it. */
const TRIES = 3;
const NOTHING: SyncCounts = { folders: 0, seen: 0, stored: 0, duplicates: 0, failed: 0 };

export async function syncInbox(agent: Agent, ref: { workspaceId: WorkspaceId; mailboxId: MailboxId }, handlers: Handlers): Promise<SyncCounts> {
  const mailbox = await mailboxById(agent.db, ref.workspaceId, ref.mailboxId);
  if (!mailbox?.imap) return NOTHING;
  const seconds = agent.settings.sending.lease_seconds;
  const lease = await acquireLease(agent.db, { ...ref, purpose: "read", holder: agent.processId, seconds });
  if (!lease) return NOTHING;
  const renewal = setInterval(() => void renew(agent, lease, seconds), (seconds * SECOND) / 3);
  try {
    return await readFolders(agent, mailbox, handlers);
  } catch (error) {
    if (!(error instanceof AgentError) || !error.code.startsWith("imap_")) throw error;
    return await noteTrouble(agent, mailbox, error);
  } finally {
    clearInterval(renewal);
    await releaseLease(agent.db, lease);
  }
}

async function renew(agent: Agent, lease: Lease, seconds: number): Promise<void> {
  await renewLease(agent.db, lease, seconds).catch((error: unknown) => agent.log.warn({ event: "lease.renewal_failed", mailbox: lease.mailboxId, err: error }));
}

/** A refused login stops the mailbox: follow-ups must not go out while replies are unread. Everything else is tried again by the next poll. */
async function noteTrouble(agent: Agent, mailbox: Mailbox, error: AgentError): Promise<SyncCounts> {
  agent.log.warn({ event: "inbox.not_read", mailbox: mailbox.id, code: error.code, err: error });
  if (error.code === "imap_auth") await pauseMailbox(agent.db, mailbox.workspaceId, mailbox.id, "imap_auth", error.message, agent.clock.now());
  return { ...NOTHING, failed: 1 };
}

function readFolders(agent: Agent, mailbox: Mailbox, handlers: Handlers): Promise<SyncCounts> {
  const { workspaceId, id: mailboxId } = mailbox;
  agent.inboxes.watch(mailboxId, () => {
    agent.jobs
      .enqueue(agent.db, "sync-inbox", { workspaceId, mailboxId }, mailboxId)
      .catch((error: unknown) => agent.log.warn({ event: "inbox.news_lost", mailbox: mailboxId, err: error }));
  });
  return agent.inboxes.withInbox(mailboxId, imapAccess(agent, mailbox), async (inbox) => {
    const total = { ...NOTHING };
    const cursors = await cursorsOf(agent.db, workspaceId, mailboxId);
    const folders = await inbox.folders(mailbox.extraFolders);
    for (const folder of folders.toSorted((a, b) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role))) {
      const counts = await readFolder(agent, mailbox, inbox, folder, cursors.get(folder.path) ?? null, handlers);
      for (const key of ["folders", "seen", "stored", "duplicates", "failed"] as const) Object.assign(total, { [key]: total[key] + counts[key] });
    }
    return total;
  });
}

async function readFolder(agent: Agent, mailbox: Mailbox, inbox: Inbox, folder: InboxFolder, stored: InboxCursor | null, handlers: Handlers): Promise<SyncCounts> {
  const { workspaceId, id: mailboxId } = mailbox;
  const began = agent.clock.now();
  const { uidValidity, uidNext } = await inbox.status(folder.path);
  const cursor = await cursorFor(agent, mailbox, folder, stored, { uidValidity, uidNext });
  const counts = { ...NOTHING, folders: 1 };
  const limits = { maxBytes: agent.settings.receiving.max_message_bytes, batch: agent.settings.receiving.batch };
  for await (const message of inbox.fetchSince(folder, uidValidity, cursor, limits)) {
    const outcome = await handle(agent, mailbox, message, handlers);
    Object.assign(counts, { seen: counts.seen + 1, [outcome]: counts[outcome] + 1 });
    if (outcome === "failed") return counts;
  }
  await markReadToEnd(agent.db, workspaceId, mailboxId, folder.path, began);
  return counts;
}

/** Reading starts when the mailbox is connected: older mail is not ours to look at. A rebuilt folder is read anew; what is known is recognised. */
async function cursorFor(
  agent: Agent,
  mailbox: Mailbox,
  folder: InboxFolder,
  stored: InboxCursor | null,
  { uidValidity, uidNext }: { uidValidity: number; uidNext: number },
): Promise<number> {
  if (stored?.uidValidity === uidValidity) return stored.lastUid;
  const lastUid = stored ? 0 : uidNext - 1;
  const { workspaceId, id: mailboxId } = mailbox;
  const now = agent.clock.now();
  await startCursor(agent.db, { workspaceId, mailboxId, folder: folder.path, role: folder.role, uidValidity, lastUid, now });
  if (stored) agent.log.warn({ event: "inbox.folder_rebuilt", mailbox: mailboxId, folder: folder.path });
  return lastUid;
}

const failures = new Map<string, number>();

async function handle(agent: Agent, mailbox: Mailbox, message: FetchedMessage, handlers: Handlers): Promise<"stored" | "duplicates" | "failed"> {
  const { workspaceId, id: mailboxId } = mailbox;
  const place = { folder: message.folder, uidValidity: message.uidValidity, uid: message.uid };
  const key = JSON.stringify([mailboxId, place]);
  try {
    const { stored } = await handlers.receive(agent, mailbox, message, agent.clock.now());
    failures.delete(key);
    return stored ? "stored" : "duplicates";
  } catch (error) {
    const tries = (failures.get(key) ?? 0) + 1;
    failures.set(key, tries);
    agent.log.error({ event: tries < TRIES ? "inbox.message_failed" : "inbox.message_skipped", mailbox: mailboxId, ...place, tries, err: error });
    if (tries < TRIES) return "failed";
    failures.delete(key);
    await advanceCursor(agent.db, { workspaceId, mailboxId, ...place, stored: false });
    return "duplicates";
  }
}
