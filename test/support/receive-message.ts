// One mail comes in by itself.
import type { Agent } from "../../src/automations/agent.ts";
import { examineMessages, type Receipt, receiveMessages } from "../../src/automations/receive-messages.ts";
import type { Instant } from "../../src/core/instant.ts";
import type { FetchedMessage } from "../../src/mail/inbox-pool.ts";
import { only } from "../../src/store/database.ts";
import type { Mailbox } from "../../src/store/mailbox.ts";

export async function receiveMessage(agent: Agent, mailbox: Mailbox, fetched: FetchedMessage, at: Instant): Promise<Receipt> {
  const receipts: Receipt[] = [];
  for await (const told of receiveMessages(await examineMessages(agent, mailbox, [fetched], at))) receipts.push(...told);
  return only(receipts);
}
