// What does the ledger cost? Import, enrolment, claim and sending of a campaign on a durable PostgreSQL and an instant mail server, each beside the
// least that could do: a bare claim in SQL, and nodemailer's pool without any record.
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { createTransport } from "nodemailer";
import { pino } from "pino";
import { openPostgres } from "../src/app/embedded-postgres.ts";
import type { Agent } from "../src/automations/agent.ts";
import { applyCampaign } from "../src/automations/apply-campaign.ts";
import { claimMessages } from "../src/automations/claim-messages.ts";
import { enrollLeads } from "../src/automations/enroll-leads.ts";
import { importLeads } from "../src/automations/import-leads.ts";
import { campaignSchedule } from "../src/automations/print-schedule.ts";
import { readCampaignFile } from "../src/automations/read-campaign-file.ts";
import { type MailboxRef, sendBatch } from "../src/automations/send-batch.ts";
import type { CampaignId, MailboxId, WorkspaceId } from "../src/core/ids.ts";
import { activate } from "../src/store/campaign-state.ts";
import { type Database, only, openDatabase } from "../src/store/database.ts";
import { acquireLease, releaseLease } from "../src/store/lease.ts";
import { mailboxById } from "../src/store/mailbox.ts";
import { migrate } from "../src/store/migrate.ts";
import { ensureWorkspace, setPostalAddress } from "../src/store/workspace.ts";
import { testAgent } from "../test/support/agent.ts";
import { campaignText } from "../test/support/campaign-text.ts";
import { type InstantSink, startInstantSink } from "./instant-sink.ts";
import { machine, peakMemory, timed } from "./machine.ts";

const LEADS = Number(process.argv[2] ?? 10_000);
const MAILS = Number(process.argv[3] ?? 2_000);
const BATCH = 100;
const START = new Date("2026-03-04T09:00:00Z");

const rows: object[] = [];
let workspaceId: WorkspaceId;

/** `work` returns how many things it did. */
async function measure(what: string, work: () => Promise<number>): Promise<void> {
  const { seconds, cpuSeconds, result: things } = await timed(work);
  rows.push({
    what,
    things,
    seconds: seconds.toFixed(2),
    "CPU without database (s)": cpuSeconds.toFixed(2),
    "per second": Math.round(things / seconds),
  });
}

async function prepare(db: Database, agent: Agent, sink: InstantSink): Promise<{ mailbox: MailboxRef; campaignId: CampaignId }> {
  workspaceId = await ensureWorkspace(db, "bench");
  await setPostalAddress(db, workspaceId, "Team GmbH, Berlin");
  const inserted = await db.query<{ id: MailboxId }>(
    `insert into mailbox (workspace_id, email, identity_key, provider, smtp_host, smtp_port, smtp_security, imap_host, imap_port, imap_security,
       daily_cap, min_gap_seconds, time_zone, created_at, updated_at)
     values ($1, 'anna@team.example', 'anna@team.example', 'custom', $2, $3, 'none', 'mail.team.example', 993, 'tls', $4, 0, 'UTC', $5, $5) returning id`,
    [workspaceId, sink.host, sink.port, MAILS, START],
  );
  const more = "mailboxes: [anna@team.example]\nwindow: { monday-sunday: 00:00-24:00 }";
  const steps = { a: "0 minutes", b: "2 days", c: "3 days", d: "4 days" };
  const { campaignId } = await applyCampaign(agent, { workspaceId, file: readCampaignFile(campaignText({ steps, more })) });
  return { mailbox: { workspaceId, mailboxId: only(inserted.rows).id }, campaignId };
}

function csvOf(leads: number): Readable {
  const lines = Array.from({ length: leads }, (_, lead) => `lead${lead}@bakery${lead % 997}.example,Kim${lead},Bakery ${lead},Berlin\n`);
  return Readable.from([Buffer.from("email,first_name,company,city\n"), ...lines.map((line) => Buffer.from(line))]);
}

/** One claim, as a sender makes it. */
async function claimOnce(agent: Agent, ref: MailboxRef): Promise<number> {
  const mailbox = await mailboxById(agent.db, ref.workspaceId, ref.mailboxId);
  const lease = await acquireLease(agent.db, { ...ref, purpose: "send", holder: "bench", seconds: 60 });
  if (!mailbox || !lease) throw new Error("The mailbox is busy.");
  const claimed = await claimMessages(agent, mailbox, lease);
  await releaseLease(agent.db, lease);
  return claimed.length;
}

/** The least a claim can be: rows that nobody else holds, copied into another table, a transaction for each batch. */
async function bareClaims(db: Database, leads: number, mails: number): Promise<void> {
  await db.query("create table bare_due (id bigint primary key, next_at timestamptz not null)");
  await db.query("create index on bare_due (next_at)");
  await db.query("create table bare_sent (id bigint primary key, at timestamptz not null)");
  await db.query("insert into bare_due select id, $1 from generate_series(1, $2) as id", [START, leads]);
  await measure(`claimed in batches of ${BATCH}, bare SQL`, async () => {
    for (let done = 0; done < mails; done += BATCH) await db.transaction((tx) => tx.query(BARE_CLAIM, [START, BATCH]));
    return mails;
  });
}

const BARE_CLAIM = `
  with due as (select id from bare_due where next_at <= $1 order by next_at limit $2 for update skip locked),
  taken as (update bare_due set next_at = 'infinity' from due where bare_due.id = due.id returning bare_due.id)
  insert into bare_sent select id, $1 from taken`;

async function pooled(sink: InstantSink, raw: Buffer, mails: number, connections: number): Promise<void> {
  const transport = createTransport({
    pool: true,
    maxConnections: connections,
    maxMessages: 1e9,
    host: sink.host,
    port: sink.port,
    ignoreTLS: true,
  });
  await measure(`mails, nodemailer's pool alone, ${connections} connections`, async () => {
    const sent = Array.from({ length: mails }, (_, lead) =>
      transport.sendMail({ envelope: { from: "anna@team.example", to: `lead${lead}@bakery.example` }, raw }),
    );
    return (await Promise.all(sent)).length;
  });
  transport.close();
}

async function run(db: Database, sink: InstantSink): Promise<void> {
  await migrate(db);
  const agent = testAgent({ db, clock: { now: () => START } });
  const { mailbox, campaignId } = await prepare(db, agent, sink);
  const request = { workspaceId, fileName: "leads.csv", content: csvOf(LEADS), list: null, onDuplicate: "skip" as const };
  await measure("leads imported", async () => (await importLeads(agent, request)).counts.created);
  await measure("mails in the printed schedule", async () => (await campaignSchedule(agent, workspaceId, campaignId)).mails.length);
  await db.transaction((tx) => activate(tx, workspaceId, campaignId, "started", START));
  await measure("leads enrolled", async () => (await enrollLeads(agent, { workspaceId, campaignId })).enrolled);
  await db.query("analyze");
  await measure(`claimed at once, over ${LEADS} due`, () => claimOnce(agent, mailbox));
  await bareClaims(db, LEADS, MAILS);
  await measure("mails claimed, written, sent and recorded", async () => (await sendBatch(agent, mailbox)).sent);
  const { rows: bodies } = await db.query<{ raw: Buffer }>("select raw from message_body limit 1");
  await pooled(sink, only(bodies).raw, MAILS, agent.settings.sending.connections_per_mailbox);
  console.log(`${sink.taken} mails taken by the sink`);
}

const directory = mkdtempSync("/tmp/agent-bench-");
chmodSync(directory, 0o711); // as root, PostgreSQL runs as another user, who must get in
const postgres = await openPostgres({ dataDir: join(directory, "data"), log: pino({ level: "silent" }) });
const db = openDatabase({ connectionString: postgres.connectionString, maxConnections: 10, onIdleError: () => undefined });
const sink = await startInstantSink();
try {
  console.log(machine());
  await run(db, sink);
  console.table(rows);
  console.log(peakMemory());
} finally {
  await sink.stop();
  await db.close();
  await postgres.stop();
  rmSync(directory, { recursive: true, force: true });
}
