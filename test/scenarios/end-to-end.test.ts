// The main job on real sockets: a mail goes out over SMTP, the answer is read over IMAP, and the lead goes on where it should.
import { afterEach, beforeEach, expect, test } from "vitest";
import { DAY, HOUR } from "../../src/core/instant.ts";
import { type LiveMailbox, LiveOutreach } from "../support/live-outreach.ts";
import { bounce, complaint, outOfOffice, prose, reply } from "../support/mails.ts";

const ANNA = "anna@team.example";
const KIM = "kim@bakery.example";
const STEPS = {
  a: { subject: "Repairs at {{ company }}", body: "Hi {{ first_name }}, who looks after repairs?" },
  b: { after: "2 days", body: "Hi {{ first_name }}, did you see my mail?" },
};
const MORE = `window: { monday-sunday: 00:00-24:00 }
sub_sequences:
  - { name: Interested, on: positive, steps: [{ id: call, after: 1 hour, body: "Shall we talk?" }] }`;

let team: LiveOutreach;
let anna: LiveMailbox;

beforeEach(async () => {
  team = await LiveOutreach.begin();
  anna = await team.addMailbox(ANNA);
  await team.addLead({ email: KIM, firstName: "Kim", company: "Bakery & <Sons>" });
  await team.start(team.campaign({ steps: STEPS, more: MORE }));
  await team.pass();
});
afterEach(() => team.end());

test("a mail holds what its lead is called, whatever the characters, and everything that a mail must hold", async () => {
  const mail = await team.lastMail();
  expect(mail.subject).toBe("Repairs at Bakery & <Sons>");
  expect(mail.text).toContain("Hi Kim,");
  expect(mail.text).toContain("Team GmbH, Berlin");
  expect(mail.from).toEqual({ address: ANNA, name: "Anna" });
  expect(mail.headers.get("list-unsubscribe")?.[0]).toContain("mailto:");
});

test("a reply that says yes is answered in its thread, and nobody's mail is marked as read", async () => {
  const first = await team.lastOurs();
  team.deliver(reply({ to: first, from: KIM, text: "Yes, that sounds good. Let's talk." }));
  await team.pass();
  await team.pass(2 * HOUR);
  expect(await team.states()).toEqual(["a sent", "call sent"]);
  const mail = await team.lastMail();
  expect(mail.subject).toBe("Re: Repairs at Bakery & <Sons>");
  expect(mail.inReplyTo).toEqual([expect.stringMatching(/@bakery\.example>$/)]);
  expect(mail.references).toEqual([first.messageId, ...mail.inReplyTo]);
  expect(anna.imap.messages("INBOX").flatMap((one) => one.flags)).not.toContain("\\Seen");
  await team.pass(10 * DAY);
  expect(team.accepted()).toHaveLength(2);
});

test("an out-of-office notice holds the follow-up until the return", async () => {
  team.deliver(outOfOffice({ to: await team.lastOurs(), from: KIM, until: "2026-03-16" }));
  await team.pass();
  await team.pass(5 * DAY);
  expect(await team.states()).toEqual(["a sent"]);
  await team.pass(8 * DAY);
  expect(await team.states()).toEqual(["a sent", "b sent"]);
});

test("an inbox that cannot be read holds back the follow-up, and the mailbox says why", async () => {
  anna.imap.setPassword("changed");
  anna.imap.dropConnections();
  await team.pass(2 * DAY + HOUR);
  expect(await team.states()).toEqual(["a sent"]);
  expect(await team.stored(anna)).toMatchObject({ state: "paused", pauseReason: "imap_auth" });
});

test("a connection that breaks after the last byte leaves the mail uncertain, and the answer to it proves that it arrived", async () => {
  anna.smtp.faults.dropAfterDot = () => true;
  await team.pass(2 * DAY + HOUR);
  expect(await team.states()).toEqual(["a sent", "b uncertain"]);
  anna.smtp.faults.dropAfterDot = () => false;
  await team.pass(DAY);
  expect(await team.states()).toEqual(["a sent", "b uncertain"]);
  team.deliver(reply({ to: await team.lastOurs(), from: KIM, text: "Yes, let's talk." }));
  await team.pass();
  expect(await team.states()).toEqual(["a sent", "b sent"]);
});

test.each([
  ["a delivery report", bounce, "bounced"],
  ["a bounce in prose", prose, "bounced"],
  ["a complaint", complaint, "complained"],
])("%s ends everything for the address", async (_name, write, state) => {
  team.deliver(write({ to: await team.lastOurs(), recipient: KIM, at: team.now }));
  await team.pass();
  await team.pass(5 * DAY);
  expect(await team.states()).toEqual(["a sent"]);
  expect((await team.standings())[KIM]).toMatch(new RegExp(`^${state}: `));
  const { rows } = await team.db.query("select reachability from lead where workspace_id = $1", [team.workspaceId]);
  expect(rows).toEqual([{ reachability: state }]);
});
