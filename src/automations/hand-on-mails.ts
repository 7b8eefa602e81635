// The mails of one folder, in order, to what handles them: together where that works, else one by one, and past one that nothing can handle.
import { AgentError } from "../core/errors.ts";
import type { Instant } from "../core/instant.ts";
import { oneAhead } from "../core/one-ahead.ts";
import type { FetchedMessage } from "../mail/inbox-pool.ts";
import { advanceCursor } from "../store/inbox.ts";
import type { Mailbox } from "../store/mailbox.ts";
import type { Agent } from "./agent.ts";
import type { LeaseKeeper } from "./lease-keeper.ts";
import { asAgentError } from "./run.ts";

export interface InboxHandlers<Examined> {
  /** Finds out what it can about mails of one folder, while the mails before them are handled. */
  examine(agent: Agent, mailbox: Mailbox, messages: readonly FetchedMessage[], at: Instant): Promise<Examined>;
  /**
   * Handles them in their order, some of them together in one transaction, which also moves the cursor over them (advanceCursor). Tells after each
   * transaction what became of its mails; when it throws, those of which nothing was told were not handled.
   */
  receive(examined: Examined): AsyncIterable<readonly { readonly stored: boolean }[]>;
}

/** One reading of one mailbox. */
export interface Reading {
  readonly agent: Agent;
  readonly mailbox: Mailbox;
  readonly handlers: InboxHandlers<unknown>;
  readonly keeper: LeaseKeeper;
  readonly counts: Record<"folders" | "seen" | "stored" | "duplicates" | "failed", number>;
}

export function mustStop({ agent, keeper }: Reading): boolean {
  return keeper.lost() || agent.stopping();
}

/** False when it stopped before their end. While some are handled, the next are examined, and those behind them fetched. */
export async function handOnAll(reading: Reading, groups: AsyncIterable<readonly FetchedMessage[]>): Promise<boolean> {
  for await (const group of oneAhead(examined(reading, groups))) {
    if (mustStop(reading) || !(await handOn(reading, group))) return false;
  }
  return true;
}

interface Group {
  readonly messages: readonly FetchedMessage[];
  /** None when they must be examined one by one. */
  readonly examined: { readonly found: unknown } | null;
}

async function* examined(reading: Reading, groups: AsyncIterable<readonly FetchedMessage[]>): AsyncGenerator<Group, void, void> {
  for await (const messages of groups) yield { messages, examined: await examineTogether(reading, messages) };
}

async function examineTogether({ agent, mailbox, handlers }: Reading, messages: readonly FetchedMessage[]): Promise<Group["examined"]> {
  if (messages.length < 2 || !messages.every(isThere)) return null;
  try {
    return { found: await handlers.examine(agent, mailbox, messages, agent.clock.now()) };
  } catch (error) {
    noteBatchFailure(agent, mailbox, messages[0], error);
    return null;
  }
}

function noteBatchFailure(agent: Agent, mailbox: Mailbox, first: FetchedMessage | undefined, error: unknown): void {
  const { folder, uidValidity, uid } = first ?? {};
  agent.log.warn({
    event: "inbox.batch_failed",
    mailbox: mailbox.id,
    folder,
    uidValidity,
    uid,
    code: asAgentError(error).code,
    err: error,
  });
}

/** Together; where that fails, one by one from there on, so that no mail suffers from its neighbours. False when it stopped before their end. */
async function handOn(reading: Reading, { messages, examined }: Group): Promise<boolean> {
  const handled = examined ? await handOnTogether(reading, messages, examined.found) : 0;
  for (const message of messages.slice(handled)) {
    if (mustStop(reading) || !(await handOnAlone(reading, message))) return false;
  }
  return true;
}

function isThere({ raw }: FetchedMessage): boolean {
  return raw.length > 0;
}

/** How many of them, from the first on, were handled. What is wrong with the next one shows when it is handled alone. */
async function handOnTogether(reading: Reading, messages: readonly FetchedMessage[], found: unknown): Promise<number> {
  const { agent, mailbox } = reading;
  let handled = 0;
  try {
    for await (const told of receive(reading, messages, found)) {
      handled += told;
      if (mustStop(reading)) break;
    }
  } catch (error) {
    noteBatchFailure(agent, mailbox, messages[handled], error);
  }
  return handled;
}

/** False when the mail could not be handled: it and what follows in its folder are tried again in the next run. */
async function handOnAlone(reading: Reading, message: FetchedMessage): Promise<boolean> {
  const { agent, mailbox, handlers, counts } = reading;
  try {
    if (!isThere(message)) throw new AgentError("imap_failed", "The server names a mail but does not hand it out.");
    let handled = 0;
    const found = await handlers.examine(agent, mailbox, [message], agent.clock.now());
    for await (const told of receive(reading, [message], found)) handled += told;
    return handled === 1;
  } catch (error) {
    counts.seen += 1;
    counts.failed += 1;
    return skipAfterTries(agent, mailbox, message, asAgentError(error));
  }
}

/** Tells after each transaction how many mails it has handled. */
async function* receive(
  { mailbox, handlers, counts }: Reading,
  messages: readonly FetchedMessage[],
  found: unknown,
): AsyncGenerator<number, void, void> {
  let handled = 0;
  for await (const receipts of handlers.receive(found)) {
    for (const { stored } of receipts) counts[stored ? "stored" : "duplicates"] += 1;
    counts.seen += receipts.length;
    for (const message of messages.slice(handled, handled + receipts.length)) failedRuns.delete(nameOf(mailbox, message));
    handled += receipts.length;
    yield receipts.length;
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
  await advanceCursor(agent.db, { workspaceId: mailbox.workspaceId, mailboxId: mailbox.id, folder, uidValidity, uid, seen: 1, stored: 0 });
  failedRuns.delete(name);
  return true;
}
