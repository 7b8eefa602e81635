// Which folders of a mailbox may hold answers, and what is each for? The server's flags decide, else the names, in some seventy languages.
import type { ListResponse } from "imapflow";
import { specialUse } from "imapflow/lib/special-use.js";

export type FolderRole = "inbox" | "junk" | "sent" | "other";

export interface InboxFolder {
  /** As the server names it, with its own delimiter, decoded. */
  readonly path: string;
  /** `other` folders are read only where a person chose them. */
  readonly role: FolderRole;
}

type Listed = Pick<ListResponse, "path" | "name" | "parent" | "flags" | "specialUse">;

/**
 * The folders that can be opened. A server may have several Junk or Sent folders (Dovecot flags both "Sent" and "Sent Messages"; hosters make
 * "Junk" beside "spam"): each may hide an answer, so each has the role. Gmail's All Mail is never among them: it holds every mail once more.
 */
export function foldersOf(listed: readonly Listed[]): InboxFolder[] {
  // a server may list a folder twice, INBOX above all: once by itself, once in its namespace
  const once = [...new Map(listed.map((folder) => [folder.path, folder])).values()];
  const usable = once.filter((folder) => !has(folder, "\\Noselect") && !has(folder, "\\NonExistent"));
  const junk = pathsFor("\\Junk", usable);
  const sent = pathsFor("\\Sent", usable);
  const folders = usable.filter((folder) => !isAllMail(folder)).map(({ path }): InboxFolder => ({ path, role: roleOf(path, junk, sent) }));
  // every mailbox has an INBOX (RFC 9051 §5.1), listed or not
  return folders.some((folder) => folder.role === "inbox") ? folders : [{ path: "INBOX", role: "inbox" }, ...folders];
}

const READING_ORDER = ["sent", "inbox", "junk", "other"] as const;

/** Those of a known role, and the chosen others. Sent first, so that a person's own answer is known before the reply to it. */
export function foldersToRead(folders: readonly InboxFolder[], extra: readonly string[]): InboxFolder[] {
  const chosen = folders.filter(({ path, role }) => role !== "other" || extra.includes(path));
  return chosen.sort((a, b) => READING_ORDER.indexOf(a.role) - READING_ORDER.indexOf(b.role));
}

/** Sent folders, and Gmail's All Mail: there a copy stays when a person takes it out of Sent. */
export function foldersWithCopiesOf(listed: readonly Listed[]): string[] {
  const sent = foldersOf(listed).flatMap(({ path, role }) => (role === "sent" ? [path] : []));
  const all = listed.flatMap((folder) => (isAllMail(folder) && !has(folder, "\\Noselect") ? [folder.path] : []));
  return [...new Set([...sent, ...all])];
}

function isAllMail(folder: Listed): boolean {
  return folder.specialUse === "\\All" || has(folder, "\\All");
}

function roleOf(path: string, junk: ReadonlySet<string>, sent: ReadonlySet<string>): FolderRole {
  if (path.toUpperCase() === "INBOX") return "inbox";
  if (junk.has(path)) return "junk";
  return sent.has(path) ? "sent" : "other";
}

/** Folders flagged for the use; where there are none, those so named, and of these only the outermost: not "Archive/2024/Sent". */
function pathsFor(use: "\\Junk" | "\\Sent", folders: readonly Listed[]): ReadonlySet<string> {
  const flagged = folders.filter((folder) => has(folder, use));
  const named = folders.filter((folder) => specialUse(false, folder).flag === use);
  const outermost = Math.min(...named.map((folder) => folder.parent.length));
  const chosen = flagged.length > 0 ? flagged : named.filter((folder) => folder.parent.length === outermost);
  return new Set(chosen.map((folder) => folder.path));
}

/** Flags are compared without regard to case (RFC 9051 §9). */
function has({ flags }: Listed, flag: string): boolean {
  return [...flags].some((one) => one.toLowerCase() === flag.toLowerCase());
}
