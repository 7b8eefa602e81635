// Takes a mailbox away for good. Only one that nothing depends on: the ledger and the answers that came in are never deleted.
import { AgentError } from "../core/errors.ts";
import type { MailboxId, WorkspaceId } from "../core/ids.ts";
import { deleteMailbox, lockMailbox, type MailboxUses, mailboxUses } from "../store/mailbox-removal.ts";
import type { Agent } from "./agent.ts";

/** Throws `not_found`, or `in_use` with what uses it. */
export async function removeMailbox(agent: Agent, workspaceId: WorkspaceId, id: MailboxId): Promise<void> {
  await agent.db.transaction(async (tx) => {
    if (!(await lockMailbox(tx, workspaceId, id))) throw new AgentError("not_found", "There is no such mailbox.");
    const uses = await mailboxUses(tx, workspaceId, id);
    const reasons = reasonsAgainst(uses);
    if (reasons.length > 0)
      throw new AgentError("in_use", `The mailbox is used: ${reasons.join("; ")}. Pause it instead.`, { detail: { ...uses } });
    await deleteMailbox(tx, workspaceId, id);
  });
  await agent.inboxes.forget(id);
}

function reasonsAgainst({ campaigns, relays, hasEnrollments, hasMessages, hasInboundMessages }: MailboxUses): string[] {
  return [
    ...(campaigns.length > 0 ? [`the campaigns ${campaigns.join(", ")} send from it`] : []),
    ...(relays.length > 0 ? [`the answers to ${relays.join(", ")} arrive in it`] : []),
    ...(hasEnrollments ? ["leads of campaigns were given to it"] : []),
    ...(hasMessages ? ["mail was sent from it"] : []),
    ...(hasInboundMessages ? ["it holds answers"] : []),
  ];
}
