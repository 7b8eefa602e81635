// A person stops a mailbox, or lets it go on: it neither sends nor is read in between.
import { parseEmailAddress } from "../core/email-address.ts";
import { AgentError } from "../core/errors.ts";
import type { MailboxId, WorkspaceId } from "../core/ids.ts";
import { type Mailbox, mailboxByAddress, mailboxById, pauseMailbox, resumeMailbox } from "../store/mailbox.ts";
import type { Agent } from "./agent.ts";
import { refuseFailed, testMailbox } from "./test-mailbox.ts";

/** False when it rests by a person's word already, which keeps the first word. */
export function pauseByPerson(agent: Agent, { workspaceId, id }: Mailbox, why: string): Promise<boolean> {
  return pauseMailbox(agent.db, workspaceId, id, "person", why, agent.clock.now());
}

/**
 * Ends a pause, whatever caused it, once both servers let us in; `force` does not ask them. Throws the error of the server that did not; then it
 * stays paused. False when it was not paused.
 */
export async function resumeByPerson(agent: Agent, mailbox: Mailbox, { force }: { readonly force: boolean }): Promise<boolean> {
  if (mailbox.state === "active") return false;
  if (!force) refuseFailed(await testMailbox(agent, mailbox));
  await resumeMailbox(agent.db, mailbox.workspaceId, mailbox.id, agent.clock.now());
  return true;
}

/** Throws `not_found`. */
export async function existingMailbox(agent: Agent, workspaceId: WorkspaceId, id: MailboxId): Promise<Mailbox> {
  return found(await mailboxById(agent.db, workspaceId, id), "such mailbox");
}

/** Throws `not_found`. */
export async function mailboxNamed(agent: Agent, workspaceId: WorkspaceId, address: string): Promise<Mailbox> {
  return found(await mailboxByAddress(agent.db, workspaceId, parseEmailAddress(address)?.identityKey ?? ""), `mailbox ${address}`);
}

function found(mailbox: Mailbox | null, what: string): Mailbox {
  if (!mailbox) throw new AgentError("not_found", `There is no ${what}.`);
  return mailbox;
}
