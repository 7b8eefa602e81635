// A mail that answers a lead's reply stands below that reply in every mail program: it names it, and all that went before.
import { beforeEach, describe, expect, test } from "vitest";
import { advanceEnrollments } from "../../src/automations/advance-enrollments.ts";
import { analyzeReply } from "../../src/automations/analyze-reply.ts";
import { claimMessages } from "../../src/automations/claim-messages.ts";
import { recordOutcomes } from "../../src/automations/record-outcomes.ts";
import { renderClaimed } from "../../src/automations/render-claimed.ts";
import type { MailboxId } from "../../src/core/ids.ts";
import type { InboundMail } from "../../src/core/inbound-mail.ts";
import { after, DAY, HOUR, MINUTE } from "../../src/core/instant.ts";
import { parseMail } from "../../src/mail/parse.ts";
import { only } from "../../src/store/database.ts";
import { acquireLease, type Lease, releaseLease } from "../../src/store/lease.ts";
import { type Mailbox, mailboxById } from "../../src/store/mailbox.ts";
import { latestMessages } from "../../src/store/message.ts";
import { markTransmitting } from "../../src/store/message-outcome.ts";
import { databaseForTests } from "../support/database.ts";
import { Outreach } from "../support/outreach.ts";
import { receiveMessage } from "../support/receive-message.ts";

const START = new Date("2026-03-04T09:00:00Z");
const KIM = "kim@bakery.example";
const SUBS = `mailboxes: [anna@team.example]
sub_sequences:
  - { name: Interested, on: positive, steps: [{ id: call, after: 1 hour, body: Shall we talk? }, { id: call-again, after: 2 days, body: Still there? }] }`;

const { db } = await databaseForTests();
let team: Outreach;
let anna: MailboxId;
let uid = 0;

beforeEach(async () => {
  team = await Outreach.begin(db, START);
  anna = await team.addMailbox("anna@team.example", { gap: 0 });
  await team.addLead(KIM);
  await team.start(await team.addCampaign("Repair log", { a: "0 minutes", b: "2 days" }, SUBS));
});

async function mailboxOf(id: MailboxId): Promise<Mailbox> {
  const mailbox = await mailboxById(db, team.workspaceId, id);
  if (!mailbox) throw new Error("No mailbox.");
  return mailbox;
}

async function underLease<Result>(work: (lease: Lease) => Promise<Result>): Promise<Result> {
  const lease = await acquireLease(db, { workspaceId: team.workspaceId, mailboxId: anna, purpose: "send", holder: "test", seconds: 60 });
  if (!lease) throw new Error("The mailbox is busy.");
  const result = await work(lease);
  await releaseLease(db, lease);
  return result;
}

/** The one mail that is due after `ms`, as it is accepted by the server. */
async function sent(ms = 0): Promise<InboundMail> {
  team.now = after(team.now, ms);
  await advanceEnrollments(team.agent);
  const mailbox = await mailboxOf(anna);
  return underLease(async (lease) => {
    const claimed = await claimMessages(team.agent, mailbox, lease);
    const { ready } = await renderClaimed(team.agent, mailbox, lease, claimed.ids);
    const { id, raw } = only(ready);
    await db.transaction((tx) => markTransmitting(tx, lease, [id], team.now));
    const outcome = { kind: "accepted" as const, reply: { code: 250, enhanced: null, response: "250 ok" } };
    await recordOutcomes(team.agent, mailbox, lease, [{ id, outcome }]);
    return parseMail(raw);
  });
}

/** Kim answers a mail of ours; what it means is judged at once. */
async function replies(
  to: InboundMail,
  { messageId = `<in-${uid + 1}@bakery.example>`, subject = "Re: Repairs", text = "Yes, let's talk." } = {},
) {
  uid += 1;
  team.now = after(team.now, MINUTE);
  const lines = [
    `From: ${KIM}`,
    "To: anna@team.example",
    `Subject: ${subject}`,
    `Message-ID: ${messageId}`,
    `In-Reply-To: ${to.messageId}`,
    "",
    text,
  ];
  const raw = Buffer.from(lines.join("\r\n"));
  const fetched = { folder: "INBOX", role: "inbox" as const, uidValidity: 1, uid, internalDate: team.now, raw, truncated: false };
  const received = await receiveMessage(team.agent, await mailboxOf(anna), fetched, team.now);
  if (!received.stored) throw new Error("It was not stored.");
  await analyzeReply(team.agent, { workspaceId: team.workspaceId, inboundMessageId: received.id });
  return messageId;
}

test("the mail of a sub-sequence answers the reply that led into it, and the next one that mail", async () => {
  const a = await sent();
  const yes = await replies(a);
  const call = await sent(2 * HOUR);
  expect(call).toMatchObject({ subject: "Re: Repairs", inReplyTo: [yes], references: [a.messageId, yes] });
  const again = await sent(2 * DAY + HOUR);
  expect(again).toMatchObject({ subject: "Re: Repairs", inReplyTo: [call.messageId], references: [a.messageId, yes, call.messageId] });
  expect((await latestMessages(db, team.workspaceId, 2)).map((one) => one.inReplyTo)).toEqual([call.messageId, yes]);
});

test("of several replies it answers the newest, and names all", async () => {
  const a = await sent();
  const question = await replies(a, { text: "Who are you?" });
  const b = await replies(a, { text: "Yes, let's talk." });
  expect(await sent(2 * HOUR)).toMatchObject({ inReplyTo: [b], references: [a.messageId, question, b] });
});

test("the lead's own subject is not taken over", async () => {
  const a = await sent();
  const yes = await replies(a, { subject: "[EXTERN] Ovens!" });
  expect(await sent(2 * HOUR)).toMatchObject({ subject: "Re: Repairs", inReplyTo: [yes], references: [a.messageId, yes] });
});

describe("a Message-ID that cannot stand in a header", () => {
  test.each([
    ["is longer than a line", `<${"x".repeat(400)}@bakery.example>`],
    ["holds characters beyond ASCII", "<küche@bakery.example>"],
  ])("because it %s, is left out", async (_why, messageId) => {
    const a = await sent();
    await replies(a, { messageId });
    expect(await sent(2 * HOUR)).toMatchObject({ inReplyTo: [a.messageId], references: [a.messageId] });
  });
});

test("answers to a relay's mail go to the mailbox that is read, and where the team says so to an address that names the mail", async () => {
  const replyBox = await team.addMailbox("answers@team.example");
  await db.query("update mailbox set imap_host = null, imap_port = null, imap_security = null, reply_mailbox_id = $2 where id = $1", [
    anna,
    replyBox,
  ]);
  expect(await sent()).toMatchObject({ replyTo: [{ address: "answers@team.example" }], from: { address: "anna@team.example" } });
  const { settings } = team.agent;
  Object.assign(team.agent, { settings: { ...settings, sending: { ...settings.sending, reply_plus_address: true } } });
  const b = await sent(2 * DAY + HOUR);
  expect(b.replyTo[0]?.address).toMatch(/^answers\+[0-9a-f]{20}@team\.example$/);
  expect(b.headers.get("list-unsubscribe")?.[0]).toContain("mailto:answers@team.example?");
});
