// The one connection of one mailbox: opened when it is needed, used by one at a time, listening for news in between, and opened again when lost.
// Its waits are real time: they measure servers, not campaigns.
import type { ExistsEvent, ImapFlow } from "imapflow";
import type { Logger } from "pino";
import { AgentError } from "../core/errors.ts";
import { type Backoff, nextAttempt } from "../core/retry.ts";
import { closeImap, type ImapAccess, imapError, openImap, withinPatience } from "./imap.ts";
import { examine, type Inbox, type InboxMemory, inboxOn } from "./inbox.ts";
import { sameAccount } from "./login.ts";
import type { Suspects } from "./suspects.ts";

export interface Watcher {
  /** Mail may have arrived. */
  onNews(): void;
  /** Nobody listens any more: the connection was closed for good. Never rejects. */
  onEnd(): Promise<void>;
}

export interface PooledInboxOptions {
  readonly log: Logger;
  /** Listens for news between uses. */
  readonly idle: boolean;
  readonly reconnect: Backoff;
  /** Of this mailbox, whoever was connected to it before. */
  readonly suspects: Suspects;
}

/** Quiet time before IDLE begins: less would break into the pauses between two commands of one use. */
const IDLE_AFTER_MS = 250;

export class PooledInbox {
  readonly #key: string;
  readonly #options: PooledInboxOptions;
  readonly #memory: InboxMemory;
  #access: ImapAccess | null = null;
  /** What opens the server when it has to be opened again to listen: an access token lasts for an hour, listening for days. */
  #accessNow: (() => Promise<ImapAccess>) | null = null;
  #client: ImapFlow | null = null;
  /** The last use; the next one waits for it. */
  #turn: Promise<unknown> = Promise.resolve();
  /** Nobody uses the connection, and INBOX is open: what the server reports now is news. */
  #resting = false;
  /** INBOX has told of more mail since it was opened to listen. */
  #arrived = true;
  #watcher: Watcher | null = null;
  #failure: { readonly error: AgentError; readonly count: number; readonly until: Date } | null = null;
  #reconnecting: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(key: string, options: PooledInboxOptions) {
    this.#key = key;
    this.#options = options;
    this.#memory = { seen: { uidValidity: 0, uidNext: 0 }, suspects: options.suspects, read: new Map() };
  }

  /** Does `work` when those before it are done. */
  use<Result>(access: ImapAccess, work: (inbox: Inbox) => Promise<Result>): Promise<Result> {
    return this.#inTurn(async () => {
      this.#resting = false;
      const client = await this.#connected(access);
      try {
        return await work(inboxOn(client, access, this.#memory));
      } finally {
        await this.#rest(client, access);
      }
    });
  }

  get watcher(): Watcher | null {
    return this.#watcher;
  }

  /** From now on the watcher is told when mail arrives in INBOX while nobody uses the connection. */
  watch(accessNow: () => Promise<ImapAccess>, watcher: Watcher): void {
    if (this.#closed) return void watcher.onEnd();
    this.#watcher = watcher;
    this.#accessNow = accessNow;
    if (this.#options.idle && !(this.#resting && this.#client?.usable)) this.#listen(accessNow);
  }

  /** Closes when those are done who use it now. */
  async retire(): Promise<void> {
    await this.#inTurn(() => Promise.resolve());
    await this.close();
  }

  async close(): Promise<void> {
    this.#closed = true;
    const watcher = this.#watcher;
    this.#watcher = null;
    clearTimeout(this.#reconnecting);
    const client = this.#forgetClient();
    if (client) await closeImap(client);
    await watcher?.onEnd();
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** The open connection if the server still answers on it, else a new one. Soon after a failure the failure is the answer. */
  async #connected(access: ImapAccess): Promise<ImapFlow> {
    if (this.#closed) throw new AgentError("imap_unreachable", "The inboxes were closed.", { retryable: true });
    if (!sameAccess(this.#access, access)) await this.#begin(access);
    else if (!sameToken(this.#access, access)) this.#goOn(access);
    if (this.#client && (await answers(this.#client, access))) return this.#client;
    this.#forgetClient()?.close();
    if (this.#failure && this.#failure.until > new Date()) throw this.#failure.error;
    return this.#open(access);
  }

  /** Another password, host or time-out: nothing of before counts. */
  async #begin(access: ImapAccess): Promise<void> {
    this.#access = access;
    this.#failure = null;
    const client = this.#forgetClient();
    if (client) await closeImap(client);
  }

  /** A fresh token: the connection that an earlier one opened stays, and that it was refused says nothing. */
  #goOn(access: ImapAccess): void {
    this.#access = access;
    this.#failure = null;
  }

  async #open(access: ImapAccess): Promise<ImapFlow> {
    try {
      const client = await openImap(access, this.#options.idle ? IDLE_AFTER_MS : null);
      if (this.#closed) {
        client.close();
        throw new AgentError("imap_unreachable", "The inboxes were closed.", { retryable: true });
      }
      this.#attach(client);
      this.#failure = null;
      this.#options.log.debug({ event: "inbox.connected", mailbox: this.#key });
      return client;
    } catch (error) {
      this.#noteFailure(imapError(error, access));
      throw error;
    }
  }

  #noteFailure(error: AgentError): void {
    const count = (this.#failure?.count ?? 0) + 1;
    const now = new Date();
    this.#failure = { error, count, until: new Date(nextAttempt(this.#options.reconnect, count, now, this.#key) ?? now) };
  }

  #attach(client: ImapFlow): void {
    this.#client = client;
    client.on("exists", ({ path, count, prevCount }: ExistsEvent) => {
      if (this.#client !== client || path !== "INBOX" || count <= prevCount) return;
      this.#arrived = true;
      if (this.#resting) this.#watcher?.onNews();
    });
    client.on("close", () => {
      if (this.#client !== client) return;
      this.#forgetClient();
      this.#options.log.debug({ event: "inbox.connection_lost", mailbox: this.#key });
      this.#reconnectLater();
    });
  }

  #forgetClient(): ImapFlow | null {
    const client = this.#client;
    this.#client = null;
    this.#resting = false;
    this.#arrived = true;
    return client;
  }

  /** Opens INBOX to listen, unless it is still open and nothing was told of it. Mail that came in since it was last listed is news at once. */
  async #rest(client: ImapFlow, access: ImapAccess): Promise<void> {
    if (!this.#watcher || !this.#options.idle || this.#client !== client || !client.usable) return;
    if (!this.#arrived && client.mailbox && client.mailbox.path === "INBOX") {
      this.#resting = true;
      return;
    }
    try {
      const { uidValidity, uidNext } = await withinPatience(access, () => examine(client, "INBOX"));
      this.#arrived = false;
      this.#resting = this.#client === client;
      if (this.#isNews(Number(uidValidity), uidNext || 0)) this.#watcher?.onNews();
    } catch (error) {
      this.#options.log.debug({ event: "inbox.not_listening", mailbox: this.#key, err: error });
      client.close();
    }
  }

  /** Said once: it may be another process that reads it. */
  #isNews(uidValidity: number, uidNext: number): boolean {
    const { uidValidity: seenValidity, uidNext: seenNext } = this.#memory.seen;
    Object.assign(this.#memory.seen, { uidValidity, uidNext });
    return seenNext > 0 && (uidValidity !== seenValidity || uidNext > seenNext);
  }

  #listen(accessNow: () => Promise<ImapAccess>): void {
    clearTimeout(this.#reconnecting);
    this.#inTurn(async () => {
      const access = await this.#ask(accessNow);
      await this.#rest(await this.#connected(access), access);
    }).catch((error: unknown) => {
      if (this.#closed) return;
      const failure = asFailure(error);
      this.#options.log.warn({ event: "inbox.not_listening", mailbox: this.#key, code: failure.code, err: failure });
      // a refused password is not tried again and again: providers lock accounts. The next use of the inbox, or a new password, begins anew.
      if (failure.retryable) this.#reconnectLater();
    });
  }

  /** Whoever gives out access tokens may be away, too: the waits grow. */
  async #ask(accessNow: () => Promise<ImapAccess>): Promise<ImapAccess> {
    try {
      return await accessNow();
    } catch (error) {
      this.#noteFailure(asFailure(error));
      throw error;
    }
  }

  #reconnectLater(): void {
    const accessNow = this.#accessNow;
    if (this.#closed || !this.#watcher || !this.#options.idle || !accessNow) return;
    const now = new Date();
    const at = this.#failure?.until ?? nextAttempt(this.#options.reconnect, 1, now, this.#key) ?? now;
    clearTimeout(this.#reconnecting);
    this.#reconnecting = setTimeout(() => this.#listen(accessNow), Math.max(0, at.getTime() - now.getTime()));
    this.#reconnecting.unref();
  }
}

function sameAccess(a: ImapAccess | null, b: ImapAccess): a is ImapAccess {
  if (a === null || !sameAccount(a.login, b.login)) return false;
  return (Object.keys(b) as (keyof ImapAccess)[]).every((key) => key === "login" || a[key] === b[key]);
}

function sameToken(a: ImapAccess, b: ImapAccess): boolean {
  return a.login.kind === "oauth" && b.login.kind === "oauth" ? a.login.accessToken === b.login.accessToken : true;
}

function asFailure(error: unknown): AgentError {
  if (error instanceof AgentError) return error;
  return new AgentError("imap_unreachable", "The inbox could not be opened.", { cause: error, retryable: true });
}

/** A connection may have died in silence while nobody used it. */
async function answers(client: ImapFlow, access: ImapAccess): Promise<boolean> {
  if (!client.usable) return false;
  try {
    await withinPatience(access, () => client.noop());
    return client.usable;
  } catch {
    return false;
  }
}
