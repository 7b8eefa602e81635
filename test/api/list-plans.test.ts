// Lists stay quick when there is much: what each page reads is counted by PostgreSQL, among 100,000 leads, enrollments and messages.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database, Tx } from "../../src/store/database.ts";
import { ApiUnderTest, type Ask } from "./api-under-test.ts";
import { fillWorkspace } from "./fuzz/world.ts";

const MANY = 100_000;
/** Blocks of 8 kB that one page may touch. A sequential scan of the leads touches more than 2,000. */
const MOST_BLOCKS = 1_200;
const BIG = new Set(["lead", "enrollment", "message", "suppression", "automation_run", "audit_entry"]);

let api: ApiUnderTest;
let ask: Ask;
let campaign: string;
let lead: string;
/** What a request asked of the database. */
const asked: { text: string; values: readonly unknown[] }[] = [];

beforeAll(async () => {
  api = await ApiUnderTest.begin();
  ask = await api.key();
  const { db, keys } = api.agent;
  const ids = await fillWorkspace(db, api.workspaceId, { word: "amsel", ports: { smtp: 1, imap: 1 }, key: keys.credentials });
  campaign = ids["campaign"]?.[0] ?? "";
  lead = ids["lead"]?.[0] ?? "";
  const parents = { workspace: api.workspaceId, campaign, mailbox: ids["mailbox"]?.[0] ?? "", sequence: ids["sequence"]?.[0] ?? "" };
  // every row names what is there: PostgreSQL need not look that up half a million times
  await db.transaction(async (tx) => {
    await tx.query("set local session_replication_role = replica");
    await fill(tx, parents);
  });
  for (const table of BIG) await db.query(`vacuum analyze ${table}`);
  listenIn(db);
}, 180_000);
afterAll(() => api.end());

async function fill(
  tx: Tx,
  { workspace, campaign: of, mailbox, sequence }: Record<"workspace" | "campaign" | "mailbox" | "sequence", string>,
): Promise<void> {
  const at = "timestamptz '2026-03-02 08:00Z' + n * interval '1 second'";
  await tx.query(
    `insert into lead (workspace_id, email, identity_key, first_name, company, status, created_at, updated_at)
     select $1, n || '@many.example', n || '@many.example', 'Lea', 'Bakery ' || n, case when n % 1000 = 0 then 'converted' else 'new' end, ${at}, ${at}
     from generate_series(1, ${MANY}) n`,
    [workspace],
  );
  // Each statement reads what the one before has written; without statistics it may do so once a row.
  await tx.query("analyze lead");
  await tx.query(
    `insert into enrollment (workspace_id, campaign_id, lead_id, mailbox_id, state, reason, sequence_id, anchor_at, pause_epoch, created_at, updated_at)
     select $1, $2, id, $3, 'finished', 'finished', $4, created_at, 0, created_at, created_at from lead
     where workspace_id = $1 and identity_key like '%@many.example'`,
    [workspace, of, mailbox, sequence],
  );
  await tx.query("analyze enrollment");
  await tx.query(
    `insert into message (workspace_id, kind, campaign_id, enrollment_id, visit, step_lineage, lead_id, mailbox_id, message_id, recipient, recipient_key,
       subject, state, slot_at, sent_at, fence, attempts, created_at, updated_at)
     select e.workspace_id, 'step', e.campaign_id, e.id, 1, 'many', e.lead_id, e.mailbox_id, '<' || e.id || '@many.example>', l.email, l.identity_key,
       'Subject', 'sent', e.created_at, e.created_at, 1, 1, e.created_at, e.created_at
     from enrollment e join lead l on l.workspace_id = e.workspace_id and l.id = e.lead_id
     where e.workspace_id = $1 and l.identity_key like '%@many.example'`,
    [workspace],
  );
  await tx.query(
    `insert into suppression (workspace_id, kind, key, reason, evidence, created_at)
     select $1, 'address', n || '@away.example', 'person', '{}', ${at} from generate_series(1, ${MANY / 5}) n`,
    [workspace],
  );
  await tx.query(
    `insert into automation_run (automation, workspace_id, trigger, started_at, ended_at, outcome)
     select case when n % 1000 = 0 then 'keep-house' else 'send-due-steps' end, case when n % 3 = 0 then $1::uuid end, 'schedule', ${at}, ${at}, 'ok'
     from generate_series(1, ${MANY}) n`,
    [workspace],
  );
  await tx.query(
    `insert into audit_entry (workspace_id, at, actor, actor_name, action) select $1, ${at}, 'command_line', 'anna', 'leads.create' from generate_series(1, ${MANY}) n`,
    [workspace],
  );
}

function listenIn(db: Database): void {
  const query = db.query.bind(db);
  const listening: Database["query"] = (text, values = []) => {
    asked.push({ text, values });
    return query(text, values);
  };
  Object.assign(db, { query: listening });
}

interface Plan {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
  readonly Plans?: readonly Plan[];
}

function scansOf(plan: Plan): string[] {
  const own = plan["Node Type"] === "Seq Scan" && BIG.has(plan["Relation Name"] ?? "") ? [plan["Relation Name"] ?? ""] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(scansOf)];
}

async function costOf(path: string): Promise<{ blocks: number; scans: string[] }> {
  asked.length = 0;
  const answer = await ask("GET", path);
  expect({ path, status: answer.status, body: answer.status === 200 ? "" : answer.body }).toEqual({ path, status: 200, body: "" });
  const statements = asked.filter(({ text }) => /^\s*(?:select|with)\b/i.test(text));
  let blocks = 0;
  const scans: string[] = [];
  for (const { text, values } of statements) {
    const { rows } = await api.agent.db.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
      `explain (analyze, buffers, format json) ${text}`,
      values,
    );
    const plan = rows[0]?.["QUERY PLAN"][0].Plan;
    if (!plan) continue;
    blocks += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"];
    scans.push(...scansOf(plan));
  }
  return { blocks, scans };
}

const FROM_THE_MIDDLE = ["/leads", "/leads?sort=email", "/messages", "/suppressions", "/audit", "/automation-runs"];

test.each([
  "/leads",
  "/leads?sort=email",
  "/leads?status=converted",
  "/leads?email=50000@many.example",
  "/messages",
  "/messages?campaignId=CAMPAIGN",
  "/messages?leadId=LEAD",
  "/messages?state=uncertain",
  "/campaigns/CAMPAIGN/enrollments",
  "/leads/LEAD/enrollments",
  "/leads/LEAD/history",
  "/inbound-messages",
  "/inbound-messages?interestLevel=needs_review",
  "/suppressions",
  "/audit",
  "/automations",
  "/automation-runs",
  "/automation-runs?automation=keep-house",
])("%s reads little, however much there is", async (written) => {
  const path = written.replace("CAMPAIGN", campaign).replace("LEAD", lead);
  const first = await costOf(path);
  expect({ path: written, ...first, isLittle: first.blocks <= MOST_BLOCKS }).toMatchObject({ scans: [], isLittle: true });
});

test.each(FROM_THE_MIDDLE)("%s reads as little on its tenth page", async (path) => {
  const to = (query: string) => `${path}${path.includes("?") ? "&" : "?"}${query}`;
  let { nextCursor: cursor }: { nextCursor: string } = (await ask("GET", to("limit=50"))).body;
  for (let page = 2; page < 10; page += 1) cursor = (await ask("GET", to(`limit=50&cursor=${cursor}`))).body.nextCursor;
  const { blocks, scans } = await costOf(to(`limit=50&cursor=${cursor}`));
  expect({ path, scans, blocks, isLittle: blocks <= MOST_BLOCKS }).toMatchObject({ scans: [], isLittle: true });
});
