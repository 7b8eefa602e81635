// Did an uncertain message go out after all? Its copy in the Sent folder proves it. That none is found proves nothing: many servers keep no copies.
import { AgentError } from "../core/errors.ts";
import { after, DAY } from "../core/instant.ts";
import type { Inbox } from "../mail/inbox-pool.ts";
import type { Mailbox } from "../store/mailbox.ts";
import { messageById } from "../store/message.ts";
import { type UncertainMail, uncertainSentFrom } from "../store/outgoing-mail.ts";
import type { Agent } from "./agent.ts";
import { confirmSent } from "./confirm-sent.ts";

/**
 * Searches for some of the mailbox's uncertain messages. Reading the Sent folder does not make this needless: a copy may have been read while its
 * message was still on the wire, or before the process that sent it was found dead.
 */
export async function findSentCopies(agent: Agent, mailbox: Mailbox, inbox: Inbox, mustStop: () => boolean): Promise<void> {
  const { workspaceId, id: mailboxId } = mailbox;
  const { sent_copy_days: days, sent_copy_searches: limit } = agent.settings.receiving;
  const now = agent.clock.now();
  const uncertain = await uncertainSentFrom(agent.db, {
    workspaceId,
    mailboxId,
    since: after(now, -days * DAY),
    limit,
    seed: now.getTime(),
  });
  if (uncertain.length === 0) return;
  try {
    const folders = await inbox.foldersWithCopies();
    for (const mail of uncertain) {
      if (mustStop()) return;
      const folder = await folderWithCopy(inbox, folders, mail);
      if (folder !== null) await confirm(agent, mailbox, mail, folder);
    }
  } catch (error) {
    if (!(error instanceof AgentError && error.code === "imap_failed")) throw error;
    agent.log.warn({ event: "inbox.copies_not_searched", mailbox: mailboxId, code: error.code, err: error });
  }
}

async function folderWithCopy(inbox: Inbox, folders: readonly string[], { messageId }: UncertainMail): Promise<string | null> {
  for (const folder of folders) {
    if ((await inbox.search(folder, messageId)).length > 0) return folder;
  }
  return null;
}

async function confirm(agent: Agent, { workspaceId }: Mailbox, { id }: UncertainMail, folder: string): Promise<void> {
  await agent.db.transaction(async (tx) => {
    const message = await messageById(tx, workspaceId, id);
    // a person may have decided meanwhile
    if (message?.state === "uncertain") await confirmSent(agent, tx, message, `a copy stands in ${folder}`, agent.clock.now());
  });
}
