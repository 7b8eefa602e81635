// A campaign file is applied, edited and applied again, while leads are in the middle of it.
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { applyCampaign } from "../../src/automations/apply-campaign.ts";
import { keepHouse } from "../../src/automations/keep-house.ts";
import { readCampaignFile } from "../../src/automations/read-campaign-file.ts";
import { checkReadiness } from "../../src/core/campaign.ts";
import type { CampaignId, EnrollmentId, LeadId, ListId, MailboxId, SequenceId, WorkspaceId } from "../../src/core/ids.ts";
import { after, DAY, HOUR } from "../../src/core/instant.ts";
import { newestOf, nextStep } from "../../src/core/next-step.ts";
import { campaignById, campaignByName, listCampaigns } from "../../src/store/campaign.ts";
import { campaignPlans } from "../../src/store/campaign-plan.ts";
import { readinessFacts } from "../../src/store/campaign-readiness.ts";
import {
  activate,
  campaignHistory,
  completeCampaign,
  pauseCampaign,
  resumeCampaign,
  scheduleCampaign,
} from "../../src/store/campaign-state.ts";
import { only, type Tx } from "../../src/store/database.ts";
import { enrollmentById, historyOf } from "../../src/store/enrollment.ts";
import { enroll } from "../../src/store/enrollment-entry.ts";
import { holdEnrollments } from "../../src/store/enrollment-time.ts";
import { sequencesOfCampaign } from "../../src/store/sequence.ts";
import { testAgent } from "../support/agent.ts";
import { databaseForTests } from "../support/database.ts";

const START = new Date("2026-03-02T08:00:00Z");

const { db } = await databaseForTests();
let workspaceId: WorkspaceId;
let mailboxId: MailboxId;
let now = START;
let leads = 0;

beforeEach(async () => {
  now = START;
  workspaceId = await id(`insert into workspace (name) values ('team ' || new_id()) returning id`);
  mailboxId = await addMailbox("anna@team.example");
});

async function id<Id extends string>(sql: string, values: unknown[] = []): Promise<Id> {
  const { rows } = await db.query<{ id: Id }>(sql, values);
  return only(rows).id;
}

function addMailbox(email: string): Promise<MailboxId> {
  return id(
    `insert into mailbox (workspace_id, email, identity_key, provider, smtp_host, smtp_port, smtp_security, imap_host, imap_port, imap_security,
       daily_cap, min_gap_seconds, created_at, updated_at)
     values ($1, $2, $2, 'custom', 'mail.team.example', 465, 'tls', 'mail.team.example', 993, 'tls', 40, 90, $3, $3) returning id`,
    [workspaceId, email, now],
  );
}

function addLead(): Promise<LeadId> {
  leads += 1;
  return id("insert into lead (workspace_id, email, identity_key, created_at, updated_at) values ($1, $2, $2, $3, $3) returning id", [
    workspaceId,
    `lead${leads}@bakery.example`,
    now,
  ]);
}

interface Written {
  readonly steps?: string;
  readonly delays?: Readonly<Record<string, string>>;
  readonly more?: string;
}

/** A file whose steps are named by the letters of `steps`. */
function fileWith({ steps = "abc", delays = {}, more = "" }: Written = {}): string {
  const step = (name: string, index: number) =>
    `  - id: ${name}\n    after: ${delays[name] ?? "2 days"}\n    ${index === 0 ? "subject: Repairs\n    " : ""}body: Text of ${name}.\n`;
  return `name: Repair log\ntime_zone: UTC\nmailboxes: [anna@team.example]\nleads: all\nopt_out: reply\nsequence:\n${steps.split("").map(step).join("")}${more}`;
}

const apply = (text: string) => applyCampaign({ db, clock: { now: () => now } }, { workspaceId, file: readCampaignFile(text) });
const inTransaction = <Result>(work: (tx: Tx) => Promise<Result>) => db.transaction(work);

/** The lineages in use, in order. */
async function stepsOf(campaignId: CampaignId): Promise<string> {
  const [main] = await sequencesOfCampaign(db, workspaceId, campaignId);
  return (main?.steps ?? [])
    .filter((step) => !step.retired)
    .map((step) => step.lineage)
    .join("");
}

interface Running {
  readonly campaignId: CampaignId;
  readonly sequenceId: SequenceId;
}

/** The campaign of `fileWith()`, started. */
async function start(text = fileWith()): Promise<Running> {
  const { campaignId } = await apply(text);
  await inTransaction((tx) => activate(tx, workspaceId, campaignId, "started", now));
  const [main] = await sequencesOfCampaign(db, workspaceId, campaignId);
  if (!main) throw new Error("The campaign has no main sequence.");
  return { campaignId, sequenceId: main.id };
}

/** A lead that was sent the steps named, one a day. */
async function leadThatGot(running: Running, sent: string): Promise<EnrollmentId> {
  const leadId = await addLead();
  const first = only((await stepRows(running)).filter((step) => step.lineage === "a"));
  const entry = { leadId, mailboxId, anchorAt: now, nextAt: after(now, HOUR) };
  await inTransaction((tx) => enroll(tx, { workspaceId, ...running, firstStepId: first.id, pauseEpoch: 0 }, [entry], now));
  const enrollmentId = await id<EnrollmentId>("select id from enrollment where workspace_id = $1 and lead_id = $2", [workspaceId, leadId]);
  for (const [index, lineage] of sent.split("").entries()) await send(running, enrollmentId, lineage, after(now, index * DAY));
  return enrollmentId;
}

async function stepRows({ campaignId }: Running) {
  return (await campaignPlans(db, workspaceId, [campaignId])).get(campaignId)?.steps ?? [];
}

/** What the sender does: a message in the ledger, and the enrollment moved on. */
async function send({ campaignId, sequenceId }: Running, enrollmentId: EnrollmentId, lineage: string, at: Date): Promise<void> {
  const steps = await stepRows({ campaignId, sequenceId });
  const step = steps.find((one) => one.lineage === lineage && one.sequenceId === sequenceId);
  await db.query(
    `insert into message (workspace_id, kind, campaign_id, enrollment_id, visit, step_lineage, step_id, variant_id, mailbox_id, message_id, recipient,
       recipient_key, state, slot_at, sent_at, created_at, updated_at)
     values ($1, 'step', $2, $3, 1, $4, $5, $6, $7, '<' || new_id() || '@team.example>', 'x@y.example', 'x@y.example', 'sent', $8, $8, $8, $8)`,
    [workspaceId, campaignId, enrollmentId, lineage, step?.id, step?.variantId, mailboxId, at],
  );
  const standing = await enrollmentById(db, workspaceId, enrollmentId);
  const next = nextStep(steps, standing ?? newestOf(sequenceId), standing?.sentLineages ?? []);
  await db.query(
    `update enrollment set anchor_at = $3, priority = 0, next_step_id = coalesce($4, next_step_id),
       state = case when $4::uuid is null then 'awaiting_reply' else 'active' end, next_at = $5
     where workspace_id = $1 and id = $2`,
    [workspaceId, enrollmentId, at, next?.id ?? null, after(at, next ? 2 * DAY : 14 * DAY)],
  );
}

/** Where a lead stands: the step it gets next, or its state. `planned` says whether the step has a time. */
async function standing(enrollmentId: EnrollmentId): Promise<string> {
  const { rows } = await db.query<{ state: string; lineage: string | null; planned: boolean }>(
    `select e.state, step.lineage, e.next_at is not null as planned from enrollment e
     left join step on step.workspace_id = e.workspace_id and step.id = e.next_step_id where e.workspace_id = $1 and e.id = $2`,
    [workspaceId, enrollmentId],
  );
  const { state, lineage, planned } = only(rows);
  if (state === "awaiting_reply") return state;
  return `${state === "active" ? "" : `${state} `}${lineage ?? "nothing"}${planned ? " planned" : ""}`;
}

describe("applying a campaign file", () => {
  test("makes a draft with all that the file says", async () => {
    const { campaignId, created, changes } = await apply(
      fileWith({ more: "sub_sequences:\n  - { name: Yes, on: positive, steps: [{ id: call, after: 1 hour, body: Call? }] }\n" }),
    );
    expect(created).toBe(true);
    expect(changes).toEqual([
      'created "Repair log" as a draft',
      "mailbox anna@team.example added",
      'sub-sequence "Yes" added',
      'sequence: step "a" added',
      'sequence: step "b" added',
      'sequence: step "c" added',
      'sub-sequence "Yes": step "call" added',
    ]);
    expect(await campaignByName(db, workspaceId, "REPAIR LOG")).toMatchObject({
      id: campaignId,
      state: "draft",
      version: 1,
      optOut: "reply",
    });
    const [main, sub] = await sequencesOfCampaign(db, workspaceId, campaignId);
    expect(main?.steps.map((step) => [step.lineage, step.position, step.delay.days, step.text?.subject, step.text?.bodyText])).toEqual([
      ["a", 1, 2, "Repairs", "Text of a."],
      ["b", 2, 2, null, "Text of b."],
      ["c", 3, 2, null, "Text of c."],
    ]);
    expect(sub).toMatchObject({
      name: "Yes",
      trigger: "positive",
      isActive: true,
      steps: [{ delay: { days: 0, workingDays: 0, minutes: 60 } }],
    });
    expect(await listCampaigns(db, workspaceId)).toMatchObject([
      { id: campaignId, mailboxes: 1, steps: 3, subSequences: 1, enrolled: 0, sent: 0 },
    ]);
  });

  test("twice changes nothing the second time", async () => {
    const text = fileWith({
      more: "defaults: { b: x, a: y }\nholidays: [2026-12-25, US-CA, 2026-12-24, DE]\nstarts_at: 2026-03-01 09:00\njitter: 1 hour\n",
    });
    const { campaignId } = await apply(text);
    const rows = () =>
      db.query(
        "select to_jsonb(c) as row from campaign c where workspace_id = $1 union all select to_jsonb(s) from step s where workspace_id = $1",
        [workspaceId],
      );
    const before = (await rows()).rows;
    now = after(now, DAY);
    expect(await apply(text)).toMatchObject({
      campaignId,
      created: false,
      changes: [],
      moved: { nextStep: 0, planned: 0, replyWindow: 0 },
    });
    expect((await rows()).rows).toEqual(before);
  });

  test("again after New Year changes nothing, although the calendar of its countries grows by itself", async () => {
    const text = fileWith({ more: "holidays: [DE]\n" });
    const { campaignId } = await apply(text);
    const untilOf = async () => (await campaignById(db, workspaceId, campaignId))?.holidayCalendars.map(({ until }) => until);
    now = after(now, 2 * 365 * DAY);
    expect(await apply(text)).toMatchObject({ changes: [] });
    expect(await untilOf()).toEqual([2032]);
    await keepHouse(testAgent({ db, clock: { now: () => now } }));
    expect(await untilOf()).toEqual([2034]);
    expect(await apply(text)).toMatchObject({ changes: [] });
    expect((await apply(fileWith({ more: "holidays: [DE, FR]\n" }))).changes).toEqual(["holidays changed"]);
    await expect(apply(fileWith({ more: "holidays: [DE, US-ZZ]\n" }))).rejects.toMatchObject({
      code: "campaign_file_invalid",
      detail: { problems: [{ path: "holidays", message: expect.stringContaining("US-ZZ") }] },
    });
  });

  test("says what changed, counts a version, and remembers it; the state stays", async () => {
    const { campaignId } = await start();
    const text = fileWith({ steps: "acd", delays: { c: "3 days" }, more: "reply_window: 20 days\ngoal: Ten talks\n" }).replace(
      "Text of a.",
      "New.",
    );
    expect((await apply(text)).changes).toEqual([
      "goal changed",
      "reply_window: 14 days → 20 days",
      'sequence: step "a" has a new text',
      'sequence: step "c" after 2 days → 3 days',
      'sequence: step "d" added',
      'sequence: step "b" retired',
    ]);
    expect(await campaignById(db, workspaceId, campaignId)).toMatchObject({ state: "active", version: 2, goal: "Ten talks" });
    expect((await campaignHistory(db, workspaceId, campaignId)).map((event) => event.reason)).toEqual(["created", "started", "edited"]);
  });

  test("reports every mailbox and list that does not exist, with its line, and changes nothing", async () => {
    const text = fileWith()
      .replace("[anna@team.example]", "[anna@team.example, bob@team.example, eve@team.example]")
      .replace("leads: all", "leads: { list: Bakeries }");
    await expect(apply(text)).rejects.toMatchObject({
      code: "campaign_file_invalid",
      detail: {
        problems: [
          { path: "mailboxes[1]", line: 3, message: expect.stringContaining("bob@team.example") },
          { path: "mailboxes[2]", line: 3, message: expect.stringContaining("eve@team.example") },
          { path: "leads", line: 4, message: expect.stringContaining("Bakeries") },
        ],
      },
    });
    expect(await campaignByName(db, workspaceId, "Repair log")).toBeNull();
  });

  test("changes nothing of an archived campaign", async () => {
    const { campaignId } = await apply(fileWith());
    await db.query("update campaign set state = 'archived' where workspace_id = $1 and id = $2", [workspaceId, campaignId]);
    await expect(apply(fileWith({ steps: "ab" }))).rejects.toMatchObject({ code: "campaign_state" });
  });

  test("by two people at once makes one campaign", async () => {
    const both = await Promise.all([apply(fileWith()), apply(fileWith())]);
    expect(both.filter((one) => one.created)).toHaveLength(1);
    expect(both[0].campaignId).toBe(both[1].campaignId);
    expect(await stepsOf(both[0].campaignId)).toBe("abc");
  });

  test("another workspace's campaign of the same name is another campaign", async () => {
    const first = await apply(fileWith());
    workspaceId = await id("insert into workspace (name) values ('other ' || new_id()) returning id");
    await addMailbox("anna@team.example");
    expect((await apply(fileWith({ steps: "a" }))).created).toBe(true);
    expect(await campaignById(db, workspaceId, first.campaignId)).toBeNull();
  });
});

describe("texts", () => {
  const texts = async () =>
    (
      await db.query("select body_text as text, retired_at is not null as retired from variant where workspace_id = $1 order by id", [
        workspaceId,
      ])
    ).rows;

  test("that no mail was made of are rewritten", async () => {
    await apply(fileWith({ steps: "a" }));
    await apply(fileWith({ steps: "a" }).replace("Text of a.", "Better."));
    expect(await texts()).toEqual([{ text: "Better.", retired: false }]);
  });

  test("that mails were made of are kept beside the new ones", async () => {
    await leadThatGot(await start(fileWith({ steps: "a" })), "a");
    await apply(fileWith({ steps: "a" }).replace("Text of a.", "Better."));
    expect(await texts()).toEqual([
      { text: "Text of a.", retired: true },
      { text: "Better.", retired: false },
    ]);
  });
});

describe("sub-sequences", () => {
  const sub = (name: string, on: string, steps = "{ id: x, body: X }") => `  - { name: ${name}, on: ${on}, steps: [${steps}] }\n`;
  const subs = (...written: string[]) => fileWith({ more: `sub_sequences:\n${written.join("")}` });
  const stored = async (campaignId: CampaignId) =>
    (await sequencesOfCampaign(db, workspaceId, campaignId))
      .slice(1)
      .map((one) => `${one.name} ${one.isActive ? one.trigger : "off"} ${one.steps.filter((step) => !step.retired).length}`);

  test("swap their triggers", async () => {
    const { campaignId } = await apply(subs(sub("One", "positive"), sub("Two", "objection")));
    const { changes } = await apply(subs(sub("One", "objection"), sub("Two", "positive")));
    expect(changes).toEqual(['sub-sequence "One" on: positive → objection', 'sub-sequence "Two" on: objection → positive']);
    expect(await stored(campaignId)).toEqual(["One objection 1", "Two positive 1"]);
  });

  test("that the file no longer has are switched off with their steps, and come back as they were", async () => {
    const { campaignId } = await apply(subs(sub("One", "positive"), sub("Two", "objection")));
    const before = await sequencesOfCampaign(db, workspaceId, campaignId);
    expect((await apply(subs(sub("Two", "positive")))).changes).toEqual([
      'sub-sequence "One" removed',
      'sub-sequence "Two" on: objection → positive',
      'sub-sequence "One": step "x" retired',
    ]);
    expect(await stored(campaignId)).toEqual(["One off 0", "Two positive 1"]);
    expect((await apply(subs(sub("Two", "positive")))).changes).toEqual([]);
    await apply(subs(sub("One", "positive"), sub("Two", "objection")));
    expect(await sequencesOfCampaign(db, workspaceId, campaignId)).toEqual(before);
  });
});

describe("a running sequence is edited: no lead skips or repeats a step", () => {
  test("a lead that waits for a retired step gets the one after it, planned anew", async () => {
    const running = await start();
    const [none, gotA, gotB] = [await leadThatGot(running, ""), await leadThatGot(running, "a"), await leadThatGot(running, "ab")];
    await apply(fileWith({ steps: "ac" }));
    expect(await Promise.all([none, gotA, gotB].map(standing))).toEqual(["a planned", "c", "c planned"]);
    expect((await historyOf(db, workspaceId, gotA)).at(-1)).toMatchObject({ reason: "sequence_edited", detail: { from: "b", to: "c" } });
    expect((await historyOf(db, workspaceId, none)).map((event) => event.reason)).toEqual(["enrolled"]);
  });

  test("a step put between two is sent to those who have not passed it", async () => {
    const running = await start();
    const [gotA, gotB] = [await leadThatGot(running, "a"), await leadThatGot(running, "ab")];
    await apply(fileWith({ steps: "axbc" }));
    expect(await Promise.all([gotA, gotB].map(standing))).toEqual(["x", "c planned"]);
  });

  test("a step that moved behind a lead that has it is not sent again", async () => {
    const running = await start();
    const [none, gotA] = [await leadThatGot(running, ""), await leadThatGot(running, "a")];
    await apply(fileWith({ steps: "bac" }));
    expect(await Promise.all([none, gotA].map(standing))).toEqual(["b", "c"]);
  });

  test("a lead that has everything that is left awaits its reply, counted from its last mail", async () => {
    const running = await start();
    const lead = await leadThatGot(running, "ab");
    await apply(fileWith({ steps: "ab" }));
    expect(await standing(lead)).toBe("awaiting_reply");
    const enrollment = await enrollmentById(db, workspaceId, lead);
    expect(enrollment).toMatchObject({ reason: "sequence_edited", nextAt: after(START, 15 * DAY) });
  });

  test("a step appended is sent to those who await their reply", async () => {
    const running = await start();
    const lead = await leadThatGot(running, "abc");
    await apply(fileWith({ steps: "abcd" }));
    expect(await standing(lead)).toBe("d");
    expect((await enrollmentById(db, workspaceId, lead))?.priority).toBe(0);
  });

  test("a step that came back is sent to those who have not got it", async () => {
    const running = await start();
    const [gotA, gotB] = [await leadThatGot(running, "a"), await leadThatGot(running, "ab")];
    await apply(fileWith({ steps: "ac" }));
    await apply(fileWith({ steps: "abc" }));
    expect(await Promise.all([gotA, gotB].map(standing))).toEqual(["b", "c planned"]);
  });

  test("a step written in the stead of another is no second mail for those who got the other", async () => {
    const running = await start();
    const [gotA, gotB] = [await leadThatGot(running, "a"), await leadThatGot(running, "ab")];
    await apply(fileWith({ steps: "axc" }));
    expect(await Promise.all([gotA, gotB].map(standing))).toEqual(["x", "c planned"]);
  });

  test("a hold stays a hold, with the step that follows", async () => {
    const running = await start();
    const lead = await leadThatGot(running, "a");
    const until = after(now, 9 * DAY);
    await inTransaction((tx) => holdEnrollments(tx, { workspaceId, ids: [lead], until, reason: "out_of_office" }, now));
    await apply(fileWith({ steps: "ac" }));
    expect(await enrollmentById(db, workspaceId, lead)).toMatchObject({ state: "held", reason: "out_of_office", nextAt: until });
    expect(await standing(lead)).toBe("held c planned");
  });

  test("a lead whose mail is on its way stays where it is until that is over, and one that stopped is left alone", async () => {
    const running = await start();
    const [pending, stopped] = [await leadThatGot(running, "a"), await leadThatGot(running, "a")];
    await db.query("update enrollment set pending_message_id = new_id() where workspace_id = $1 and id = $2", [workspaceId, pending]);
    await db.query("update enrollment set state = 'replied', next_at = null where workspace_id = $1 and id = $2", [workspaceId, stopped]);
    const both = () => Promise.all([pending, stopped].map((one) => enrollmentById(db, workspaceId, one)));
    const [waiting, ended] = await both();
    await apply(fileWith({ steps: "ac" }));
    expect(await both()).toEqual([{ ...waiting, version: (waiting?.version ?? 0) + 1 }, ended]);
  });

  test("a new delay plans anew those who wait for that step, new hours everybody, new words nobody", async () => {
    const running = await start();
    const [gotA, gotB] = [await leadThatGot(running, "a"), await leadThatGot(running, "ab")];
    const versionOf = async (one: EnrollmentId) => (await enrollmentById(db, workspaceId, one))?.version;
    await apply(fileWith().replace("Text of c.", "New."));
    expect(await Promise.all([gotA, gotB].map(standing))).toEqual(["b planned", "c planned"]);
    await apply(fileWith({ delays: { b: "5 days" } }));
    expect(await Promise.all([gotA, gotB].map(standing))).toEqual(["b", "c planned"]);
    expect(await Promise.all([gotA, gotB].map(versionOf))).toEqual([2, 1]);
    await apply(fileWith({ delays: { b: "5 days" }, more: "window: { monday: 10:00-11:00 }\n" }));
    expect(await Promise.all([gotA, gotB].map(standing))).toEqual(["b", "c"]);
  });

  test("the holidays of another country plan everybody anew", async () => {
    const lead = await leadThatGot(await start(), "a");
    await apply(fileWith({ more: "holidays: [DE]\n" }));
    expect(await standing(lead)).toBe("b");
  });

  test("a longer reply window is waited for", async () => {
    const lead = await leadThatGot(await start(), "abc");
    await apply(fileWith({ more: "reply_window: 30 days\n" }));
    expect((await enrollmentById(db, workspaceId, lead))?.nextAt).toEqual(after(START, 32 * DAY));
  });

  test("whatever is edited, the store and the planner name the same next step", { timeout: 60_000 }, async () => {
    const order = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f"), { minLength: 1 });
    const versions = fc.array(fc.record({ order, onEdit: fc.constantFrom("move", "move", "stay") }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(versions, fc.array(fc.nat({ max: 3 }), { minLength: 4, maxLength: 4 }), async (edits, sends) => {
        workspaceId = await id("insert into workspace (name) values ('team ' || new_id()) returning id");
        mailboxId = await addMailbox("anna@team.example");
        const running = await start();
        const lead = await leadThatGot(running, "");
        for (const [index, edit] of edits.entries()) {
          for (let mails = sends[index] ?? 0; mails > 0; mails -= 1) {
            const next = await expectedStep(running, lead);
            if (next) await send(running, lead, next, (now = after(now, DAY)));
          }
          await apply(fileWith({ steps: edit.order.join(""), more: `on_edit: ${edit.onEdit}\n` }));
          const next = await expectedStep(running, lead);
          expect((await standing(lead)).replace(" planned", "")).toBe(next ?? "awaiting_reply");
        }
      }),
      { numRuns: 25 },
    );
  });

  async function expectedStep(running: Running, lead: EnrollmentId): Promise<string | null> {
    const enrollment = await enrollmentById(db, workspaceId, lead);
    return nextStep(await stepRows(running), enrollment ?? newestOf(running.sequenceId), enrollment?.sentLineages ?? [])?.lineage ?? null;
  }
});

describe("a campaign's states", () => {
  test("each transition is won once, by one, and stands in the history", async () => {
    const { campaignId } = await apply(fileWith());
    const at = (hours: number) => after(START, hours * HOUR);
    expect(await inTransaction((tx) => pauseCampaign(tx, workspaceId, campaignId, "person", at(1)))).toBe(false);
    expect(await inTransaction((tx) => scheduleCampaign(tx, workspaceId, campaignId, at(1)))).toBe(true);
    const race = await Promise.all([1, 2, 3].map(() => inTransaction((tx) => activate(tx, workspaceId, campaignId, "start_date", at(2)))));
    expect(race.filter(Boolean)).toHaveLength(1);
    expect(await inTransaction((tx) => pauseCampaign(tx, workspaceId, campaignId, "person", at(3)))).toBe(true);
    expect(await inTransaction((tx) => activate(tx, workspaceId, campaignId, "person", at(4)))).toBe(false);
    expect(await inTransaction((tx) => resumeCampaign(tx, workspaceId, campaignId, at(8)))).toEqual({ epoch: 1, pausedMs: 5 * HOUR });
    expect(await inTransaction((tx) => resumeCampaign(tx, workspaceId, campaignId, at(9)))).toBeNull();
    expect(await inTransaction((tx) => completeCampaign(tx, workspaceId, campaignId, "end_date", at(10)))).toBe(true);
    expect(await campaignById(db, workspaceId, campaignId)).toMatchObject({
      state: "completed",
      stateReason: "end_date",
      activatedAt: at(2),
      pausedAt: null,
      pauseEpoch: 1,
    });
    expect(
      (await campaignHistory(db, workspaceId, campaignId)).map((event) => `${event.reason}: ${event.fromState} → ${event.toState}`),
    ).toEqual([
      "created: null → draft",
      "scheduled: draft → scheduled",
      "start_date: scheduled → active",
      "person: active → paused",
      "resumed: paused → active",
      "end_date: active → completed",
    ]);
  });

  test("another workspace cannot touch it", async () => {
    const { campaignId } = await apply(fileWith());
    const other = await id<WorkspaceId>("insert into workspace (name) values ('other ' || new_id()) returning id");
    expect(await inTransaction((tx) => activate(tx, other, campaignId, "person", now))).toBe(false);
    expect(await readinessFacts(db, other, campaignId)).toBeNull();
  });
});

describe("whether it is ready", () => {
  const around = { publicUrl: null, templateProblems: [], lint: [], maxInvalidPercent: 5, now: START };
  async function missing(campaignId: CampaignId): Promise<string[]> {
    const facts = await readinessFacts(db, workspaceId, campaignId);
    const readiness = facts && checkReadiness(facts, around);
    return readiness && !readiness.ready ? readiness.missing.map((one) => one.code) : [];
  }

  test("is read from what is there: leads, mailbox tests, addresses", async () => {
    const { campaignId } = await apply(fileWith());
    expect(await missing(campaignId)).toEqual(["leads_none", "mailbox_untested", "reply_inbox_unread", "postal_address"]);
    const lead = await addLead();
    await db.query("update mailbox set smtp_tested_at = $2, imap_tested_at = $2 where workspace_id = $1", [workspaceId, now]);
    await db.query("update workspace set postal_address = 'Berlin' where id = $1", [workspaceId]);
    expect(await missing(campaignId)).toEqual([]);
    await db.query(
      "insert into suppression (workspace_id, kind, key, reason, created_at) select $1, 'address', identity_key, 'person', $3 from lead where id = $2",
      [workspaceId, lead, now],
    );
    expect(await missing(campaignId)).toEqual(["leads_unreachable"]);
  });

  test("asks only for the leads of the campaign's list", async () => {
    await addLead();
    const list = await id<ListId>("insert into lead_list (workspace_id, name, created_at) values ($1, 'Bakeries', $2) returning id", [
      workspaceId,
      now,
    ]);
    const { campaignId } = await apply(fileWith().replace("leads: all", "leads: { list: bakeries }"));
    expect(await missing(campaignId)).toContain("leads_none");
    await db.query("insert into lead_list_member (workspace_id, list_id, lead_id, added_at) values ($1, $2, $3, $4)", [
      workspaceId,
      list,
      await addLead(),
      now,
    ]);
    expect(await missing(campaignId)).not.toContain("leads_none");
  });

  test("a relay's replies are read in its reply mailbox", async () => {
    const { campaignId } = await apply(fileWith());
    await addLead();
    await db.query(
      "update mailbox set imap_host = null, imap_port = null, imap_security = null, smtp_tested_at = $2 where workspace_id = $1",
      [workspaceId, now],
    );
    await db.query("update workspace set postal_address = 'Berlin' where id = $1", [workspaceId]);
    expect(await missing(campaignId)).toEqual(["reply_inbox_none"]);
    const inbox = await addMailbox("replies@team.example");
    await db.query("update mailbox set reply_mailbox_id = $2 where workspace_id = $1 and id = $3", [workspaceId, inbox, mailboxId]);
    expect(await missing(campaignId)).toEqual(["reply_inbox_unread"]);
    await db.query("update mailbox set imap_tested_at = $2 where workspace_id = $1 and id = $3", [workspaceId, now, inbox]);
    expect(await missing(campaignId)).toEqual([]);
  });
});
