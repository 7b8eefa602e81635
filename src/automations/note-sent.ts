// Mails were sent: who puts their copies into the Sent folder, and when does somebody look?
import type { MessageId } from "../core/ids.ts";
import { after, MINUTE } from "../core/instant.ts";
import { MAILBOX_PRESETS, type SentCopies } from "../core/mailbox-presets.ts";
import type { Tx } from "../store/database.ts";
import type { Mailbox } from "../store/mailbox.ts";
import { oweSentCopies } from "../store/sent-copy.ts";
import type { Agent } from "./agent.ts";

/** Mails were sent: their copies are owed from now on, and filed by a job. In the transaction that recorded them. */
export async function noteSent(agent: Agent, tx: Tx, mailbox: Mailbox, ids: readonly MessageId[]): Promise<void> {
  if (ids.length === 0 || !owesCopies(mailbox)) return;
  const now = agent.clock.now();
  const { workspaceId, id: mailboxId } = mailbox;
  const who = whoFilesCopies(mailbox);
  const dueAt = who === "agent" ? now : after(now, agent.settings.sending.sent_copy_wait_minutes * MINUTE);
  const owed = await oweSentCopies(tx, workspaceId, ids, dueAt);
  if (owed > 0 && who === "agent") await agent.jobs.enqueue(tx, "file-sent-copies", { workspaceId, mailboxId }, mailboxId);
}

export function owesCopies(mailbox: Mailbox): boolean {
  const who = whoFilesCopies(mailbox);
  return mailbox.imap !== null && who !== "provider" && who !== "nobody";
}

/** Null: only its first mail will show. */
export function whoFilesCopies({ sentCopies, provider }: Pick<Mailbox, "sentCopies" | "provider">): SentCopies | null {
  return sentCopies ?? (provider === "custom" ? null : MAILBOX_PRESETS[provider].sentCopies);
}
