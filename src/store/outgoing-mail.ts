// What went out of a mailbox lately? For answers that name a mail by its reply address, and for copies in the Sent folder.
import type { MailboxId, MessageId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Queryable } from "./database.ts";
import { SENT_HERE } from "./message.ts";

/** Message-IDs of the latest mails, at most `limit` of each mailbox, that went out or may have. */
export async function messageIdsSentFrom(
  q: Queryable,
  workspaceId: WorkspaceId,
  mailboxIds: readonly MailboxId[],
  limit: number,
): Promise<string[]> {
  const { rows } = await q.query<{ messageId: string }>(
    `select latest.message_id as "messageId" from unnest($2::uuid[]) as sender (id)
     cross join lateral (
       select m.message_id from message m
       where m.workspace_id = $1 and m.mailbox_id = sender.id and m.state in ('sent', 'uncertain') and ${SENT_HERE}
       order by m.created_at desc limit $3) latest`,
    [workspaceId, mailboxIds, limit],
  );
  return rows.map((row) => row.messageId);
}

export interface UncertainMail {
  readonly id: MessageId;
  readonly messageId: string;
}

/** Some of the uncertain messages of a mailbox that went onto the wire since `since`; another `seed` chooses others, so that none waits for ever. */
export async function uncertainSentFrom(
  q: Queryable,
  from: { workspaceId: WorkspaceId; mailboxId: MailboxId; since: Instant; limit: number; seed: number },
): Promise<UncertainMail[]> {
  const { rows } = await q.query<UncertainMail>(
    `select m.id, m.message_id as "messageId" from message m
     where m.workspace_id = $1 and m.phase = 'uncertain' and m.mailbox_id = $2 and m.transmitting_at >= $3
     order by hashtextextended(m.id::text, $5) limit $4`,
    [from.workspaceId, from.mailboxId, from.since, from.limit, from.seed],
  );
  return rows;
}
