// The rules that the database enforces whatever the code does: each test breaks one with plain SQL and names what refused.
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { only } from "../../src/store/database.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

const AT = "2026-03-02T08:00:00Z";
/** The trigger message_not_to_suppressed. */
const SUPPRESSED = "MA001";

let database: TestDatabase;
let ours: Team;
let theirs: Team;

interface Team {
  readonly workspace: string;
  readonly lead: string;
  readonly mailbox: string;
  readonly campaign: string;
  readonly main: string;
  readonly step: string;
  readonly enrollment: string;
}

beforeAll(async () => {
  database = await createTestDatabase();
  ours = await addTeam("ours");
  theirs = await addTeam("theirs");
});
afterAll(() => database.drop());

type Row = Readonly<Record<string, unknown>>;

/** Inserts a row; gives its id where it has one. */
async function add(table: string, row: Row): Promise<string> {
  const columns = Object.keys(row);
  const sql = `insert into ${table} as made (${columns.join(", ")}) values (${columns.map((_, index) => `$${index + 1}`).join(", ")})
    returning to_jsonb(made) ->> 'id' as id`;
  return only((await database.db.query<{ id: string }>(sql, Object.values(row))).rows).id;
}

/** What refused the statement: a constraint's name, else the SQLSTATE; "nothing" when it went through. */
async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return "nothing";
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    return error.constraint ?? error.code ?? "";
  }
}

const run = (sql: string, values: readonly unknown[] = []) => database.db.query(sql, values);
const times = { created_at: AT, updated_at: AT };

const newLead = (workspace: string, email: string): Row => ({
  workspace_id: workspace,
  email,
  identity_key: email.toLowerCase(),
  ...times,
});
const newSequence = (team: Team, more: Row): Row => ({
  workspace_id: team.workspace,
  campaign_id: team.campaign,
  kind: "sub",
  name: "Sub",
  ...more,
});
const newCampaign = (workspace: string, name: string): Row => ({
  workspace_id: workspace,
  name,
  time_zone: "UTC",
  sending_window: "{}",
  ...times,
});
const newMailbox = (workspace: string, email: string): Row => ({
  workspace_id: workspace,
  email,
  identity_key: email,
  provider: "custom",
  smtp_host: "mail.example",
  smtp_port: 465,
  smtp_security: "tls",
  daily_cap: 40,
  min_gap_seconds: 90,
  ...times,
});

let counter = 0;
function unique(): number {
  counter += 1;
  return counter;
}

/** A message of the first step, sent but for what `more` says. */
const newMessage = (team: Team, more: Row = {}): Row => ({
  workspace_id: team.workspace,
  kind: "step",
  campaign_id: team.campaign,
  enrollment_id: team.enrollment,
  visit: 1,
  step_lineage: `step ${unique()}`,
  step_id: team.step,
  mailbox_id: team.mailbox,
  message_id: `<${unique()}@team.example>`,
  recipient: "Ann@Bakery.example",
  recipient_key: "ann@bakery.example",
  state: "sent",
  slot_at: AT,
  sent_at: AT,
  ...times,
  ...more,
});

const newInbound = (team: Team, more: Row = {}): Row => ({
  workspace_id: team.workspace,
  mailbox_id: team.mailbox,
  folder: "INBOX",
  uid_validity: 1,
  uid: unique(),
  fingerprint: Buffer.from(`mail ${unique()}`),
  received_at: AT,
  verdict: "reply",
  disposition: "unmatched",
  disposition_reason: "unknown_sender",
  ...more,
});

async function addTeam(name: string): Promise<Team> {
  const workspace = await add("workspace", { name });
  const lead = await add("lead", newLead(workspace, "ann@bakery.example"));
  const mailbox = await add("mailbox", newMailbox(workspace, "team@team.example"));
  const campaign = await add("campaign", newCampaign(workspace, "Repairs"));
  const main = await add("sequence", { workspace_id: workspace, campaign_id: campaign, kind: "main", name: "Main" });
  const step = await add("step", { workspace_id: workspace, sequence_id: main, lineage: "first", position: 1 });
  const of = { workspace_id: workspace, campaign_id: campaign, lead_id: lead, mailbox_id: mailbox };
  const enrollment = await add("enrollment", {
    ...of,
    sequence_id: main,
    next_step_id: step,
    reason: "enrolled",
    anchor_at: AT,
    pause_epoch: 0,
    ...times,
  });
  return { workspace, lead, mailbox, campaign, main, step, enrollment };
}

const copyOfEnrollment = (team: Team, more: Row): Row => ({
  workspace_id: team.workspace,
  campaign_id: team.campaign,
  lead_id: team.lead,
  mailbox_id: team.mailbox,
  sequence_id: team.main,
  next_step_id: team.step,
  reason: "enrolled",
  anchor_at: AT,
  pause_epoch: 0,
  ...times,
  ...more,
});

describe("1. people", () => {
  test("an address is one lead in a workspace, whatever its case, and another lead elsewhere", async () => {
    expect(await refusal(add("lead", newLead(ours.workspace, "ANN@bakery.example")))).toBe("lead_identity");
    expect(await refusal(add("lead", { ...newLead(ours.workspace, "x@y.example"), identity_key: "X@y.example" }))).toBe(
      "lead_identity_key_check",
    );
  });

  test("a lead is in a campaign once", async () => {
    expect(await refusal(add("enrollment", copyOfEnrollment(ours, {})))).toBe("enrollment_once");
  });
});

describe("2. sequences", () => {
  test("a campaign has one main sequence", async () => {
    expect(await refusal(add("sequence", newSequence(ours, { kind: "main", name: "Second" })))).toBe("sequence_one_main");
  });

  test("a sub-sequence hangs off a main sequence of the same campaign", async () => {
    const refused = "sequence_parent_is_main_of_same_campaign";
    const other = await add("campaign", newCampaign(ours.workspace, "Other"));
    const elsewhere = { workspace_id: ours.workspace, campaign_id: other, kind: "sub", name: "Sub", parent_id: ours.main, trigger: "any" };
    expect(await refusal(add("sequence", elsewhere))).toBe(refused);
    const sub = await add("sequence", newSequence(ours, { parent_id: ours.main, trigger: "neutral" }));
    expect(await refusal(add("sequence", newSequence(ours, { name: "Sub of sub", parent_id: sub, trigger: "any" })))).toBe(refused);
  });

  test("a sub-sequence has a parent and a trigger, a main sequence neither", async () => {
    const refused = "sequence_sub_has_parent_and_trigger";
    expect(await refusal(add("sequence", newSequence(ours, { name: "No parent", trigger: "any" })))).toBe(refused);
    expect(await refusal(add("sequence", newSequence(ours, { name: "No trigger", parent_id: ours.main })))).toBe(refused);
    expect(await refusal(run("update sequence set trigger = 'any' where id = $1", [ours.main]))).toBe(refused);
  });

  test("one sub-sequence answers to a trigger at a time", async () => {
    const positive = { parent_id: ours.main, trigger: "positive" };
    await add("sequence", newSequence(ours, { name: "Yes", ...positive }));
    expect(await refusal(add("sequence", newSequence(ours, { name: "Yes again", ...positive })))).toBe("sequence_one_active_trigger");
    expect(await refusal(add("sequence", newSequence(ours, { name: "Yes, once", is_active: false, ...positive })))).toBe("nothing");
  });

  test.each(["unsubscribe", "needs_review", "not_analyzed"])("%s never triggers a sub-sequence", async (trigger) => {
    expect(await refusal(add("sequence", newSequence(ours, { name: trigger, parent_id: ours.main, trigger })))).toBe(
      "sequence_trigger_check",
    );
  });
});

describe("3. workspaces", () => {
  test("an enrollment's sequence belongs to its campaign", async () => {
    const other = await add("campaign", newCampaign(ours.workspace, "Foreign"));
    const foreign = copyOfEnrollment(ours, { campaign_id: other });
    expect(await refusal(add("enrollment", foreign))).toBe("enrollment_sequence_of_its_campaign");
  });

  test("an enrollment's mailbox and lead belong to its workspace", async () => {
    const lead = await add("lead", newLead(ours.workspace, "bob@bakery.example"));
    const foreignMailbox = copyOfEnrollment(ours, { lead_id: lead, mailbox_id: theirs.mailbox });
    expect(await refusal(add("enrollment", foreignMailbox))).toBe("enrollment_workspace_id_mailbox_id_fkey");
    expect(await refusal(add("enrollment", copyOfEnrollment(ours, { lead_id: theirs.lead })))).toBe("enrollment_workspace_id_lead_id_fkey");
  });

  test("every reference between rows of workspaces carries the workspace", async () => {
    expect(await referencesWithoutWorkspace()).toEqual([]);
  });

  test("every table of a workspace's data has the workspace in its key", async () => {
    const { rows } = await run(
      `select c.relname from pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and not exists (
         select from pg_constraint k join pg_attribute a on a.attrelid = c.oid and a.attnum = any (k.conkey)
         where k.conrelid = c.oid and k.contype = 'p' and a.attname = 'workspace_id')
       order by 1`,
    );
    const ofTheInstallation = [
      "applied_migration",
      "automation_run",
      "installation",
      "recipient_domain",
      "schedule",
      "setup_link",
      "workspace",
    ];
    // A person may belong to several workspaces, and signs in once.
    const ofPeople = ["password_reset", "recovery_code", "user_account", "user_session"];
    expect(rows.map((row) => row["relname"]).filter((table) => ![...ofTheInstallation, ...ofPeople].includes(table as string))).toEqual([]);
  });
});

/** Foreign keys between two tables that both carry a workspace, but do not hold the two together. */
async function referencesWithoutWorkspace(): Promise<unknown[]> {
  const { rows } = await run(
    `select k.conname from pg_constraint k
     join pg_attribute f on f.attrelid = k.conrelid and f.attname = 'workspace_id'
     join pg_attribute t on t.attrelid = k.confrelid and t.attname = 'workspace_id'
     where k.contype = 'f' and coalesce(array_position(k.conkey, f.attnum) <> array_position(k.confkey, t.attnum), true)`,
  );
  return rows.map((row) => row["conname"]);
}

describe("4. the send ledger", () => {
  test("a step goes once to an enrollment, in each visit", async () => {
    const message = newMessage(ours, { step_lineage: "first" });
    await add("message", message);
    expect(await refusal(add("message", { ...message, message_id: "<other@team.example>" }))).toBe("message_step_once");
    expect(await refusal(add("message", { ...message, message_id: "<visit2@team.example>", visit: 2 }))).toBe("nothing");
  });

  test("an answer, a test or a notice carries a key and goes once", async () => {
    const answer = { kind: "answer", visit: null, step_lineage: null, step_id: null };
    expect(await refusal(add("message", newMessage(ours, answer)))).toBe("message_check1");
    await add("message", newMessage(ours, { ...answer, idempotency_key: "answer 1" }));
    expect(await refusal(add("message", newMessage(ours, { ...answer, idempotency_key: "answer 1" })))).toBe("message_idempotency");
  });

  test("a claim names its lease and the day whose budget it took", async () => {
    expect(await refusal(add("message", newMessage(ours, { state: "claimed", sent_at: null })))).toBe("message_check4");
  });

  test("sent has a time; deferred has a next attempt; failed, uncertain and cancelled have a reason", async () => {
    expect(await refusal(add("message", newMessage(ours, { sent_at: null })))).toBe("message_check2");
    expect(await refusal(add("message", newMessage(ours, { state: "deferred", sent_at: null, reason: "greylisted" })))).toBe(
      "message_check3",
    );
    for (const state of ["failed", "uncertain", "cancelled"]) {
      expect(await refusal(add("message", newMessage(ours, { state, sent_at: null })))).toBe("message_check5");
    }
  });
});

describe("5. message ids and what came in", () => {
  test("a Message-ID is used once, in all workspaces", async () => {
    await add("message", newMessage(ours, { message_id: "<same@team.example>" }));
    expect(await refusal(add("message", newMessage(theirs, { message_id: "<same@team.example>" })))).toBe("message_id_once");
  });

  test("a mail in a folder is stored once", async () => {
    await add("inbound_message", newInbound(ours, { uid: 100_001 }));
    expect(await refusal(add("inbound_message", newInbound(ours, { uid: 100_001 })))).toBe("inbound_uid_once");
    expect(await refusal(add("inbound_message", newInbound(ours, { uid: 100_001, uid_validity: 2 })))).toBe("nothing");
  });

  test("a mail in two folders is stored once; two mails that share a Message-ID lose neither", async () => {
    const fingerprint = Buffer.from("the same bytes");
    await add("inbound_message", newInbound(ours, { fingerprint, message_id: "<x@y.example>" }));
    expect(await refusal(add("inbound_message", newInbound(ours, { fingerprint, folder: "Junk" })))).toBe("inbound_content_once");
    expect(await refusal(add("inbound_message", newInbound(ours, { message_id: "<x@y.example>" })))).toBe("nothing");
  });

  test("what is matched says how", async () => {
    expect(await refusal(add("inbound_message", newInbound(ours, { disposition: "matched" })))).toBe("inbound_message_check");
  });
});

describe("6. suppressions", () => {
  const onTheWire = { state: "transmitting", sent_at: null, fence: 1, budget_day: "2026-03-02" };
  const to = (address: string, more: Row = {}): Row =>
    newMessage(ours, { recipient: address, recipient_key: address, ...onTheWire, ...more });
  const suppress = (key: string, more: Row = {}) => {
    const kind = key.includes("@") ? "address" : "domain";
    return add("suppression", { workspace_id: ours.workspace, kind, key, reason: "unsubscribe", created_at: AT, ...more });
  };

  test("no mail to a suppressed address goes onto the wire, neither new nor claimed before", async () => {
    const claimed = await add("message", to("stop@cafe.example", { state: "claimed" }));
    await suppress("stop@cafe.example");
    expect(await refusal(add("message", to("stop@cafe.example")))).toBe(SUPPRESSED);
    expect(await refusal(run("update message set state = 'transmitting' where id = $1", [claimed]))).toBe(SUPPRESSED);
    expect(await refusal(add("message", to("go@cafe.example")))).toBe("nothing");
  });

  test("a suppressed domain closes all its addresses", async () => {
    await suppress("closed.example");
    expect(await refusal(add("message", to("anybody@closed.example")))).toBe(SUPPRESSED);
  });

  test("a suppression of one campaign leaves the others open", async () => {
    await suppress("once@cafe.example", { campaign_id: ours.campaign });
    const other = await add("campaign", newCampaign(ours.workspace, "Open"));
    expect(await refusal(add("message", to("once@cafe.example")))).toBe(SUPPRESSED);
    expect(await refusal(add("message", to("once@cafe.example", { campaign_id: other, step_id: null })))).toBe("nothing");
  });

  test("a suppression of another workspace closes nothing here", async () => {
    await suppress("shared@cafe.example", { workspace_id: theirs.workspace });
    expect(await refusal(add("message", to("shared@cafe.example")))).toBe("nothing");
  });

  test("a suppression outlives the lead, and meets it again", async () => {
    const lead = await add("lead", newLead(ours.workspace, "gone@cafe.example"));
    await suppress("gone@cafe.example");
    await run("delete from lead where id = $1", [lead]);
    await add("lead", newLead(ours.workspace, "gone@cafe.example"));
    expect(await refusal(add("message", to("gone@cafe.example")))).toBe(SUPPRESSED);
  });

  test("an address is suppressed once, in lower case, as what it is", async () => {
    await suppress("twice@cafe.example");
    expect(await refusal(suppress("twice@cafe.example"))).toBe("suppression_key");
    expect(await refusal(suppress("Loud@cafe.example"))).toBe("suppression_check");
    expect(await refusal(suppress("cafe.example", { kind: "address" }))).toBe("suppression_check");
  });
});

describe("7. words and caps", () => {
  test.each([
    ["lead", "status"],
    ["lead", "score_band"],
    ["lead", "reachability"],
    ["mailbox", "state"],
    ["campaign", "state"],
    ["sequence", "kind"],
    ["enrollment", "state"],
    ["inbound_message", "verdict"],
    ["inbound_message", "disposition"],
    ["inbound_message", "interest_level"],
  ])("%s.%s knows its words", async (table, column) => {
    await add("inbound_message", newInbound(ours));
    expect(await refusal(run(`update ${table} set ${column} = 'nonsense'`))).toBe(`${table}_${column}_check`);
  });

  test("a message knows its words", async () => {
    expect(await refusal(add("message", newMessage(ours, { state: "nonsense", sent_at: null })))).toBe("message_state_check");
    const kind = { kind: "nonsense", visit: null, step_lineage: null, idempotency_key: "nonsense" };
    expect(await refusal(add("message", newMessage(ours, kind)))).toBe("message_kind_check");
  });

  test("no race sends more than a mailbox's cap for the day", async () => {
    await add("send_budget", { workspace_id: ours.workspace, mailbox_id: ours.mailbox, day: "2026-03-02", cap: 2, used: 2 });
    expect(await refusal(run("update send_budget set used = used + 1"))).toBe("send_budget_check");
    expect(await refusal(run("update send_budget set used = -1"))).toBe("send_budget_check");
  });

  test("an active enrollment has a next step; one that waits for a reply has an end", async () => {
    expect(await refusal(run("update enrollment set next_step_id = null where state = 'active'"))).toBe("enrollment_check");
    expect(await refusal(run("update enrollment set state = 'awaiting_reply', next_at = null"))).toBe("enrollment_check1");
  });
});

describe("8. steps and histories", () => {
  /** A step of another campaign of the same workspace. */
  async function foreignStep(): Promise<string> {
    const campaign = await add("campaign", newCampaign(ours.workspace, `Foreign ${unique()}`));
    const main = await add("sequence", { workspace_id: ours.workspace, campaign_id: campaign, kind: "main", name: "Main" });
    return add("step", { workspace_id: ours.workspace, sequence_id: main, lineage: "first", position: 1 });
  }

  test("what an enrollment gets next is a step of the sequence that it stands in", async () => {
    const refused = "enrollment_next_step_of_its_sequence";
    const next = (step: string) => run("update enrollment set next_step_id = $2 where id = $1", [ours.enrollment, step]);
    expect(await refusal(next(await foreignStep()))).toBe(refused);
    const sub = await add("sequence", newSequence(ours, { name: "Prices", parent_id: ours.main, trigger: "referral" }));
    const stepOfSub = await add("step", { workspace_id: ours.workspace, sequence_id: sub, lineage: "prices", position: 1 });
    expect(await refusal(next(stepOfSub))).toBe(refused);
    expect(await refusal(next(ours.step))).toBe("nothing");
  });

  test("what is sent is a step of the campaign that it is sent for", async () => {
    expect(await refusal(add("message", newMessage(ours, { step_id: await foreignStep() })))).toBe("message_step_of_its_campaign");
    expect(await refusal(add("message", newMessage(ours, { campaign_id: null })))).toBe("message_step_has_campaign");
  });

  test("the campaign of a step is that of its sequence, whatever else is said", async () => {
    const other = await add("campaign", newCampaign(ours.workspace, `Liar ${unique()}`));
    const step = { workspace_id: ours.workspace, sequence_id: ours.main, lineage: "liar", position: 99 };
    const id = await add("step", { ...step, campaign_id: other });
    const { rows } = await run("select campaign_id from step where id = $1", [id]);
    expect(rows).toEqual([{ campaign_id: ours.campaign }]);
    expect(await refusal(run("update step set campaign_id = $2 where id = $1", [id, other]))).toBe("step_sequence_of_its_campaign");
  });

  test("a recipient is looked up in lower case", async () => {
    expect(await refusal(add("message", newMessage(ours, { recipient_key: "Ann@bakery.example" })))).toBe("message_recipient_key_check");
  });

  test.each(["enrollment", "campaign"] as const)("the history of an %s knows its states", async (of) => {
    const event = { workspace_id: ours.workspace, [`${of}_id`]: ours[of], at: AT, reason: "test" };
    for (const column of ["from_state", "to_state"]) {
      expect(await refusal(add(`${of}_event`, { ...event, [column]: "nonsense" }))).toBe(`${of}_event_${column}_check`);
    }
    expect(await refusal(add(`${of}_event`, { ...event, from_state: "active" }))).toBe("nothing");
  });

  test.each(["nonsense", "not_analyzed", "any"])("a judgement is never %s", async (level) => {
    const inbound = await add("inbound_message", newInbound(ours));
    const analysis = {
      workspace_id: ours.workspace,
      inbound_message_id: inbound,
      at: AT,
      analyst: "rules",
      analyst_version: "1",
      confidence: 1,
    };
    expect(await refusal(add("reply_analysis", { ...analysis, interest_level: level }))).toBe("reply_analysis_interest_level_check");
    expect(await refusal(add("reply_analysis", { ...analysis, interest_level: "needs_review" }))).toBe("nothing");
  });
});
