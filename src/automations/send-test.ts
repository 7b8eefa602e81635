// A person has a step sent to an address of theirs, to see it arrive: really, from the mailbox that would write to the lead, within its daily cap.
import { randomUUID } from "node:crypto";
import type { EmailAddress } from "../core/email-address.ts";
import { AgentError } from "../core/errors.ts";
import type { MessageId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { deriveMessageId } from "../core/outgoing-message.ts";
import { capOn } from "../core/send-budget.ts";
import { localDay } from "../core/sending-window.ts";
import { openSmtp } from "../mail/smtp.ts";
import { only } from "../store/database.ts";
import { acquireLease, holdsLease, type Lease, releaseLease } from "../store/lease.ts";
import type { Mailbox } from "../store/mailbox.ts";
import { cancelMessage } from "../store/message-recall.ts";
import { debitBudget, lockBudget } from "../store/send-budget.ts";
import { suppressionFor } from "../store/suppression.ts";
import { insertTestMessage, storeTestBody } from "../store/test-message.ts";
import type { Agent } from "./agent.ts";
import { smtpAccess, withLogin } from "./mailbox-access.ts";
import { type Draft, draftOf, type PreviewRequest, unwritten } from "./preview-step.ts";
import { recordOutcomes } from "./record-outcomes.ts";
import { renderMessage } from "./render-message.ts";
import { signRendered } from "./sign-mail.ts";

export type TestRequest = PreviewRequest & { readonly to: EmailAddress };

/**
 * Gives the message, whatever became of it. Asked for twice, it sends two. Throws what `draftOf` throws; `wrong_state` when the address is suppressed
 * or the mailbox is paused or has used up its day; `dkim_signing_failed`; `lease_lost`, retryable, while the mailbox sends other mail; and what opening SMTP throws.
 */
export async function sendTest(agent: Agent, request: TestRequest): Promise<MessageId> {
  const { workspaceId, to } = request;
  const draft = await draftOf(agent, agent.db, request);
  await refuse(agent, request, draft.mailbox);
  const wanted = { workspaceId, mailboxId: draft.mailbox.id, purpose: "send", holder: agent.processId } as const;
  const lease = await acquireLease(agent.db, { ...wanted, seconds: agent.settings.sending.lease_seconds });
  if (!lease) throw busy(draft.mailbox);
  try {
    return await transmit(agent, lease, { ...request, ...draft }, to);
  } finally {
    await releaseLease(agent.db, lease);
  }
}

function busy({ email }: Mailbox): AgentError {
  return new AgentError("lease_lost", `${email} is sending other mail; try again in a minute.`, { retryable: true });
}

async function refuse(agent: Agent, { workspaceId, to, campaignId }: TestRequest, mailbox: Mailbox): Promise<void> {
  if (await suppressionFor(agent.db, workspaceId, to.identityKey, campaignId))
    throw new AgentError("wrong_state", `${to.address} is suppressed; a test goes to nobody who must not be written to.`);
  if (mailbox.state === "paused") throw new AgentError("wrong_state", `${mailbox.email} is paused.`);
}

/** The connection comes first: without one nothing stands in the ledger. */
async function transmit(agent: Agent, lease: Lease, test: TestRequest & Draft, to: EmailAddress): Promise<MessageId> {
  const session = await withLogin((refused) => smtpAccess(agent, test.mailbox, refused), openSmtp);
  try {
    const { id, raw } = await written(agent, lease, test, agent.clock.now());
    const outcome = await session.transmit({ from: test.mailbox.email, to: to.address }, raw);
    await recordOutcomes(agent, test.mailbox, lease, [{ id, outcome }]);
    // One that was refused for now, or for a trouble of the mailbox, would wait for an enrollment that it does not have.
    await agent.db.transaction((tx) => cancelMessage(tx, lease.workspaceId, id, "test_not_taken", agent.clock.now()));
    return id;
  } finally {
    await session.close();
  }
}

/** Into the ledger, with its bytes and its place in the day's budget. */
function written(agent: Agent, lease: Lease, test: TestRequest & Draft, at: Instant): Promise<{ id: MessageId; raw: Buffer }> {
  const { workspaceId, campaignId, stepId, mailbox, sender, draft, to } = test;
  const day = localDay(at, mailbox.limits.zone);
  const cap = capOn(mailbox.limits, day);
  const intent = randomUUID();
  const domain = mailbox.identityKey.slice(mailbox.identityKey.lastIndexOf("@") + 1);
  const messageId = deriveMessageId(agent.keys.messageId, { enrollmentId: `test:${intent}`, visit: 0, lineage: test.step }, domain);
  return agent.db.transaction(async (tx) => {
    if (!(await holdsLease(tx, lease))) throw busy(mailbox);
    const budget = await lockBudget(tx, workspaceId, mailbox.id, day, cap);
    if (budget.used >= cap) throw new AgentError("wrong_state", `${mailbox.email} has used up its cap of today.`);
    const recipient = { recipient: to.address, recipientKey: to.identityKey };
    const entry = { campaignId, stepId, mailboxId: mailbox.id, idempotencyKey: intent, messageId, ...recipient, day };
    const message = await insertTestMessage(tx, lease, entry, at);
    const claimed = { ...message, ...draft, recipient: to.address, frozen: false };
    const mail = renderMessage(agent.keys, agent.settings.http.public_url ?? null, sender, claimed, at);
    if (!mail.ok) throw unwritten(mail);
    const signed = only(await signRendered(agent, tx, mailbox, [mail.rendered]));
    await storeTestBody(tx, workspaceId, message, signed);
    await debitBudget(tx, workspaceId, mailbox.id, day, 1, { at, freeAt: null });
    return { id: message.id, raw: signed.raw };
  });
}
