// Asks DNS, through the system's servers or through those that are set. What comes back is hostile text, cut to what a record can reasonably be.
import { Resolver } from "node:dns/promises";
import type { DnsAnswer, MailExchange } from "../core/dns-answer.ts";

export interface DnsResolver {
  txt(name: string): Promise<DnsAnswer<string>>;
  mx(name: string): Promise<DnsAnswer<MailExchange>>;
  /** IPv4 or IPv6. */
  addresses(name: string): Promise<DnsAnswer<string>>;
}

export interface DnsOptions {
  /** `address` or `address:port`; empty: the system's. */
  readonly servers: readonly string[];
  /** For one try at one server, ms. */
  readonly timeoutMs: number;
}

const TRIES = 2;
const MOST_RECORDS = 50;
const MOST_CHARACTERS = 4_096;
/** NXDOMAIN, and a name without such a record. */
const NOTHING: ReadonlySet<string> = new Set(["ENOTFOUND", "ENODATA"]);

export function createDnsResolver({ servers, timeoutMs }: DnsOptions): DnsResolver {
  const resolver = new Resolver({ timeout: timeoutMs, tries: TRIES, maxTimeout: timeoutMs });
  if (servers.length > 0) resolver.setServers(servers);
  // in the public DNS these names exist nowhere (RFC 6761 §6): the sandbox, whose team.example they are, troubles nobody
  const isAsked = (name: string) => servers.length > 0 || !/\.(?:example|test|invalid|localhost)\.?$/i.test(name);
  const ask = <Value>(name: string, work: () => Promise<Value[]>) => (isAsked(name) ? answered(work) : Promise.resolve(NEVER_ASKED));
  return {
    txt: (name) =>
      ask(name, async () =>
        (await resolver.resolveTxt(name)).map((parts) => parts.join("").slice(0, MOST_CHARACTERS).replaceAll("\0", "")),
      ),
    mx: (name) => ask(name, () => resolver.resolveMx(name)),
    addresses: async (name) => {
      const ofVersion4 = await ask(name, () => resolver.resolve4(name));
      return ofVersion4.kind === "none" ? ask(name, () => resolver.resolve6(name)) : ofVersion4;
    },
  };
}

const NEVER_ASKED = { kind: "unknown", why: "it is a name for examples and tests" } as const;

async function answered<Value>(work: () => Promise<Value[]>): Promise<DnsAnswer<Value>> {
  try {
    const values = (await work()).slice(0, MOST_RECORDS);
    return values.length === 0 ? { kind: "none" } : { kind: "found", values };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    return NOTHING.has(code) ? { kind: "none" } : { kind: "unknown", why: WHY[code] ?? `DNS answered ${code || "nothing usable"}` };
  }
}

const WHY: Readonly<Record<string, string>> = {
  ETIMEOUT: "DNS did not answer in time",
  ESERVFAIL: "DNS answered that it failed (SERVFAIL)",
  EREFUSED: "DNS refused to answer",
  ECONNREFUSED: "no DNS server can be reached",
  EBADNAME: "DNS cannot be asked for this name",
};
