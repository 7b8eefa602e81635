// Servers that say nothing, or hang up at the end: every wait ends by the product's own time limit, with the right outcome.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DAY, HOUR, MINUTE, SECOND } from "../../src/core/instant.ts";
import { type LiveMailbox, LiveOutreach } from "../support/live-outreach.ts";
import type { SmtpFaults } from "../support/mail-servers.ts";
import { reply } from "../support/mails.ts";
import { PATIENCE } from "../support/patience.ts";

const KIM = "kim@bakery.example";
const TIMEOUT = 0.3;
/** Far longer than the limit, and than what is allowed for. */
const SILENCE = 20 * SECOND;

let team: LiveOutreach;
let anna: LiveMailbox;

beforeEach(async () => {
  const sending = { connect_timeout_seconds: TIMEOUT, reply_timeout_seconds: TIMEOUT };
  team = await LiveOutreach.begin({ settings: { sending, receiving: { timeout_seconds: TIMEOUT } } });
  anna = await team.addMailbox("anna@team.example");
  await team.addLead({ email: KIM });
  await team.start(team.campaign({ steps: { a: "0 minutes", b: "2 days" } }));
});
afterEach(() => team.end());

/** A pass that must not hang. */
async function timed(pass: Promise<void>): Promise<void> {
  const began = performance.now();
  await pass;
  expect(performance.now() - began).toBeLessThan(SILENCE / 4);
}

describe("a QUIT that fails after an accepted mail", () => {
  test("changes nothing: it was sent once, and counts once", async () => {
    anna.smtp.faults.failQuit = true;
    await team.pass();
    await team.pass(HOUR);
    expect(await team.ledger()).toMatchObject([{ step: "a", state: "sent", attempts: 1 }]);
    expect(await team.budget(anna, "2026-03-04")).toEqual({ used: 1, counted: 1 });
    expect(await team.discrepancies()).toEqual([]);
  });
});

describe("an SMTP server that says nothing", () => {
  test("at the greeting: the mailbox waits, the mail is put back, and it goes out later", async () => {
    anna.smtp.faults.delays = { greeting: SILENCE };
    await timed(team.pass());
    expect(await team.states()).toEqual(["a queued"]);
    expect(await team.stored(anna)).toMatchObject({ state: "active", backoffUntil: expect.any(Date) });
    expect(await team.budget(anna, "2026-03-04")).toEqual({ used: 0, counted: 0 });
    anna.smtp.faults.delays = {};
    await team.pass(10 * MINUTE);
    expect(await team.states()).toEqual(["a sent"]);
    expect((await team.stored(anna)).backoffUntil).toBeNull();
    expect(await team.discrepancies()).toEqual([]);
  });

  test.each<[string, SmtpFaults["delays"]]>([
    ["at the recipient", { rcpt: SILENCE }],
    ["at DATA", { data: SILENCE }],
  ])("%s: it cannot have taken the mail, which is tried again", async (_where, delays) => {
    Object.assign(anna.smtp.faults, { delays });
    await timed(team.pass());
    expect(await team.ledger()).toMatchObject([{ state: "deferred", reason: "connection_lost", attempts: 1 }]);
    anna.smtp.faults.delays = {};
    await team.pass(HOUR);
    expect(await team.ledger()).toMatchObject([{ state: "sent", attempts: 2 }]);
    expect(await team.discrepancies()).toEqual([]);
  });

  test("after the last byte: nobody knows, so it is not sent again and its lead waits", async () => {
    anna.smtp.faults.silentAfterDot = true;
    await timed(team.pass());
    expect(await team.ledger()).toMatchObject([{ state: "uncertain", reason: "connection_lost_after_data" }]);
    anna.smtp.faults.silentAfterDot = false;
    await team.pass(3 * DAY);
    expect(await team.states()).toEqual(["a uncertain"]);
    expect(anna.smtp.accepted).toHaveLength(1);
  });
});

describe("an IMAP server that says nothing", () => {
  test.each([
    ["at login", /^\S+ (?:LOGIN|AUTHENTICATE)/im],
    ["when mail is fetched", /^\S+ UID FETCH/im],
  ])("%s: the pass ends, the follow-up waits, and the reply is read once it speaks again", async (_where, silentFrom) => {
    await team.pass();
    team.deliver(reply({ to: await team.lastOurs(), from: KIM, text: "Let me think about it." }));
    anna.gate.silentFrom = silentFrom;
    anna.gate.shut();
    await timed(team.pass(2 * DAY + HOUR));
    expect(anna.gate.silenced).toBeGreaterThan(0);
    expect(await team.states()).toEqual(["a sent"]);
    expect(await team.stored(anna)).toMatchObject({ state: "active" });
    anna.gate.silentFrom = null;
    // Its connection is tried again by real time.
    await expect
      .poll(() => team.pass(MINUTE).then(() => team.standings()), { ...PATIENCE, interval: 200 })
      .toEqual({ [KIM]: "replied: replied" });
    expect(await team.states()).toEqual(["a sent"]);
  });
});
