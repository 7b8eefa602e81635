// An edit of a sequence that runs makes a new version of it; the leads inside go over to it, or stay in theirs.
import { beforeEach, describe, expect, test } from "vitest";
import { applyCampaign } from "../../src/automations/apply-campaign.ts";
import { enterByPerson } from "../../src/automations/enroll-by-person.ts";
import { planCampaign } from "../../src/automations/plan-campaign.ts";
import { readCampaignFile } from "../../src/automations/read-campaign-file.ts";
import { sentRecords } from "../../src/automations/sent-records.ts";
import { whyLead } from "../../src/automations/why-lead.ts";
import type { CampaignId, EnrollmentId, MailboxId, MessageId, SequenceId } from "../../src/core/ids.ts";
import { after, DAY, HOUR, MINUTE } from "../../src/core/instant.ts";
import { only } from "../../src/store/database.ts";
import { enrollmentById, historyOf } from "../../src/store/enrollment.ts";
import { enroll } from "../../src/store/enrollment-entry.ts";
import { holdEnrollments } from "../../src/store/enrollment-time.ts";
import { recordSent } from "../../src/store/message-outcome.ts";
import { sequencesOfCampaign } from "../../src/store/sequence.ts";
import { stepsOfVersion, versionsOf } from "../../src/store/sequence-version.ts";
import { type CampaignText, campaignText } from "../support/campaign-text.ts";
import { databaseForTests } from "../support/database.ts";
import { Outreach } from "../support/outreach.ts";

const MONDAY = new Date("2026-03-02T09:00:00Z");
const ANY_TIME = "mailboxes: [anna@team.example]\nwindow: { monday-sunday: 00:00-24:00 }";
const STEPS = { a: "0 minutes", b: "2 days", c: "2 days" };
const ANNA = { kind: "user", id: "01900000-0000-7000-8000-000000000001", name: "Anna" } as never;

const { db } = await databaseForTests();
let team: Outreach;
let mailboxId: MailboxId;
let campaignId: CampaignId;

beforeEach(async () => {
  team = await Outreach.begin(db, MONDAY);
  mailboxId = await team.addMailbox("anna@team.example", { gap: 60 });
});

const text = (steps: CampaignText["steps"], more = "") => campaignText({ steps, more: `${ANY_TIME}\n${more}` });

function apply(steps: CampaignText["steps"], { more = "", leadsInside = null as "move" | "stay" | null } = {}) {
  const file = readCampaignFile(text(steps, more));
  return applyCampaign(team.agent, { workspaceId: team.workspaceId, file, leadsInside, author: ANNA });
}

/** A campaign that runs, with leads that were sent its first step. */
async function running(leads = 1): Promise<void> {
  for (let lead = 1; lead <= leads; lead += 1) await team.addLead(`lead${lead}@bakery.example`);
  ({ campaignId } = await apply(STEPS));
  await team.start(campaignId);
  await team.tick();
  await pass(leads * MINUTE);
}

async function pass(time: number): Promise<void> {
  await team.runUntil(after(team.now, time));
}

async function mainSequence(): Promise<SequenceId> {
  return only((await sequencesOfCampaign(db, team.workspaceId, campaignId)).filter(({ kind }) => kind === "main")).id;
}

const versions = async () => versionsOf(db, team.workspaceId, await mainSequence());
const words = async (version: number) =>
  (await stepsOfVersion(db, team.workspaceId, await mainSequence(), version))?.map((step) => step.text?.bodyText);

async function enrollmentOf(lead: string): Promise<EnrollmentId> {
  return team.insert(
    `select e.id from enrollment e join lead on lead.workspace_id = e.workspace_id and lead.id = e.lead_id
     where e.workspace_id = $1 and lead.email = $2`,
    [team.workspaceId, lead],
  );
}

const enrollment = async (lead: string) => {
  const found = await enrollmentById(db, team.workspaceId, await enrollmentOf(lead));
  if (!found) throw new Error(`${lead} is not enrolled.`);
  return found;
};

/** What each lead was sent: step, version, and the words. */
async function got(lead: string): Promise<string[]> {
  const { rows } = await db.query<{ line: string }>(
    `select m.step_lineage || ' v' || m.sequence_version || ': ' || v.body_text as line from message m
     join variant v on v.workspace_id = m.workspace_id and v.id = m.variant_id
     where m.workspace_id = $1 and m.recipient = $2 and m.state = 'sent' order by m.slot_at`,
    [team.workspaceId, lead],
  );
  return rows.map((row) => row.line.replace("Text of ", ""));
}

const LEAD = "lead1@bakery.example";
const FIXED = { ...STEPS, b: { after: "2 days", body: "Better." } };

describe("a new version", () => {
  test("is made by an edit of a campaign that has run, with who, when and what; a draft is edited as it is", async () => {
    ({ campaignId } = await apply({ a: "0 minutes" }));
    await apply(STEPS);
    expect(await versions()).toMatchObject([{ number: 1, isNewest: true, steps: 3, changes: [], actor: "user", actorName: "Anna" }]);
    await team.start(campaignId);
    team.now = after(team.now, HOUR);
    await apply({ ...FIXED, c: "3 days", d: "1 day" });
    expect(await versions()).toMatchObject([
      {
        number: 2,
        isNewest: true,
        createdAt: team.now,
        steps: 4,
        changes: ['step "b" has a new text', 'step "c" after 2 days → 3 days', 'step "d" added'],
      },
      { number: 1, isNewest: false, createdAt: MONDAY, steps: 3 },
    ]);
    expect(await words(1)).toEqual(["Text of a.", "Text of b.", "Text of c."]);
    expect(await words(2)).toEqual(["Text of a.", "Better.", "Text of c.", "Text of d."]);
    expect(await words(3)).toBeUndefined();
  });

  test("is made by an edit of nothing but a delay in working days; who stays in the old one keeps that delay", async () => {
    const more = "holidays: [2026-03-03, 2026-03-05]\non_edit: stay";
    await running();
    await apply({ ...STEPS, b: "2 working days" }, { more, leadsInside: "move" });
    const edited = { ...STEPS, b: "3 working days" };
    const request = { workspaceId: team.workspaceId, file: readCampaignFile(text(edited, more)) };
    const { difference, effects } = await planCampaign(team.agent, { ...request, leadsInside: "move" });
    expect(difference.sequences[0]?.steps).toEqual([
      { step: "b", kinds: ["delay"], delay: { before: "2 working days", after: "3 working days" }, lines: [] },
    ]);
    expect(effects.nextMail).toMatchObject({ later: 1, first: [{ after: { step: "b", at: after(MONDAY, 5 * DAY) } }] });
    expect((await apply(edited, { more })).changes).toEqual(['sequence: step "b" after 2 working days → 3 working days']);
    expect((await versions()).map(({ number }) => number)).toEqual([3, 2, 1]);
    const delays = [1, 2, 3].map(async (number) => (await stepsOfVersion(db, team.workspaceId, await mainSequence(), number))?.[1]?.delay);
    expect(await Promise.all(delays)).toEqual([
      { days: 2, workingDays: 0, minutes: 0 },
      { days: 0, workingDays: 2, minutes: 0 },
      { days: 0, workingDays: 3, minutes: 0 },
    ]);
    await pass(4 * DAY + HOUR);
    expect(await got(LEAD)).toEqual(["a v1: a.", "b v2: b."]);
    expect((await enrollment(LEAD)).anchorAt).toEqual(after(MONDAY, 4 * DAY));
  });

  test("is not made when the sequence stays as it is, whatever else changes", async () => {
    await running();
    await apply(STEPS);
    await apply(STEPS, { more: "goal: Ten talks\non_edit: stay\nreply_window: 20 days" });
    expect((await versions()).map(({ number }) => number)).toEqual([1]);
  });

  test("of one sequence leaves the others in theirs; one that is removed sends nothing", async () => {
    const sub = (name: string, on: string) => `{ name: ${name}, on: ${on}, steps: [{ id: x, body: X }] }`;
    const more = `sub_sequences: [${sub("One", "positive")}, ${sub("Two", "objection")}]`;
    ({ campaignId } = await apply(STEPS, { more }));
    await team.start(campaignId);
    await apply(STEPS, { more: `sub_sequences: [${sub("Two", "objection")}]` });
    const sequences = await sequencesOfCampaign(db, team.workspaceId, campaignId);
    const numbers = await Promise.all(sequences.map(async ({ name, id }) => [name, (await versionsOf(db, team.workspaceId, id)).length]));
    expect(numbers).toEqual([
      ["Main", 1],
      ["One", 2],
      ["Two", 1],
    ]);
  });

  test("keeps every version apart when the same step is reworded again and again, and back", async () => {
    await running();
    for (const body of ["One.", "Two.", "Text of b."]) await apply({ ...STEPS, b: { after: "2 days", body } });
    expect(await Promise.all([1, 2, 3, 4].map(async (number) => (await words(number))?.[1]))).toEqual([
      "Text of b.",
      "One.",
      "Two.",
      "Text of b.",
    ]);
  });
});

describe("leads inside", () => {
  test("go over to the new version: a corrected word reaches everybody who has not got that mail", async () => {
    await running();
    expect((await apply(FIXED)).inside).toEqual({ moved: 1, stayed: 0 });
    await pass(5 * DAY);
    expect(await got(LEAD)).toEqual(["a v1: a.", "b v2: Better.", "c v2: c."]);
    const { sentences } = await whyLead(team.agent, team.workspaceId, LEAD);
    expect(sentences.filter((sentence) => sentence.includes("sent from")).map((sentence) => sentence.slice(18, 45))).toEqual([
      'step "a" of "Repair log" se',
      'step "b" (version 2) of "Re',
      'step "c" (version 2) of "Re',
    ]);
  });

  test("stay when the file says so: order, delays and words of their version, to its end; who comes later gets the new one", async () => {
    await running();
    const edited = { a: "0 minutes", x: "1 day", c: { after: "1 day", body: "New." } };
    expect((await apply(edited, { more: "on_edit: stay" })).inside).toEqual({ moved: 0, stayed: 1 });
    await team.addLead("late@bakery.example");
    await pass(5 * DAY);
    expect(await got(LEAD)).toEqual(["a v1: a.", "b v1: b.", "c v1: c."]);
    expect(await got("late@bakery.example")).toEqual(["a v2: a.", "x v2: x.", "c v2: New."]);
    const standing = await enrollment(LEAD);
    expect(standing).toMatchObject({ state: "awaiting_reply", staysInVersion: 1, anchorAt: after(MONDAY, 4 * DAY) });
    const history = await historyOf(db, team.workspaceId, standing.id);
    expect(history).toContainEqual(expect.objectContaining({ reason: "stays_in_version", detail: { version: 1 } }));
  });

  test("that stayed go along with a later edit that moves, from where they stand", async () => {
    await running();
    await apply({ ...FIXED, c: { after: "2 days", body: "Better, too." } }, { leadsInside: "stay" });
    await pass(2 * DAY);
    const { inside } = await apply({ a: "0 minutes", x: "1 hour", b: { after: "2 days", body: "Better." }, d: "2 days" });
    expect(inside).toEqual({ moved: 1, stayed: 0 });
    await pass(3 * DAY);
    expect(await got(LEAD)).toEqual(["a v1: a.", "b v1: b.", "d v3: d."]);
  });

  test("that stayed are taken along on demand, without another edit", async () => {
    await running();
    await apply(FIXED, { leadsInside: "stay" });
    expect((await apply(FIXED)).changes).toEqual([]);
    expect((await enrollment(LEAD)).staysInVersion).toBe(1);
    expect((await apply(FIXED, { leadsInside: "move" })).changes).toEqual(["1 of the leads inside leave an older version"]);
    await pass(2 * DAY + HOUR);
    expect(await got(LEAD)).toEqual(["a v1: a.", "b v2: Better."]);
    expect((await apply(FIXED, { leadsInside: "move" })).changes).toEqual([]);
  });

  test("that are held stay held, and go on by the version that was chosen", async () => {
    await running(2);
    const held = await Promise.all([1, 2].map((lead) => enrollmentOf(`lead${lead}@bakery.example`)));
    const hold = { workspaceId: team.workspaceId, ids: held, until: after(team.now, 3 * DAY), reason: "out_of_office" };
    await db.transaction((tx) => holdEnrollments(tx, hold, team.now));
    await apply(FIXED, { leadsInside: "stay" });
    expect(await enrollment(LEAD)).toMatchObject({ state: "held", nextAt: hold.until, staysInVersion: 1 });
    await pass(4 * DAY);
    expect(await got(LEAD)).toEqual(["a v1: a.", "b v1: b."]);
  });

  test("that enter a sub-sequence leave their old version behind", async () => {
    const more = "sub_sequences: [{ name: Yes, on: positive, steps: [{ id: call, body: Call? }] }]";
    await running();
    await apply(STEPS, { more });
    await apply(FIXED, { more, leadsInside: "stay" });
    expect((await enrollment(LEAD)).staysInVersion).toBe(1);
    const sub = only((await sequencesOfCampaign(db, team.workspaceId, campaignId)).filter(({ kind }) => kind === "sub"));
    await enterByPerson(team.agent, { workspaceId: team.workspaceId, enrollmentId: await enrollmentOf(LEAD), sequenceId: sub.id });
    expect(await enrollment(LEAD)).toMatchObject({ sequenceId: sub.id, staysInVersion: null });
    await pass(HOUR);
    expect((await got(LEAD)).at(-1)).toBe("call v1: Call?");
  });

  test("cannot stay in a version that their sequence does not have", async () => {
    await running();
    const wrong = db.query("update enrollment set stays_in_version = 9 where workspace_id = $1", [team.workspaceId]);
    await expect(wrong).rejects.toThrow("enrollment_stays_in_version_of_its_sequence");
  });

  test("whose next mail is overdue by the edit get it one after the other, not in a burst", async () => {
    await running(4);
    await apply({ ...STEPS, b: "10 days" });
    await pass(6 * DAY);
    await apply({ ...STEPS, b: "1 day" });
    const edited = team.now;
    await pass(HOUR);
    const slots = (await team.sent()).filter(({ step }) => step === "b").map(({ at }) => at.getTime() - edited.getTime());
    expect(slots).toHaveLength(4);
    for (const [index, slot] of slots.entries()) expect(slot).toBeGreaterThanOrEqual(index * MINUTE);
  });
});

describe("an edit that comes between", () => {
  /** What the claim has taken: on the wire, its outcome not recorded. */
  async function onTheWire(): Promise<MessageId> {
    let ids: readonly MessageId[] = [];
    await team.leaveOnTheWire(mailboxId, (claimed) => {
      ids = claimed;
    });
    return only([...ids]);
  }

  test("the claim and the outcome leaves the mail as it was claimed, and a step put at the end is still sent", async () => {
    await running();
    await pass(2 * DAY + HOUR);
    team.now = after(team.now, 2 * DAY);
    const id = await onTheWire();
    await db.transaction(async (tx) => {
      const read = await sentRecords(tx, team.workspaceId, [{ id, response: "250 ok" }]);
      await apply({ ...STEPS, c: { after: "2 days", body: "New." }, d: "1 day" });
      await recordSent(tx, team.workspaceId, read, team.now);
    });
    await pass(2 * DAY);
    expect(await got(LEAD)).toEqual(["a v1: a.", "b v1: b.", "c v1: c.", "d v2: d."]);
  });

  test("the claim and the outcome does not make its lead wait for a step that it took out", async () => {
    await running();
    team.now = after(team.now, 2 * DAY + HOUR);
    const id = await onTheWire();
    await db.transaction(async (tx) => {
      const read = await sentRecords(tx, team.workspaceId, [{ id, response: "250 ok" }]);
      await apply({ a: "0 minutes", b: "2 days", d: "2 days" });
      await recordSent(tx, team.workspaceId, read, team.now);
    });
    await pass(3 * DAY);
    expect(await got(LEAD)).toEqual(["a v1: a.", "b v1: b.", "d v2: d."]);
  });

  test("the claim and the outcome keeps the lead in its version when leads stay", async () => {
    await running();
    team.now = after(team.now, 2 * DAY + HOUR);
    const id = await onTheWire();
    await db.transaction(async (tx) => {
      const read = await sentRecords(tx, team.workspaceId, [{ id, response: "250 ok" }]);
      await apply({ a: "0 minutes", b: "2 days", d: "2 days" }, { leadsInside: "stay" });
      await recordSent(tx, team.workspaceId, read, team.now);
    });
    await pass(3 * DAY);
    expect(await got(LEAD)).toEqual(["a v1: a.", "b v1: b.", "c v1: c."]);
  });

  test("the plan and the enrollment does not strand a lead at a step that it took out", async () => {
    ({ campaignId } = await apply(STEPS));
    await team.start(campaignId);
    const main = only((await sequencesOfCampaign(db, team.workspaceId, campaignId)).slice(0, 1));
    const first = main.steps.find(({ lineage }) => lineage === "a");
    if (!first) throw new Error("There is no first step.");
    await apply({ x: "0 minutes", b: "2 days" });
    const leadId = await team.addLead(LEAD);
    const into = { workspaceId: team.workspaceId, campaignId, sequenceId: main.id, firstStepId: first.id, pauseEpoch: 0 };
    await db.transaction((tx) => enroll(tx, into, [{ leadId, mailboxId, anchorAt: team.now, nextAt: team.now }], team.now));
    await pass(HOUR);
    expect(await got(LEAD)).toEqual(["x v2: x."]);
  });
});
