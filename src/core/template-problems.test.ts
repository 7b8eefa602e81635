import { expect, test } from "vitest";
import { templateProblems } from "./template-problems.ts";

const problems = (
  bodyText: string,
  more: { defaults?: Record<string, string>; customFields?: string[]; subject?: string; bodyHtml?: string } = {},
) =>
  templateProblems([{ name: "sequence: question", text: { subject: more.subject ?? null, bodyText, bodyHtml: more.bodyHtml ?? null } }], {
    defaults: more.defaults ?? {},
    customFields: more.customFields ?? [],
  });

test("fields of every lead, custom fields, defaults and the sender fill a text", () => {
  const body =
    "{{ first_name }} {{ last_name }} {{ company }} {{ title }} {{ phone }} {{ email }} {{ sender_name }} {{ sender_email }} {{ shops }} {{ city }}";
  expect(problems(body, { defaults: { city: "Berlin" }, customFields: ["shops"] })).toEqual([]);
});

test("every variable that no lead can have is named", () => {
  expect(problems("Hi {{ frist_name }} at {{ compnay }}")).toEqual([
    "sequence: question, body: no lead can have `frist_name`: it is no field, and `defaults:` has nothing for it.",
    "sequence: question, body: no lead can have `compnay`: it is no field, and `defaults:` has nothing for it.",
  ]);
});

test("of thousands of them the first twenty are, at once", () => {
  const began = process.cpuUsage();
  const found = problems(Array.from({ length: 2_000 }, (_, index) => `{{ v${index} }}`).join(""));
  expect(process.cpuUsage(began).user / 1e6).toBeLessThan(1.5);
  expect([found.length, found[19]]).toEqual([20, expect.stringContaining("`v19`")]);
});

test("what is only printed where it is there, or has a default, is no problem", () => {
  expect(problems("{% if nickname %}{{ nickname }}{% endif %}{{ greeting | default: 'Hi' }}")).toEqual([]);
  expect(problems("{% if company == 'X' %}{% assign word = 'a' %}{% endif %}{{ word }}")).toEqual([]);
  expect(problems("{{ company | split: ' ' | last }}")).toEqual([]);
});

test("syntax is reported with its part, and its line where there are several", () => {
  expect(problems("ok", { subject: "{{ a | raw }}", bodyHtml: "<p>\n{% for %}\n</p>" })).toEqual([
    expect.stringContaining("sequence: question, subject: there is no filter `raw`"),
    expect.stringContaining("sequence: question, html: line 2: there is no tag `for` here"),
  ]);
});
