// Puts a copy of every sent mail into the Sent folder where the provider does not do so itself: the very bytes that went out, once.
import { AgentError } from "../core/errors.ts";
import type { WorkspaceId } from "../core/ids.ts";
import { after, DAY, HOUR, type Instant, MINUTE } from "../core/instant.ts";
import type { SentCopies } from "../core/mailbox-presets.ts";
import { type Backoff, nextAttempt } from "../core/retry.ts";
import type { Inbox } from "../mail/inbox-pool.ts";
import { acquireLease, releaseLease } from "../store/lease.ts";
import { type Mailbox, mailboxById } from "../store/mailbox.ts";
import { mayBeRead } from "../store/mailbox-pause.ts";
import {
  type DueCopy,
  dueCopies,
  learnSentCopies,
  mailboxesWithDueCopies,
  postponeCopy,
  sentBytes,
  settleCopiesOf,
  settleCopy,
} from "../store/sent-copy.ts";
import type { Agent } from "./agent.ts";
import { keepLease } from "./lease-keeper.ts";
import { imapAccess, withLogin } from "./mailbox-access.ts";
import { whoFilesCopies } from "./note-sent.ts";
import type { MailboxRef } from "./send-batch.ts";

export type CopyCounts = Readonly<Record<"found" | "filed" | "failed", number>>;

/** The sweep only enqueues. */
export async function fileAllSentCopies(agent: Agent): Promise<{ mailboxes: number }> {
  const mailboxes = await mailboxesWithDueCopies(agent.db, agent.clock.now());
  await agent.db.transaction(async (tx) => {
    for (const mailbox of mailboxes) await agent.jobs.enqueue(tx, "file-sent-copies", mailbox, mailbox.mailboxId);
  });
  return { mailboxes: mailboxes.length };
}

const NOTHING: CopyCounts = { found: 0, filed: 0, failed: 0 };

/** At most one process does so per mailbox (lease). A mailbox that cannot be reached is tried again by the sweep. */
export async function fileSentCopies(agent: Agent, ref: MailboxRef): Promise<CopyCounts> {
  const mailbox = await mailboxById(agent.db, ref.workspaceId, ref.mailboxId);
  if (!mailbox?.imap || !mayBeRead(mailbox.pauseReason)) return NOTHING;
  const { lease_seconds: seconds } = agent.settings.sending;
  const lease = await acquireLease(agent.db, { ...ref, purpose: "copy", holder: agent.processId, seconds });
  if (!lease) return NOTHING;
  const keeper = keepLease(agent, lease);
  try {
    const filing = { agent, mailbox, mustStop: () => keeper.lost() || agent.stopping() };
    const access = (refused: string | null) => imapAccess(agent, mailbox, refused);
    return await withLogin(access, (opened) => agent.inboxes.withInbox(mailbox.id, opened, (inbox) => fileDue(filing, inbox)));
  } catch (error) {
    if (!(error instanceof AgentError && /^(?:imap|oauth)_/.test(error.code))) throw error;
    agent.log.warn({ event: "inbox.copies_not_filed", mailbox: mailbox.id, code: error.code, err: error });
    return { ...NOTHING, failed: 1 };
  } finally {
    keeper.stop();
    await releaseLease(agent.db, lease);
    // providers count connections: only the process that listens keeps one
    if (!agent.inboxes.watcherOf(mailbox.id)) await agent.inboxes.forget(mailbox.id);
  }
}

interface Filing {
  readonly agent: Agent;
  readonly mailbox: Mailbox;
  readonly mustStop: () => boolean;
}

async function fileDue(filing: Filing, inbox: Inbox): Promise<CopyCounts> {
  const { agent, mailbox, mustStop } = filing;
  const { workspaceId, id: mailboxId } = mailbox;
  const counts = { ...NOTHING };
  const due = await dueCopies(agent.db, { workspaceId, mailboxId, now: agent.clock.now(), limit: agent.settings.sending.batch });
  if (due.length === 0) return counts;
  const folders = await inbox.foldersWithCopies();
  const sentFolder = (await inbox.folders()).find(({ role }) => role === "sent")?.path ?? null;
  let who = whoFilesCopies(mailbox);
  for (const copy of due) {
    if (mustStop()) break;
    if (who === "provider" || who === "nobody" || sentFolder === null) {
      await settleCopiesOf(agent.db, workspaceId, mailboxId);
      break;
    }
    try {
      const found = await isThere(inbox, folders, copy);
      who ??= await learn(agent, mailbox, found ? "provider" : "agent");
      if (!found && who === "agent") await file(agent, inbox, workspaceId, sentFolder, copy);
      await settleCopy(agent.db, workspaceId, copy.id);
      counts[found ? "found" : "filed"] += 1;
    } catch (error) {
      if (!(error instanceof AgentError && error.code === "imap_failed")) throw error;
      counts.failed += 1;
      await tryLater(agent, mailbox, copy, error);
    }
  }
  return counts;
}

/** Searched for before every copy: whoever put one there and was killed before it said so must not put a second. */
async function isThere(inbox: Inbox, folders: readonly string[], { messageId }: DueCopy): Promise<boolean> {
  for (const folder of folders) if ((await inbox.search(folder, messageId)).length > 0) return true;
  return false;
}

/** What the first mail shows, some minutes after it went out, counts from then on. */
async function learn({ db, log }: Agent, { workspaceId, id, email }: Mailbox, who: SentCopies): Promise<SentCopies> {
  if (await learnSentCopies(db, workspaceId, id, who)) log.info({ event: "mailbox.sent_copies", mailbox: id, who });
  const mailbox = await mailboxById(db, workspaceId, id);
  if (!mailbox) throw new AgentError("not_found", `There is no mailbox ${email} any more.`);
  return whoFilesCopies(mailbox) ?? who;
}

async function file({ db }: Agent, inbox: Inbox, workspaceId: WorkspaceId, folder: string, copy: DueCopy): Promise<void> {
  const raw = await sentBytes(db, workspaceId, copy.id);
  if (raw) await inbox.append(folder, raw, ["\\Seen"], copy.sentAt);
}

const RETRY: Backoff = { firstMs: 5 * MINUTE, factor: 3, maxMs: 12 * HOUR, attempts: 12 };
const WORTH_A_COPY = 7 * DAY;

/** A full mailbox takes none; after a week nobody misses it. */
async function tryLater(agent: Agent, { workspaceId, id: mailbox }: Mailbox, copy: DueCopy, error: AgentError): Promise<void> {
  const now: Instant = agent.clock.now();
  const again = copy.sentAt < after(now, -WORTH_A_COPY) ? null : nextAttempt(RETRY, copy.attempts + 1, now, copy.id);
  agent.log.warn({ event: "inbox.copy_not_filed", mailbox, message: copy.id, givenUp: again === null, code: error.code, err: error });
  if (again) await postponeCopy(agent.db, workspaceId, copy.id, again);
  else await settleCopy(agent.db, workspaceId, copy.id);
}
