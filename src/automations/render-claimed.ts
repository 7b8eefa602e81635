// Writes the mails that were claimed and freezes their bytes. What cannot be written (a value is missing) fails visibly and stops its enrollment.
import type { MessageId } from "../core/ids.ts";
import { stopEnrollments } from "../store/enrollment.ts";
import type { Mailbox } from "../store/mailbox.ts";
import { type ClaimedMessage, claimedMessages, freezeBodies, type RenderedMessage, recordFailed } from "../store/message.ts";
import type { Agent } from "./agent.ts";
import { renderMessage } from "./render-message.ts";

/** A claimed message with the bytes that go onto the wire. */
export interface ReadyMessage {
  readonly id: MessageId;
  readonly recipient: string;
  readonly raw: Buffer;
}

/** A message that an earlier attempt has written keeps its bytes. In the order of the slots. */
export async function renderClaimed(
  agent: Agent,
  mailbox: Mailbox,
  ids: readonly MessageId[],
): Promise<{ ready: ReadyMessage[]; failed: number }> {
  const ready: ReadyMessage[] = [];
  const fresh: RenderedMessage[] = [];
  let failed = 0;
  for (const message of await claimedMessages(agent.db, mailbox.workspaceId, ids)) {
    if (message.raw) {
      ready.push({ id: message.id, recipient: message.recipient, raw: message.raw });
      continue;
    }
    const result = renderMessage(agent.keys, agent.settings.http.public_url ?? null, mailbox, message, agent.clock.now());
    if (result.ok) {
      fresh.push(result.rendered);
      ready.push({ id: message.id, recipient: message.recipient, raw: result.rendered.raw });
    } else {
      failed += 1;
      await failUnwritten(agent, message, result);
    }
  }
  await freezeBodies(agent.db, mailbox.workspaceId, fresh);
  return { ready, failed };
}

async function failUnwritten(
  agent: Agent,
  message: ClaimedMessage,
  problem: { readonly code: string; readonly variable?: string | undefined; readonly message: string },
): Promise<void> {
  const { workspaceId, id, enrollmentId } = message;
  const now = agent.clock.now();
  await agent.db.transaction(async (tx) => {
    await recordFailed(tx, workspaceId, id, problem.code, { code: null, enhanced: null, response: problem.message }, now);
    if (!enrollmentId) return;
    const detail = { message: id, variable: problem.variable ?? null, explanation: problem.message };
    await stopEnrollments(tx, { workspaceId, ids: [enrollmentId], state: "failed", reason: problem.code, detail }, now);
  });
  agent.log.warn({ event: "message.not_written", message: id, code: problem.code, variable: problem.variable });
}
