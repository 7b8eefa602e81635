// One pooled, reconnecting IMAP connection per mailbox. Reads without ever marking a mail as read, and says when new mail has come (IDLE).
import type { ImapFlow } from "imapflow";
import type { Logger } from "pino";
import { AgentError } from "../core/errors.ts";
import { asImapError, type FolderRole, foldersOf, type ImapAccess, type InboxFolder, openImap } from "./imap.ts";

export interface FetchedMessage {
  readonly folder: string;
  readonly role: FolderRole;
  readonly uidValidity: number;
  readonly uid: number;
  /** When the server received it. */
  readonly internalDate: Date | null;
  readonly raw: Uint8Array;
  /** Only the first `maxBytes` were read. */
  readonly truncated: boolean;
}

export interface FolderStatus {
  readonly uidValidity: number;
  readonly uidNext: number;
}

/** What receiving needs of a mailbox. */
export interface Inbox {
  folders(extra: readonly string[]): Promise<readonly InboxFolder[]>;
  status(path: string): Promise<FolderStatus>;
  /** New messages in ascending order. Throws uidvalidity_changed when the folder was rebuilt since `status`. */
  fetchSince(folder: InboxFolder, uidValidity: number, afterUid: number, limits: { maxBytes: number; batch: number }): AsyncIterable<FetchedMessage>;
}

export interface InboxPool {
  /** Lends the mailbox's connection to `work`, one at a time. Throws the AgentErrors of openImap. */
  withInbox<Result>(key: string, access: ImapAccess, work: (inbox: Inbox) => Promise<Result>): Promise<Result>;
  /** Calls `onNews` when new mail comes into INBOX, for as long as the connection lives. A server without IDLE is polled by the schedule. */
  watch(key: string, onNews: () => void): void;
  close(): Promise<void>;
}

export function createInboxPool({ log }: { readonly log: Logger }): InboxPool {
  const entries = new Map<string, Entry>();
  const entryOf = (key: string) => {
    const found = entries.get(key) ?? new Entry(key, log);
    entries.set(key, found);
    return found;
  };
  return {
    withInbox: (key, access, work) => entryOf(key).use(access, work),
    watch: (key, onNews) => {
      entryOf(key).onNews = onNews;
    },
    close: async () => {
      await Promise.all([...entries.values()].map((entry) => entry.close()));
      entries.clear();
    },
  };
}

class Entry {
  onNews: (() => void) | null = null;
  readonly #key: string;
  readonly #log: Logger;
  #client: ImapFlow | null = null;
  #credentials = "";
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(key: string, log: Logger) {
    this.#key = key;
    this.#log = log;
  }

  use<Result>(access: ImapAccess, work: (inbox: Inbox) => Promise<Result>): Promise<Result> {
    const mine = this.#turn.then(() => this.#run(access, work));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#drop();
  }

  async #run<Result>(access: ImapAccess, work: (inbox: Inbox) => Promise<Result>): Promise<Result> {
    const client = await this.#connection(access);
    try {
      const result = await work(inboxOn(client, access));
      this.#idle(client);
      return result;
    } catch (error) {
      await this.#drop();
      throw error instanceof AgentError || !isImapError(error) ? error : asImapError(error, access);
    }
  }

  async #connection(access: ImapAccess): Promise<ImapFlow> {
    const credentials = JSON.stringify(access);
    if (this.#client?.usable && this.#credentials === credentials) return this.#client;
    await this.#drop();
    const client = await openImap(access);
    if (this.#closed) {
      client.close();
      throw new AgentError("imap_unreachable", "The agent is stopping.", { retryable: true });
    }
    client.on("exists", ({ count, prevCount }: { count: number; prevCount: number }) => {
      if (count > prevCount) this.onNews?.();
    });
    this.#credentials = credentials;
    this.#client = client;
    return client;
  }

  /** Waits for news in INBOX until the next command needs the connection. */
  #idle(client: ImapFlow): void {
    if (!this.onNews || !client.usable) return;
    client
      .mailboxOpen("INBOX", { readOnly: true })
      .then(() => client.idle())
      .catch((error: unknown) => this.#log.debug({ event: "inbox.idle_ended", key: this.#key, err: error }));
  }

  async #drop(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    if (!client) return;
    if (client.usable) await Promise.race([client.logout(), new Promise((resolve) => setTimeout(resolve, 1_000).unref())]).catch(() => undefined);
    client.close();
  }
}

/** Errors of the protocol library carry one of these; what the caller's own work throws does not. */
function isImapError(error: unknown): boolean {
  const facts = error as { code?: unknown; responseText?: unknown; response?: unknown };
  return typeof facts.responseText === "string" || facts.response !== undefined || (typeof facts.code === "string" && !/^\d/.test(facts.code));
}

function inboxOn(client: ImapFlow, access: ImapAccess): Inbox {
  const known = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      throw asImapError(error, access);
    }
  };
  return {
    folders: (extra) => known(() => foldersOf(client, extra)),
    status: (path) => known(() => statusOf(client, path)),
    fetchSince: (folder, uidValidity, afterUid, limits) => fetchSince(client, access, { folder, uidValidity, afterUid, ...limits }),
  };
}

/** Opens the folder read-only (EXAMINE): its answer holds both numbers, also where STATUS is not to be trusted on the open folder. */
async function statusOf(client: ImapFlow, path: string): Promise<FolderStatus> {
  const opened = await client.mailboxOpen(path, { readOnly: true });
  return { uidValidity: Number(opened.uidValidity), uidNext: opened.uidNext };
}

interface Fetch {
  readonly folder: InboxFolder;
  readonly uidValidity: number;
  readonly afterUid: number;
  readonly maxBytes: number;
  readonly batch: number;
}

/** `UID n:*` names the last message even when none is that new (RFC 3501 §6.4.8), so what is not above the cursor is left out. */
async function* fetchSince(client: ImapFlow, access: ImapAccess, { folder, uidValidity, afterUid, maxBytes, batch }: Fetch): AsyncGenerator<FetchedMessage> {
  const uids = await listUids(client, access, folder, uidValidity, afterUid);
  for (let from = 0; from < uids.length; from += batch) {
    for (const message of await fetchBatch(client, access, folder, uids.slice(from, from + batch), maxBytes)) {
      yield { ...message, uidValidity };
    }
  }
}

async function listUids(client: ImapFlow, access: ImapAccess, folder: InboxFolder, uidValidity: number, afterUid: number): Promise<number[]> {
  try {
    const opened = await client.mailboxOpen(folder.path, { readOnly: true });
    if (Number(opened.uidValidity) !== uidValidity) {
      throw new AgentError("uidvalidity_changed", `The folder ${folder.path} was rebuilt by its server.`, { retryable: true });
    }
    if (opened.exists === 0) return [];
    const uids = new Set<number>();
    for await (const { uid } of client.fetch(`${afterUid + 1}:*`, { uid: true }, { uid: true })) if (uid > afterUid) uids.add(uid);
    return [...uids].sort((a, b) => a - b);
  } catch (error) {
    throw asImapError(error, access);
  }
}

/** BODY.PEEK (imapflow's `source`): nothing is marked as read. */
async function fetchBatch(
  client: ImapFlow,
  access: ImapAccess,
  folder: InboxFolder,
  uids: readonly number[],
  maxBytes: number,
): Promise<Omit<FetchedMessage, "uidValidity">[]> {
  const found = new Map<number, Omit<FetchedMessage, "uidValidity">>();
  try {
    const query = { uid: true, internalDate: true, size: true, source: { start: 0, maxLength: maxBytes } } as const;
    for await (const message of client.fetch(uids.join(","), query, { uid: true })) {
      if (!message.source) continue;
      const date = message.internalDate;
      found.set(message.uid, {
        folder: folder.path,
        role: folder.role,
        uid: message.uid,
        internalDate: date === undefined ? null : new Date(date),
        raw: message.source,
        truncated: message.source.length >= maxBytes,
      });
    }
  } catch (error) {
    throw asImapError(error, access);
  }
  return [...found.values()].sort((a, b) => a.uid - b.uid);
}
