// Domains that give out addresses for minutes. The list is the npm package's (CC0), as old as the installed version.
import { disposableEmailBlocklistSet } from "disposable-email-domains-js";

let domains: ReadonlySet<string> | null = null;

/** By an A-label in lower case. */
export function isDisposableDomain(domain: string): boolean {
  // the package makes a set anew whenever it is asked
  domains ??= disposableEmailBlocklistSet();
  return domains.has(domain);
}
