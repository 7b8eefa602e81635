import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DnsAnswer, MailExchange } from "./dns-answer.ts";
import {
  checkAgain,
  type DomainCheckKind,
  type DomainCheckResult,
  domainStanding,
  type Finding,
  readDomain,
  type SendingDomainFacts,
} from "./domain-check.ts";
import { after, HOUR, type Instant } from "./instant.ts";

const FACTS: SendingDomainFacts = {
  domain: "mail.team.example",
  organizational: "team.example",
  key: { selector: "ma1", publicKey: "MIIB+key/x=" },
  senders: [{ spf: "include:_spf.google.com", dkimSelectors: ["google"] }],
};
const KEY_AT = "ma1._domainkey.mail.team.example";
const GOOD = {
  "mail.team.example": ["v=spf1 include:_spf.google.com ~all"],
  "_spf.google.com": ["v=spf1 ip4:192.0.2.0/24 ~all"],
  [KEY_AT]: ["v=DKIM1; k=rsa; p=MIIB+key/x="],
  "_dmarc.team.example": ["v=DMARC1; p=quarantine"],
} as const;
type Zone = Readonly<Record<string, readonly string[] | "unknown">>;
const UNKNOWN = { kind: "unknown", why: "no answer" } as const;
const MX: DnsAnswer<MailExchange> = { kind: "found", values: [{ priority: 10, exchange: "mx.team.example" }] };

function findings(zone: Zone, facts: SendingDomainFacts = FACTS, exchange: DnsAnswer<MailExchange> = MX): readonly Finding[] {
  const txt = new Map<string, DnsAnswer<string>>();
  let mx: DnsAnswer<MailExchange> | null = null;
  for (;;) {
    const reading = readDomain(facts, { txt, mx });
    if (reading.kind === "read") return reading.findings;
    for (const name of reading.txt) {
      const values = zone[name];
      txt.set(name, values === "unknown" ? UNKNOWN : values === undefined ? { kind: "none" } : { kind: "found", values });
    }
    mx = exchange;
  }
}

const finding = (check: DomainCheckKind, zone: Zone, facts?: SendingDomainFacts, exchange?: DnsAnswer<MailExchange>): Finding => {
  const found = findings(zone, facts, exchange).find((one) => one.check === check);
  if (!found) throw new Error(`There is no finding about ${check}.`);
  return found;
};

test("a domain with everything passes everything", () => {
  expect(findings(GOOD).map(({ check, result, record }) => [check, result, record])).toEqual([
    ["spf", "pass", null],
    ["dkim", "pass", null],
    ["dmarc", "pass", null],
    ["mx", "pass", null],
  ]);
});

describe("SPF", () => {
  const spf = (...records: string[]) => finding("spf", { ...GOOD, "mail.team.example": records });
  test.each([
    ["no record", [], "fail", "v=spf1 include:_spf.google.com ~all"],
    ["two records", ["v=spf1 mx -all", "v=spf1 include:_spf.google.com -all"], "fail", "v=spf1 mx include:_spf.google.com ~all"],
    ["everybody may send", ["v=spf1 include:_spf.google.com +all"], "warning", "v=spf1 include:_spf.google.com ~all"],
    ["the provider is not named", ["v=spf1 mx -all"], "warning", "v=spf1 include:_spf.google.com mx -all"],
    ["nothing of others", ["v=spf1 include:_spf.google.com"], "warning", "v=spf1 include:_spf.google.com ~all"],
    ["a broken one", ["v=spf1 mxx -all"], "fail", undefined],
  ])("%s", (_, records, result, value) => {
    const found = spf(...records);
    expect(found.result).toBe(result);
    expect(found.record?.value).toBe(value);
  });
});

test("a domain without a mailbox is told to let its own mail servers send", () => {
  const { "mail.team.example": _spf, ...bare } = GOOD;
  expect(finding("spf", bare, { ...FACTS, senders: [] }).record?.value).toBe("v=spf1 mx ~all");
});

describe("DKIM", () => {
  const dkim = (...records: string[]) => finding("dkim", { ...GOOD, [KEY_AT]: records });
  test.each([
    ["nothing published", [], "fail"],
    ["another key", ["v=DKIM1; p=MIIBother"], "fail"],
    ["revoked", ["v=DKIM1; p="], "fail"],
    ["two records", ["v=DKIM1; p=MIIB+key/x=", "v=DKIM1; p=MIIB+key/x="], "fail"],
    ["no tag list", ["hello"], "fail"],
    ["only a test", ["v=DKIM1; t=y; p=MIIB+key/x="], "warning"],
    ["with spaces in the key", ["v=DKIM1;p=MIIB +key/x="], "pass"],
  ])("%s", (_, records, result) => {
    const found = dkim(...records);
    expect(found.result).toBe(result);
    expect(found.record).toEqual(result === "pass" ? null : { host: KEY_AT, type: "TXT", value: "v=DKIM1; k=rsa; p=MIIB+key/x=" });
  });

  test("of a provider is known by its usual selector, and unknown otherwise: never failing", () => {
    const theirs = { ...FACTS, key: null };
    expect(finding("dkim", { ...GOOD, "google._domainkey.mail.team.example": ["v=DKIM1; p=MIIB"] }, theirs).result).toBe("pass");
    expect(finding("dkim", GOOD, theirs).result).toBe("unknown");
    expect(finding("dkim", GOOD, { ...theirs, senders: [{ spf: "mx", dkimSelectors: [] }] }).result).toBe("unknown");
  });
});

describe("DMARC", () => {
  const dmarc = (zone: Zone) => finding("dmarc", zone);
  test("of the domain itself goes before that of the organisation", () => {
    expect(dmarc({ ...GOOD, "_dmarc.mail.team.example": ["v=DMARC1; p=none"] }).sentence).toContain("mail.team.example has a DMARC");
  });

  test.each([
    ["none", {}, "warning"],
    ["two", { "_dmarc.team.example": ["v=DMARC1; p=none", "v=DMARC1; p=reject"] }, "warning"],
    ["without a policy", { "_dmarc.team.example": ["v=DMARC1; rua=mailto:x@team.example"] }, "warning"],
    ["of another version", { "_dmarc.team.example": ["v=DMARC2; p=none"] }, "warning"],
    ["unknown", { "_dmarc.mail.team.example": "unknown" }, "unknown"],
  ] as const)("%s", (_, records: Zone, result) => {
    const { "_dmarc.team.example": _known, ...rest } = GOOD;
    expect(dmarc({ ...rest, ...records }).result).toBe(result);
  });

  test("that enforces fails where neither SPF nor DKIM passes, and only there", () => {
    const { [KEY_AT]: _key, "mail.team.example": _spf, ...bare } = GOOD;
    expect(dmarc(bare).result).toBe("fail");
    expect(dmarc({ ...bare, "_dmarc.team.example": ["v=DMARC1; p=none"] }).result).toBe("pass");
    expect(dmarc({ ...bare, "_dmarc.team.example": ["v=DMARC1; p=reject; sp=none"] }).result).toBe("pass");
    expect(dmarc({ ...bare, [KEY_AT]: "unknown" }).result).toBe("pass");
  });
});

test.each([
  ["a null MX", { kind: "found", values: [{ priority: 0, exchange: "" }] }, "fail"],
  ["none", { kind: "none" }, "warning"],
  ["unknown", UNKNOWN, "unknown"],
] as const)("MX: %s", (_, mx, result) => {
  expect(finding("mx", GOOD, FACTS, mx).result).toBe(result);
});

test("what nobody answers is unknown everywhere", () => {
  const silent: Zone = Object.fromEntries([...Object.keys(GOOD), "_dmarc.mail.team.example"].map((name) => [name, "unknown" as const]));
  expect(findings(silent, FACTS, UNKNOWN).map(({ result }) => result)).toEqual(["unknown", "unknown", "unknown", "unknown"]);
});

test("hostile records are quoted in one short line", () => {
  const { sentence } = finding("spf", { ...GOOD, "mail.team.example": [`v=spf1 \u001b[31m\n${"x".repeat(3_000)}`] });
  expect(sentence.length).toBeLessThan(400);
  expect(sentence).not.toMatch(/[\p{Cc}]/u);
});

const START = new Date("2026-03-04T09:00:00Z");
/** The checks after each of the hours, and where the domain stands then. */
function history(results: readonly (readonly [hour: number, spf: DomainCheckResult, dkim: DomainCheckResult])[]) {
  const state = new Map<DomainCheckKind, ReturnType<typeof checkAgain>>();
  let now: Instant = START;
  return results.map(([hour, spf, dkim]) => {
    now = after(START, hour * HOUR);
    for (const [check, result] of [
      ["spf", spf],
      ["dkim", dkim],
    ] as const)
      state.set(check, checkAgain(state.get(check) ?? null, { check, result, sentence: "", record: null }, now));
    return domainStanding([...state.values()], now, 72);
  });
}
const stops = (...results: Parameters<typeof history>[0]) => history(results).map((one) => one.kind === "unauthenticated" && one.stop);

describe("a domain stops", () => {
  test("once neither SPF nor DKIM has passed for three days", () => {
    expect(stops([0, "fail", "fail"], [71, "fail", "fail"], [72, "fail", "fail"], [78, "pass", "fail"])).toEqual([
      false,
      false,
      true,
      false,
    ]);
  });

  test("not while one of them passes, or may pass", () => {
    expect(stops([0, "fail", "pass"], [100, "fail", "pass"])).toEqual([false, false]);
    expect(stops([0, "fail", "unknown"], [100, "fail", "unknown"])).toEqual([false, false]);
  });

  test("counted from when the second began to fail", () => {
    expect(stops([0, "fail", "pass"], [50, "fail", "fail"], [80, "fail", "fail"], [122, "fail", "fail"])).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  test("not because of an unknown answer, which does not clear the failure either", () => {
    expect(stops([0, "fail", "fail"], [73, "unknown", "fail"], [74, "fail", "fail"])).toEqual([false, false, true]);
  });

  test("never, whatever comes in which order, without a failure of both that is known at that moment", () => {
    const result = fc.constantFrom<DomainCheckResult>("pass", "warning", "fail", "unknown");
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), result, result), { minLength: 1, maxLength: 12 }), (steps) => {
        let hour = 0;
        const results = steps.map(([more, spf, dkim]) => [(hour += more), spf, dkim] as const);
        history(results).forEach((standing, index) => {
          if (standing.kind !== "unauthenticated" || !standing.stop) return;
          const recent = results.slice(0, index + 1).filter(([at]) => at >= (results[index]?.[0] ?? 0) - 72);
          expect(results[index]?.slice(1)).toEqual(["fail", "fail"]);
          expect(recent.every(([, spf, dkim]) => spf !== "pass" && dkim !== "pass" && spf !== "warning" && dkim !== "warning")).toBe(true);
        });
      }),
    );
  });
});
