// One lead that cannot be written to stands first in the queue: everybody behind it gets their mail in the same pass.
import { afterEach, beforeEach, expect, test } from "vitest";
import { HOUR, MINUTE } from "../../src/core/instant.ts";
import { type LiveMailbox, LiveOutreach } from "../support/live-outreach.ts";

const BAD = "bad@kiosk.example";
const OTHERS = ["lead01", "lead02", "lead03", "lead04", "lead05"].map((name) => `${name}@bakery.example`);

let team: LiveOutreach;
let anna: LiveMailbox;

beforeEach(async () => {
  team = await LiveOutreach.begin();
  anna = await team.addMailbox("anna@team.example");
  await team.addLead({ email: BAD, company: "Kiosk" });
});
afterEach(() => team.end());

async function expectOthersGotTheirs(): Promise<void> {
  const [first, ...others] = await team.ledger();
  expect(first?.lead).toBe(BAD);
  expect(others.map(({ lead, state }) => `${lead} ${state}`)).toEqual(OTHERS.map((email) => `${email} sent`));
  expect(await team.discrepancies()).toEqual([]);
}

/** The bad lead is enrolled a minute before the others, so its mail goes first. */
async function begin(body = "Hi, who looks after repairs?"): Promise<void> {
  await team.start(team.campaign({ steps: { a: { body }, b: "2 days" } }));
  for (const email of OTHERS) await team.addLead({ email, firstName: "Kim", company: "Bakery" });
  await team.pass(MINUTE);
}

test("a value that its mail needs is missing: it fails visibly, costs nothing of the day, and is not tried again", async () => {
  await begin("Hi {{ first_name }}, who looks after repairs?");
  await expectOthersGotTheirs();
  expect((await team.standings())[BAD]).toBe("failed: missing_variable");
  expect(await team.budget(anna, "2026-03-04")).toEqual({ used: 5, counted: 5 });
  await team.pass(HOUR);
  expect(await team.states(BAD)).toEqual(["a failed"]);
});

test("its address does not exist: it ends, and the address is never written to again", async () => {
  anna.smtp.faults.onRcpt = (address) => (address === BAD ? { code: 550, text: "5.1.1 No such user" } : null);
  await begin();
  await expectOthersGotTheirs();
  expect((await team.standings())[BAD]).toMatch(/^bounced: /);
  const { rows } = await team.db.query("select key, reason from suppression where workspace_id = $1", [team.workspaceId]);
  expect(rows).toEqual([{ key: BAD, reason: "bounce" }]);
});

test.each([
  ["its server asks to come again", { code: 450, text: "4.2.0 Come again" }, "temporary_failure"],
  ["its server greylists", { code: 451, text: "4.7.1 Greylisted" }, "greylisted"],
  ["its mailbox is full", { code: 552, text: "5.2.2 Mailbox full" }, "mailbox_full"],
])("%s: it is tried again with the same bytes, and then it goes on", async (_what, refusal, reason) => {
  anna.smtp.faults.onRcpt = (address) => (address === BAD ? refusal : null);
  await begin();
  await expectOthersGotTheirs();
  expect((await team.ledger())[0]).toMatchObject({ state: "deferred", reason, attempts: 1 });
  expect(await team.budget(anna, "2026-03-04")).toEqual({ used: 5, counted: 5 });
  anna.smtp.faults.onRcpt = () => null;
  await team.pass(HOUR);
  expect((await team.ledger())[0]).toMatchObject({ state: "sent", attempts: 2 });
  expect(await team.discrepancies()).toEqual([]);
});

test("the connection is lost before its mail is asked for: it is tried again over a new one", async () => {
  anna.smtp.faults.dropBeforeData = (recipient) => recipient === BAD;
  await begin();
  await expectOthersGotTheirs();
  expect((await team.ledger())[0]).toMatchObject({ state: "deferred", reason: "connection_lost" });
  anna.smtp.faults.dropBeforeData = false;
  await team.pass(HOUR);
  expect(await team.states(BAD)).toEqual(["a sent"]);
  expect(await team.discrepancies()).toEqual([]);
});
