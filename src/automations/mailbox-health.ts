// How is a mailbox doing? Its limits, what of today's budget is used, and when its inbox was read last.

import { isWorthAWarning } from "../core/domain-check.ts";
import { AgentError } from "../core/errors.ts";
import type { MailboxId, WorkspaceId } from "../core/ids.ts";
import { capOn } from "../core/send-budget.ts";
import { localDay } from "../core/sending-window.ts";
import { checksByDomain } from "../store/domain-check.ts";
import { type MailboxFilter, mailboxPage, type ReadMailbox } from "../store/mailbox-page.ts";
import type { Page, PageRequest } from "../store/page.ts";
import { budgetsFrom } from "../store/send-budget.ts";
import type { Agent } from "./agent.ts";
import { budgetsSince } from "./mailbox-state.ts";
import { domainOf } from "./sign-mail.ts";

export interface MailboxHealth extends ReadMailbox {
  /** What DNS lacks of its domain. */
  readonly domainWarnings: readonly string[];
  /** Of its local day. */
  readonly today: { readonly day: string; readonly used: number; readonly cap: number; readonly lastSlotAt: Date | null };
}

export async function listMailboxHealth(
  agent: Agent,
  workspaceId: WorkspaceId,
  filter: MailboxFilter,
  request: PageRequest,
): Promise<Page<MailboxHealth>> {
  const now = agent.clock.now();
  const { items, nextCursor } = await mailboxPage(agent.db, workspaceId, filter, request);
  const ids = items.map((mailbox) => mailbox.id);
  const budgets = await budgetsFrom(agent.db, workspaceId, ids, budgetsSince(now));
  const warnings = (await checksByDomain(agent.db, workspaceId)).filter(isWorthAWarning);
  const healths = items.map((mailbox) => {
    const ofDomain = warnings.filter(({ domain }) => domain === domainOf(mailbox));
    const day = localDay(now, mailbox.limits.zone);
    const budget = budgets.find((one) => one.mailboxId === mailbox.id && one.day === day);
    const today = { day, used: budget?.used ?? 0, cap: capOn(mailbox.limits, day), lastSlotAt: budget?.lastSlotAt ?? null };
    return { ...mailbox, today, domainWarnings: ofDomain.map(({ sentence }) => sentence) };
  });
  return { items: healths, nextCursor };
}

/** Throws `not_found`. */
export async function mailboxHealth(agent: Agent, workspaceId: WorkspaceId, id: MailboxId): Promise<MailboxHealth> {
  const { items } = await listMailboxHealth(agent, workspaceId, { id, state: null, identityKey: null }, { limit: 1, cursor: null });
  if (!items[0]) throw new AgentError("not_found", "There is no such mailbox.");
  return items[0];
}
