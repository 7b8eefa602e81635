// Mail that came in, over the API: what it was judged to be, and what a person says about it.
import { beforeEach, describe, expect, test } from "vitest";
import { analyzeReply } from "../../src/automations/analyze-reply.ts";
import type { CampaignId, InboundMessageId, LeadId, MailboxId } from "../../src/core/ids.ts";
import { after, DAY, HOUR } from "../../src/core/instant.ts";
import { PERMISSIONS } from "../../src/core/permissions.ts";
import { mailboxById } from "../../src/store/mailbox.ts";
import { Outreach } from "../support/outreach.ts";
import { receiveMessage } from "../support/receive-message.ts";
import { type Ask, apiForTests } from "./api-under-test.ts";

const NOW = new Date("2026-03-04T09:00:00Z");
const KIM = "kim@bakery.example";
const SUBS = `mailboxes: [anna@team.example]
sub_sequences:
  - { name: Interested, on: positive, steps: [{ id: call, after: 1 hour, body: Shall we talk? }] }
  - { name: Prices, on: requested_info, steps: [{ id: prices, after: 1 hour, body: It costs 9 euros. }] }`;

const api = await apiForTests();
let team: Outreach;
let ask: Ask;
let anna: MailboxId;
let kim: LeadId;
let campaignId: CampaignId;
let toAnalyze: InboundMessageId[] = [];
let uid = 0;
beforeEach(async () => {
  team = await Outreach.begin(api.agent.db, NOW);
  toAnalyze = [];
  const enqueue = (_tx: unknown, name: string, payload: { inboundMessageId?: InboundMessageId }) => {
    if (name === "analyze-reply" && payload.inboundMessageId) toAnalyze.push(payload.inboundMessageId);
    return Promise.resolve();
  };
  Object.assign(team.agent, { jobs: { enqueue } });
  Object.assign(api.agent, { jobs: { enqueue }, clock: { now: () => team.now } });
  anna = await team.addMailbox("anna@team.example", { gap: 0 });
  kim = await team.addLead(KIM);
  campaignId = await team.addCampaign("Repair log", { a: "0 minutes", b: "2 days" }, SUBS);
  await team.start(campaignId);
  await team.tick();
  ask = await api.key(PERMISSIONS, { workspaceId: team.workspaceId });
});

/** A mail comes in: an answer to what Kim was sent, unless told otherwise. Gives its id. */
async function receive(text: string, written: { from?: string; subject?: string; thread?: boolean } = {}): Promise<InboundMessageId> {
  const { from = KIM, subject = "Re: Repairs", thread = true } = written;
  const { body } = await ask("GET", `/messages?leadId=${kim}&state=sent`);
  uid += 1;
  const lines = [
    `From: ${from}`,
    "To: anna@team.example",
    `Subject: ${subject}`,
    `Message-ID: <in-${uid}@bakery.example>`,
    ...(thread ? [`In-Reply-To: ${body.items[0].messageId}`] : []),
    "Content-Type: text/plain; charset=utf-8",
    "",
    text,
  ];
  const mailbox = await mailboxById(api.agent.db, team.workspaceId, anna);
  if (!mailbox) throw new Error("No mailbox.");
  const fetched = { folder: "INBOX", role: "inbox", uidValidity: 1, uid, internalDate: team.now, truncated: false } as const;
  const receipt = await receiveMessage(team.agent, mailbox, { ...fetched, raw: Buffer.from(lines.join("\r\n")) }, team.now);
  if (!receipt.stored) throw new Error("It was known.");
  return receipt.id;
}

async function judgeAll(): Promise<void> {
  for (const inboundMessageId of toAnalyze.splice(0)) await analyzeReply(team.agent, { workspaceId: team.workspaceId, inboundMessageId });
}

const judge = (id: string, interestLevel: string, note?: string) =>
  ask("POST", `/inbound-messages/${id}/judge`, { interestLevel, ...(note ? { note } : {}) });
const standing = async () => (await ask("GET", `/leads/${kim}/enrollments`)).body.items[0];
const steps = async () => (await team.sent()).filter((mail) => mail.lead === KIM).map((mail) => mail.step);

describe("the inbox", () => {
  test("is filtered, pages from the newest without loss, and shows nobody's private mail unless asked", async () => {
    const yes = await receive("Yes, let's talk.");
    await judgeAll();
    team.now = after(NOW, HOUR);
    const plumber = await receive("Do you know a good plumber?", { subject: "Plumber", thread: false });
    const party = await receive("See you at the school party.", { from: "friend@home.example", subject: "Party", thread: false });
    const ids = async (query: string) => (await ask("GET", `/inbound-messages?${query}`)).body.items.map((one: { id: string }) => one.id);
    expect(await ids("")).toEqual([plumber, yes]);
    expect(await ids("disposition=unmatched")).toEqual([plumber]);
    expect(await ids("disposition=ignored")).toEqual([party]);
    expect(await ids("interestLevel=positive&interestLevel=negative")).toEqual([yes]);
    expect(await ids(`campaignId=${campaignId}`)).toEqual([yes]);
    expect(await ids(`leadId=${kim}&verdict=reply`)).toEqual([yes]);
    const first = (await ask("GET", "/inbound-messages?limit=1")).body;
    expect([first.items[0].id, ...(await ids(`limit=1&cursor=${first.nextCursor}`))]).toEqual([plumber, yes]);
    expect(await ask("GET", "/inbound-messages?verdict=nonsense")).toMatchObject({ status: 400 });
    const ignored = (await ask("GET", `/inbound-messages/${party}`)).body;
    expect(ignored).toMatchObject({ content: null, subject: null, fromAddress: null, visibleText: null });
  });

  test("shows one mail with its words, its bytes and why it was judged so; hostile text stays text", async () => {
    const id = await receive("Yes, let's talk. <script>alert(1)</script>\r\n\r\n> Text of a.", {
      from: '"<b>Kim</b>" <kim@bakery.example>',
    });
    await judgeAll();
    const { body } = await ask("GET", `/inbound-messages/${id}`);
    expect(body).toMatchObject({ fromName: "<b>Kim</b>", verdict: "reply", matchMethod: "in_reply_to", lead: KIM, campaign: "Repair log" });
    expect(body.visibleText).toBe("Yes, let's talk. <script>alert(1)</script>");
    expect(body.content.text).toContain("> Text of a.");
    expect(body.content.raw).toContain("In-Reply-To: <");
    expect(body.content.headers).toContainEqual({ name: "subject", value: "Re: Repairs" });
    expect(body.judgements).toMatchObject([{ level: "positive", analyst: expect.stringMatching(/.+/) }]);
  });

  test("remembers what a person has dealt with: being judged is not being dealt with", async () => {
    const id = await receive("Yes, let's talk.");
    await judgeAll();
    const open = async () => (await ask("GET", "/inbound-messages?handled=false")).body.items.length;
    expect(await open()).toBe(1);
    expect((await ask("POST", `/inbound-messages/${id}/handled`, {})).body.handledAt).toBe(NOW.toISOString());
    expect(await open()).toBe(0);
    expect((await ask("POST", `/inbound-messages/${id}/handled`, { handled: false })).body.handledAt).toBeNull();
  });
});

describe("a person who says what a reply means", () => {
  test("leads the lead into the sub-sequence that answers it", async () => {
    const id = await receive("Hm.");
    await judgeAll();
    expect((await standing()).state).toBe("replied");
    const { body } = await judge(id, "positive", "I called her");
    expect(body).toMatchObject({ interestLevel: "positive", handledAt: NOW.toISOString() });
    expect(body.judgements).toMatchObject([{ analyst: "person", level: "positive", evidence: "I called her" }, { level: "needs_review" }]);
    expect(await standing()).toMatchObject({ state: "active", sequence: "Interested" });
    await team.runUntil(after(NOW, 3 * DAY));
    expect(await steps()).toEqual(["a", "call"]);
  });

  test("takes the lead out of the one that a wrong judgement led to, before its mail is sent", async () => {
    const id = await receive("Yes, let's talk.");
    await judgeAll();
    expect((await standing()).sequence).toBe("Interested");
    await judge(id, "negative");
    expect(await standing()).toMatchObject({ state: "replied", reason: "judgement_corrected" });
    await team.runUntil(after(NOW, 3 * DAY));
    expect(await steps()).toEqual(["a"]);
  });

  test("moves the lead to another one", async () => {
    const id = await receive("Yes, let's talk.");
    await judgeAll();
    await judge(id, "requested_info");
    await team.runUntil(after(NOW, 3 * DAY));
    expect(await steps()).toEqual(["a", "prices"]);
  });

  test("and agrees with the judgement leaves the lead where it is", async () => {
    const id = await receive("Yes, let's talk.");
    await judgeAll();
    const before = await standing();
    await judge(id, "positive");
    expect(await standing()).toEqual(before);
  });

  test("hears an opt-out: neither the address that wrote nor the lead's own is written to again", async () => {
    const id = await receive("Hm.", { from: "kim@home.example" });
    await judgeAll();
    await judge(id, "unsubscribe");
    expect((await standing()).state).toBe("unsubscribed");
    const { rows } = await api.agent.db.query("select key from suppression where workspace_id = $1 order by key", [team.workspaceId]);
    expect(rows).toEqual([{ key: KIM }, { key: "kim@home.example" }]);
    expect((await judge(id, "positive")).status).toBe(200);
    expect((await standing()).state).toBe("unsubscribed");
  });

  test("can only say so of a reply", async () => {
    const party = await receive("See you at the school party.", { from: "friend@home.example", subject: "Party", thread: false });
    expect(await judge(party, "positive")).toMatchObject({ status: 409, body: { code: "wrong_state" } });
    expect(await judge(party, "needs_review")).toMatchObject({ status: 400 });
  });
});

describe("a person who says whose an unmatched mail is", () => {
  const assign = (id: string, body: object) => ask("POST", `/inbound-messages/${id}/assign`, body);

  test("makes it that lead's reply: the sequence stops, and it is judged", async () => {
    const id = await receive("Yes, let's talk.", { from: "kim@home.example", subject: "Hello", thread: false });
    const known = await receive("Yes, call me on Tuesday.", { subject: "Tuesday", thread: false });
    expect((await standing()).state).toBe("active");
    expect(await assign(id, { leadId: kim })).toMatchObject({ status: 409, body: { code: "wrong_state" } });
    const { body } = await assign(known, { leadId: kim });
    expect(body).toMatchObject({ disposition: "matched", matchMethod: "person", leadId: kim, campaignId });
    expect(await standing()).toMatchObject({ state: "replied" });
    await judgeAll();
    expect(await standing()).toMatchObject({ state: "active", sequence: "Interested" });
    expect(await assign(known, { leadId: kim })).toMatchObject({ status: 409 });
  });

  test("names an enrollment of that lead that was written to", async () => {
    const id = await receive("Do you know a good plumber?", { subject: "Plumber", thread: false });
    const max = await team.addLead("max@elsewhere.example");
    const { id: enrollmentId } = await standing();
    expect(await assign(id, { leadId: max, enrollmentId })).toMatchObject({ status: 404 });
    expect((await assign(id, { leadId: kim, enrollmentId })).body).toMatchObject({ enrollmentId });
  });

  test("may name a lead that was never written to: nothing follows for campaigns", async () => {
    const id = await receive("Do you know a good plumber?", { subject: "Plumber", thread: false });
    const max = await team.addLead("max@elsewhere.example");
    expect((await assign(id, { leadId: max })).body).toMatchObject({ leadId: max, enrollmentId: null, campaignId: null });
    expect((await standing()).state).toBe("active");
  });

  test("ends everything for the lead where the mail asks for that", async () => {
    const id = await receive("Please take me off your list.", { from: "kim@home.example", subject: "Unsubscribe", thread: false });
    expect((await ask("GET", `/inbound-messages/${id}`)).body).toMatchObject({ verdict: "unsubscribe_request", disposition: "unmatched" });
    await assign(id, { leadId: kim });
    expect(await standing()).toMatchObject({ state: "unsubscribed" });
  });
});

test("another workspace's mail is not there", async () => {
  const id = await receive("Do you know a good plumber?", { subject: "Plumber", thread: false });
  const others = await api.otherWorkspace();
  const foreign = await api.key(PERMISSIONS, { workspaceId: others });
  const asked: [string, string, object?][] = [
    ["GET", ""],
    ["POST", "/handled", {}],
    ["POST", "/judge", { interestLevel: "positive" }],
    ["POST", "/assign", { leadId: kim }],
  ];
  for (const [method, path, body] of asked)
    expect([path, (await foreign(method, `/inbound-messages/${id}${path}`, body)).status]).toEqual([path, 404]);
  expect((await foreign("GET", "/inbound-messages")).body.items).toEqual([]);
  const stranger = await (await Outreach.begin(api.agent.db, NOW)).addLead("stranger@bakery.example");
  expect(await ask("POST", `/inbound-messages/${id}/assign`, { leadId: stranger })).toMatchObject({ status: 404 });
});
