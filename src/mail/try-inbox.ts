// Can this mailbox be read, and where does reading begin? What is done when it is saved or tested, without touching anything.
import { closeImap, type ImapAccess, imapError, openImap, withinPatience } from "./imap.ts";
import { foldersOf, foldersToRead, type InboxFolder } from "./imap-folders.ts";
import { statusOf } from "./inbox.ts";

/** A folder that is to be read, and what it holds already: everything below `uidNext`. */
export interface FolderEnd extends InboxFolder {
  readonly uidValidity: number;
  readonly uidNext: number;
}

/** Logs in, opens INBOX and asks every folder that is to be read for its end. */
export async function tryInbox(
  access: ImapAccess,
  extraFolders: readonly string[] = [],
): Promise<{ readonly folders: readonly InboxFolder[]; readonly ends: readonly FolderEnd[] }> {
  const client = await openImap(access);
  try {
    return await withinPatience(access, async () => {
      const folders = foldersOf(await client.list());
      const ends: FolderEnd[] = [];
      for (const folder of foldersToRead(folders, extraFolders)) ends.push({ ...folder, ...(await statusOf(client, folder.path)) });
      await client.mailboxOpen("INBOX", { readOnly: true });
      return { folders, ends };
    });
  } catch (error) {
    throw imapError(error, access);
  } finally {
    await closeImap(client);
  }
}
