// Mailboxes as people look at them: page by page, with how long ago their inboxes were read to the end.
import type { MailboxId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import type { Queryable } from "./database.ts";
import { MAILBOX_COLUMNS, type Mailbox, type MailboxRow, mailboxFromRow } from "./mailbox.ts";
import { afterCursor, type Page, type PageRequest, pageOf } from "./page.ts";

export interface ReadMailbox extends Mailbox {
  /** Since when every INBOX and Junk folder of it is known to be read; null when one never was, or it only sends. */
  readonly readToEndAt: Instant | null;
  readonly campaigns: number;
}

export interface MailboxFilter {
  readonly id: MailboxId | null;
  readonly state: Mailbox["state"] | null;
  readonly identityKey: string | null;
}

/** By address. */
export async function mailboxPage(
  q: Queryable,
  workspaceId: WorkspaceId,
  filter: MailboxFilter,
  request: PageRequest,
): Promise<Page<ReadMailbox>> {
  const [after] = afterCursor(request, ["text"]);
  const { rows } = await q.query<MailboxRow & Pick<ReadMailbox, "readToEndAt" | "campaigns">>(
    `select ${MAILBOX_COLUMNS}, inbox.at as "readToEndAt",
       (select count(*) from campaign_mailbox pool where pool.workspace_id = mailbox.workspace_id and pool.mailbox_id = mailbox.id) as campaigns
     from mailbox
     cross join lateral (
       select case when bool_and(read_to_end_at is not null) then min(read_to_end_at) end as at from (
         select distinct on (folder) read_to_end_at from inbox_cursor cursor
         where cursor.workspace_id = mailbox.workspace_id and cursor.mailbox_id = mailbox.id and cursor.role in ('inbox', 'junk')
         order by folder, cursor.created_at desc) newest
     ) inbox
     where mailbox.workspace_id = $1 and ($2::uuid is null or mailbox.id = $2) and ($3::text is null or mailbox.state = $3)
       and ($6::text is null or mailbox.identity_key = $6)
       and ($4::text is null or mailbox.identity_key > $4)
     order by mailbox.identity_key limit $5`,
    [workspaceId, filter.id, filter.state, after, request.limit + 1, filter.identityKey],
  );
  const mailboxes = rows.map(({ readToEndAt, campaigns, ...row }) => ({ ...mailboxFromRow(row), readToEndAt, campaigns }));
  return pageOf(mailboxes, request.limit, (one) => [one.identityKey]);
}
