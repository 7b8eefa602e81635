// After a restore: is it known what a mailbox has sent since the backup? From its Sent folder, where it keeps copies; else a person says so.

import { AgentError } from "../core/errors.ts";
import type { EnrollmentId, MailboxId, WorkspaceId } from "../core/ids.ts";
import { messageIdsIn } from "../core/inbound-mail.ts";
import { intentsOf, type SentIntent } from "../core/sent-intent.ts";
import type { Inbox } from "../mail/inbox-pool.ts";
import { campaignPlans } from "../store/campaign-plan.ts";
import type { Mailbox } from "../store/mailbox.ts";
import { messagesByMessageId } from "../store/message.ts";
import { enrollmentsOfMailbox, latestSentFrom, nowKnownWhatWasSent, sentFoldersAreRead } from "../store/recovered-message.ts";
import type { Agent } from "./agent.ts";
import { whoFilesCopies } from "./note-sent.ts";
import { confirmSince, enterSent, lineagesIn } from "./recognise-sent.ts";

/** Copies that are looked for to find out whether a mailbox keeps any. */
const SAMPLE = 3;
/** Keep a copy of whatever is sent over their SMTP servers. */
const KEEP_COPIES: ReadonlySet<Mailbox["provider"]> = new Set(["gmail", "microsoft365"]);
const PAGE = 500;

/**
 * Called when the mailbox was read. Its Sent folder was handed on mail by mail (recognise-sent.ts); where it is known to hold all that is sent, what
 * it does not hold was not sent.
 */
export async function endHoldOfSentFolder(agent: Agent, mailbox: Mailbox, inbox: Inbox): Promise<void> {
  if (mailbox.sentUnknownSince === null) return;
  if (!(await sentFoldersAreRead(agent.db, mailbox.workspaceId, mailbox.id))) return;
  if (await keepsCopies(agent, mailbox, inbox)) await endHold(agent, mailbox, "sent_folder");
  else agent.log.warn({ event: "restore.mailbox_needs_person", mailbox: mailbox.id });
}

async function keepsCopies(agent: Agent, mailbox: Mailbox, inbox: Inbox): Promise<boolean> {
  const { workspaceId, id, provider } = mailbox;
  // Copies that we put there ourselves come after their mails, and the last ones may never have come: that one is missing proves nothing.
  if (whoFilesCopies(mailbox) === "agent") return false;
  const sample = await latestSentFrom(agent.db, workspaceId, id, SAMPLE);
  if (sample.length === 0) return KEEP_COPIES.has(provider);
  const folders = await inbox.foldersWithCopies();
  for (const messageId of sample) {
    let found = false;
    for (const folder of folders) found ||= (await inbox.search(folder, messageId)).length > 0;
    if (!found) return false;
  }
  return true;
}

async function endHold(agent: Agent, { workspaceId, id }: Mailbox, how: "sent_folder" | "person" | "sent_log"): Promise<boolean> {
  const ended = await nowKnownWhatWasSent(agent.db, workspaceId, id, agent.clock.now());
  if (ended) agent.log.info({ event: "restore.mailbox_reconciled", mailbox: id, how });
  return ended;
}

/** A person knows that nothing went out since the backup, or that all that did stands in the ledger by now. False: nothing was held. */
export function nothingElseWasSent(agent: Agent, mailbox: Mailbox): Promise<boolean> {
  return endHold(agent, mailbox, "person");
}

export interface ReconciledByLog {
  /** Mails of ours that the log names. */
  readonly named: number;
  /** Of these, how many came into the ledger now. */
  readonly entered: number;
  /** Of these, how many are to leads that were enrolled after the backup: the log alone does not tell which, so the mailbox stays held. */
  readonly unknown: number;
}

/** The log of the server that took the mail names every Message-ID that it took since the backup. @throws AgentError invalid_input */
export async function reconcileByLog(agent: Agent, mailbox: Mailbox, lines: AsyncIterable<string>): Promise<ReconciledByLog> {
  if (mailbox.sentUnknownSince === null) throw new AgentError("invalid_input", `It is known what ${mailbox.email} has sent.`);
  const ids = await idsIn(lines, mailbox.identityKey.slice(mailbox.identityKey.lastIndexOf("@") + 1));
  const known = await confirmKnown(agent, mailbox, ids);
  const entered = await enterUnknown(agent, mailbox, new Set([...ids].filter((id) => !known.names.has(id))));
  const unknown = ids.size - known.names.size - entered;
  if (unknown === 0) await endHold(agent, mailbox, "sent_log");
  return { named: ids.size, entered: known.confirmed + entered, unknown };
}

/** Message-IDs as we derive them. */
async function idsIn(lines: AsyncIterable<string>, domain: string): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const line of lines) {
    for (const id of messageIdsIn(line)) if (/^<[0-9a-f]{32}@/.test(id) && id.endsWith(`@${domain}>`)) ids.add(id);
  }
  return ids;
}

async function confirmKnown(
  agent: Agent,
  { workspaceId }: Mailbox,
  ids: ReadonlySet<string>,
): Promise<{ names: Set<string>; confirmed: number }> {
  const names = new Set<string>();
  let confirmed = 0;
  for (const id of ids) {
    await agent.db.transaction(async (tx) => {
      for (const message of await messagesByMessageId(tx, workspaceId, [id])) {
        names.add(id);
        confirmed += (await confirmSince(agent, tx, message, "the server's log names it", agent.clock.now())) ? 1 : 0;
      }
    });
  }
  return { names, confirmed };
}

async function enterUnknown(agent: Agent, mailbox: Mailbox, ids: ReadonlySet<string>): Promise<number> {
  let entered = 0;
  for await (const { messageId, intent } of derivable(agent, mailbox, ids)) {
    const sent = {
      ...intent,
      messageId,
      mailboxId: mailbox.id,
      subject: null,
      inReplyTo: null,
      sentAt: agent.clock.now(),
      evidence: "the server's log names it",
    };
    entered += (await agent.db.transaction((tx) => enterSent(agent, tx, mailbox.workspaceId, sent))) ? 1 : 0;
  }
  return entered;
}

/** Of every enrollment of the mailbox, in the order of its steps, what it was sent under one of these Message-IDs. */
async function* derivable(
  agent: Agent,
  { workspaceId, id: mailboxId, identityKey }: Mailbox,
  ids: ReadonlySet<string>,
): AsyncGenerator<{ messageId: string; intent: SentIntent<EnrollmentId> }> {
  const domain = identityKey.slice(identityKey.lastIndexOf("@") + 1);
  for (let after: EnrollmentId | null = null; ids.size > 0; ) {
    const page = await nextPage(agent, workspaceId, mailboxId, after);
    const plans = await campaignPlans(
      agent.db,
      workspaceId,
      page.map((one) => one.campaignId),
    );
    for (const enrollment of page) {
      const lineages = lineagesIn(plans.get(enrollment.campaignId) ?? null);
      for (const [messageId, intent] of intentsOf(agent.keys.messageId, [enrollment], lineages, domain))
        if (ids.has(messageId)) yield { messageId, intent };
    }
    if (page.length < PAGE) return;
    after = page.at(-1)?.id ?? null;
  }
}

function nextPage(agent: Agent, workspaceId: WorkspaceId, mailboxId: MailboxId, after: EnrollmentId | null) {
  return enrollmentsOfMailbox(agent.db, workspaceId, mailboxId, { after, limit: PAGE });
}
