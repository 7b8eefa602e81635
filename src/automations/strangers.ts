// Which mails are tied to nothing that we know? Most of what comes into a mailbox: newsletters, notices, private mail. Nothing follows from them.
import { parseEmailAddress } from "../core/email-address.ts";
import type { WorkspaceId } from "../core/ids.ts";
import { plusTokenOf } from "../core/reply-address.ts";
import { answeredCandidates, recipientsOf } from "../core/thread.ts";
import type { Queryable } from "../store/database.ts";
import { familiarAmong } from "../store/familiar.ts";
import type { Mailbox } from "../store/mailbox.ts";
import { type Examined, senderKey } from "./judge-inbound.ts";

interface Ties {
  readonly messageIds: readonly string[];
  readonly addresses: readonly string[];
}

/**
 * Those of the mails for which judging and its consequences would look up nothing but Message-IDs and addresses that no mail of ours and no lead has.
 * One statement for all of them.
 */
export async function strangersAmong(
  q: Queryable,
  workspaceId: WorkspaceId,
  mails: readonly Examined[],
  mailboxes: readonly Mailbox[],
): Promise<ReadonlySet<Examined>> {
  const ownDomains = new Set(mailboxes.map(({ identityKey }) => identityKey.slice(identityKey.lastIndexOf("@") + 1)));
  const candidates = mails.filter((one) => mayBeStranger(one, ownDomains)).map((one) => [one, tiesOf(one)] as const);
  const messageIds = candidates.flatMap(([, ties]) => ties.messageIds);
  const addresses = candidates.flatMap(([, ties]) => ties.addresses);
  const familiar = await familiarAmong(q, workspaceId, unique(messageIds), unique(addresses));
  const isStranger = (ties: Ties) => ![...ties.messageIds, ...ties.addresses].some((key) => familiar.has(key));
  return new Set(candidates.flatMap(([one, ties]) => (isStranger(ties) ? [one] : [])));
}

/** What asks to opt out is honoured whoever wrote it, and what a person sent by hand counts against their day. */
function mayBeStranger({ fetched, mail, optOut }: Examined, ownDomains: ReadonlySet<string>): boolean {
  return fetched.role !== "sent" && optOut === null && !recipientsOf(mail).some((address) => plusTokenOf(address, ownDomains) !== null);
}

/** Everything that match-inbound.ts looks up for it. */
function tiesOf({ mail, class: judged }: Examined): Ties {
  const report = judged.kind === "bounce" ? judged.bounce : judged.kind === "complaint" ? judged.complaint : null;
  const answered = answeredCandidates(mail).flatMap(({ method, value }) => (method === "plus_address" ? [] : [value]));
  const reported = (report?.recipients ?? []).flatMap((address) => parseEmailAddress(address)?.identityKey ?? []);
  return {
    messageIds: [...answered, mail.messageId, report?.originalMessageId].filter((id) => typeof id === "string"),
    addresses: [...reported, senderKey(mail)].filter((key) => key !== null),
  };
}

function unique(keys: readonly string[]): string[] {
  return [...new Set(keys)];
}
