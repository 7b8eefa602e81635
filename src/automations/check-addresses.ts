// Are these leads' addresses any good, as far as that can be known without writing to them? By their form, their domain, and what DNS says of it. It never
// suppresses anybody, and never stops what runs: campaigns leave invalid ones out from then on.
import { checkedQuality } from "../core/address-quality.ts";
import type { LeadId, WorkspaceId } from "../core/ids.ts";
import { type CheckedLead, leadsToCheck, rateLeads } from "../store/lead-address.ts";
import type { LeadFilter } from "../store/lead-search.ts";
import type { Agent } from "./agent.ts";
import { askDomains, deadlineOf } from "./ask-domains.ts";
import { isDisposableDomain } from "./disposable-domains.ts";

const PAGE = 1_000;

export interface CheckedAddresses {
  readonly leads: number;
  readonly good: number;
  readonly doubtful: number;
  readonly invalid: number;
  /** Nothing speaks for or against them. */
  readonly unrated: number;
  /** Those that were rated otherwise before. */
  readonly changed: number;
  /** Domains that DNS said nothing about; checking again asks about them again. */
  readonly unansweredDomains: number;
}

/** Page by page, each in a transaction of its own, DNS outside of them. */
export async function checkAddresses(
  agent: Pick<Agent, "db" | "dns" | "clock" | "settings" | "log">,
  workspaceId: WorkspaceId,
  filter: LeadFilter,
): Promise<CheckedAddresses> {
  const deadline = deadlineOf(agent);
  const counts = { leads: 0, good: 0, doubtful: 0, invalid: 0, unrated: 0, changed: 0 };
  const unanswered = new Set<string>();
  for (let after: LeadId | null = null; ; ) {
    const page = await leadsToCheck(agent.db, workspaceId, filter, { after, limit: PAGE });
    const last = page.at(-1);
    if (!last) break;
    const domains = new Set(page.map((lead) => lead.domain));
    const known = await askDomains(agent, [...domains], deadline);
    for (const domain of domains) if (!known.has(domain)) unanswered.add(domain);
    const rows = page.map((lead) => ({ id: lead.id, lead, ...ratingOf(lead, known.get(lead.domain) ?? null) }));
    const changes = rows.filter(({ lead, quality, reason }) => quality !== lead.quality || reason !== lead.reason);
    if (changes.length > 0) await agent.db.transaction((tx) => rateLeads(tx, workspaceId, changes, agent.clock.now()));
    counts.leads += page.length;
    for (const { quality } of rows) counts[quality ?? "unrated"] += 1;
    counts.changed += changes.length;
    after = last.id;
  }
  const checked = { ...counts, unansweredDomains: unanswered.size };
  agent.log.info({ event: "addresses.checked", workspace: workspaceId, ...checked });
  return checked;
}

function ratingOf({ email, quality, reason }: CheckedLead, takesMail: boolean | null): Pick<CheckedLead, "quality" | "reason"> {
  const before = quality && reason ? { quality, reason } : null;
  return checkedQuality({ email, before, takesMail }, isDisposableDomain) ?? { quality: null, reason: null };
}
