// What does a domain ask receivers to do with mail that neither SPF nor DKIM vouches for (DMARC, RFC 7489)?
import { type DnsAnswer, tagList } from "./dns-answer.ts";

export type DmarcPolicy = "none" | "quarantine" | "reject";

export type DmarcReading =
  | { readonly kind: "unknown"; readonly why: string }
  | { readonly kind: "none" }
  /** Receivers then act as if there were none (RFC 7489 §6.6.3). */
  | { readonly kind: "several"; readonly records: readonly string[]; readonly at: string }
  | { readonly kind: "broken"; readonly record: string; readonly at: string }
  | { readonly kind: "record"; readonly record: string; readonly at: string; readonly policy: DmarcPolicy };

/** The domain's own record, else its organisational domain's, whose `sp=` counts for domains below it. */
export function readDmarc(domain: string, organizational: string, answerOf: (name: string) => DnsAnswer<string>): DmarcReading {
  const own = recordAt(domain, answerOf(`_dmarc.${domain}`), "p");
  return own.kind !== "none" || organizational === domain ? own : recordAt(organizational, answerOf(`_dmarc.${organizational}`), "sp");
}

function recordAt(at: string, answer: DnsAnswer<string>, tag: "p" | "sp"): DmarcReading {
  if (answer.kind !== "found") return answer;
  const records = answer.values.filter((text) => /^v=DMARC1(?:\s*;|\s*$)/.test(text));
  const [record] = records;
  if (record === undefined) return { kind: "none" };
  if (records.length > 1) return { kind: "several", records, at };
  const tags = tagList(record);
  const policy = (tags?.get(tag) ?? tags?.get("p"))?.toLowerCase();
  if (policy !== "none" && policy !== "quarantine" && policy !== "reject") return { kind: "broken", record, at };
  return { kind: "record", record, at, policy };
}
