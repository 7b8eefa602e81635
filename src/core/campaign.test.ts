import { describe, expect, test } from "vitest";
import { canTransition, checkReadiness, type MailboxFacts, type ReadinessFacts, type Surroundings, statesBefore } from "./campaign.ts";
import { CAMPAIGN_STATES } from "./words.ts";

const NOW = new Date("2026-03-02T10:00:00Z");
const ANNA: MailboxFacts = {
  email: "anna@team.example",
  paused: false,
  pauseReason: null,
  tested: true,
  replyInbox: { email: "anna@team.example", read: true },
};
const READY: ReadinessFacts = {
  leads: "some",
  addresses: { leads: 100, invalid: 5, first: [] },
  mainSteps: 3,
  subSequences: [{ name: "Interested", trigger: "positive", steps: 1 }],
  mailboxes: [ANNA],
  postalAddress: "Lindenstraße 12, Berlin",
  optOut: "link",
  hours: { window: { monday: [["09:00", "17:00"]] }, holidays: new Set(), zone: "Europe/Berlin" },
  endsAt: null,
  domainWarnings: [],
};
const AROUND: Surroundings = { publicUrl: "https://out.team.example", templateProblems: [], lint: [], maxInvalidPercent: 5, now: NOW };

function missing(facts: Partial<ReadinessFacts>, around: Partial<Surroundings> = {}): string[] {
  const readiness = checkReadiness({ ...READY, ...facts }, { ...AROUND, ...around });
  return readiness.ready ? [] : readiness.missing.map((one) => one.code);
}

describe("the states of a campaign", () => {
  test.each([
    ["draft", "scheduled active archived"],
    ["scheduled", "draft active archived"],
    ["active", "paused completed"],
    ["paused", "active completed archived"],
    ["completed", "active archived"],
    ["archived", ""],
  ] as const)("%s may become: %s", (from, expected) => {
    const allowed = expected === "" ? [] : expected.split(" ");
    expect(CAMPAIGN_STATES.filter((to) => canTransition(from, to)).toSorted()).toEqual(allowed.toSorted());
  });

  test("a pause comes only from active", () => {
    expect(statesBefore("paused")).toEqual(["active"]);
  });
});

describe("whether a campaign is ready", () => {
  test("it is when nothing is missing", () => {
    expect(checkReadiness(READY, AROUND)).toEqual({ ready: true, warnings: [] });
  });

  test.each<[string, Partial<ReadinessFacts>, string]>([
    ["no leads", { leads: "none" }, "leads_none"],
    ["all leads suppressed", { leads: "all_unreachable" }, "leads_unreachable"],
    ["no main sequence", { mainSteps: null }, "main_sequence"],
    ["no steps", { mainSteps: 0 }, "steps"],
    ["a sub-sequence on what nothing is", { subSequences: [{ name: "x", trigger: "unsubscribe", steps: 1 }] }, "sub_sequence_trigger"],
    ["a sub-sequence without steps", { subSequences: [{ name: "x", trigger: "any", steps: 0 }] }, "sub_sequence_steps"],
    ["no mailbox", { mailboxes: [] }, "mailbox_none"],
    ["a mailbox that was never tested", { mailboxes: [{ ...ANNA, tested: false }] }, "mailbox_untested"],
    ["a paused mailbox", { mailboxes: [ANNA, { ...ANNA, paused: true, pauseReason: "smtp_auth" }] }, "mailbox_paused"],
    ["a relay without a reply mailbox", { mailboxes: [{ ...ANNA, replyInbox: null }] }, "reply_inbox_none"],
    [
      "an inbox that is not read",
      { mailboxes: [{ ...ANNA, replyInbox: { email: "in@team.example", read: false } }] },
      "reply_inbox_unread",
    ],
    ["no postal address", { postalAddress: null }, "postal_address"],
    ["a window that never opens", { hours: { ...READY.hours, window: {} } }, "window"],
    ["an end that is over", { endsAt: NOW }, "end_is_past"],
  ])("%s", (_, facts, code) => {
    expect(missing(facts)).toEqual([code]);
  });

  test("opt-out links need a public https address", () => {
    expect(missing({}, { publicUrl: null })).toEqual(["public_url"]);
    expect(missing({}, { publicUrl: "http://localhost:7300" })).toEqual(["public_url"]);
  });

  test("without links, no public address is needed", () => {
    expect(missing({ optOut: "reply" }, { publicUrl: null })).toEqual([]);
  });

  test("an end to come is no obstacle", () => {
    expect(missing({ endsAt: new Date("2026-03-02T10:00:01Z") })).toEqual([]);
  });

  test("what DNS says of its domains is a warning, and keeps nobody from starting", () => {
    const readiness = checkReadiness({ ...READY, domainWarnings: ["team.example has no SPF record."] }, AROUND);
    expect(readiness).toMatchObject({ ready: true, warnings: [{ code: "domain", sentence: "team.example has no SPF record." }] });
  });

  test("problems of the texts are passed on as they are", () => {
    const readiness = checkReadiness(READY, { ...AROUND, templateProblems: ['Step "question": no lead has {{ shopz }}.'] });
    expect(readiness).toMatchObject({
      ready: false,
      missing: [{ code: "template", sentence: 'Step "question": no lead has {{ shopz }}.' }],
    });
  });

  test("everything is named at once, each with what to do", () => {
    const facts = {
      leads: "none",
      mainSteps: null,
      mailboxes: [{ ...ANNA, tested: false, replyInbox: null }],
      postalAddress: null,
    } as const;
    const readiness = checkReadiness({ ...READY, ...facts }, { ...AROUND, publicUrl: null });
    if (readiness.ready) throw new Error("It must not be ready.");
    expect(readiness.missing.map((one) => one.code)).toEqual([
      "leads_none",
      "main_sequence",
      "mailbox_untested",
      "reply_inbox_none",
      "postal_address",
      "public_url",
    ]);
    expect(readiness.missing.every((one) => /^[A-Z].*\.$/.test(one.sentence) || one.sentence.startsWith("anna@"))).toBe(true);
    expect(readiness.missing.every((one) => one.todo.endsWith("."))).toBe(true);
  });
});
