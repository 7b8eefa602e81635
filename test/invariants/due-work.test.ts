// Finding due work costs what is due, however many enrollments there are: read from what PostgreSQL itself says that it did.
import { beforeAll, describe, expect, test } from "vitest";
import type { CampaignId, MailboxId } from "../../src/core/ids.ts";
import { after, DAY } from "../../src/core/instant.ts";
import { only, type Queryable } from "../../src/store/database.ts";
import { databaseForTests } from "../support/database.ts";
import { Outreach } from "../support/outreach.ts";
import { statementsIn } from "./sql-statements.ts";

const STORE = new URL("../../src/store/", import.meta.url);
const LIMIT = 20;
const FEW = 100;
const MANY = 20_000;

const { db } = await databaseForTests();
let team: Outreach;
let mailboxId: MailboxId;
let campaignId: CampaignId;

beforeAll(async () => {
  team = await Outreach.begin(db, new Date("2026-03-02T08:00:00Z"));
  mailboxId = await team.addMailbox("anna@team.example");
  campaignId = await team.addCampaign("Repairs", { a: "0 minutes", b: "2 days" }, "mailboxes: [anna@team.example]");
  await team.addLeads(1);
  await team.start(campaignId);
});

/** Copies of the one that was enrolled by the product: half of them due, half of them in two days. */
async function enroll(copies: number): Promise<void> {
  await db.query(
    `insert into lead (workspace_id, email, identity_key, created_at, updated_at)
     select $1, address, address, $2, $2 from generate_series(1, $3::integer) as n cross join lateral (select 'copy' || n || 'of' || $3 || '@bakery.example' as address) named`,
    [team.workspaceId, team.now, copies],
  );
  await db.query(
    `insert into enrollment (workspace_id, campaign_id, lead_id, mailbox_id, reason, sequence_id, next_step_id, anchor_at, next_at, pause_epoch,
       created_at, updated_at)
     select e.workspace_id, e.campaign_id, lead.id, e.mailbox_id, e.reason, e.sequence_id, e.next_step_id, e.anchor_at,
       case when row_number() over (order by lead.id) % 2 = 0 then $2::timestamptz else $3 end, e.pause_epoch, $2, $2
     from (select * from enrollment where workspace_id = $1 limit 1) e
     join lead on lead.workspace_id = e.workspace_id
     where not exists (select from enrollment other where other.workspace_id = e.workspace_id and other.lead_id = lead.id)`,
    [team.workspaceId, team.now, after(team.now, 2 * DAY)],
  );
}

interface PlanNode {
  readonly "Relation Name"?: string;
  readonly Alias?: string;
  readonly "Index Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly Plans?: readonly PlanNode[];
}

interface Reading {
  readonly indexes: readonly string[];
  /** Rows of enrollments that were looked at. */
  readonly rows: number;
}

/** What PostgreSQL reads to answer the statement of that function. */
async function plan(q: Queryable, file: string, by: string, values: readonly unknown[]): Promise<PlanNode[]> {
  const { text } = only(statementsIn(new URL(file, STORE), file).filter((one) => one.by === by));
  const { rows } = await q.query<{ "QUERY PLAN": readonly { readonly Plan: PlanNode }[] }>(
    `explain (analyze, format json) ${text}`,
    values,
  );
  return allNodes(only(only(rows)["QUERY PLAN"]).Plan);
}

/** Of enrollments. */
async function reading(q: Queryable, by: string, values: readonly unknown[]): Promise<Reading> {
  const nodes = (await plan(q, "enrollment-claim.ts", by, values)).filter((node) => node["Relation Name"] === "enrollment");
  const looked = nodes.map((node) => (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"]);
  return { indexes: nodes.map((node) => node["Index Name"] ?? "none"), rows: looked.reduce((sum, rows_) => sum + rows_, 0) };
}

function allNodes(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(allNodes)];
}

describe.each([FEW, MANY])("with %i more enrollments", (copies) => {
  beforeAll(() => enroll(copies));

  test("a claim reads the rows that it takes, by the index of due work", async () => {
    const values = [team.workspaceId, mailboxId, 1, team.now, LIMIT];
    const found = await db.hot.transaction((tx) => reading(tx, "takeDue", values));
    expect(found).toEqual({ indexes: ["enrollment_due"], rows: LIMIT });
  });

  test("so it does before and after the statistics have noticed", async () => {
    await db.query("analyze");
    const values = [team.workspaceId, mailboxId, 1, team.now, LIMIT];
    expect(await db.transaction((tx) => reading(tx, "takeDue", values))).toEqual({ indexes: ["enrollment_due"], rows: LIMIT });
  });

  test("the sweep reads one row of a mailbox that has work, and none of one that has not", async () => {
    const found = await reading(db.hot, "mailboxesWithDueWork", [team.now]);
    expect(new Set(found.indexes)).toEqual(new Set(["enrollment_due"]));
    expect(found.rows).toBeLessThanOrEqual(1);
    expect((await reading(db.hot, "mailboxesWithDueWork", [after(team.now, -DAY)])).rows).toBe(0);
  });
});

// Of a ledger that was empty when it looked last, PostgreSQL believes that the workspace has no row in it, and takes any index that begins with the
// workspace: a claim read all messages once for each of its leads.
describe("while the statistics know of no message", () => {
  const sentOf = (nodes: readonly PlanNode[]) => nodes.filter((node) => node.Alias === "sent").map((node) => node["Index Name"]);

  test("what a lead was sent is found by its enrollment, at the claim", async () => {
    const values = [team.workspaceId, mailboxId, 1, team.now, LIMIT];
    const nodes = await db.hot.transaction((tx) => plan(tx, "enrollment-claim.ts", "takeDue", values));
    expect(sentOf(nodes)).toEqual(["message_step_once"]);
  });

  test("and when its mail is written", async () => {
    const nodes = await db.hot.transaction((tx) => plan(tx, "message-text.ts", "claimedMessages", [team.workspaceId, [], 1]));
    expect(sentOf(nodes)).toEqual(["message_step_once"]);
  });
});
