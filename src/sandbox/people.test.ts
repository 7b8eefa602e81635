import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DAY, MINUTE } from "../core/instant.ts";
import { type Acquaintance, personAt, reactionTo } from "./people.ts";

const example = readFileSync(new URL("../../examples/first-campaign/leads.csv", import.meta.url), "utf8");
const leads = example
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.split(",", 1)[0] ?? "");
const nobodyYet: Acquaintance = { mails: 1, answers: 0, answering: false };

test("among the leads of the example every kind of person occurs, with the seed that the sandbox has by default", () => {
  expect(leads).toHaveLength(24);
  expect(new Set(leads.map((lead) => personAt(1, lead).persona)).size).toBe(12);
});

test("a person is the same whenever they are met, in whatever letters their address is written", () => {
  expect(personAt(3, "Sabine.Krueger@kornblume.example")).toEqual({
    ...personAt(3, "sabine.krueger@kornblume.example"),
    address: "Sabine.Krueger@kornblume.example",
  });
  expect(personAt(3, "m.hoffmann@b.example").name).toBe("M. Hoffmann");
  expect(personAt(3, "info@b.example").name).toBeNull();
});

test("people differ, and from seed to seed", () => {
  const personas = (seed: number) => leads.map((lead) => personAt(seed, lead).persona);
  expect(personas(1)).not.toEqual(personas(2));
  const many = Array.from({ length: 1_000 }, (_, index) => personAt(1, `lead${index}@b.example`));
  expect(many.filter(({ persona }) => persona === "silent").length / 10).toBeCloseTo(17, -1);
  for (const { delayMs, answersMail } of many) {
    expect(delayMs).toBeGreaterThanOrEqual(4 * MINUTE);
    expect(delayMs).toBeLessThanOrEqual(2 * DAY);
    expect([1, 2, 3]).toContain(answersMail);
  }
});

test("people answer once, with the exceptions of those who agreed and those who asked", () => {
  const person = (persona: "says_yes" | "asks_for_prices" | "declines") =>
    personAt(1, "a@b.example", { persona, answersMail: 2, writesAgain: true, delayMs: 1 });
  expect(reactionTo(person("declines"), nobodyYet).kind).toBe("none");
  expect(reactionTo(person("declines"), { ...nobodyYet, mails: 2 })).toMatchObject({ kind: "answer", topic: "declines", afterMs: 1 });
  expect(reactionTo(person("declines"), { mails: 3, answers: 0, answering: true }).kind).toBe("none");
  expect(reactionTo(person("declines"), { mails: 3, answers: 1, answering: false }).kind).toBe("none");
  expect(reactionTo(person("says_yes"), { mails: 3, answers: 1, answering: false })).toMatchObject({ topic: "says_thanks" });
  expect(reactionTo(person("asks_for_prices"), { mails: 3, answers: 1, answering: false })).toMatchObject({ topic: "says_yes" });
  expect(reactionTo(person("asks_for_prices"), { mails: 4, answers: 2, answering: false }).kind).toBe("none");
});
