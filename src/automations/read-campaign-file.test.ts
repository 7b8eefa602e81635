import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { processorTime } from "../../test/support/processor-time.ts";
import { CAMPAIGN_KEYS } from "../core/campaign-file.ts";
import { AgentError } from "../core/errors.ts";
import { type CampaignFileProblem, readCampaignFile, writeProblem } from "./read-campaign-file.ts";

const LEAST = `
name: Repair log
time_zone: Europe/Berlin
mailboxes: [Anna@Team.example]
leads: all
sequence:
  - id: question
    subject: Repairs
    body: Hi.
`;

function problemsIn(text: string): CampaignFileProblem[] {
  try {
    readCampaignFile(text);
    return [];
  } catch (error) {
    if (!(error instanceof AgentError) || error.code !== "campaign_file_invalid") throw error;
    return error.detail["problems"] as CampaignFileProblem[];
  }
}

const sentences = (text: string) => problemsIn(text).map(writeProblem);

describe("a campaign file that says the least", () => {
  test("gets every default", () => {
    const { lines, ...file } = readCampaignFile(LEAST);
    const office = [["09:00", "17:00"]];
    expect(file).toEqual({
      name: "Repair log",
      goal: null,
      startsAt: null,
      endsAt: null,
      atEnd: "complete",
      timeZone: "Europe/Berlin",
      window: { monday: office, tuesday: office, wednesday: office, thursday: office, friday: office },
      holidays: [],
      holidayRegions: [],
      newLeadsPerDay: null,
      spread: "none",
      company: { atMost: null, coolOffDays: null, awayAfterRefusal: null },
      useLeadTimeZone: true,
      jitterMinutes: 0,
      replyWindowDays: 14,
      mailboxes: [{ address: "Anna@Team.example", identityKey: "anna@team.example", domain: "team.example" }],
      leads: { kind: "all" },
      postalAddress: null,
      optOut: "link",
      mergeDefaults: {},
      holdOtherCampaigns: true,
      holdCompany: false,
      onEdit: "move",
      sequence: [
        {
          lineage: "question",
          delay: { days: 0, workingDays: 0, minutes: 0 },
          text: { subject: "Repairs", bodyText: "Hi.", bodyHtml: null },
        },
      ],
      subSequences: [],
    });
    expect(lines.get("mailboxes[0]")).toBe(4);
  });
});

describe("what can be written", () => {
  test("dates are local times of the campaign's zone", () => {
    const file = readCampaignFile(`${LEAST}\nstarts_at: 2026-07-01 09:00\nends_at: 2026-12-01T18:00\n`);
    expect([file.startsAt?.toISOString(), file.endsAt?.toISOString()]).toEqual(["2026-07-01T07:00:00.000Z", "2026-12-01T17:00:00.000Z"]);
  });

  test("a single day says more than a range that holds it, and no hours mean a closed day", () => {
    const file = readCampaignFile(`${LEAST}\nwindow:\n  friday: 09:00-14:00\n  monday-friday: [09:00-12:00, 13:00-17:00]\n  tuesday: []\n`);
    const split = [
      ["09:00", "12:00"],
      ["13:00", "17:00"],
    ];
    expect(file.window).toEqual({ monday: split, wednesday: split, thursday: split, friday: [["09:00", "14:00"]] });
  });

  test("leads come from everywhere, a list, or a file that becomes a list", () => {
    const leads = (written: string) => readCampaignFile(LEAST.replace("leads: all", `leads: ${written}`)).leads;
    expect(leads("{ list: Bakeries }")).toEqual({ kind: "list", list: "Bakeries" });
    expect(leads("{ file: leads.csv }")).toEqual({ kind: "file", file: "leads.csv", list: "Repair log" });
    expect(leads("{ file: leads.csv, list: Bakeries }")).toEqual({ kind: "file", file: "leads.csv", list: "Bakeries" });
  });

  test("a later step without a subject is a follow-up; a sub-sequence may begin with one", () => {
    const file = readCampaignFile(
      `${LEAST}  - { id: again, after: 2 days 4 hours, body: Hi again. }\nsub_sequences:\n  - { name: Yes, on: positive, steps: [{ id: call, body: Call? }] }\n`,
    );
    expect(file.sequence[1]).toEqual({
      lineage: "again",
      delay: { days: 2, workingDays: 0, minutes: 240 },
      text: { subject: null, bodyText: "Hi again.", bodyHtml: null },
    });
    expect(file.subSequences).toMatchObject([{ name: "Yes", trigger: "positive", steps: [{ lineage: "call", text: { subject: null } }] }]);
  });
});

describe("what is wrong with a file", () => {
  test("is said all at once, each with its line, in the order of the file", () => {
    const text = `name: Repair log
timezone: Europe/Berlin
time_zone: Europe/Berlim
window:
  weekdays: 09:00-17:00
  monday: 17:00-09:00
holidays: [2026-02-30]
mailboxes: [anna@team.example, nobody, ANNA@team.example]
leads: { lst: Bakeries }
defaults: { First Name: there }
sequence:
  - id: question
    body: Hi.
  - id: question
    subjct: Repairs
    body: 42
sub_sequences:
  - { name: main, on: positiv, steps: [] }
  - { name: a, on: any, steps: [{ id: x, body: y }] }
  - { name: A, on: any, steps: [{ id: x, body: y, after: soon }] }
`;
    expect(sentences(text)).toEqual([
      "line 2: timezone is not known here; did you mean `time_zone`?",
      "line 3: time_zone must be an IANA time zone such as `Europe/Berlin`",
      "line 5: window.weekdays must be days such as `monday-friday`, `saturday` or `monday, wednesday`",
      "line 6: window.monday 17:00-09:00 ends before it starts",
      "line 7: holidays[0] is no day that exists",
      "line 8: mailboxes[1] must be a bare email address such as `anna@team.example`",
      "line 8: mailboxes[2] stands here twice: anna@team.example",
      "line 9: leads must be `all`, `{ list: NAME }` or `{ file: leads.csv }`",
      "line 10: defaults.First Name must be small letters, digits and `_`",
      "line 12: sequence[0].subject is required for the first mail",
      "line 14: sequence[1].id stands here twice: question",
      "line 14: sequence[1].after is required for every step but the first, such as `3 days`",
      "line 15: sequence[1].subjct is not known here; did you mean `subject`?",
      'line 16: sequence[1].body must be text: write "42" in quotes',
      "line 18: sub_sequences[0].on must be one of any, positive, requested_info, objection, neutral, negative, not_now, referral, wrong_person; did you mean `positive`?",
      "line 18: sub_sequences[0].steps needs at least 1",
      "line 18: sub_sequences[0].name is the name of the main sequence",
      "line 20: sub_sequences[2].steps[0].after must be a delay such as `3 days`, `2 working days` or `20 minutes`",
      "line 20: sub_sequences[2].name stands here twice: a",
      "line 20: sub_sequences[2].on stands here twice: any",
    ]);
  });

  test.each([
    ["starts_at: 2026-07-01\n", "line 10: starts_at must be a local time such as `2026-03-02 09:00`"],
    ["starts_at: 2026-07-01 09:00\nends_at: 2026-07-01 09:00\n", "line 11: ends_at must be after starts_at"],
    [
      "window: { monday: 09:00-17:00, monday-monday: 10:00-11:00 }\n",
      "line 10: window.monday-monday names monday again, which monday already has",
    ],
    ["reply_window: 36 hours\n", "line 10: reply_window must be whole days"],
    ["new_leads_per_day: 0\n", "line 10: new_leads_per_day must be at least 1"],
    ["new_leads_per_day: 200000\n", "line 10: new_leads_per_day must be at most 100000"],
    ["new_leads_per_day: 1.5\n", "line 10: new_leads_per_day must be a whole number"],
    ["company: { at_mst: 2 }\n", "line 10: company.at_mst is not known here; did you mean `at_most`?"],
    ["jitter: 2 days\n", "line 10: jitter is too long: at most one day"],
    ["use_lead_time_zone: perhaps\n", "line 10: use_lead_time_zone must be true or false"],
    ["opt_out: lnk\n", "line 10: opt_out must be one of link, reply; did you mean `link`?"],
    ["name: Other\n", "line 10: name stands here twice"],
    ["goal: [\n", "line 11: the file is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]"],
    ["---\nname: Other\n", "line 10: the file holds a second document after `---`"],
  ])("%s", (added, sentence) => {
    expect(sentences(LEAST + added)).toContain(sentence);
  });

  test("an empty file lacks what is required", () => {
    expect(sentences("{}")).toEqual([
      "name is required",
      "time_zone is required",
      "mailboxes is required",
      "leads is required",
      "sequence is required",
    ]);
    expect(sentences("")).toEqual(["the file must be a mapping of keys to values"]);
  });

  test("the message names the first three and counts the rest", () => {
    expect(() => readCampaignFile("{}")).toThrow("name is required; time_zone is required; mailboxes is required; and 2 more.");
  });
});

describe("hostile text", () => {
  const many = (count: number, line: (index: number) => string) => Array.from({ length: count }, (_, index) => line(index)).join("\n");
  test.each([
    ["a bomb of aliases", `a: &a [${"x,".repeat(50)}]\nb: [${"*a,".repeat(10_000)}]`],
    ["an alias of itself", "sequence: &s\n  - *s"],
    ["deep brackets", "[".repeat(100_000)],
    ["deep blocks", "- ".repeat(100_000)],
    ["deep mappings", many(1_300, (index) => `${" ".repeat(index)}a:`)],
    ["a megabyte of keys", many(60_000, (index) => `k${index}: v`)],
    ["a megabyte of steps", `sequence:\n${many(90_000, () => "  - id: a")}`],
    ["more than a megabyte", "a".repeat(1_000_001)],
    ["keys of prototypes", `${LEAST}defaults: { __proto__: x }\n__proto__: { name: y }`],
    ["tags that make things", `${LEAST}goal: !!js/function "x"\ngoals: !!binary aGVsbG8=`],
  ])("%s is refused, quickly", { timeout: 60_000 }, (_, text) => {
    const spent = processorTime();
    const problems = problemsIn(text);
    expect(spent()).toBeLessThan(10_000);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(100);
  });

  test("never ends in anything but a campaign or a list of problems", () => {
    const line = fc.constantFrom(
      ...LEAST.split("\n"),
      "&a",
      "*a",
      "<<: *a",
      "? x",
      "- - -",
      "!!x y",
      "'",
      "\t",
      "sub_sequences: [null]",
      "leads: {file: 1}",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string())), (lines) => {
        expect(problemsIn(lines.join("\n"))).toBeInstanceOf(Array);
      }),
    );
  });
});

describe("values of any kind at any key", () => {
  test("are refused or read, never a crash", () => {
    const step = fc.record(
      { id: fc.jsonValue(), after: fc.jsonValue(), subject: fc.jsonValue(), body: fc.jsonValue() },
      { requiredKeys: [] },
    );
    // more of them is only longer to read
    const steps = fc.array(fc.oneof(step, fc.jsonValue()), { maxLength: 4 });
    const value = fc.oneof(
      fc.jsonValue(),
      steps,
      fc.array(fc.record({ name: fc.jsonValue(), on: fc.jsonValue(), steps }, { requiredKeys: [] }), { maxLength: 3 }),
    );
    const keys = fc.constantFrom<string>(...CAMPAIGN_KEYS.campaign);
    fc.assert(
      fc.property(fc.dictionary(keys, value), (file) => {
        expect(problemsIn(JSON.stringify(file)).length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    "sequence: [null]",
    "mailboxes: [null, 1]",
    "sub_sequences: [null, {steps: [null]}]",
    "window: [monday]",
    "defaults: null",
    "leads: null",
  ])("%s", (line) => {
    expect(problemsIn(line).length).toBeGreaterThan(0);
  });
});

describe("what comes with the product", () => {
  test("the example can be read", () => {
    const file = readCampaignFile(readFileSync(new URL("../../examples/first-campaign/campaign.yaml", import.meta.url), "utf8"));
    expect(file.sequence.map((step) => [step.lineage, step.delay.days])).toEqual([
      ["question", 0],
      ["example", 3],
      ["goodbye", 4],
    ]);
    expect(file.subSequences.map((sub) => sub.trigger)).toEqual(["positive", "requested_info", "objection", "not_now"]);
  });
});
