import { Liquid } from "liquidjs";
import { expect, test } from "vitest";
import { filledIn, piecesOf } from "./plain-template.ts";

const liquid = new Liquid({ outputEscape: (value) => String(value) });
const pieces = (source: string) => piecesOf(liquid.parse(source));

test("a template that only puts values in is cut at them", () => {
  expect(pieces("Hi {{ first_name }},\n  {{- company }}!")).toEqual([
    { text: "Hi " },
    { variable: "first_name" },
    { text: "," },
    { variable: "company" },
    { text: "!" },
  ]);
});

test.each(["{{ a | upcase }}", "{% if a %}x{% endif %}", "{{ a.b }}", "{{ a[0] }}", "{{ 'x' }}", "{{ 1 }}", "{{ nil }}", "{{ a == b }}"])(
  "%s is left to Liquid",
  (source) => {
    expect(pieces(`Hi ${source}`)).toBeNull();
  },
);

test("what is missing is named, and what is too long is left to Liquid, which refuses it", () => {
  const values: Readonly<Record<string, string>> = { a: "x".repeat(10) };
  const valueOf = (name: string) => values[name] ?? null;
  expect(filledIn([{ text: "Hi " }, { variable: "a" }], valueOf, 13)).toEqual({ text: `Hi ${"x".repeat(10)}` });
  expect(filledIn([{ text: "Hi " }, { variable: "a" }], valueOf, 12)).toBeNull();
  expect(filledIn([{ variable: "b" }, { variable: "c" }], valueOf, 12)).toEqual({ missing: "b" });
});
