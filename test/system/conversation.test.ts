// A conversation through real servers: a mail arrives, a person or their server answers, and the lead goes on where it should.
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { DAY, HOUR } from "../../src/core/instant.ts";
import { databaseForTests } from "../support/database.ts";
import { MailAccount } from "./mail-account.ts";
import { PEOPLE_DOMAIN } from "./postfix-config.ts";
import { Team } from "./team.ts";

const lab = inject("mailLab");

const database = await databaseForTests();
let team: Team;
let kim: MailAccount;

beforeEach(async () => {
  team = await Team.begin(lab, database);
  kim = new MailAccount(lab, "kim", PEOPLE_DOMAIN);
  await team.addMailbox();
});
afterEach(() => team.close());

test("a mail arrives whole, and encrypted and after a login all the way to the provider", async () => {
  await team.writeTo(kim.address);
  const { mail, text } = await kim.receives(1);
  const [message] = await team.messages();
  expect(message).toMatchObject({ state: "sent", smtpResponse: expect.stringMatching(/^250 2\.0\.0 Ok: queued as/) });
  expect(mail).toMatchObject({
    messageId: message?.messageId,
    subject: "Repairs at Bakery",
    from: { address: team.anna.address, name: "Anna" },
    to: [{ address: kim.address }],
    returnPath: expect.stringContaining(team.anna.address),
  });
  expect(mail.text).toContain("Hi Kim, who looks after repairs?");
  expect(mail.headers.get("list-unsubscribe")?.[0]).toContain("mailto:");
  expect(text).toMatch(/with ESMTPSA id/);
});

test("a yes stops the sequence, is answered in its thread, and stays unread in the team's inbox", async () => {
  await team.writeTo(kim.address);
  const first = await kim.receives(1);
  await kim.reply(first.mail, "Yes, that sounds good. Let's talk.");
  expect(await team.receives("reply")).toMatchObject({ disposition: "matched", matchMethod: "in_reply_to", interestLevel: "positive" });
  await team.pass(2 * HOUR);
  expect(await team.states()).toEqual(["a sent", "call sent"]);

  const call = await kim.receives(2);
  expect(call.mail.subject).toBe("Re: Repairs at Bakery");
  expect(call.mail.text).toContain("Shall we talk?");
  const [answer] = await team.anna.mails();
  const thread = [first.mail.messageId, answer?.mail.messageId];
  expect(thread).toContain(call.mail.inReplyTo[0]);
  expect(call.mail.references[0]).toBe(first.mail.messageId);
  expect((await team.anna.mails()).flatMap((kept) => kept.flags)).not.toContain("\\Seen");

  await team.pass(10 * DAY);
  expect(await team.states()).toEqual(["a sent", "call sent"]);
});

test("a no stops the sequence, and nothing follows", async () => {
  await team.writeTo(kim.address);
  await kim.reply((await kim.receives(1)).mail, "No thanks, we are not interested.");
  expect(await team.receives("reply")).toMatchObject({ interestLevel: "negative" });
  await team.pass(10 * DAY);
  expect(await team.states()).toEqual(["a sent"]);
  expect(await team.standing(kim.address)).toMatchObject({ state: "replied" });
});

test("a mail to the opt-out address of the List-Unsubscribe header is an opt-out", async () => {
  await team.writeTo(kim.address);
  const { mail } = await kim.receives(1);
  const [, to = "", query = ""] = /<mailto:([^?>]+)\?([^>]+)>/.exec(mail.headers.get("list-unsubscribe")?.[0] ?? "") ?? [];
  await kim.send({ to: decodeURIComponent(to), subject: new URLSearchParams(query).get("subject") ?? "", text: "" });
  await team.receives("unsubscribe_request");
  await team.pass(10 * DAY);
  expect(await team.states()).toEqual(["a sent"]);
  expect(await team.standing(kim.address)).toMatchObject({ state: "unsubscribed", reachability: "unsubscribed" });
});

/** What a gateway does that hides list headers from the servers behind it: RFC 5230 §4.6 forbids a vacation notice to mail that has them. */
const VACATION = `require ["editheader", "vacation"];
deleteheader "List-Unsubscribe";
deleteheader "List-Unsubscribe-Post";
deleteheader "List-Id";
vacation :days 0 :subject "Out of office" "I am on vacation and will be back on 2026-03-16.";`;

test("a vacation notice holds the follow-up until the return, and counts as no reply", async () => {
  kim.filter(VACATION);
  await team.writeTo(kim.address);
  expect(await team.receives("auto_reply")).toMatchObject({ disposition: "matched", interestLevel: "not_analyzed" });
  expect(await team.standing(kim.address)).toMatchObject({ state: "held", reason: "out_of_office" });
  await team.pass(5 * DAY);
  expect(await team.states()).toEqual(["a sent"]);
  await team.pass(8 * DAY);
  expect(await team.states()).toEqual(["a sent", "b sent"]);
  expect((await kim.receives(2)).mail.inReplyTo).toEqual([(await kim.mails())[0]?.mail.messageId]);
  expect((await team.received()).map((one) => one.verdict)).not.toContain("reply");
});
