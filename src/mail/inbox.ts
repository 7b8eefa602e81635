// What can be done with the folders of a mailbox, whatever library speaks IMAP. Nothing here marks a mail as read: folders are opened with EXAMINE.
import type { FetchMessageObject, ImapFlow, MailboxObject } from "imapflow";
import { AgentError } from "../core/errors.ts";
import { oneAhead } from "../core/one-ahead.ts";
import { type ImapAccess, imapError, withinCommandTimeout } from "./imap.ts";
import { type FolderRole, foldersOf, foldersWithCopiesOf, type InboxFolder } from "./imap-folders.ts";
import type { MailPlace, Suspects } from "./suspects.ts";

export interface FetchedMessage {
  readonly folder: string;
  readonly role: FolderRole;
  readonly uidValidity: number;
  readonly uid: number;
  /** When the server received it, by the server's clock. */
  readonly internalDate: Date | null;
  /** Empty when the server names the mail but does not hand it out, or breaks off whenever it is asked for it. */
  readonly raw: Uint8Array;
  /** Only the first `maxBytes` were read. */
  readonly truncated: boolean;
}

export interface FolderStatus {
  readonly uidValidity: number;
  readonly uidNext: number;
  readonly messages: number;
}

export interface FetchLimits {
  readonly maxBytes: number;
  /** Messages asked for at once. */
  readonly batch: number;
}

export interface Inbox {
  folders(): Promise<InboxFolder[]>;
  /** Where the server puts copies of what was sent: the Sent folders, and the one that holds all mail where there is one. */
  foldersWithCopies(): Promise<string[]>;
  status(path: string): Promise<FolderStatus>;
  /**
   * This is what the server said before the folder was read to its end, from no later than behind this UID: it holds nothing new. Not believed for ever:
   * now and then it is read all the same.
   */
  isAsRead(path: string, status: FolderStatus, afterUid: number): boolean;
  /** The folder was read to its end from behind this UID, after the server had said so. */
  noteRead(path: string, status: FolderStatus, afterUid: number): void;
  /**
   * Every message above `afterUid` that stood in the folder when the call began, by ascending UID, in groups. While one group is handled, the next is
   * fetched. Throws `uidvalidity_changed`.
   */
  fetchSince(folder: InboxFolder, uidValidity: number, afterUid: number, limits: FetchLimits): AsyncIterable<readonly FetchedMessage[]>;
  append(path: string, raw: Uint8Array, flags: readonly string[], date: Date): Promise<void>;
  /** The UIDs of the messages with this Message-ID. */
  search(path: string, messageId: string): Promise<number[]>;
}

/** What is known of a mailbox from one connection to the next. */
export interface InboxMemory {
  /** How far INBOX was listed: what a later EXAMINE shows beyond is news. */
  readonly seen: { uidValidity: number; uidNext: number };
  readonly suspects: Suspects;
  /** By path: what was said of a folder before it was read to its end, and how often that was believed since. */
  readonly read: Map<string, { readonly status: FolderStatus; readonly afterUid: number; believed: number }>;
}

/** A server whose UIDNEXT stands still is found out after so many polls. */
const BELIEVED = 11;
/** Bodies of one group, where one message alone is not larger; a few groups are held in memory at once. */
const GROUP_BYTES = 8 * 1024 * 1024;
/** Enough for the words of an answer. */
const BEGINNING_BYTES = 64 * 1024;

export function inboxOn(client: ImapFlow, access: ImapAccess, memory: InboxMemory): Inbox {
  const asked = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await withinCommandTimeout(client, access, work);
    } catch (error) {
      throw imapError(error, access);
    }
  };
  return {
    folders: () => asked(async () => foldersOf(await client.list())),
    foldersWithCopies: () => asked(async () => foldersWithCopiesOf(await client.list())),
    status: (path) => asked(() => statusOf(client, path)),
    isAsRead: (path, status, afterUid) => isAsRead(memory, path, status, afterUid),
    noteRead: (path, status, afterUid) => void memory.read.set(path, { status, afterUid, believed: 0 }),
    fetchSince: (folder, uidValidity, afterUid, limits) => fetchSince(client, memory, asked, { folder, uidValidity, afterUid, limits }),
    append: (path, raw, flags, date) => asked(() => append(client, path, raw, flags, date)),
    search: (path, messageId) => asked(() => search(client, path, messageId)),
  };
}

function isAsRead({ read }: InboxMemory, path: string, { uidValidity, uidNext, messages }: FolderStatus, afterUid: number): boolean {
  const known = read.get(path);
  if (!known || known.believed >= BELIEVED || afterUid < known.afterUid) return false;
  const { status } = known;
  if (status.uidValidity !== uidValidity || status.uidNext !== uidNext || status.messages !== messages) return false;
  known.believed += 1;
  return true;
}

/** Opens a folder anew, so that what arrived meanwhile is counted in. */
export async function examine(client: ImapFlow, path: string): Promise<MailboxObject> {
  const opened = await client.mailboxOpen(path, { readOnly: true });
  if (!client.mailbox) throw new AgentError("imap_failed", `The folder ${path} could not be opened.`, { retryable: true });
  return opened;
}

/**
 * STATUS first: some servers leave UIDNEXT out of EXAMINE. The few that do not answer STATUS are asked for their last message. Of the folder that is open
 * STATUS tells what was true when it was opened, even if it was deleted and made anew since (RFC 9051 §6.3.11, seen with Dovecot): it is opened again.
 */
export async function statusOf(client: ImapFlow, path: string): Promise<FolderStatus> {
  const isSelected = client.mailbox !== false && client.mailbox.path === path;
  const status = !isSelected && (await client.status(path, { uidValidity: true, uidNext: true, messages: true }));
  if (status && status.uidValidity !== undefined && status.uidNext !== undefined) {
    return { uidValidity: Number(status.uidValidity), uidNext: status.uidNext, messages: status.messages ?? 0 };
  }
  const { uidValidity, uidNext, exists } = await examine(client, path);
  const last = uidNext || exists === 0 ? false : await client.fetchOne("*", { uid: true });
  return { uidValidity: Number(uidValidity), uidNext: uidNext || (last ? last.uid : 0) + 1, messages: exists };
}

type Asked = <Result>(work: () => Promise<Result>) => Promise<Result>;

interface Since {
  readonly folder: InboxFolder;
  readonly uidValidity: number;
  readonly afterUid: number;
  readonly limits: FetchLimits;
}

/**
 * First the sizes of all that is new, then the bodies in groups, one ahead: a FETCH never waits for a message to be handled, so neither a slow handler
 * nor a large mail makes the server hang up or the memory run over.
 */
async function* fetchSince(
  client: ImapFlow,
  memory: InboxMemory,
  asked: Asked,
  since: Since,
): AsyncGenerator<readonly FetchedMessage[], void, void> {
  const { seen, suspects } = memory;
  const listed = await asked(async () => {
    const opened = await openSame(client, since);
    const sizes = opened.exists === 0 ? new Map<number, number>() : await sizesAbove(client, since.afterUid);
    if (since.folder.role === "inbox") noteSeen(seen, opened, sizes);
    return sizes;
  });
  yield* oneAhead(groupsInTurn(client, suspects, asked, since, listed));
}

async function* groupsInTurn(
  client: ImapFlow,
  suspects: Suspects,
  asked: Asked,
  since: Since,
  listed: ReadonlyMap<number, number>,
): AsyncGenerator<readonly FetchedMessage[], void, void> {
  for (const group of groupsOf(listed, since, suspects)) {
    const places = group.map((uid) => placeOf(since, uid));
    if (places.some((place) => suspects.isHopeless(place))) {
      yield group.map((uid) => fetched(since, { uid }, listed.get(uid) ?? 0));
      continue;
    }
    const asks = places.some((place) => suspects.failedAlone(place)) ? beginningOf(since) : since;
    const messages = await asked(async () => {
      if (!isOpen(client, since)) await openSame(client, since);
      return fetchGroup(client, asks, group, listed);
    }).catch((error: unknown) => {
      suspects.blame(places);
      throw error;
    });
    suspects.acquit(places);
    yield messages;
  }
}

function placeOf({ folder, uidValidity }: Since, uid: number): MailPlace {
  return { folder: folder.path, uidValidity, uid };
}

function beginningOf(since: Since): Since {
  return { ...since, limits: { ...since.limits, maxBytes: Math.min(since.limits.maxBytes, BEGINNING_BYTES) } };
}

async function openSame(client: ImapFlow, { folder, uidValidity }: Since): Promise<MailboxObject> {
  const opened = await examine(client, folder.path);
  if (Number(opened.uidValidity) !== uidValidity) {
    throw new AgentError("uidvalidity_changed", `The server has rebuilt the folder ${folder.path}; it is read again from its beginning.`, {
      retryable: true,
    });
  }
  return opened;
}

function isOpen({ mailbox }: ImapFlow, { folder, uidValidity }: Since): boolean {
  return mailbox !== false && mailbox.path === folder.path && Number(mailbox.uidValidity) === uidValidity;
}

function noteSeen(seen: InboxMemory["seen"], opened: MailboxObject, sizes: ReadonlyMap<number, number>): void {
  seen.uidValidity = Number(opened.uidValidity);
  seen.uidNext = Math.max(opened.uidNext || 0, ...[...sizes.keys()].slice(-1).map((uid) => uid + 1));
}

/**
 * UID → size of what stands above a UID, ascending. `n:*` names the last message even when its UID is below n (RFC 9051 §9, seq-range), and
 * servers mix in FETCH responses that nobody asked for: both are left out.
 */
async function sizesAbove(client: ImapFlow, afterUid: number): Promise<ReadonlyMap<number, number>> {
  const sizes: [uid: number, size: number][] = [];
  for await (const { uid, size } of client.fetch(`${afterUid + 1}:*`, { uid: true, size: true }, { uid: true })) {
    if (uid > afterUid && size !== undefined) sizes.push([uid, size]);
  }
  return new Map(sizes.sort(([a], [b]) => a - b));
}

/** Suspects are alone. */
function groupsOf(sizes: ReadonlyMap<number, number>, since: Since, suspects: Suspects): number[][] {
  const { maxBytes, batch } = since.limits;
  const groups: number[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const [uid, size] of sizes) {
    const isSuspect = suspects.has(placeOf(since, uid));
    const read = Math.min(size, maxBytes);
    const group = groups.at(-1);
    if (!isSuspect && group && group.length < batch && bytes + read <= GROUP_BYTES) {
      group.push(uid);
      bytes += read;
    } else {
      groups.push([uid]);
      bytes = isSuspect ? Number.POSITIVE_INFINITY : read;
    }
  }
  return groups;
}

/**
 * What was expunged since the listing is not there any more, and not missed. What the server did not hand out in a form that can be understood is:
 * it comes without its bytes.
 */
async function fetchGroup(
  client: ImapFlow,
  since: Since,
  uids: readonly number[],
  sizes: ReadonlyMap<number, number>,
): Promise<FetchedMessage[]> {
  const wanted = new Set(uids);
  const rows = new Map<number, Row>();
  const query = { uid: true, internalDate: true, source: { maxLength: since.limits.maxBytes } };
  for await (const row of client.fetch(uids.join(","), query, { uid: true })) {
    if (wanted.has(row.uid) && (row.source !== undefined || !rows.has(row.uid))) rows.set(row.uid, row);
  }
  const missing = uids.filter((uid) => !rows.has(uid));
  if (missing.length > 0) {
    for await (const { uid } of client.fetch(missing.join(","), { uid: true }, { uid: true }))
      if (missing.includes(uid)) rows.set(uid, { uid });
  }
  return uids.flatMap((uid) => {
    const row = rows.get(uid);
    return row ? [fetched(since, row, sizes.get(uid) ?? 0)] : [];
  });
}

type Row = Pick<FetchMessageObject, "uid" | "internalDate" | "source">;

function fetched(
  { folder, uidValidity, limits }: Since,
  row: Pick<FetchMessageObject, "uid" | "internalDate" | "source">,
  size: number,
): FetchedMessage {
  return {
    folder: folder.path,
    role: folder.role,
    uidValidity,
    uid: row.uid,
    internalDate: row.internalDate instanceof Date ? row.internalDate : null,
    raw: row.source ?? new Uint8Array(),
    truncated: size > limits.maxBytes,
  };
}

async function append(client: ImapFlow, path: string, raw: Uint8Array, flags: readonly string[], date: Date): Promise<void> {
  const appended = await client.append(path, Buffer.from(raw), [...flags], date);
  if (!appended) throw new AgentError("imap_failed", `The mail could not be put into the folder ${path}.`, { retryable: true });
}

async function search(client: ImapFlow, path: string, messageId: string): Promise<number[]> {
  await examine(client, path);
  const found = await client.search({ header: { "Message-ID": messageId } }, { uid: true });
  if (!found) throw new AgentError("imap_failed", `The folder ${path} could not be searched.`, { retryable: true });
  return found;
}
