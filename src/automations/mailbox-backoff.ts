// How long does a mailbox wait whose server is unreachable or asks to slow down? Longer each time in a row, and never for ever.
import { after, HOUR, MINUTE } from "../core/instant.ts";
import { type Backoff, nextAttempt } from "../core/retry.ts";
import type { Queryable } from "../store/database.ts";
import { backOffMailbox, type Mailbox } from "../store/mailbox.ts";
import type { Agent } from "./agent.ts";

const MAILBOX_BACKOFF: Backoff = { firstMs: MINUTE, factor: 2, maxMs: HOUR, attempts: Number.POSITIVE_INFINITY };

export async function backOff(agent: Agent, q: Queryable, mailbox: Mailbox): Promise<void> {
  const now = agent.clock.now();
  const until = nextAttempt(MAILBOX_BACKOFF, mailbox.backoffCount + 1, now, mailbox.id) ?? after(now, HOUR);
  await backOffMailbox(q, mailbox.workspaceId, mailbox.id, until);
}
