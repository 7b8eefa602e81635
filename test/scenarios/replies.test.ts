// A mail comes in, and the lead stops, waits, or goes on in a sub-sequence.
import { beforeEach, describe, expect, test } from "vitest";
import { ruleAnalyst } from "../../src/ai/rule-analyst.ts";
import { advanceEnrollments } from "../../src/automations/advance-enrollments.ts";
import { analyzeReply } from "../../src/automations/analyze-reply.ts";
import { processUnsubscribe } from "../../src/automations/process-unsubscribe.ts";
import type { CampaignId, InboundMessageId, LeadId, MailboxId } from "../../src/core/ids.ts";
import { after, DAY, HOUR } from "../../src/core/instant.ts";
import { signOptOut } from "../../src/core/opt-out-token.ts";
import { localDay } from "../../src/core/sending-window.ts";
import type { FetchedMessage } from "../../src/mail/inbox-pool.ts";
import { only } from "../../src/store/database.ts";
import { type Enrollment, enrollmentsOfLead, historyOf } from "../../src/store/enrollment.ts";
import { inboundById, inboundCounts } from "../../src/store/inbound.ts";
import { mailboxById } from "../../src/store/mailbox.ts";
import { type Message, messagesOfEnrollment } from "../../src/store/message.ts";
import { suppressionFor } from "../../src/store/suppression.ts";
import { databaseForTests } from "../support/database.ts";
import { Outreach } from "../support/outreach.ts";
import { receiveMessage } from "../support/receive-message.ts";

// A Wednesday.
const START = new Date("2026-03-04T09:00:00Z");
const KIM = "kim@bakery.example";
const SUBS = `mailboxes: [anna@team.example]
sub_sequences:
  - { name: Interested, on: positive, steps: [{ id: call, after: 1 hour, body: Shall we talk? }, { id: call-again, after: 2 days, body: Still there? }] }
  - { name: Prices, on: requested_info, steps: [{ id: prices, after: 1 hour, body: It costs 9 euros. }] }`;

const { db } = await databaseForTests();
let team: Outreach;
let anna: MailboxId;
let kim: LeadId;
let campaignId: CampaignId;
let toAnalyze: InboundMessageId[] = [];
let uid = 0;

beforeEach(async () => {
  team = await Outreach.begin(db, START);
  toAnalyze = [];
  Object.assign(team.agent, {
    analyst: ruleAnalyst(),
    jobs: {
      enqueue: (_tx: unknown, name: string, payload: { inboundMessageId?: InboundMessageId }) => {
        if (name === "analyze-reply" && payload.inboundMessageId) toAnalyze.push(payload.inboundMessageId);
        return Promise.resolve();
      },
    },
  });
  anna = await team.addMailbox("anna@team.example", { gap: 0 });
  kim = await team.addLead(KIM);
  campaignId = await team.addCampaign("Repair log", { a: "0 minutes", b: "2 days", c: "2 days" }, SUBS);
  await team.start(campaignId);
  await team.tick();
});

async function enrollment(leadId = kim): Promise<Enrollment> {
  return only((await enrollmentsOfLead(db, team.workspaceId, leadId)).filter((one) => one.campaignId === campaignId));
}

async function lastMessage(): Promise<Message> {
  const messages = (await messagesOfEnrollment(db, team.workspaceId, (await enrollment()).id)).filter((one) => one.state === "sent");
  const last = messages.at(-1);
  if (!last) throw new Error("Nothing was sent.");
  return last;
}

interface Written {
  readonly from?: string;
  readonly subject?: string;
  readonly answers?: string | null;
  readonly headers?: readonly string[];
  readonly folder?: string;
  readonly role?: FetchedMessage["role"];
  readonly to?: string;
  /** When its server filed it. */
  readonly internalDate?: Date;
}

/** A mail comes in. Answers the last mail to Kim unless told otherwise. */
async function receive(text: string, written: Written = {}) {
  const { from = KIM, subject = "Re: Repairs", headers = [], folder = "INBOX", role = "inbox", to = "anna@team.example" } = written;
  const internalDate = written.internalDate ?? team.now;
  const answers = written.answers === undefined ? (await lastMessage()).messageId : written.answers;
  uid += 1;
  const lines = [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    `Message-ID: <in-${uid}@bakery.example>`,
    ...(answers ? [`In-Reply-To: ${answers}`] : []),
    ...headers,
    ...(headers.some((header) => header.startsWith("Content-Type")) ? [] : ["Content-Type: text/plain; charset=utf-8"]),
    "",
    text,
  ];
  const mailbox = await mailboxById(db, team.workspaceId, anna);
  if (!mailbox) throw new Error("No mailbox.");
  const raw = Buffer.from(lines.join("\r\n"));
  return receiveMessage(team.agent, mailbox, { folder, role, uidValidity: 1, uid, internalDate, raw, truncated: false }, team.now);
}

async function judgeAll(): Promise<void> {
  for (const inboundMessageId of toAnalyze.splice(0)) await analyzeReply(team.agent, { workspaceId: team.workspaceId, inboundMessageId });
}

const steps = async () => (await team.sent()).map((mail) => mail.step);
const reasons = async () => (await historyOf(db, team.workspaceId, (await enrollment()).id)).map((event) => event.reason);
const wait = (ms: number) => {
  team.now = after(team.now, ms);
};

describe("a reply", () => {
  test("stops the sequence, before anybody has judged it", async () => {
    await receive("Let me think about it.");
    expect(await enrollment()).toMatchObject({ state: "replied", nextAt: null });
    await team.runUntil(after(START, 10 * DAY));
    expect(await steps()).toEqual(["a"]);
  });

  test("that says yes leads into the sub-sequence, which threads and ends", async () => {
    await receive("Yes, that sounds good. Let's talk on Tuesday.");
    await judgeAll();
    expect(await enrollment()).toMatchObject({ state: "active", visit: 2 });
    await team.runUntil(after(START, 5 * DAY));
    expect(await steps()).toEqual(["a", "call", "call-again"]);
    expect((await enrollment()).state).toBe("awaiting_reply");
  });

  test("read twice counts once", async () => {
    const first = await receive("Yes, please call me.");
    uid -= 1;
    const again = await receive("Yes, please call me.", { answers: (await lastMessage()).messageId });
    expect([first.stored, again.stored]).toEqual([true, false]);
  });

  test("whose meaning is unclear waits for a person and starts nothing", async () => {
    const receipt = await receive("Hm.");
    await judgeAll();
    expect((await enrollment()).state).toBe("replied");
    expect(receipt.stored && (await inboundById(db, team.workspaceId, receipt.id))?.interestLevel).toBe("needs_review");
  });

  test("to a sub-sequence supersedes it", async () => {
    await receive("Yes, let's talk.");
    await judgeAll();
    wait(2 * HOUR);
    await team.tick();
    await receive("Before we talk: how much does it cost?");
    await judgeAll();
    expect(await enrollment()).toMatchObject({ state: "active", visit: 3 });
    await team.runUntil(after(START, 6 * DAY));
    expect(await steps()).toEqual(["a", "call", "prices"]);
  });

  test("that comes while an older one is judged decides alone", async () => {
    await receive("Yes, let's talk.");
    wait(60_000);
    await receive("Sorry, one question first: what does it cost?");
    await judgeAll();
    expect(await reasons()).toContain("superseded_by_newer_reply");
    await team.runUntil(after(START, 4 * DAY));
    expect(await steps()).toEqual(["a", "prices"]);
  });

  test("that says yes again does not start the same sub-sequence again", async () => {
    await receive("Yes, let's talk.");
    await judgeAll();
    wait(2 * HOUR);
    await team.tick();
    await receive("Yes, Tuesday at ten works for me, let's talk.");
    await judgeAll();
    await team.runUntil(after(START, 6 * DAY));
    expect(await steps()).toEqual(["a", "call"]);
    expect(await reasons()).toContain("already_had_sub_sequence");
  });

  test("without thread headers is found by its subject and address, and marked so", async () => {
    await db.query("update message set subject = 'Repairs' where workspace_id = $1", [team.workspaceId]);
    const receipt = await receive("Yes, let's talk.", { answers: null });
    expect(receipt.stored && (await inboundById(db, team.workspaceId, receipt.id))?.matchMethod).toBe("subject_and_address");
    expect((await enrollment()).state).toBe("replied");
  });

  test("about something else is only shown, with the lead as a suggestion", async () => {
    const receipt = await receive("Do you know a good plumber?", { answers: null, subject: "Plumber" });
    const stored = receipt.stored && (await inboundById(db, team.workspaceId, receipt.id));
    expect(stored).toMatchObject({ disposition: "unmatched", suggestedLeadId: kim, enrollmentId: null });
    expect((await enrollment()).state).toBe("active");
  });
});

describe("the person's other mail", () => {
  test("leaves nothing but its fingerprint", async () => {
    const receipt = await receive("See you at the school party.", { from: "friend@home.example", answers: null, subject: "Party" });
    const stored = receipt.stored && (await inboundById(db, team.workspaceId, receipt.id));
    expect(stored).toMatchObject({
      disposition: "ignored",
      dispositionReason: "not_ours",
      fromAddress: null,
      subject: null,
      visibleText: null,
    });
    const { rows } = await db.query("select from inbound_body where workspace_id = $1", [team.workspaceId]);
    expect(rows).toHaveLength(0);
  });

  test("and every mail stands in exactly one count", async () => {
    await receive("Yes, let's talk.");
    await receive("See you.", { from: "friend@home.example", answers: null, subject: "Party" });
    await receive("Do you know a plumber?", { answers: null, subject: "Plumber" });
    const counts = await inboundCounts(db, team.workspaceId);
    expect(counts.map((one) => `${one.disposition} ${one.mails}`).toSorted((a, b) => a.localeCompare(b))).toEqual([
      "ignored 1",
      "matched 1",
      "unmatched 1",
    ]);
  });
});

describe("an out-of-office notice", () => {
  const notice = ["Auto-Submitted: auto-replied"];

  test("holds the lead until the day of return, and then the sequence goes on", async () => {
    await receive("I am out of the office until 16 March 2026.", { subject: "Automatic reply: Repairs", headers: notice });
    expect(await enrollment()).toMatchObject({ state: "held", reason: "out_of_office", nextAt: new Date("2026-03-16T00:00:00Z") });
    await team.runUntil(new Date("2026-03-15T20:00:00Z"));
    expect(await steps()).toEqual(["a"]);
    await team.runUntil(new Date("2026-03-16T12:00:00Z"));
    expect(await steps()).toEqual(["a", "b"]);
  });

  test("is no reply", async () => {
    await receive("I am out of the office until 16 March 2026.", { subject: "Automatic reply: Repairs", headers: notice });
    expect(toAnalyze).toEqual([]);
  });
});

describe("an opt-out", () => {
  const suppressed = () => suppressionFor(db, team.workspaceId, KIM, null);

  test("in words ends everything for the address", async () => {
    await receive("Please remove me from your list.");
    expect((await enrollment()).state).toBe("unsubscribed");
    expect(await suppressed()).toMatchObject({ reason: "unsubscribe" });
    await team.runUntil(after(START, 10 * DAY));
    expect(await steps()).toEqual(["a"]);
  });

  test("that only the analyst recognises, from another address of the lead, stops the lead as well", async () => {
    await receive("Well, well.", { from: "kim.private@elsewhere.example" });
    const judgement = { level: "unsubscribe" as const, confidence: 1, evidence: null, why: [] };
    const analyst = { name: "another", version: "1", analyze: () => Promise.resolve(judgement) };
    const [inboundMessageId] = toAnalyze;
    if (!inboundMessageId) throw new Error("Nothing is to be analyzed.");
    await analyzeReply({ ...team.agent, analyst }, { workspaceId: team.workspaceId, inboundMessageId });
    expect((await enrollment()).state).toBe("unsubscribed");
    expect(await suppressed()).toMatchObject({ reason: "unsubscribe" });
  });

  test("is honoured from the mailto address, whoever sends it", async () => {
    const { id } = await lastMessage();
    const token = signOptOut(team.agent.keys.optOut, { workspaceId: team.workspaceId, messageId: id, campaignId });
    await receive("", { from: "assistant@bakery.example", subject: `unsubscribe ${token}`, answers: null });
    expect((await enrollment()).state).toBe("unsubscribed");
    expect(await suppressed()).toMatchObject({ reason: "unsubscribe" });
  });

  test("that is committed while a claim is running keeps the mail from going out", async () => {
    wait(2 * DAY + HOUR);
    const { claimMessages } = await import("../../src/automations/claim-messages.ts");
    const { acquireLease } = await import("../../src/store/lease.ts");
    const { markTransmitting } = await import("../../src/store/message-outcome.ts");
    const mailbox = await mailboxById(db, team.workspaceId, anna);
    const lease = await acquireLease(db, { workspaceId: team.workspaceId, mailboxId: anna, purpose: "send", holder: "test", seconds: 60 });
    if (!mailbox || !lease) throw new Error("The mailbox is busy.");
    const { ids: claimed } = await claimMessages(team.agent, mailbox, lease);
    expect(claimed).toHaveLength(1);
    await db.transaction((tx) =>
      processUnsubscribe(tx, { workspaceId: team.workspaceId, identityKey: KIM, campaignId: null, source: "link", evidence: {} }, team.now),
    );
    expect(await db.transaction((tx) => markTransmitting(tx, lease, claimed, team.now))).toEqual([]);
    const messages = await messagesOfEnrollment(db, team.workspaceId, (await enrollment()).id);
    expect(messages.map((one) => one.state)).toEqual(["sent", "cancelled"]);
  });

  test("outlives a reply that said yes", async () => {
    await receive("Yes, let's talk.");
    await judgeAll();
    await receive("Stop. Remove me from your list.");
    await team.runUntil(after(START, 6 * DAY));
    expect(await steps()).toEqual(["a"]);
    expect((await enrollment()).state).toBe("unsubscribed");
  });
});

describe("a bounce", () => {
  const report = (status: string, original: string) =>
    [
      "--b",
      "Content-Type: text/plain",
      "",
      "I could not deliver your mail.",
      "--b",
      "Content-Type: message/delivery-status",
      "",
      "Reporting-MTA: dns; mx.bakery.example",
      "",
      `Final-Recipient: rfc822; ${KIM}`,
      "Action: failed",
      `Status: ${status}`,
      `Diagnostic-Code: smtp; 550 ${status} refused`,
      "--b",
      "Content-Type: text/rfc822-headers",
      "",
      `Message-ID: ${original}`,
      "--b--",
    ].join("\r\n");
  const headers = ['Content-Type: multipart/report; report-type=delivery-status; boundary="b"'];
  const bounce = async (status: string, original?: string) =>
    receive(report(status, original ?? (await lastMessage()).messageId), {
      from: "MAILER-DAEMON@mx.bakery.example",
      subject: "Undelivered",
      answers: null,
      headers,
    });

  test("of an unknown user suppresses the address", async () => {
    await bounce("5.1.1");
    expect((await enrollment()).state).toBe("bounced");
    expect(await suppressionFor(db, team.workspaceId, KIM, null)).toMatchObject({ reason: "bounce" });
  });

  test("of a full mailbox suppresses nothing", async () => {
    await bounce("5.2.2");
    expect((await enrollment()).state).toBe("active");
    expect(await suppressionFor(db, team.workspaceId, KIM, null)).toBeNull();
  });

  test("that is forged about somebody we never wrote to does nothing", async () => {
    const stranger = await team.addLead("stranger@bakery.example");
    const text = report("5.1.1", "<made-up@nowhere.example>").replace(KIM, "stranger@bakery.example");
    const receipt = await receive(text, { from: "MAILER-DAEMON@evil.example", subject: "Undelivered", answers: null, headers });
    expect(receipt.stored && (await inboundById(db, team.workspaceId, receipt.id))?.disposition).toBe("ignored");
    expect(await enrollmentsOfLead(db, team.workspaceId, stranger)).toEqual([]);
    expect(await suppressionFor(db, team.workspaceId, "stranger@bakery.example", null)).toBeNull();
  });
});

describe("a person's own answer in the Sent folder", () => {
  test("holds the lead until a person says otherwise, and counts against the day", async () => {
    await receive("I'll call you.", { from: "anna@team.example", to: KIM, folder: "Sent", role: "sent" });
    expect(await enrollment()).toMatchObject({ state: "held", reason: "answered_by_person", nextAt: null });
    const { rows } = await db.query<{ by_hand: number }>("select by_hand from send_budget where workspace_id = $1", [team.workspaceId]);
    expect(rows).toEqual([{ by_hand: 1 }]);
  });

  test("that is older than the enrollment holds nobody, and counts on its own day", async () => {
    const internalDate = after(team.now, -30 * DAY);
    await receive("Nice to meet you.", { from: "anna@team.example", to: KIM, folder: "Sent", role: "sent", internalDate });
    expect((await enrollment()).state).toBe("active");
    const { rows } = await db.query<{ day: string }>("select day from send_budget where workspace_id = $1 and by_hand > 0", [
      team.workspaceId,
    ]);
    expect(rows).toEqual([{ day: localDay(internalDate, "UTC") }]);
  });
});

test("a reply holds the lead's other campaigns", async () => {
  const other = await team.addCampaign("Other", { x: "1 day", y: "1 day" }, "mailboxes: [anna@team.example]");
  await team.start(other);
  await receive("Let me think about it.");
  const enrollments = await enrollmentsOfLead(db, team.workspaceId, kim);
  expect(enrollments.map((one) => [one.campaignId === other, one.state])).toEqual(
    expect.arrayContaining([
      [true, "held"],
      [false, "replied"],
    ]),
  );
  await advanceEnrollments(team.agent);
});
