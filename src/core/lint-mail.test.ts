import { describe, expect, test } from "vitest";
import { lintLinks, lintSampleLinks, lintSizes, lintValues, neededVariables, type SampleMail } from "./lint-mail.ts";

const KB = 1_024;
const SAMPLE: SampleMail = { step: "Main: a", lead: "kim@bakery.example", subject: "S", text: "Hello", html: null };
const sized = (bytes: number) => lintSizes([SAMPLE, { ...SAMPLE, html: "x".repeat(bytes) }]).map(({ code, weight }) => `${code} ${weight}`);

describe("the size of a mail", () => {
  test.each([
    [90 * KB - 1, []],
    [90 * KB, ["size warning"]],
    [102 * KB, ["size warning"]],
    [102 * KB + 1, ["size stop"]],
  ])("%i bytes of HTML", (bytes, findings) => {
    expect(sized(bytes)).toEqual(findings);
  });

  test("is counted in bytes, and that of plain text where there is no HTML", () => {
    expect(lintSizes([{ ...SAMPLE, text: "ä".repeat(52 * KB) }])).toMatchObject([{ code: "size", weight: "stop" }]);
  });
});

describe("a link", () => {
  const linted = (html: string | null, text = "") =>
    lintLinks([{ name: "Main: a", text: { subject: null, bodyText: text, bodyHtml: html } }]).map(
      ({ sentence }) => /"(.*)"/.exec(sentence)?.[1],
    );

  test.each([
    "https://team.example/a?b=c&amp;d=e#f",
    "http://192.0.2.1/x",
    "https://bücher.example/",
    "mailto:anna@team.example",
    "tel:+49301234",
    "#top",
  ])("is whole: %s", (href) => {
    expect(linted(`<a class=x href="${href}">x</a>`)).toEqual([]);
  });

  test.each([
    ["/pricing", "/pricing"],
    ["www.team.example", "www.team.example"],
    ["team.example/a", "team.example/a"],
    ["https:/team.example", "https:/team.example"],
    ["https://", "https://"],
    ["https://team", "https://team"],
    ["https://te am.example/", "https://te am.example/"],
    ["javascript:alert(1)", "javascript:alert(1)"],
    ["ftp://team.example/x", "ftp://team.example/x"],
    ["", ""],
  ])("leads nowhere: %j", (href, named) => {
    expect(linted(`<a href="${href}">x</a>`)).toEqual([named]);
  });

  test("is found without quotes, and with single ones", () => {
    expect(linted("<a href=/a>x</a><a HREF='/b'>y</a>")).toEqual(["/a", "/b"]);
  });

  test.each([
    ["See https://team.example/a.", []],
    ["See htps://team.example/a!", ["htps://team.example/a"]],
    ["See https:team.example", ["https:team.example"]],
    ["See https//team.example", ["https//team.example"]],
    ["Nothing but 3://4, a/b and team.example", []],
  ])("in plain text: %s", (text, broken) => {
    expect(linted(null, text)).toEqual(broken);
  });

  test("with a value of the lead is left to the lead's mail", () => {
    const html = '<a href="{{ website }}">x</a> <a href="/a">y</a>';
    expect(linted(html, "https://{{ website }}/a")).toEqual(["/a"]);
    const texts = [{ name: SAMPLE.step, text: { subject: null, bodyText: "", bodyHtml: html } }];
    const found = lintSampleLinks([{ ...SAMPLE, html: '<a href="bakery">x</a> <a href="/a">y</a>' }], texts);
    expect(found).toMatchObject([{ code: "link", weight: "warning" }]);
    expect(found[0]?.sentence).toContain('to kim@bakery.example the link "bakery"');
  });
});

describe("the variables that a text needs", () => {
  const complete = { first_name: "Kim", company: "Bakery", city: "Ulm" };
  test.each([
    ["Hi {{ first_name }}", ["first_name"]],
    ['Hi {{ first_name | default: "you" }}', []],
    ["{% if first_name %}Hi {{ first_name }}{% endif %} {{ company | upcase }}", ["company"]],
    ["{% if city %}{{ company }}{% endif %}", ["company"]],
    ["{{ first_name }} {{ company }}", ["first_name", "company"]],
    ["{{ unknown }}", []],
  ])("%s", (source, needed) => {
    expect(neededVariables(source, complete)).toEqual(needed);
  });
});

test("who lacks a value is counted, and the first of them are named", () => {
  const [one, many] = lintValues("Main: a", [
    { variable: "company", leads: 1, first: ["kim@bakery.example"] },
    { variable: "city", leads: 12, first: ["a@x.example", "b@x.example"] },
  ]);
  expect(one?.sentence).toBe("Main: a: 1 lead lacks `company`, which has no default, and will not get this mail: kim@bakery.example.");
  expect(many?.sentence).toContain("12 leads lack `city`, which has no default, and will not get this mail: a@x.example, b@x.example ….");
});
