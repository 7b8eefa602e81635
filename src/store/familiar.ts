// Which of many names stand in our books? One question for a whole batch of mails that came in.
import type { WorkspaceId } from "../core/ids.ts";
import { HIDDEN_WORKSPACE, type Queryable } from "./database.ts";

/** Those of the Message-IDs that mails of ours have, whatever became of them, and those of the identity keys that we wrote to or have as a lead. */
export async function familiarAmong(
  q: Queryable,
  workspaceId: WorkspaceId,
  messageIds: readonly string[],
  identityKeys: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await q.query<{ key: string }>(
    `select key from unnest($2::text[]) as asked (key)
     where exists (select from message m where m.workspace_id = ${HIDDEN_WORKSPACE} and m.message_id = asked.key)
     union all
     select key from unnest($3::text[]) as asked (key)
     where exists (select from message m where m.workspace_id = ${HIDDEN_WORKSPACE} and m.recipient_key = asked.key)
       or exists (select from lead where lead.workspace_id = ${HIDDEN_WORKSPACE} and lead.identity_key = asked.key)`,
    [workspaceId, messageIds, identityKeys],
  );
  return new Set(rows.map((row) => row.key));
}
