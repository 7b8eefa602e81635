// Which of these domains take mail? Asked of DNS, a few at a time and never in a transaction; what it said is kept for a while. Where nobody answers,
// nothing is known, and after so many silences in a row nobody is asked any more.
import { after, DAY, SECOND } from "../core/instant.ts";
import { takesMail } from "../core/mail-domain.ts";
import { recipientDomains, storeRecipientDomains } from "../store/recipient-domain.ts";
import type { Agent } from "./agent.ts";

const SILENCES = 100;

/** Those that DNS said something about, and whether they take mail. Takes no longer than `addresses.dns_seconds` of the settings, and one answer. */
export async function askDomains(
  agent: Pick<Agent, "db" | "dns" | "clock" | "settings">,
  domains: readonly string[],
  deadline = deadlineOf(agent),
): Promise<ReadonlyMap<string, boolean>> {
  const { addresses } = agent.settings;
  const now = agent.clock.now();
  const known = await recipientDomains(agent.db, domains, after(now, -addresses.domain_days * DAY));
  const answers = new Map<string, boolean>();
  const waiting = domains.filter((domain) => !known.has(domain)).values();
  let silences = 0;
  const ask = async () => {
    for (const domain of waiting) {
      if (silences >= SILENCES || performance.now() >= deadline) return;
      const mx = await agent.dns.mx(domain);
      const takes = takesMail(mx, mx.kind === "none" ? await agent.dns.addresses(domain) : null);
      silences = takes === null ? silences + 1 : 0;
      if (takes !== null) answers.set(domain, takes);
    }
  };
  await Promise.all(Array.from({ length: addresses.dns_at_once }, ask));
  if (answers.size > 0) await storeRecipientDomains(agent.db, answers, now);
  return new Map([...known, ...answers]);
}

/** By the clock of performance.now(): real time, also where the sandbox scales it. */
export function deadlineOf({ settings }: Pick<Agent, "settings">): number {
  return performance.now() + settings.addresses.dns_seconds * SECOND;
}
