// A database with a campaign in it takes the rules of migration 0010: every step learns its campaign, and nothing that stands there breaks a rule.
// By migration 0021 each of its sequences has one version, which its leads follow and its mails name.
import { copyFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { only } from "../../src/store/database.ts";
import { migrate } from "../../src/store/migrate.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

const MIGRATIONS = new URL("../../migrations/", import.meta.url);
const AT = "2026-03-02T08:00:00Z";

let database: TestDatabase;
let before: string;

beforeAll(async () => {
  database = await createTestDatabase({ migrated: false });
  before = await mkdtemp(join(tmpdir(), "agent-migrations-"));
  for (const name of await readdir(MIGRATIONS)) if (name < "0010") await copyFile(new URL(name, MIGRATIONS), join(before, name));
});
afterAll(async () => {
  await database.drop();
  await rm(before, { recursive: true });
});

test("a campaign that runs goes on under the rules", async () => {
  const { db } = database;
  const add = async (sql: string, values: readonly unknown[]) =>
    only((await db.query<{ id: string }>(`${sql} returning id`, values)).rows).id;
  await migrate(db, pathToFileURL(`${before}/`));
  const workspace = await add("insert into workspace (name) values ($1)", ["team"]);
  const lead = await add(
    "insert into lead (workspace_id, email, identity_key, created_at, updated_at) values ($1, 'Ann@cafe.example', 'ann@cafe.example', $2, $2)",
    [workspace, AT],
  );
  const mailbox = await add(
    `insert into mailbox (workspace_id, email, identity_key, provider, smtp_host, smtp_port, smtp_security, daily_cap, min_gap_seconds, created_at, updated_at)
     values ($1, 'team@team.example', 'team@team.example', 'custom', 'mail.example', 465, 'tls', 40, 90, $2, $2)`,
    [workspace, AT],
  );
  const campaign = await add(
    "insert into campaign (workspace_id, name, time_zone, sending_window, created_at, updated_at) values ($1, 'Repairs', 'UTC', '{}', $2, $2)",
    [workspace, AT],
  );
  const main = await add("insert into sequence (workspace_id, campaign_id, kind, name) values ($1, $2, 'main', 'Main')", [
    workspace,
    campaign,
  ]);
  const step = await add("insert into step (workspace_id, sequence_id, lineage, position) values ($1, $2, 'a', 1)", [workspace, main]);
  const enrollment = await add(
    `insert into enrollment (workspace_id, campaign_id, lead_id, mailbox_id, reason, sequence_id, next_step_id, anchor_at, pause_epoch, created_at, updated_at)
     values ($1, $2, $3, $4, 'enrolled', $5, $6, $7, 0, $7, $7)`,
    [workspace, campaign, lead, mailbox, main, step, AT],
  );
  await add(
    `insert into message (workspace_id, kind, campaign_id, enrollment_id, visit, step_lineage, step_id, mailbox_id, message_id, recipient, recipient_key,
       state, slot_at, sent_at, created_at, updated_at)
     values ($1, 'step', $2, $3, 1, 'a', $4, $5, '<a@team.example>', 'Ann@cafe.example', 'ann@cafe.example', 'sent', $6, $6, $6, $6)`,
    [workspace, campaign, enrollment, step, mailbox, AT],
  );
  expect((await migrate(db)).applied).toContain("0010-ledger-checks.sql");
  expect((await db.query("select id, campaign_id from step")).rows).toEqual([{ id: step, campaign_id: campaign }]);
  const versions = await db.query(
    `select v.sequence_id, v.number, v.created_at, m.sequence_version, e.stays_in_version, c.on_edit
     from sequence_version v, message m, enrollment e, campaign c`,
  );
  expect(versions.rows).toEqual([
    { sequence_id: main, number: 1, created_at: new Date(AT), sequence_version: 1, stays_in_version: null, on_edit: "move" },
  ]);
});
