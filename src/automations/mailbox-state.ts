// What do mailboxes have left of their days, hours and quotas? One answer for the claim, its dry run and the printed schedule.
import type { MailboxId, WorkspaceId } from "../core/ids.ts";
import { after, DAY, type Instant, latest } from "../core/instant.ts";
import type { DomainLimits, QuotaUse } from "../core/quota.ts";
import type { MailboxState } from "../core/send-plan.ts";
import { localDay } from "../core/sending-window.ts";
import type { Settings } from "../core/settings.ts";
import type { Queryable } from "../store/database.ts";
import { activeMailboxIds, type Mailbox } from "../store/mailbox.ts";
import { type Budget, budgetsFrom } from "../store/send-budget.ts";
import { type QuotaRow, quotasUsed } from "../store/send-quota.ts";

/** Unlocked: who claims has locked the budget of its mailbox before. All mailboxes are of that workspace. */
export async function mailboxStates(
  { sending }: Settings,
  q: Queryable,
  workspaceId: WorkspaceId,
  mailboxes: readonly Mailbox[],
  now: Instant,
): Promise<ReadonlyMap<MailboxId, MailboxState>> {
  const ids = mailboxes.map((mailbox) => mailbox.id);
  const budgets = await budgetsFrom(q, workspaceId, ids, budgetsSince(now));
  const used = await quotasUsed(q, workspaceId, after(now, -DAY));
  const sharing = sending.domain_daily_cap_together > 0 ? await activeMailboxIds(q, workspaceId) : [];
  const stateOf = (mailbox: Mailbox): [MailboxId, MailboxState] => [
    mailbox.id,
    { ...budgetState(mailbox, budgets), domainLimits: domainLimits(sending, mailbox, sharing), quotaUse: quotaUse(mailbox.id, used) },
  ];
  return new Map(mailboxes.map(stateOf));
}

/** The first day of the budgets that count now: a gap may last a day and a half, and zones are up to 14 hours apart. */
export function budgetsSince(now: Instant): string {
  return localDay(after(now, -3 * DAY), "UTC");
}

function budgetState(mailbox: Mailbox, budgets: readonly Budget[]): Omit<MailboxState, "domainLimits" | "quotaUse"> {
  const own = budgets.filter((budget) => budget.mailboxId === mailbox.id);
  const used = new Map(own.map((budget) => [budget.day, budget.used]));
  const slots = own.flatMap((budget) => budget.lastSlotAt ?? []);
  const free = own.flatMap((budget) => budget.freeAt ?? []);
  return {
    limits: mailbox.limits,
    usedOn: (day) => used.get(day) ?? 0,
    lastSlotAt: slots.length === 0 ? null : latest(...slots),
    freeAt: free.length === 0 ? null : latest(...free),
    notBefore: mailbox.backoffUntil,
  };
}

function domainLimits(sending: Settings["sending"], { domainCaps }: Mailbox, sharing: readonly MailboxId[]): DomainLimits {
  const perDay = sending.domain_daily_cap_together;
  return {
    perDay: (domainCaps.daily ?? sending.domain_daily_cap) || null,
    perHour: (domainCaps.hourly ?? sending.domain_hourly_cap) || null,
    together: perDay > 0 ? { perDay, sharers: Object.fromEntries(sharing.map((id) => [id, 1])) } : null,
  };
}

function quotaUse(mailboxId: MailboxId, rows: readonly QuotaRow[]): QuotaUse {
  const own = new Map<string, number>();
  const others = new Map<string, number>();
  for (const { period, used, ...row } of rows) {
    const counts = row.mailboxId === mailboxId ? own : others;
    counts.set(period, (counts.get(period) ?? 0) + used);
  }
  return { own: (period) => own.get(period) ?? 0, others: (period) => others.get(period) ?? 0 };
}
