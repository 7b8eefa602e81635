// An uncertain message turns out to have been sent: evidence came in, or a person says so. The enrollment goes on as after any other send.
import type { Instant } from "../core/instant.ts";
import type { Tx } from "../store/database.ts";
import { mailboxById } from "../store/mailbox.ts";
import type { Message } from "../store/message.ts";
import { recordSent } from "../store/message-outcome.ts";
import type { Agent } from "./agent.ts";
import { noteSent } from "./note-sent.ts";
import { sentRecords } from "./sent-records.ts";

export async function confirmSent(agent: Agent, tx: Tx, message: Message, evidence: string, at: Instant): Promise<void> {
  const { workspaceId, id } = message;
  const records = await sentRecords(tx, workspaceId, [{ id, response: `confirmed: ${evidence}` }]);
  const [confirmed] = await recordSent(tx, workspaceId, records, at);
  const mailbox = confirmed && (await mailboxById(tx, workspaceId, message.mailboxId));
  if (mailbox) await noteSent(agent, tx, mailbox, [confirmed]);
  if (confirmed) agent.log.info({ event: "message.confirmed_sent", message: id, evidence });
}
