// An uncertain message turns out to have been sent: evidence came in, or a person says so. The enrollment goes on as after any other send.
import type { Instant } from "../core/instant.ts";
import type { Tx } from "../store/database.ts";
import { type Message, recordSent } from "../store/message.ts";
import type { Agent } from "./agent.ts";
import { sentRecords } from "./sent-records.ts";

export async function confirmSent(agent: Agent, tx: Tx, message: Message, evidence: string, at: Instant): Promise<void> {
  await recordSent(
    tx,
    message.workspaceId,
    await sentRecords(tx, message.workspaceId, [{ id: message.id, response: `confirmed: ${evidence}` }]),
    at,
  );
  agent.log.info({ event: "message.confirmed_sent", message: message.id, evidence });
}
