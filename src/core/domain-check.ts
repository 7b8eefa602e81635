// Will receivers take mail of this domain for what it is? Its SPF, DKIM, DMARC and MX records, judged in plain words, each with the record that mends it.
import { readDmarc } from "./dmarc.ts";
import { type DnsAnswer, type DnsRecord, type MailExchange, quoted, tagList } from "./dns-answer.ts";
import { after, HOUR, type Instant, latest } from "./instant.ts";
import { MAX_SPF_LOOKUPS, mergedSpf, readSpf } from "./spf.ts";

export const DOMAIN_CHECKS = ["spf", "dkim", "dmarc", "mx"] as const;
export type DomainCheckKind = (typeof DOMAIN_CHECKS)[number];
/** `unknown` neither fails nor clears a failure. */
export type DomainCheckResult = "pass" | "warning" | "fail" | "unknown";

export interface Finding {
  readonly check: DomainCheckKind;
  readonly result: DomainCheckResult;
  /** One sentence or two, for people. May quote hostile text. */
  readonly sentence: string;
  /** What to put into DNS; null where nothing is wrong, or only a person can know. */
  readonly record: DnsRecord | null;
}

/** What we know of a domain before we ask. */
export interface SendingDomainFacts {
  /** A-label. */
  readonly domain: string;
  /** The registered name that it belongs to. */
  readonly organizational: string;
  /** Ours; null: we do not sign its mail. */
  readonly key: { readonly selector: string; readonly publicKey: string } | null;
  /** Through whom its mailboxes send: what SPF must name, and where the provider's own keys usually stand. */
  readonly senders: readonly { readonly spf: string; readonly dkimSelectors: readonly string[] }[];
}

export interface DnsAnswers {
  readonly txt: ReadonlyMap<string, DnsAnswer<string>>;
  readonly mx: DnsAnswer<MailExchange> | null;
}

export type DomainReading =
  | { readonly kind: "ask"; readonly txt: readonly string[]; readonly mx: boolean }
  | { readonly kind: "read"; readonly findings: readonly Finding[] };

/** What is found, or what has still to be asked: everything that can be asked at once. */
export function readDomain(facts: SendingDomainFacts, { txt, mx }: DnsAnswers): DomainReading {
  const spf = readSpf(facts.domain, txt);
  const names = [...dkimNames(facts), ...dmarcNames(facts)].filter((name) => !txt.has(name));
  const asked = spf.kind === "ask" ? [...spf.names, ...names] : names;
  if (asked.length > 0 || mx === null) return { kind: "ask", txt: asked, mx: mx === null };
  const answerOf = (name: string): DnsAnswer<string> => txt.get(name) ?? { kind: "unknown", why: "it was not asked for" };
  const spfFinding = judgeSpf(facts, spf);
  const dkimFinding = judgeDkim(facts, answerOf);
  return {
    kind: "read",
    findings: [spfFinding, dkimFinding, judgeDmarc(facts, answerOf, [spfFinding, dkimFinding]), judgeMx(facts, mx)],
  };
}

function dkimNames({ domain, key, senders }: SendingDomainFacts): string[] {
  const selectors = key ? [key.selector] : senders.flatMap((sender) => sender.dkimSelectors);
  return [...new Set(selectors)].map((selector) => `${selector}._domainkey.${domain}`);
}

function dmarcNames({ domain, organizational }: SendingDomainFacts): string[] {
  return [...new Set([domain, organizational])].map((name) => `_dmarc.${name}`);
}

function judgeSpf({ domain, senders }: SendingDomainFacts, spf: ReturnType<typeof readSpf>): Finding {
  const finding = (result: DomainCheckResult, sentence: string, value: string | null = null): Finding => ({
    check: "spf",
    result,
    sentence,
    record: value === null ? null : { host: domain, type: "TXT", value },
  });
  const terms = senders.length === 0 ? ["mx"] : senders.map((sender) => sender.spf);
  const wanted = ["v=spf1", ...new Set(terms), "~all"].join(" ");
  switch (spf.kind) {
    case "ask":
    case "unknown":
      return finding("unknown", `Nobody knows whether ${domain} has an SPF record: ${spf.kind === "ask" ? "not asked" : spf.why}.`);
    case "none":
      return finding("fail", `${domain} has no SPF record: no server is said to send its mail.`, wanted);
    case "several":
      return finding("fail", `${domain} has ${spf.records.length} SPF records; with more than one, none counts.`, mergedSpf(spf.records));
    case "broken":
      return finding("fail", `The SPF record of ${domain} (${quoted(spf.record)}) cannot be used: ${spf.why}.`);
    case "record":
      return judgeSpfRecord(finding, spf, domain, senders);
    default:
      return spf satisfies never;
  }
}

function judgeSpfRecord(
  finding: (result: DomainCheckResult, sentence: string, value?: string) => Finding,
  { record, others, includes, lookups }: Extract<ReturnType<typeof readSpf>, { kind: "record" }>,
  domain: string,
  senders: SendingDomainFacts["senders"],
): Finding {
  if (others === "+")
    return finding("warning", `The SPF record of ${domain} lets everybody send (+all).`, record.replace(/\s\+?all\b/gi, " ~all"));
  const named = (spf: string) => !spf.startsWith("include:") || includes.has(spf.slice("include:".length));
  const missing = senders.filter((sender) => !named(sender.spf)).map((sender) => sender.spf);
  if (missing.length > 0) {
    const value = record.replace(/^v=spf1/i, `v=spf1 ${[...new Set(missing)].join(" ")}`);
    return finding("warning", `The SPF record of ${domain} does not name its provider (${missing.join(", ")}).`, value);
  }
  if (others === null || others === "?")
    return finding(
      "warning",
      `The SPF record of ${domain} says nothing of other servers (no ~all).`,
      `${record.replace(/\s\?all\b/gi, "")} ~all`,
    );
  return finding("pass", `The SPF record of ${domain} can be used (${lookups} of ${MAX_SPF_LOOKUPS} look-ups).`);
}

function judgeDkim(facts: SendingDomainFacts, answerOf: (name: string) => DnsAnswer<string>): Finding {
  const { domain, key } = facts;
  if (!key) return judgeProvidersDkim(facts, answerOf);
  const host = `${key.selector}._domainkey.${domain}`;
  const value = `v=DKIM1; k=rsa; p=${key.publicKey}`;
  const finding = (result: DomainCheckResult, sentence: string): Finding => ({
    check: "dkim",
    result,
    sentence,
    record: result === "fail" || result === "warning" ? { host, type: "TXT", value } : null,
  });
  const answer = answerOf(host);
  if (answer.kind === "unknown") return finding("unknown", `Nobody knows whether ${host} has the key that signs our mail: ${answer.why}.`);
  if (answer.kind === "none") return finding("fail", `${host} does not exist: nobody can verify what we sign.`);
  if (answer.values.length > 1) return finding("fail", `${host} has ${answer.values.length} TXT records; only one may stand there.`);
  const tags = tagList(answer.values[0] ?? "");
  const published = (tags?.get("p") ?? "").replace(/\s/g, "");
  if (published === "") return finding("fail", `${host} has no key: it is empty, revoked, or no DKIM record.`);
  if (published !== key.publicKey || (tags?.get("k") ?? "rsa") !== "rsa")
    return finding("fail", `${host} has another key than the one that signs our mail.`);
  if ((tags?.get("t") ?? "").split(":").some((flag) => flag.trim() === "y"))
    return finding("warning", `${host} says that it is only a test (t=y): receivers may take our mail for unsigned.`);
  return finding("pass", `${host} has the key that signs our mail.`);
}

/** A provider may sign under a selector of its own making: that we find no key proves nothing. */
function judgeProvidersDkim(facts: SendingDomainFacts, answerOf: (name: string) => DnsAnswer<string>): Finding {
  const found = dkimNames(facts).find((name) => {
    const answer = answerOf(name);
    return answer.kind === "found" && answer.values.some((text) => (tagList(text)?.get("p") ?? "") !== "");
  });
  const finding = { check: "dkim", record: null } as const;
  if (found !== undefined) return { ...finding, result: "pass", sentence: `${found} has the provider's key.` };
  const sentence = `Nobody knows whether mail of ${facts.domain} is signed: its provider's selector is not known. If it signs nothing, \`domain add ${facts.domain}\` does.`;
  return { ...finding, result: "unknown", sentence };
}

function judgeDmarc(
  { domain, organizational }: SendingDomainFacts,
  answerOf: (name: string) => DnsAnswer<string>,
  authentication: readonly Finding[],
): Finding {
  const dmarc = readDmarc(domain, organizational, answerOf);
  const finding = (result: DomainCheckResult, sentence: string): Finding => {
    const record = result === "warning" ? ({ host: `_dmarc.${domain}`, type: "TXT", value: "v=DMARC1; p=none" } as const) : null;
    return { check: "dmarc", result, sentence, record };
  };
  switch (dmarc.kind) {
    case "unknown":
      return finding("unknown", `Nobody knows whether ${domain} has a DMARC record: ${dmarc.why}.`);
    case "none":
      return finding("warning", `${domain} has no DMARC record; Gmail, Yahoo and Microsoft want one of whoever sends much.`);
    case "several":
      return finding("warning", `${dmarc.at} has ${dmarc.records.length} DMARC records; with more than one, none counts.`);
    case "broken":
      return finding("warning", `The DMARC record of ${dmarc.at} (${quoted(dmarc.record)}) cannot be read.`);
    case "record":
      return dmarc.policy !== "none" && neitherPasses(authentication)
        ? finding(
            "fail",
            `${dmarc.at} asks receivers to ${dmarc.policy} what neither SPF nor DKIM vouches for, and that is all mail of ${domain}.`,
          )
        : finding("pass", `${dmarc.at} has a DMARC record (p=${dmarc.policy}); our mail is aligned with it where SPF or DKIM passes.`);
    default:
      return dmarc satisfies never;
  }
}

/** The envelope and d= are of the very domain of From:, so what passes is aligned, strictly (RFC 7489 §3.1). */
function neitherPasses(authentication: readonly Finding[]): boolean {
  return authentication.every(({ result }) => result === "fail");
}

function judgeMx({ domain }: SendingDomainFacts, mx: DnsAnswer<MailExchange>): Finding {
  const finding = (result: DomainCheckResult, sentence: string): Finding => ({ check: "mx", result, sentence, record: null });
  switch (mx.kind) {
    case "unknown":
      return finding("unknown", `Nobody knows whether ${domain} takes mail: ${mx.why}.`);
    case "none":
      return finding("warning", `${domain} has no MX record: replies and bounces may not arrive.`);
    case "found":
      return mx.values.every(({ exchange }) => exchange === "" || exchange === ".")
        ? finding(
            "fail",
            `${domain} says that it takes no mail (null MX): replies and bounces cannot arrive, and many refuse mail of such a domain.`,
          )
        : finding("pass", `${domain} takes mail.`);
    default:
      return mx satisfies never;
  }
}

/** A check as it stands: what was found last, and since when it fails, were the last answers unknown or not. */
export interface DomainCheck extends Finding {
  readonly failingSince: Instant | null;
  readonly checkedAt: Instant;
}

/** The same check with a new finding. `unknown` leaves a failure as old as it was, and makes none. */
export function checkAgain(before: Pick<DomainCheck, "failingSince"> | null, finding: Finding, at: Instant): DomainCheck {
  const since = before?.failingSince ?? null;
  const failingSince = finding.result === "fail" ? (since ?? at) : finding.result === "unknown" ? since : null;
  return { ...finding, failingSince, checkedAt: at };
}

/** Worth telling whoever starts a campaign: it fails, or failed when it was last known, or is not as it should be. */
export function isWorthAWarning({ result, failingSince }: Pick<DomainCheck, "result" | "failingSince">): boolean {
  return result === "fail" || result === "warning" || failingSince !== null;
}

export type DomainStanding =
  | { readonly kind: "ok" }
  /** Something fails, or failed when it was last known. */
  | { readonly kind: "failing" }
  /** Neither SPF nor DKIM has passed since that moment. */
  | { readonly kind: "unauthenticated"; readonly since: Instant; readonly stop: boolean };

/**
 * Only one thing stops a domain: that neither SPF nor DKIM can pass, known now and for `stopAfterHours`. Then the big providers refuse or hide its mail
 * (Gmail and Yahoo want one of them of everybody, all of them refuse where DMARC asks for it), and every mail makes its name worse.
 */
export function domainStanding(checks: readonly DomainCheck[], now: Instant, stopAfterHours: number): DomainStanding {
  const [spf, dkim] = (["spf", "dkim"] as const).map((kind) => checks.find(({ check }) => check === kind));
  if (spf?.failingSince && dkim?.failingSince) {
    const since = latest(spf.failingSince, dkim.failingSince);
    const known = spf.result === "fail" && dkim.result === "fail";
    return { kind: "unauthenticated", since, stop: known && after(since, stopAfterHours * HOUR) <= now };
  }
  return { kind: checks.some(({ failingSince }) => failingSince !== null) ? "failing" : "ok" };
}
