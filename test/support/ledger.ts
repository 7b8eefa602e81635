// What the send ledger says, and whether the mail servers agree.
import type { WorkspaceId } from "../../src/core/ids.ts";
import type { Instant } from "../../src/core/instant.ts";
import type { Database } from "../../src/store/database.ts";
import type { AcceptedMail } from "./mail-servers.ts";

/** A line of the send ledger. */
export interface LedgerLine {
  readonly lead: string;
  readonly step: string;
  readonly state: string;
  readonly reason: string | null;
  readonly mailbox: string;
  readonly slotAt: Instant;
  readonly sentAt: Instant | null;
  readonly attempts: number;
  readonly messageId: string;
}

/** In the order of claims. */
export async function readLedger(db: Database, workspaceId: WorkspaceId): Promise<LedgerLine[]> {
  const { rows } = await db.query<LedgerLine>(
    `select m.recipient as lead, m.step_lineage as step, m.state, m.reason, mailbox.email as mailbox, m.slot_at as "slotAt", m.sent_at as "sentAt",
       m.attempts, m.message_id as "messageId"
     from message m join mailbox on mailbox.workspace_id = m.workspace_id and mailbox.id = m.mailbox_id
     where m.workspace_id = $1 order by m.created_at, m.recipient`,
    [workspaceId],
  );
  return rows;
}

export function discrepancies(accepted: readonly AcceptedMail[], ledger: readonly LedgerLine[]): string[] {
  const taken = Map.groupBy(accepted, ({ messageId }) => messageId);
  const sent = new Set(ledger.flatMap(({ state, messageId }) => (state === "sent" ? messageId : [])));
  return [
    ...[...taken].flatMap(([id, mails]) => (mails.length > 1 ? `taken ${mails.length} times: ${id}` : [])),
    ...[...taken.keys()].flatMap((id) => (sent.has(id) ? [] : `taken, but not recorded as sent: ${id}`)),
    ...[...sent].flatMap((id) => (taken.has(id) ? [] : `recorded as sent, but not taken: ${id}`)),
  ];
}
