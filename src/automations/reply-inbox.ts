// Was the inbox that would hold the answers read to its end? Until it was, no follow-up goes out: an unread reply may be waiting.
import { after, CLOCK_SKEW, type Instant, latest, SECOND } from "../core/instant.ts";
import type { Queryable } from "../store/database.ts";
import { inboxReadToEndAt } from "../store/inbox.ts";
import type { Mailbox } from "../store/mailbox.ts";
import type { Agent } from "./agent.ts";

export async function replyInboxIsRead(agent: Agent, q: Queryable, mailbox: Mailbox, now: Instant): Promise<boolean> {
  const inbox = mailbox.imap ? mailbox.id : mailbox.replyMailboxId;
  if (!inbox) return false;
  const readAt = await inboxReadToEndAt(q, mailbox.workspaceId, inbox);
  return readAt !== null && readAt >= oldestAcceptable(agent, now) && readAt <= after(now, CLOCK_SKEW);
}

/**
 * Read since this process started, and within the larger of the floor and three intervals. A start that lies in the future says that the clock was set
 * back since: what was read until now counts then, but never what was read "later".
 */
function oldestAcceptable(agent: Agent, now: Instant): Instant {
  const { stale_after_seconds, interval_seconds } = agent.settings.receiving;
  const notStale = after(now, -Math.max(stale_after_seconds, 3 * interval_seconds) * SECOND);
  return agent.startedAt > after(now, CLOCK_SKEW) ? notStale : latest(notStale, agent.startedAt);
}
