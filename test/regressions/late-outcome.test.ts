// A sender is frozen between the server's answer and its record, loses its lease, and thaws. What it then records must not undo what its successor
// did; but a mail that the server took was sent, whatever the ledger says by then.
import { pino } from "pino";
import { beforeEach, describe, expect, test } from "vitest";
import { advanceEnrollments } from "../../src/automations/advance-enrollments.ts";
import { claimMessages } from "../../src/automations/claim-messages.ts";
import { recordOutcomes } from "../../src/automations/record-outcomes.ts";
import { recoverInterruptedSends, takeBackInterrupted } from "../../src/automations/recover-interrupted-sends.ts";
import { renderClaimed } from "../../src/automations/render-claimed.ts";
import type { CampaignId, LeadId, MessageId } from "../../src/core/ids.ts";
import { after, DAY, HOUR, MINUTE } from "../../src/core/instant.ts";
import type { SmtpOutcome, SmtpReply } from "../../src/core/smtp-verdict.ts";
import { only } from "../../src/store/database.ts";
import { enrollmentsOfLead, stopEnrollments } from "../../src/store/enrollment.ts";
import { acquireLease, type Lease, releaseLease } from "../../src/store/lease.ts";
import { type Mailbox, mailboxById } from "../../src/store/mailbox.ts";
import { messageById } from "../../src/store/message.ts";
import { delayWaiting } from "../../src/store/message-claim.ts";
import { markTransmitting, recordFailed } from "../../src/store/message-outcome.ts";
import { cancelUnsent, mailboxesWithInterrupted, putBack, sendAgain } from "../../src/store/message-recall.ts";
import { freezeBodies, frozenMessages } from "../../src/store/message-text.ts";
import { suppressionFor } from "../../src/store/suppression.ts";
import { databaseForTests } from "../support/database.ts";
import { Outreach } from "../support/outreach.ts";

const START = new Date("2026-03-04T09:00:00Z");
const KIM = "kim@bakery.example";

const database = await databaseForTests();
const { db } = database;
let team: Outreach;
let mailbox: Mailbox;
let kim: LeadId;
let campaignId: CampaignId;
let logged: Record<string, unknown>[] = [];
/** The sender that is frozen, and the one that takes over. */
let first: Lease;
let successor: Lease | null = null;
let id: MessageId;

beforeEach(async () => {
  team = await Outreach.begin(db, START);
  logged = [];
  successor = null;
  const log = pino({ level: "info" }, { write: (line: string) => logged.push(JSON.parse(line)) });
  Object.assign(team.agent, { log });
  const anna = await team.addMailbox("anna@team.example", { gap: 0 });
  kim = await team.addLead(KIM);
  campaignId = await team.addCampaign("Repair log", { a: "0 minutes", b: "2 days" }, "mailboxes: [anna@team.example]");
  await team.start(campaignId);
  await advanceEnrollments(team.agent);
  const found = await mailboxById(db, team.workspaceId, anna);
  if (!found) throw new Error("No mailbox.");
  mailbox = found;
  first = await takeLease();
  id = only((await claimMessages(team.agent, mailbox, first)).ids);
});

async function takeLease(): Promise<Lease> {
  const lease = await acquireLease(db, {
    workspaceId: team.workspaceId,
    mailboxId: mailbox.id,
    purpose: "send",
    holder: "test",
    seconds: 60,
  });
  if (!lease) throw new Error("The mailbox is busy.");
  return lease;
}

async function bySuccessor(): Promise<Lease> {
  if (!successor) {
    await releaseLease(db, first);
    successor = await takeLease();
  }
  return successor;
}

const reply = (code: number, enhanced: string, response: string): SmtpReply => ({ code, enhanced, response });
const ACCEPTED: SmtpOutcome = { kind: "accepted", reply: reply(250, "2.0.0", "250 queued") };
const REFUSED: Readonly<Record<string, SmtpOutcome>> = {
  deferred: { kind: "refused", stage: "rcpt", reply: reply(451, "4.7.1", "greylisted") },
  failed: { kind: "refused", stage: "rcpt", reply: reply(550, "5.1.1", "no such user") },
  uncertain: { kind: "uncertain", response: null },
  mailbox: { kind: "refused", stage: "mail", reply: reply(535, "5.7.8", "bad password") },
};

const record = (lease: Lease, outcome: SmtpOutcome) => recordOutcomes(team.agent, mailbox, lease, [{ id, outcome }]);
const row = async () => {
  const message = await messageById(db, team.workspaceId, id);
  if (!message) throw new Error("No message.");
  return message;
};
const enrollment = async () => only(await enrollmentsOfLead(db, team.workspaceId, kim));
const used = async () => {
  const { rows } = await db.query<{ used: number }>("select used from send_budget where workspace_id = $1", [team.workspaceId]);
  return only(rows).used;
};
const ignored = () => logged.filter((line) => line["event"] === "message.outcome_ignored");

/** What can happen to the message, each in the state that the one before it left. */
const happens = {
  mark: () => db.transaction((tx) => markTransmitting(tx, first, [id], team.now)),
  recover: async () => takeBackInterrupted(team.agent, mailbox, await bySuccessor()),
  sendAgain: () => db.transaction((tx) => sendAgain(tx, team.workspaceId, id, team.now)),
  delay: () =>
    db.transaction((tx) => delayWaiting(tx, team.workspaceId, [{ id, until: after(team.now, HOUR), because: "outside_window" }], team.now)),
  stop: () =>
    db.transaction(async (tx) => {
      const ids = [(await enrollment()).id];
      await stopEnrollments(tx, { workspaceId: team.workspaceId, ids, state: "removed", reason: "person" }, team.now);
      await cancelUnsent(tx, team.workspaceId, ids, "person", team.now);
    }),
  claimAgain: async () => claimMessages(team.agent, mailbox, await bySuccessor()),
  putBackAgain: async () => {
    const lease = await bySuccessor();
    await db.transaction((tx) => putBack(tx, lease, "claimed", [id], team.now));
  },
  cannotWrite: async () => {
    const lease = await bySuccessor();
    const failure = { reason: "missing_variable", reply: { code: null, enhanced: null, response: null } };
    await db.transaction((tx) => recordFailed(tx, lease, id, failure, team.now));
  },
  markAgain: async () => {
    const lease = await bySuccessor();
    await db.transaction((tx) => markTransmitting(tx, lease, [id], team.now));
  },
  doubt: async () => record(await bySuccessor(), REFUSED["uncertain"] as SmtpOutcome),
  refuse: async () => record(await bySuccessor(), REFUSED["deferred"] as SmtpOutcome),
  fail: async () => record(await bySuccessor(), { kind: "refused", stage: "dot", reply: reply(554, "5.6.0", "not this content") }),
  accept: async () => record(await bySuccessor(), ACCEPTED),
} satisfies Record<string, () => Promise<unknown>>;

type Event = keyof typeof happens;
const AGAIN: readonly Event[] = ["mark", "recover", "sendAgain", "claimAgain"];
const ON_WIRE_AGAIN: readonly Event[] = [...AGAIN, "markAgain"];

async function happened(...events: readonly Event[]): Promise<void> {
  for (const event of events) await happens[event]();
}

interface Pair {
  readonly state: string;
  readonly fence: "first" | "successor";
  readonly events: readonly Event[];
}

const PAIRS: readonly Pair[] = [
  { state: "transmitting", fence: "first", events: ["mark"] },
  { state: "uncertain", fence: "first", events: ["mark", "recover"] },
  { state: "queued", fence: "first", events: ["mark", "recover", "sendAgain"] },
  { state: "deferred", fence: "first", events: ["mark", "recover", "sendAgain", "delay"] },
  { state: "cancelled", fence: "first", events: ["mark", "recover", "sendAgain", "stop"] },
  { state: "claimed", fence: "successor", events: AGAIN },
  { state: "queued", fence: "successor", events: [...AGAIN, "putBackAgain"] },
  { state: "cancelled", fence: "successor", events: [...AGAIN, "stop"] },
  { state: "failed", fence: "successor", events: [...AGAIN, "cannotWrite"] },
  { state: "transmitting", fence: "successor", events: ON_WIRE_AGAIN },
  { state: "uncertain", fence: "successor", events: [...ON_WIRE_AGAIN, "doubt"] },
  { state: "deferred", fence: "successor", events: [...ON_WIRE_AGAIN, "refuse"] },
  { state: "failed", fence: "successor", events: [...ON_WIRE_AGAIN, "fail"] },
];

async function bringTo({ state, fence, events }: Pair): Promise<void> {
  await happened(...events);
  expect(await row()).toMatchObject({ state, fence: (fence === "first" ? first : await bySuccessor()).fence });
}

describe("that a server took a mail", () => {
  test.each(PAIRS)("turns $state of the $fence sender into sent, and it counts once", async (pair) => {
    await bringTo(pair);
    const before = await enrollment();
    team.now = after(START, MINUTE);
    expect((await record(first, ACCEPTED)).counts).toMatchObject({ sent: 1 });
    expect(await row()).toMatchObject({ state: "sent", sentAt: team.now, nextAttemptAt: null, reason: null, budgetDay: "2026-03-04" });
    expect(await used()).toBe(1);
    const { pendingMessageId, state, nextStepId } = await enrollment();
    const waited = before.pendingMessageId !== null;
    expect([pendingMessageId, state, nextStepId === before.nextStepId]).toEqual([null, before.state, !waited]);
    expect(ignored()).toEqual([]);
  });

  test("changes nothing where that stands in the ledger already", async () => {
    await happened(...ON_WIRE_AGAIN, "accept");
    const before = [await row(), await enrollment()];
    team.now = after(START, MINUTE);
    expect((await record(first, ACCEPTED)).counts).toMatchObject({ sent: 0 });
    expect([await row(), await enrollment()]).toEqual(before);
    expect(await used()).toBe(1);
    expect(ignored()).toEqual([expect.objectContaining({ message: id, outcome: "sent", from: "sent", reason: "claimed_by_another" })]);
  });

  test("counts although the day was full meanwhile", async () => {
    await bringTo({ state: "queued", fence: "first", events: ["mark", "recover", "sendAgain"] });
    await db.query("update send_budget set cap = 0, used = 0 where workspace_id = $1", [team.workspaceId]);
    await record(first, ACCEPTED);
    expect(await used()).toBe(1);
  });

  test("keeps a refusal of the second copy from leading to a third", async () => {
    await bringTo({ state: "transmitting", fence: "successor", events: ON_WIRE_AGAIN });
    await record(first, ACCEPTED);
    await happened("refuse");
    expect(await row()).toMatchObject({ state: "sent" });
    expect(ignored()).toEqual([expect.objectContaining({ outcome: "deferred", from: "sent", reason: "state_changed" })]);
    team.now = after(START, DAY);
    expect((await claimMessages(team.agent, mailbox, await bySuccessor())).ids).toEqual([]);
  });

  test("keeps the successor from sending what it claimed", async () => {
    await bringTo({ state: "claimed", fence: "successor", events: AGAIN });
    await record(first, ACCEPTED);
    const lease = await bySuccessor();
    expect(await db.transaction((tx) => markTransmitting(tx, lease, [id], team.now))).toEqual([]);
  });

  test("is recorded whatever goes wrong with the others of its group", async () => {
    await team.addLead("lee@bakery.example");
    await team.start(campaignId);
    await advanceEnrollments(team.agent);
    const other = only((await claimMessages(team.agent, mailbox, first)).ids);
    await db.transaction((tx) => markTransmitting(tx, first, [id, other], team.now));
    await db.query("alter table message add constraint broken check (state <> 'deferred') not valid");
    const outcomes = [
      { id: other, outcome: REFUSED["deferred"] as SmtpOutcome },
      { id, outcome: ACCEPTED },
    ];
    await expect(recordOutcomes(team.agent, mailbox, first, outcomes)).rejects.toThrow("broken");
    await db.query("alter table message drop constraint broken");
    expect(await row()).toMatchObject({ state: "sent" });
  });
});

describe("a late refusal or doubt", () => {
  const LATER = PAIRS.filter((pair) => pair.state !== "transmitting" || pair.fence === "successor");

  test.each(LATER)("changes nothing of $state of the $fence sender", async (pair) => {
    await bringTo(pair);
    for (const outcome of Object.values(REFUSED)) {
      const before = [await row(), await enrollment(), await used()];
      const { counts } = await record(first, outcome);
      expect(counts).toEqual({ sent: 0, deferred: 0, failed: 0, uncertain: 0, put_back: 0 });
      expect([await row(), await enrollment(), await used()]).toEqual(before);
    }
    expect(ignored().map((line) => [line["outcome"], line["from"]])).toEqual(Object.keys(REFUSED).map((kind) => [kind, pair.state]));
    expect(await mailboxById(db, team.workspaceId, mailbox.id)).toMatchObject({ state: "active" });
    expect(await suppressionFor(db, team.workspaceId, KIM, null)).toBeNull();
  });

  test.each([
    ["deferred", { state: "deferred", attempts: 1 }, 0],
    ["failed", { state: "failed", reason: "address" }, 1],
    ["uncertain", { state: "uncertain" }, 1],
    ["mailbox", { state: "queued", attempts: 0 }, 0],
  ] as const)("that comes in time makes the mail %s", async (kind, becomes, budget) => {
    await happened("mark");
    await record(first, REFUSED[kind] as SmtpOutcome);
    expect(await row()).toMatchObject(becomes);
    expect(await used()).toBe(budget);
  });
});

describe("what a frozen sender has written", () => {
  const rendered = (text: string) => [{ id, subject: text, inReplyTo: null, raw: Buffer.from(text) }];

  test("does not become the text of a mail that its successor claimed", async () => {
    const lease = await bySuccessor();
    await takeBackInterrupted(team.agent, mailbox, lease);
    await happened("claimAgain");
    await freezeBodies(db, first, rendered("late"));
    expect(await frozenMessages(db, lease, [id])).toEqual([]);
    expect(await renderClaimed(team.agent, mailbox, first, [id])).toEqual({ ready: [], failed: 0, putBack: 0 });
    const { ready } = await renderClaimed(team.agent, mailbox, lease, [id]);
    expect(only(ready).raw.toString()).toContain("Subject: Repairs");
  });

  test("goes out as it stands in the database, although it would be written differently now", async () => {
    await freezeBodies(db, first, rendered("early"));
    await freezeBodies(db, first, rendered("late"));
    const { ready } = await renderClaimed(team.agent, mailbox, first, [id]);
    expect(only(ready).raw.toString()).toBe("early");
    expect(await row()).toMatchObject({ subject: "early" });
  });

  test("and could not be written, leaves the successor's mail and its lead alone", async () => {
    await bySuccessor();
    await happened("recover", "claimAgain");
    const failure = { reason: "missing_variable", reply: { code: null, enhanced: null, response: null } };
    expect(await db.transaction((tx) => recordFailed(tx, first, id, failure, team.now))).toBe(false);
    expect(await row()).toMatchObject({ state: "claimed" });
    expect(await enrollment()).toMatchObject({ state: "active", pendingMessageId: id });
  });
});

describe("what a dead sender left in flight", () => {
  test("is found although whoever came next died before taking it back", async () => {
    await bySuccessor();
    await releaseLease(db, successor as unknown as Lease);
    expect(await recoverInterruptedSends(team.agent)).toEqual({ put_back: 1, uncertain: 0 });
    expect(await row()).toMatchObject({ state: "queued" });
  });

  test("and was marked, is uncertain, once, and nobody looks for it again", async () => {
    await happened("mark");
    await releaseLease(db, first);
    expect(await recoverInterruptedSends(team.agent)).toEqual({ put_back: 0, uncertain: 1 });
    expect(await row()).toMatchObject({ state: "uncertain", reason: "interrupted" });
    expect(await mailboxesWithInterrupted(db)).toEqual([]);
  });

  test("is left alone while its sender lives", async () => {
    expect(await recoverInterruptedSends(team.agent)).toEqual({ put_back: 0, uncertain: 0 });
    expect(await row()).toMatchObject({ state: "claimed" });
  });

  test("under the lease that is settled now, is found when that one is over", async () => {
    const lease = await bySuccessor();
    await takeBackInterrupted(team.agent, mailbox, lease);
    await happened("claimAgain");
    await releaseLease(db, lease);
    expect(await recoverInterruptedSends(team.agent)).toEqual({ put_back: 1, uncertain: 0 });
    expect(await row()).toMatchObject({ state: "queued" });
  });
});
