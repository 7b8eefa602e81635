// Does a domain take mail? What DNS says of it (RFC 5321 §5.1): by its mail exchangers; without any, by its own address; a null MX says no (RFC 7505).
import type { DnsAnswer, MailExchange } from "./dns-answer.ts";

/** Null: DNS does not say; it counts neither for nor against the domain. `address` matters only where there is no exchanger; null: it was not asked. */
export function takesMail(mx: DnsAnswer<MailExchange>, address: DnsAnswer<string> | null): boolean | null {
  if (mx.kind === "unknown") return null;
  if (mx.kind === "found") return mx.values.some(({ exchange }) => exchange !== "" && exchange !== ".");
  return address === null || address.kind === "unknown" ? null : address.kind === "found";
}
