// A campaign file is edited and applied again while its leads stand at different steps and mails go out: nobody gets a step twice or one too few.
import { afterEach, beforeEach, expect, test } from "vitest";
import { after, DAY, HOUR } from "../../src/core/instant.ts";
import type { StepText } from "../support/campaign-text.ts";
import { LiveOutreach } from "../support/live-outreach.ts";

const EARLY = "early@bakery.example";
const LATE = "late@bakery.example";
type Steps = Readonly<Record<string, string | StepText>>;
const STEPS: Steps = { a: "0 minutes", b: "2 days", c: "2 days" };

let team: LiveOutreach;

/** Early has a and b, Late has a. */
beforeEach(async () => {
  team = await LiveOutreach.begin();
  await team.addMailbox("anna@team.example");
  await team.addLead({ email: EARLY });
  await team.start(team.campaign({ steps: STEPS }));
  await team.pass();
  await team.pass(2 * DAY);
  await team.addLead({ email: LATE });
  await team.pass(HOUR);
});
afterEach(() => team.end());

const edit = (steps: Steps) => team.apply(team.campaign({ steps }));

const daysPass = (days: number) => team.passUntil(after(team.now, days * DAY), HOUR);

const got = async (lead: string) => (await team.states(lead)).map((state) => state.replace(" sent", "")).join(" ");

test.each<[string, Steps, string, string]>([
  ["a step put before where they stand goes to nobody who has passed it", { x: "0 minutes", ...STEPS }, "a b c", "a b c"],
  [
    "a step put between goes to those who have not passed it",
    { a: "0 minutes", b: "2 days", x: "1 day", c: "2 days" },
    "a b x c",
    "a b x c",
  ],
  [
    "a step put before one that is sent goes only to those who still wait for it",
    { a: "0 minutes", x: "1 day", b: "2 days", c: "2 days" },
    "a b c",
    "a x b c",
  ],
  ["a step taken out is sent to nobody more", { a: "0 minutes", c: "2 days" }, "a b c", "a c"],
  ["a step put at the end goes to everybody", { ...STEPS, x: "1 day" }, "a b c x", "a b c x"],
  ["steps that change places are sent once each", { a: "0 minutes", c: "2 days", b: "2 days" }, "a b", "a c b"],
])("%s", async (_what, steps, early, late) => {
  await edit(steps);
  await daysPass(12);
  expect([await got(EARLY), await got(LATE)]).toEqual([early, late]);
  expect(await team.discrepancies()).toEqual([]);
});

test("a new text is what later mails say, and a new delay is when they go", async () => {
  await edit({ ...STEPS, c: { after: "5 days", body: "Better words." } });
  await daysPass(4);
  expect([await got(EARLY), await got(LATE)]).toEqual(["a b", "a b"]);
  await daysPass(4);
  expect([await got(EARLY), await got(LATE)]).toEqual(["a b c", "a b c"]);
  expect((await team.lastMail(LATE)).text).toContain("Better words.");
});

test.each(["before_mark", "marked"] as const)(
  "an edit in the middle of sending (%s) sends the step that was claimed once, and then goes on with the new ones",
  async (phase) => {
    team.onSendPhase(phase, () => edit({ a: "0 minutes", b: "2 days", x: "1 day", c: { after: "2 days", body: "New." } }));
    await daysPass(10);
    expect(await got(LATE)).toBe("a b x c");
    expect(["a b c", "a b x c"]).toContain(await got(EARLY));
    expect(await team.discrepancies()).toEqual([]);
  },
);
