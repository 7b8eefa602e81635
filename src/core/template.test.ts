import fc from "fast-check";
import { expect, test } from "vitest";
import { processorTime } from "../../test/support/processor-time.ts";
import { checkTemplate, renderTemplate, templateVariables } from "./template.ts";

const text = (source: string, values: Record<string, unknown> = {}) => renderTemplate(source, values, { escape: "text" });
const html = (source: string, values: Record<string, unknown> = {}) => renderTemplate(source, values, { escape: "html" });
const wrote = (result: ReturnType<typeof text>) => (result.ok ? result.text : `${result.code} ${result.variable ?? ""}`.trim());

test("values are filled in", () => {
  expect(wrote(text("Hi {{ first_name }}, {{ shops }} shops", { first_name: " Ann ", shops: 12 }))).toBe("Hi Ann, 12 shops");
});

test.each([null, undefined, "", "  \n ", "\u200b", {}, []])("a lead that has %j for a variable lacks it", (value) => {
  expect(text("Hi {{ first_name }}", { first_name: value })).toMatchObject({ code: "missing_variable", variable: "first_name" });
});

test("a default fills, wherever it stands among the filters", () => {
  expect(wrote(text('{{ first_name | default: "you" }}'))).toBe("you");
  expect(wrote(text('{{ first_name | capitalize | default: "you" }}'))).toBe("you");
  expect(wrote(text("{{ nickname | default: first_name }}", { nickname: "Annie" }))).toBe("Annie");
  expect(wrote(text("{{ nickname | default: first_name }}"))).toBe("missing_variable first_name");
  expect(wrote(text('{{ suffix | default: "" }}'))).toBe("");
});

test("a missing value cannot hide behind a filter, an argument or another name", () => {
  expect(wrote(text("{{ company | upcase | append: '!' }}"))).toBe("missing_variable company");
  expect(wrote(text("{{ 'Dear ' | append: last_name }}"))).toBe("missing_variable last_name");
  expect(wrote(text("{% assign name = first_name %}{{ name }}"))).toBe("missing_variable first_name");
  expect(wrote(text("{% if vip %}{% assign word = 'dear' %}{% endif %}{{ word }}"))).toBe("missing_variable word");
  expect(wrote(text("{{ name | split: ' ' | last }}", { name: "Ann Lee" }))).toBe("Lee");
  expect(wrote(text("{{ nil }}"))).toBe("missing_variable");
  expect(wrote(text("{{ lead.first_name }}"))).toBe("missing_variable lead");
});

test("a missing value is false, blank and nil to conditions", () => {
  expect(wrote(text("{% if company %}at {{ company }}{% else %}alone{% endif %}"))).toBe("alone");
  expect(wrote(text("{% unless company %}alone{% endunless %}"))).toBe("alone");
  expect(wrote(text("{% if company == blank and company == nil and company == empty %}alone{% endif %}"))).toBe("alone");
  expect(wrote(text("{% if company != blank %}at{% endif %}"))).toBe("");
  expect(wrote(text("{% if company == 'X' or company contains 'X' or company > 1 %}at{% endif %}"))).toBe("");
  expect(wrote(text("{% case title %}{% when 'Owner' %}a{% else %}b{% endcase %}"))).toBe("b");
});

test("whatever stands in a value stays as it is", () => {
  const values = { company: "{{ email }} {% if x %} {a|b} <b>&'\"</b>" };
  expect(wrote(text("{{ company }}", values))).toBe(values.company);
  expect(wrote(html("<p>{{ company }}</p>", values))).toBe("<p>{{ email }} {% if x %} {a|b} &lt;b&gt;&amp;&#39;&quot;&lt;/b&gt;</p>");
});

test("names of the language's own objects are names like any other", () => {
  for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty", "then", "toLiquid"]) {
    expect(wrote(text(`{{ ${name} }}`))).toBe(`missing_variable ${name}`);
    expect(text(`{{ "x" | ${name} }}`)).toMatchObject({ code: "template_invalid" });
    expect(text(`{% ${name} %}`)).toMatchObject({ code: "template_invalid" });
    expect(wrote(text(`{{ ${name} }}`, { [name]: "own" }))).toBe("own");
  }
});

test.each([
  ["{% for x in (1..3) %}{% endfor %}", "there is no tag `for` here; there are assign, case, comment, if, unless"],
  ["{% include 'a' %}", "there is no tag `include` here"],
  ["{% render 'a' %}", "there is no tag `render` here"],
  ["{% layout 'a' %}", "there is no tag `layout` here"],
  ["{% raw %}{{ a }}{% endraw %}", "there is no tag `raw` here"],
  ["{% capture a %}{% endcapture %}", "there is no tag `capture` here"],
  ["{% tablerow a in b %}{% endtablerow %}", "there is no tag `tablerow` here"],
  ["{{ a | raw }}", "there is no filter `raw`; there are append"],
  ["{{ a | strip_html }}", "there is no filter `strip_html`"],
  ["{{ 'now' | date: '%s' }}", "there is no filter `date`"],
  ["{{ a", "not closed"],
  ["{% if a %}", "not closed"],
  ["{{ }}", "invalid value expression"],
  ["{{ company.size }}", "`company.size` has parts, but values have none"],
])("%s is a problem", (source, message) => {
  const problems = checkTemplate(`first line\n${source}`);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.line).toBe(2);
  expect(problems[0]?.message).toContain(message);
});

test("ordinary texts have no problems", () => {
  expect(checkTemplate("")).toEqual([]);
  expect(
    checkTemplate(
      "{%- comment -%}x{%- endcomment -%}{% if a and b %}{{ a | split: ',' | first | strip }}{% elsif c %}-{% else %}.{% endif %}",
    ),
  ).toEqual([]);
});

test("the variables of a template are those that a lead or a default must fill, in order", () => {
  const source = "{{ b }}{% if a == c %}{{ d | append: e }}{% endif %}{% assign f = g %}{{ f }}{{ b }}{{ 'x' }}{{ h[i] }}";
  expect(templateVariables(source)).toEqual(["b", "a", "c", "d", "e", "g", "h", "i"]);
  expect(templateVariables("{{ a")).toEqual([]);
});

test.each([
  ["ten thousand nested ifs", "{% if a %}".repeat(10_000)],
  ["nested brackets", `{{ a${"[a".repeat(20_000)}`],
  ["nested parentheses", `{{ ${"(".repeat(50_000)} }}`],
  ["text that doubles", `{% assign a = 'xx' %}${"{% assign a = a | append: a %}".repeat(60)}{{ a }}`],
  ["text that squares", `{% assign a = 'xx' %}${"{% assign a = a | replace: 'x', a %}".repeat(30)}{{ a }}`],
  ["long text, many times", `{% assign a = 'x' | append: '${"y".repeat(50_000)}' %}${"{{ a }}".repeat(5_000)}`],
  ["a range of a billion", "{{ (1..1000000000) }}"],
  ["a loop in a loop", "{% for a in (1..99999) %}{% for b in (1..99999) %}x{% endfor %}{% endfor %}"],
  ["too long a text", "x".repeat(100_001)],
  ["unclosed outputs", "{{ '".repeat(24_000)],
  ["bad tags", "{% x %}".repeat(14_000)],
])("%s end at once, as an invalid template", (_, source) => {
  const spent = processorTime();
  expect(text(source, { a: "x" })).toMatchObject({ ok: false, code: "template_invalid" });
  expect(spent()).toBeLessThan(2_000);
});

test("nesting of any depth is written or refused, and never throws", () => {
  for (let depth = 250; depth <= 16_000; depth *= 2) {
    const sources = [
      `{{ a${"[a".repeat(depth)}${"]".repeat(depth)} }}`,
      `{{ a | append: a${"[a".repeat(depth)}${"]".repeat(depth)} }}`,
      `{{ ${"(1..".repeat(depth)}1${")".repeat(depth)} }}`,
      `{% if ${"not ".repeat(depth)}a %}{% endif %}`,
    ];
    for (const source of sources) expect([checkTemplate(source), templateVariables(source), text(source)]).toHaveLength(3);
  }
});

test.each([
  ["variables", "{{a}}".repeat(20_000)],
  ["conditions", `{% if ${"a and ".repeat(16_000)}a %}{% endif %}`],
  ["filters", `{{ a ${"| upcase".repeat(12_000)} }}`],
  ["arguments", `{{ a | upcase: ${"a,".repeat(45_000)}a }}`],
  ["branches", `{% if a %}${"{% elsif a %}".repeat(7_000)}{% endif %}`],
])("as many %s as fit are checked and written in bounded time", (_, source) => {
  const spent = processorTime();
  expect(checkTemplate(source)).toEqual([]);
  expect(text(source, { a: "x" }).ok).toBe(true);
  expect(spent()).toBeLessThan(5_000);
});

const piece = fc.oneof(
  fc.constantFrom(
    "{{",
    "}}",
    "{%",
    "%}",
    "{%-",
    " if ",
    " endif ",
    " assign a = ",
    "a",
    " | ",
    "default: ",
    "append: a",
    "(1..9)",
    "'",
    '"',
    "[",
    "]",
    ".",
  ),
  fc.string({ maxLength: 6 }),
);
const hostile = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(""));

test("no template throws, and one without problems of syntax is either written or lacks a variable", () => {
  fc.assert(
    fc.property(hostile, fc.dictionary(fc.string({ maxLength: 3 }), fc.string()), (source, values) => {
      const problems = checkTemplate(source);
      const result = text(source, values);
      templateVariables(source);
      expect(problems.length > 0 || result.ok || result.code === "missing_variable").toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test("a value is printed exactly, and escaped so that HTML holds no mark of it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), (value) => {
      const plain = text("[{{ a }}]", { a: value });
      if (!plain.ok) return;
      expect(plain.text).toBe(`[${value.trim().toWellFormed()}]`);
      const escaped = html("{{ a }}", { a: value });
      expect(escaped.ok && /[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/.test(escaped.text)).toBe(false);
    }),
  );
});

test("a template that only puts values in says what Liquid itself would make of it", () => {
  const said = fc.constantFrom(
    "Hi ",
    "\n",
    "  ",
    "}} ",
    "{",
    "<b>&</b>",
    "{{ first_name }}",
    "{{company}}",
    "{{- first_name -}}",
    "{{ shops }}",
    "{{ none }}",
  );
  const values = fc.record({
    first_name: fc.constantFrom(" Ann ", "<Ann>", "{{ company }}", ""),
    company: fc.string(),
    shops: fc.integer(),
  });
  fc.assert(
    fc.property(fc.array(said, { maxLength: 8 }), values, fc.constantFrom("text" as const, "html" as const), (pieces, lead, escape) => {
      const source = pieces.join("");
      const byLiquid = renderTemplate(`{% if true %}{% endif %}${source}`, lead, { escape });
      expect(wrote(renderTemplate(source, lead, { escape }))).toEqual(wrote(byLiquid));
    }),
  );
});
