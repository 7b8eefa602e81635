import { expect, test } from "vitest";
import type { DnsAnswer, MailExchange } from "./dns-answer.ts";
import { takesMail } from "./mail-domain.ts";

const mx = (...exchanges: string[]): DnsAnswer<MailExchange> => ({
  kind: "found",
  values: exchanges.map((exchange) => ({ priority: 10, exchange })),
});
const NONE = { kind: "none" } as const;
const UNKNOWN = { kind: "unknown", why: "DNS did not answer in time" } as const;
const ADDRESS: DnsAnswer<string> = { kind: "found", values: ["192.0.2.1"] };

test.each([
  ["an exchanger", mx("mx.x.example"), NONE, true],
  ["a null MX", mx(""), ADDRESS, false],
  ["a null MX beside an exchanger", mx(".", "mx.x.example"), NONE, true],
  ["no exchanger, but an address", NONE, ADDRESS, true],
  ["neither", NONE, NONE, false],
  ["no exchanger, and no answer about its address", NONE, UNKNOWN, null],
  ["no answer", UNKNOWN, NONE, null],
])("a domain with %s", (_, exchangers, address, takes) => {
  expect(takesMail(exchangers, address)).toBe(takes);
});
