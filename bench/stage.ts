// A durable PostgreSQL of its own for a benchmark, with as many enrolled leads as it asks for, all of them due.
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { openPostgres } from "../src/app/embedded-postgres.ts";
import { applyCampaign } from "../src/automations/apply-campaign.ts";
import { readCampaignFile } from "../src/automations/read-campaign-file.ts";
import type { MailboxRef } from "../src/automations/send-batch.ts";
import type { CampaignId, MailboxId, WorkspaceId } from "../src/core/ids.ts";
import { activate } from "../src/store/campaign-state.ts";
import { type Database, only, openDatabase } from "../src/store/database.ts";
import { migrate } from "../src/store/migrate.ts";
import { ensureWorkspace, setPostalAddress } from "../src/store/workspace.ts";
import { campaignText } from "../test/support/campaign-text.ts";

/** When everything is due, and what the clocks of a benchmark say. */
export const START = new Date("2026-03-04T09:00:00Z");
/** Of all mailboxes. */
export const DOMAIN = "team.example";
/** The most that a mailbox may send a day. */
export const DAILY_CAP = 100_000;

export interface Stage {
  readonly db: Database;
  /** The server may read files in it. */
  readonly directory: string;
  readonly connectionString: string;
  readonly workspaceId: WorkspaceId;
  /** A relay without a gap, and `leads` new leads enrolled in its running campaign, all due at START. */
  addMailbox(leads: number, smtp: { host: string; port: number }): Promise<MailboxRef>;
  close(): Promise<void>;
}

/** With fsync, as in production. */
export async function openStage(): Promise<Stage> {
  const directory = mkdtempSync("/tmp/agent-bench-");
  chmodSync(directory, 0o711); // as root, PostgreSQL runs as another user, who must get in
  const postgres = await openPostgres({ dataDir: join(directory, "data"), log: pino({ level: "silent" }) });
  const db = openDatabase({ connectionString: postgres.connectionString, maxConnections: 10, onIdleError: () => undefined });
  await migrate(db);
  const workspaceId = await ensureWorkspace(db, "bench");
  await setPostalAddress(db, workspaceId, "Team GmbH, Ofenstraße 1, 10115 Berlin");
  let mailboxes = 0;
  return {
    db,
    directory,
    connectionString: postgres.connectionString,
    workspaceId,
    addMailbox: (leads, smtp) => {
      mailboxes += 1;
      return addMailbox(db, workspaceId, mailboxes, leads, smtp);
    },
    close: async () => {
      await db.close();
      await postgres.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function addMailbox(
  db: Database,
  workspaceId: WorkspaceId,
  nth: number,
  leads: number,
  smtp: { host: string; port: number },
): Promise<MailboxRef> {
  const email = `anna${nth}@${DOMAIN}`;
  const inserted = await db.query<{ id: MailboxId }>(
    `insert into mailbox (workspace_id, email, identity_key, from_name, provider, smtp_host, smtp_port, smtp_security, daily_cap, min_gap_seconds,
       created_at, updated_at)
     values ($1, $2, $2, 'Anna Berger', 'custom', $3, $4, 'none', $5, 0, $6, $6) returning id`,
    [workspaceId, email, smtp.host, smtp.port, DAILY_CAP, START],
  );
  const mailboxId = only(inserted.rows).id;
  const more = `mailboxes: [${email}]\nwindow: { monday-sunday: 00:00-24:00 }`;
  const { campaignId } = await applyCampaign(
    { db, clock: { now: () => START } },
    { workspaceId, file: readCampaignFile(campaignText({ name: `Campaign ${nth}`, steps: STEPS, more })) },
  );
  await db.transaction((tx) => activate(tx, workspaceId, campaignId, "started", START));
  await enroll(db, workspaceId, campaignId, mailboxId, nth, leads);
  return { workspaceId, mailboxId };
}

/** What import and enrolment would write, but in two statements. */
async function enroll(
  db: Database,
  workspaceId: WorkspaceId,
  campaignId: CampaignId,
  mailboxId: MailboxId,
  nth: number,
  leads: number,
): Promise<void> {
  await db.query(
    `insert into lead (workspace_id, email, identity_key, first_name, company, custom, source, created_at, updated_at)
     select $1, address, address, 'Kim' || n, 'Bakery ' || n, '{"city": "Berlin"}', $2, $3, $3
     from generate_series(1, $4) as n cross join lateral (select 'lead' || n || '@bakery' || $5::integer || '-' || n % 997 || '.example' as address) named`,
    [workspaceId, campaignId, START, leads, nth],
  );
  await db.query(
    `insert into enrollment (workspace_id, campaign_id, lead_id, mailbox_id, reason, sequence_id, next_step_id, anchor_at, next_at, pause_epoch,
       created_at, updated_at)
     select lead.workspace_id, $2, lead.id, $3, 'enrolled', step.sequence_id, step.id, $4, $4, c.pause_epoch, $4, $4
     from lead
     join campaign c on c.workspace_id = lead.workspace_id and c.id = $2
     join sequence s on s.workspace_id = c.workspace_id and s.campaign_id = c.id and s.kind = 'main'
     join step on step.workspace_id = s.workspace_id and step.sequence_id = s.id and step.position = 1
     where lead.workspace_id = $1 and lead.source = $2::text`,
    [workspaceId, campaignId, mailboxId, START],
  );
  await db.query("vacuum analyze");
  await db.query("checkpoint");
}

const PARAGRAPH =
  "we noticed that {{ company }} in {{ city }} repairs its ovens by hand, and that every repair stops the bakery for half a day. " +
  "Other bakeries of your size keep a log of what broke and when, and order the part before it breaks: that saved them four days a year. " +
  "If you like, I send you the one-page summary of what they did; it takes three minutes to read, and nothing has to be bought.";
const BODY = `Hi {{ first_name }},\n\n${[PARAGRAPH, PARAGRAPH, PARAGRAPH].join("\n\n")}\n\nBest regards\nAnna Berger`;
const HTML = `<p>Hi {{ first_name }},</p>\n${`<p style="margin:0 0 12px">${PARAGRAPH}</p>\n`.repeat(3)}<p>Best regards<br>Anna Berger</p>`;
const STEPS = {
  intro: { subject: "Oven repairs at {{ company }}", body: BODY, html: HTML },
  again: { after: "2 days", body: "Hi {{ first_name }}, did you have a moment to look at this?" },
};
