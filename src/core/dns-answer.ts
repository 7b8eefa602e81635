// What did DNS say? Three answers, not two: that nobody answered says nothing about a domain.

export type DnsAnswer<Value> =
  | { readonly kind: "found"; readonly values: readonly Value[] }
  /** There is no such name, or no such record under it. */
  | { readonly kind: "none" }
  /** A time-out, SERVFAIL, no network. */
  | { readonly kind: "unknown"; readonly why: string };

export interface MailExchange {
  readonly priority: number;
  /** "" or "." for a null MX (RFC 7505). */
  readonly exchange: string;
}

/** What is to be put into DNS. */
export interface DnsRecord {
  readonly host: string;
  readonly type: "TXT" | "MX";
  readonly value: string;
}

/** `a=b; c=d` (RFC 6376 §3.2), names in lower case; null for anything else, and where a name comes twice. Hostile text. */
export function tagList(text: string): ReadonlyMap<string, string> | null {
  const tags = new Map<string, string>();
  for (const part of text.split(";")) {
    const written = part.trim();
    if (written === "") continue;
    const [, name, value] = /^([a-z][a-z0-9_]{0,30})\s*=\s*(.*)$/is.exec(written) ?? [];
    if (name === undefined || value === undefined || tags.has(name.toLowerCase())) return null;
    tags.set(name.toLowerCase(), value.trim());
  }
  return tags;
}

/** Of a record, as much as a sentence bears. */
export function quoted(text: string): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, " ").trim();
  return `"${line.length > 120 ? `${line.slice(0, 119)}…` : line}"`;
}
