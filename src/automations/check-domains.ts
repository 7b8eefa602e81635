// Looks whether DNS lets receivers trust what is sent: SPF, DKIM, DMARC and MX of every sending domain. A failing domain is a warning; one whose mail
// neither SPF nor DKIM can vouch for stops its mailboxes after a while, until it passes again.
import { isIP } from "node:net";
import { getDomain } from "tldts";
import type { DnsAnswer, MailExchange } from "../core/dns-answer.ts";
import {
  checkAgain,
  type DomainCheck,
  type DomainStanding,
  domainStanding,
  type Finding,
  readDomain,
  type SendingDomainFacts,
} from "../core/domain-check.ts";
import type { SendingDomainId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { MAILBOX_PRESETS } from "../core/mailbox-presets.ts";
import { isPublicMailDomain } from "../core/public-mail-domains.ts";
import type { DnsResolver } from "../mail/dns.ts";
import type { Tx } from "../store/database.ts";
import { checksOf, storeChecks } from "../store/domain-check.ts";
import { mailboxDomains, pauseMailboxesOf, resumeMailboxesOf } from "../store/domain-mailboxes.ts";
import { listMailboxes, type Mailbox } from "../store/mailbox.ts";
import {
  addDomainOfMailboxes,
  allSendingDomains,
  lockSendingDomain,
  type SendingDomain,
  sendingDomainById,
} from "../store/sending-domain.ts";
import type { Agent } from "./agent.ts";
import { ownDomain } from "./sending-domains.ts";
import { domainOf } from "./sign-mail.ts";

/** The sweep adds the domains of new mailboxes, and only enqueues. */
export async function checkDomains(agent: Agent): Promise<{ domains: number }> {
  const now = agent.clock.now();
  for (const { workspaceId, domain } of await mailboxDomains(agent.db)) {
    if (!isPublicMailDomain(domain)) await addDomainOfMailboxes(agent.db, workspaceId, domain, now);
  }
  const domains = await allSendingDomains(agent.db);
  await agent.db.transaction(async (tx) => {
    for (const domain of domains) await agent.jobs.enqueue(tx, "check-domain", domain, domain.domainId);
  });
  return { domains: domains.length };
}

/** One that is not kept yet is added. Throws `invalid_input`. */
export async function checkDomainNamed(agent: Agent, workspaceId: WorkspaceId, written: string): Promise<CheckedDomain> {
  const domain = ownDomain(written);
  const { id: domainId } = await agent.db.transaction((tx) => lockSendingDomain(tx, workspaceId, domain, agent.clock.now()));
  return checkDomain(agent, { workspaceId, domainId });
}

export interface CheckedDomain {
  readonly domain: string;
  readonly checks: readonly DomainCheck[];
  readonly counts: Readonly<Record<"failing" | "stopped" | "resumed", number>>;
}

/** Asks DNS, keeps what it said, and stops or resumes the domain's mailboxes. Nothing is in a transaction while DNS is asked. */
export async function checkDomain(
  agent: Agent,
  { workspaceId, domainId }: { readonly workspaceId: WorkspaceId; readonly domainId: SendingDomainId },
): Promise<CheckedDomain> {
  const domain = await sendingDomainById(agent.db, workspaceId, domainId);
  if (!domain) return GONE;
  const findings = await findingsOf(agent.dns, factsOf(domain, await listMailboxes(agent.db, workspaceId)));
  const now = agent.clock.now();
  return agent.db.transaction(async (tx) => {
    // a domain that was removed meanwhile is not made anew
    if (!(await sendingDomainById(tx, workspaceId, domainId))) return GONE;
    await lockSendingDomain(tx, workspaceId, domain.domain, now);
    const before = await checksOf(tx, workspaceId, domainId);
    const checks = findings.map((finding) => checkAgain(before.find(({ check }) => check === finding.check) ?? null, finding, now));
    await storeChecks(tx, workspaceId, domainId, checks);
    const standing = domainStanding(checks, now, agent.settings.domains.stop_after_hours);
    const counts = await stopOrResume(tx, workspaceId, domain.domain, checks, standing, now);
    if (counts.stopped > 0) agent.log.warn({ event: "domain.stopped", domain: domain.domain, mailboxes: counts.stopped });
    return { domain: domain.domain, checks, counts: { ...counts, failing: checks.filter(({ result }) => result === "fail").length } };
  });
}

const GONE: CheckedDomain = { domain: "", checks: [], counts: { failing: 0, stopped: 0, resumed: 0 } };

function factsOf({ domain, selector, publicKey }: SendingDomain, mailboxes: readonly Mailbox[]): SendingDomainFacts {
  const own = mailboxes.filter((mailbox) => domainOf(mailbox) === domain);
  return {
    domain,
    // somebody's name under github.io is a domain of its own
    organizational: getDomain(domain, { allowPrivateDomains: true }) ?? domain,
    key: selector !== null && publicKey !== null ? { selector, publicKey } : null,
    senders: own.map(({ provider, smtp }) =>
      provider === "custom" ? { spf: spfTerm(smtp.host), dkimSelectors: [] } : MAILBOX_PRESETS[provider],
    ),
  };
}

/** A server of one's own is named by its address, as far as its host name tells; one that only relays by the domain's MX. */
function spfTerm(host: string): string {
  const isName = isIP(host.replace(/^\[|\]$/g, "")) === 0 && host.includes(".");
  return isName ? `a:${host.toLowerCase()}` : "mx";
}

async function findingsOf(dns: DnsResolver, facts: SendingDomainFacts): Promise<readonly Finding[]> {
  const txt = new Map<string, DnsAnswer<string>>();
  let mx: DnsAnswer<MailExchange> | null = null;
  for (;;) {
    const reading = readDomain(facts, { txt, mx });
    if (reading.kind === "read") return reading.findings;
    if (reading.mx) mx = await dns.mx(facts.domain);
    await Promise.all(reading.txt.map(async (name) => txt.set(name, await dns.txt(name))));
  }
}

async function stopOrResume(
  tx: Tx,
  workspaceId: WorkspaceId,
  domain: string,
  checks: readonly DomainCheck[],
  standing: DomainStanding,
  now: Instant,
): Promise<{ stopped: number; resumed: number }> {
  if (standing.kind !== "unauthenticated") return { stopped: 0, resumed: await resumeMailboxesOf(tx, workspaceId, domain, "domain", now) };
  if (!standing.stop) return { stopped: 0, resumed: 0 };
  const why = checks.flatMap(({ check, sentence }) => (check === "spf" || check === "dkim" ? [sentence] : []));
  const since = standing.since.toISOString().slice(0, 16).replace("T", " ");
  const detail = `mail of ${domain} has passed neither SPF nor DKIM since ${since} UTC: ${why.join(" ")} \`domain check ${domain}\` shows the records to add`;
  return { stopped: await pauseMailboxesOf(tx, workspaceId, domain, { reason: "domain", detail }, now), resumed: 0 };
}
