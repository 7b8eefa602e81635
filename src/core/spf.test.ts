import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DnsAnswer } from "./dns-answer.ts";
import { mergedSpf, readSpf, type SpfReading } from "./spf.ts";

const found = (...values: string[]): DnsAnswer<string> => ({ kind: "found", values });
const NONE = { kind: "none" } as const;

/** Asks until everything is known; a name that is not in the zone has no record. */
function read(zone: Readonly<Record<string, DnsAnswer<string>>>): Exclude<SpfReading, { kind: "ask" }> {
  const answers = new Map<string, DnsAnswer<string>>();
  for (;;) {
    const reading = readSpf("team.example", answers);
    if (reading.kind !== "ask") return reading;
    for (const name of reading.names) answers.set(name, zone[name] ?? NONE);
  }
}

const own = (record: string) => read({ "team.example": found(record) });

describe("an SPF record", () => {
  test("is found among other texts", () => {
    expect(read({ "team.example": found("google-site-verification=x", "v=spf1 mx -all") })).toMatchObject({ kind: "record", others: "-" });
    expect(read({ "team.example": found("v=spf10 mx", "spf") })).toEqual({ kind: "none" });
  });

  test.each([
    ["v=spf1 -all", "-"],
    ["v=spf1 mx ~ALL", "~"],
    ["v=spf1 all", "+"],
    ["v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 a:mail.team.example/24 ?all", "?"],
    ["v=spf1 mx", null],
    ["v=spf1 exp=x.team.example unknown-modifier=y -all", "-"],
  ])("%s says of others: %s", (record, others) => {
    expect(own(record)).toMatchObject({ kind: "record", others });
  });

  test("of two, none counts", () => {
    expect(read({ "team.example": found("v=spf1 mx -all", "v=spf1 a -all") })).toMatchObject({ kind: "several" });
    expect(mergedSpf(["v=spf1 mx a -all", "v=spf1 a include:_spf.google.com ~all"])).toBe("v=spf1 mx a include:_spf.google.com ~all");
  });

  test.each(["v=spf1 mxx -all", "v=spf1 include -all", "v=spf1 include: -all", "v=spf1 ip4=1.2.3.4;-all mx,"])(
    "is broken: %s",
    (record) => {
      expect(own(record).kind).toBe("broken");
    },
  );

  test("counts the look-ups of everything that it includes", () => {
    const zone = {
      "team.example": found("v=spf1 include:a.example mx -all"),
      "a.example": found("v=spf1 include:b.example a ptr exists:x.example ~all"),
      "b.example": found("v=spf1 ip4:192.0.2.1 ~all"),
    };
    const reading = read(zone);
    expect(reading).toMatchObject({ kind: "record", lookups: 6 });
    expect(reading.kind === "record" && [...reading.includes]).toEqual(["a.example", "b.example"]);
  });

  test("may need ten look-ups, and not eleven", () => {
    const mx = (times: number) => `v=spf1 ${"a ".repeat(times)}-all`;
    expect(own(mx(10))).toMatchObject({ kind: "record", lookups: 10 });
    expect(own(mx(11))).toMatchObject({ kind: "broken" });
  });

  test("that includes itself is broken, and does not ask for ever", () => {
    expect(own("v=spf1 include:team.example -all").kind).toBe("broken");
  });

  test.each(["include", "redirect"])("is broken when its %s names what has no record", (how) => {
    expect(own(`v=spf1 ${how}${how === "include" ? ":" : "="}gone.example`)).toMatchObject({ kind: "broken" });
  });

  test("goes on where it is redirected, unless it has an all of its own", () => {
    const target = { "b.example": found("v=spf1 mx ~all") };
    expect(read({ "team.example": found("v=spf1 redirect=b.example"), ...target })).toMatchObject({ others: "~", lookups: 2 });
    expect(read({ "team.example": found("v=spf1 -all redirect=b.example"), ...target })).toMatchObject({ others: "-", lookups: 0 });
  });

  test("is unknown as long as something that it includes is", () => {
    const zone = { "team.example": found("v=spf1 include:a.example -all"), "a.example": { kind: "unknown", why: "no answer" } as const };
    expect(read(zone)).toEqual({ kind: "unknown", why: "no answer" });
  });

  test("of any text is read without an error and in few questions", () => {
    const term = fc.constantFrom(
      "include:a.example",
      "include:team.example",
      "redirect=a.example",
      "a",
      "-all",
      "%{i}",
      "include:%{d}.x",
      "ip4:",
      "\0",
    );
    const record = fc.array(fc.oneof(term, fc.string({ maxLength: 10 })), { maxLength: 14 }).map((terms) => `v=spf1 ${terms.join(" ")}`);
    fc.assert(
      fc.property(record, record, (first, second) => {
        const answers = new Map<string, DnsAnswer<string>>([["a.example", found(second)]]);
        let rounds = 0;
        for (;;) {
          const reading = readSpf("team.example", answers);
          if (reading.kind !== "ask") break;
          for (const name of reading.names) answers.set(name, name === "team.example" ? found(first) : NONE);
          rounds += 1;
          expect(rounds).toBeLessThan(12);
        }
      }),
    );
  });
});
