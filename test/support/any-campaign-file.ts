// What people may write into a campaign file, at its strangest: any text, hours that touch, zones whose clocks change, moments that come twice.
import fc from "fast-check";
import type { CampaignFile } from "../../src/core/campaign-file.ts";

const visible = (text: string) => text.trim() !== "" && !text.includes("\0");
const words = (longest: number) =>
  fc
    .oneof(
      { weight: 3, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: longest }) },
      { weight: 1, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: longest }) },
    )
    .filter(visible);
const strange = fc.constantFrom(
  "a\r\nb\r\n",
  "  x\n\n",
  "- x",
  "#",
  "yes",
  "1.0",
  "\ttab",
  "x: y",
  "x\u2028y\u0085z",
  "\ufeffx",
  "a\rb",
  "---\n...",
  "| >",
  "'\"\\",
);
const body = fc.oneof(
  words(60),
  fc.array(words(20), { minLength: 1 }).map((lines) => lines.join("\n")),
  strange,
);
const line = words(40)
  .map((text) => text.replaceAll(/[\r\n]/g, " ").trim())
  .filter((text) => text !== "");
const trimmed = body.map((text) => text.trim()).filter((text) => text !== "");
const delay = fc.oneof(
  fc
    .record({ unit: fc.constantFrom("days", "working days"), days: fc.nat(90), minutes: fc.nat(1_439) })
    .map(({ unit, days, minutes }) => `${days} ${unit} ${minutes} minutes`),
  fc.constantFrom("1 week", "2 weeks 1 day", "36 hours", "90 minutes", "1 day 1440 minutes", "1 week 2 working days"),
);
const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const stepsOf = (first: fc.Arbitrary<string | undefined>) =>
  fc
    .uniqueArray(
      fc.record({ id: fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,10}$/), after: delay, subject: optional(line), body, html: optional(body) }),
      { minLength: 1, maxLength: 4, selector: (step) => step.id },
    )
    .chain((list) =>
      first.map((subject) => list.map((step, index) => (index === 0 ? { ...step, subject: step.subject ?? subject } : step))),
    );
const hours = fc.constantFrom(
  "09:00-17:00",
  "00:00-24:00",
  "09:00-12:00, 13:00-17:00",
  ["08:00-09:00", "10:00-11:00"],
  [],
  "09:00-10:00, 10:00-11:00",
);
const moment = fc.constantFrom("2026-03-29 02:30", "2026-03-08 09:00", "2026-10-25 02:30", "2026-02-28T23:59");

/** Files that may stand there, as values. The mailboxes and lists that they name are `mailboxes` and `lists`. */
export function anyCampaignFile({ mailboxes, lists }: { readonly mailboxes: readonly string[]; readonly lists: readonly string[] }) {
  const audiences = [fc.constant("all" as const), ...lists.map((list) => fc.constant({ list }))];
  return fc.record({
    name: fc.constantFrom("One", "Two", "yes", "ONE"),
    goal: optional(trimmed),
    starts_at: optional(moment),
    ends_at: optional(fc.constantFrom("2027-03-28 02:30", "2027-01-01 00:00")),
    at_end: fc.constantFrom("complete", "pause"),
    time_zone: fc.constantFrom("UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu"),
    window: optional(fc.dictionary(fc.constantFrom("monday-friday", "friday", "saturday", "sunday", "tuesday"), hours)),
    holidays: optional(fc.uniqueArray(fc.constantFrom("2026-12-24", "2026-01-01", "2027-02-28", "DE", "US-CA"))),
    use_lead_time_zone: fc.boolean(),
    spread: fc.constantFrom("none", "even"),
    new_leads_per_day: optional(fc.integer({ min: 1, max: 100 })),
    company: optional(
      fc.record(
        { at_most: fc.integer({ min: 1, max: 9 }), cool_off: fc.nat(60).map((days) => `${days} days`), away_after_refusal: fc.boolean() },
        { requiredKeys: [] },
      ),
    ),
    jitter: fc.nat(1_440).map((minutes) => `${minutes} minutes`),
    reply_window: fc.nat(365).map((days) => `${days} days`),
    mailboxes: fc.shuffledSubarray([...mailboxes], { minLength: 1 }),
    leads: fc.oneof(...audiences),
    postal_address: optional(trimmed),
    opt_out: fc.constantFrom("link", "reply"),
    defaults: fc.dictionary(fc.constantFrom("first_name", "company", "x", "yes"), fc.string({ unit: "grapheme", maxLength: 20 })),
    hold_other_campaigns: fc.boolean(),
    hold_company: fc.boolean(),
    on_edit: fc.constantFrom("move", "stay"),
    sequence: stepsOf(fc.constant("Hello")),
    sub_sequences: fc
      .shuffledSubarray(["positive", "any", "not_now"])
      .chain((triggers) =>
        fc.tuple(...triggers.map((on) => stepsOf(fc.constant(undefined)).map((steps) => ({ name: `On ${on}`, on, steps })))),
      ),
  });
}

/** What a file means: the order of mailboxes and of sub-sequences, and its lines, mean nothing. */
export function meaningOf({ lines: _lines, mailboxes, subSequences, ...file }: CampaignFile): unknown {
  return {
    ...file,
    mailboxes: mailboxes.toSorted((a, b) => (a.identityKey < b.identityKey ? -1 : 1)),
    subSequences: subSequences.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}
