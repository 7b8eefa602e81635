// What does a domain's SPF record say (RFC 7208)? Read without an address to check: is there one, can it be read, and does it stay within its look-ups?
import { type DnsAnswer, quoted } from "./dns-answer.ts";

export type SpfReading =
  /** These names' TXT records have to be asked for first. */
  | { readonly kind: "ask"; readonly names: readonly string[] }
  | { readonly kind: "unknown"; readonly why: string }
  | { readonly kind: "none" }
  | { readonly kind: "several"; readonly records: readonly string[] }
  /** Receivers give up on it (permerror), whoever sends. */
  | { readonly kind: "broken"; readonly record: string; readonly why: string }
  | SpfRecord;

export interface SpfRecord {
  readonly kind: "record";
  readonly record: string;
  /** What it says of everybody whom it does not name: the sign before `all`; null: nothing. */
  readonly others: "+" | "-" | "~" | "?" | null;
  /** Of DNS, for the whole tree of includes. */
  readonly lookups: number;
  /** Every name in the tree of includes. */
  readonly includes: ReadonlySet<string>;
}

/** RFC 7208 §4.6.4. */
export const MAX_SPF_LOOKUPS = 10;

type Answers = ReadonlyMap<string, DnsAnswer<string>>;

interface Term {
  readonly sign: "+" | "-" | "~" | "?";
  readonly name: string;
  readonly value: string | null;
}

const TERM = /^([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?:([:/])(.*))?$/i;
const MODIFIER = /^[a-z][a-z0-9_.-]*=/i;
/** Each asks DNS (RFC 7208 §4.6.4). */
const ASKING: ReadonlySet<string> = new Set(["include", "a", "mx", "ptr", "exists", "redirect"]);

/**
 * Reads the record of a domain and of everything that it includes, as far as `answers` (TXT records by name) go. The look-ups of the whole tree are
 * counted: a mail that one of the first terms allows needs fewer, but which receivers stop where is nothing to rely on.
 */
export function readSpf(domain: string, answers: Answers): SpfReading {
  const own = recordOf(domain, answers);
  if (own.kind !== "text") return own;
  const walk: Walk = { answers, lookups: 0, includes: new Set(), ask: new Set(), problem: null, unknown: null };
  const others = follow(walk, own.text, domain);
  if (walk.problem !== null) return { kind: "broken", record: own.text, why: walk.problem };
  if (walk.ask.size > 0) return { kind: "ask", names: [...walk.ask] };
  if (walk.unknown !== null) return { kind: "unknown", why: walk.unknown };
  return { kind: "record", record: own.text, others, lookups: walk.lookups, includes: walk.includes };
}

/** One record that has the terms of several; their look-ups may be too many. */
export function mergedSpf(records: readonly string[]): string {
  const terms = records.flatMap((record) => record.trim().split(/ +/).slice(1));
  const named = terms.filter((term) => !/^[+?~-]?all$/i.test(term));
  return ["v=spf1", ...new Set(named), "~all"].join(" ");
}

type Found = Extract<SpfReading, { kind: "ask" | "unknown" | "none" | "several" }> | { readonly kind: "text"; readonly text: string };

function recordOf(name: string, answers: Answers): Found {
  const answer = answers.get(name);
  if (!answer) return { kind: "ask", names: [name] };
  if (answer.kind === "unknown") return answer;
  const texts = answer.kind === "none" ? [] : answer.values.filter((text) => /^v=spf1(?: |$)/i.test(text));
  const [text] = texts;
  if (text === undefined) return { kind: "none" };
  return texts.length > 1 ? { kind: "several", records: texts } : { kind: "text", text };
}

interface Walk {
  readonly answers: Answers;
  lookups: number;
  readonly includes: Set<string>;
  readonly ask: Set<string>;
  problem: string | null;
  unknown: string | null;
}

/** Returns what the record says of others; ends at the first thing that makes receivers give up. */
function follow(walk: Walk, record: string, of: string): SpfRecord["others"] {
  const terms = termsOf(record);
  if (typeof terms === "string") {
    walk.problem ??= `the record of ${quoted(of)} has ${terms}`;
    return null;
  }
  const all = terms.find(({ name }) => name === "all");
  let others = all?.sign ?? null;
  for (const { name, value } of terms) {
    // redirect counts for nothing where there is an `all` (RFC 7208 §6.1)
    if (!ASKING.has(name) || (name === "redirect" && all)) continue;
    walk.lookups += 1;
    if (walk.lookups > MAX_SPF_LOOKUPS) walk.problem ??= `it needs more than ${MAX_SPF_LOOKUPS} look-ups`;
    if (walk.problem !== null) return others;
    if (name !== "include" && name !== "redirect") continue;
    const redirected = followName(walk, value ?? "", name);
    if (name === "redirect") others = redirected;
  }
  return others;
}

function followName(walk: Walk, written: string, how: "include" | "redirect"): SpfRecord["others"] {
  // a macro is a name that only a mail gives
  if (written.includes("%")) return null;
  const name = written.toLowerCase().replace(/\.$/, "");
  walk.includes.add(name);
  const found = recordOf(name, walk.answers);
  switch (found.kind) {
    case "ask":
      walk.ask.add(name);
      return null;
    case "unknown":
      walk.unknown ??= found.why;
      return null;
    case "none":
      walk.problem ??= `its ${how} names ${quoted(name)}, which has no SPF record`;
      return null;
    case "several":
      walk.problem ??= `its ${how} names ${quoted(name)}, which has several SPF records`;
      return null;
    case "text":
      return follow(walk, found.text, name);
    default:
      return found satisfies never;
  }
}

/** A string says what is wrong. */
function termsOf(record: string): Term[] | string {
  const terms: Term[] = [];
  for (const written of record.trim().split(/ +/).slice(1)) {
    if (MODIFIER.test(written)) {
      const [name = "", value = ""] = written.split(/=(.*)/s);
      if (name.toLowerCase() === "redirect") terms.push({ sign: "+", name: "redirect", value });
      continue;
    }
    const [, sign, name, , value = null] = TERM.exec(written) ?? [];
    if (name === undefined) return `a term that nobody knows: ${quoted(written)}`;
    if (name.toLowerCase() === "include" && !value) return "an include without a name";
    terms.push({ sign: (sign || "+") as Term["sign"], name: name.toLowerCase(), value });
  }
  return terms;
}
