// Who is connected to which inbox? One connection per mailbox and process, shared by whatever reads it, puts copies into it, or waits for news.
import type { Logger } from "pino";
import { MINUTE, SECOND } from "../core/instant.ts";
import type { Backoff } from "../core/retry.ts";
import type { ImapAccess } from "./imap.ts";
import type { Inbox } from "./inbox.ts";
import { PooledInbox, type Watcher } from "./pooled-inbox.ts";
import { Suspects } from "./suspects.ts";

export type { InboxFolder } from "./imap-folders.ts";
export type { FetchedMessage, FolderStatus, Inbox } from "./inbox.ts";
export type { Watcher } from "./pooled-inbox.ts";

export interface InboxPool {
  /**
   * Runs `work` on the connection of the mailbox that `key` names; opened if need be, one `work` per mailbox at a time.
   * Throws `imap_unreachable`, `imap_tls`, `imap_auth` or `imap_failed`.
   */
  withInbox<Result>(key: string, access: ImapAccess, work: (inbox: Inbox) => Promise<Result>): Promise<Result>;
  /** Keeps the connection open and tells the watcher when mail arrives in INBOX while nobody uses it. */
  watch(key: string, accessNow: () => Promise<ImapAccess>, watcher: Watcher): void;
  /** Null while nobody watches the mailbox. */
  watcherOf(key: string): Watcher | null;
  /** Closes the connection of a mailbox that this process does not listen to, once nobody uses it. */
  forget(key: string): Promise<void>;
  close(): Promise<void>;
}

export interface InboxPoolOptions {
  readonly log: Logger;
  /** Listen with IDLE between uses; default true. Where a server has no IDLE, imapflow asks every two minutes (NOOP). */
  readonly idle?: boolean;
  /** Waits between attempts at a server that does not let us in; they never end. */
  readonly reconnect?: Omit<Backoff, "attempts">;
}

const RECONNECT: Omit<Backoff, "attempts"> = { firstMs: SECOND, factor: 2, maxMs: MINUTE };

export function createInboxPool({ log, idle = true, reconnect = RECONNECT }: InboxPoolOptions): InboxPool {
  const inboxes = new Map<string, PooledInbox>();
  /** They outlive the connections: who does not listen closes his after each use. */
  const suspects = new Map<string, Suspects>();
  const suspectsOf = (key: string): Suspects => {
    const known = suspects.get(key) ?? new Suspects();
    suspects.set(key, known);
    return known;
  };
  let closed = false;
  const inboxOf = (key: string): PooledInbox => {
    let inbox = inboxes.get(key);
    if (!inbox) {
      const backoff = { ...reconnect, attempts: Number.POSITIVE_INFINITY };
      inbox = new PooledInbox(key, { log, idle, reconnect: backoff, suspects: suspectsOf(key) });
      if (closed) void inbox.close();
      else inboxes.set(key, inbox);
    }
    return inbox;
  };
  return {
    withInbox: (key, access, work) => inboxOf(key).use(access, work),
    watch: (key, accessNow, watcher) => inboxOf(key).watch(accessNow, watcher),
    watcherOf: (key) => inboxes.get(key)?.watcher ?? null,
    forget: async (key) => {
      const inbox = inboxes.get(key);
      inboxes.delete(key);
      await inbox?.retire();
    },
    close: async () => {
      closed = true;
      await Promise.all([...inboxes.values()].map((inbox) => inbox.close()));
    },
  };
}
