// The main job on real sockets: a mail goes out over SMTP, the answer is read over IMAP, and the lead goes on where it should.
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { ruleAnalyst } from "../../src/ai/rule-analyst.ts";
import { addMailbox } from "../../src/automations/add-mailbox.ts";
import { advanceEnrollments } from "../../src/automations/advance-enrollments.ts";
import type { Agent } from "../../src/automations/agent.ts";
import { applyCampaign } from "../../src/automations/apply-campaign.ts";
import type { JobName } from "../../src/automations/catalog.ts";
import { readCampaignFile } from "../../src/automations/read-campaign-file.ts";
import { runJob } from "../../src/automations/run-job.ts";
import { startCampaign } from "../../src/automations/start-and-finish-campaigns.ts";
import type { MailboxId, WorkspaceId } from "../../src/core/ids.ts";
import { after, DAY, HOUR } from "../../src/core/instant.ts";
import { deriveKeys } from "../../src/core/keys.ts";
import { settingsSchema } from "../../src/core/settings.ts";
import { createInboxPool } from "../../src/mail/inbox-pool.ts";
import { parseMail } from "../../src/mail/parse.ts";
import { mailboxById } from "../../src/store/mailbox.ts";
import { latestMessages } from "../../src/store/message.ts";
import { ensureWorkspace, setPostalAddress } from "../../src/store/workspace.ts";
import { createTestDatabase } from "../support/database.ts";
import { startImapServer, startSmtpServer } from "../support/mail-servers.ts";
import { bounce, complaint, outOfOffice, prose, reply } from "../support/mails.ts";

const ANNA = "anna@team.example";
const KIM = "kim@bakery.example";
const FILE = `name: Repair log
time_zone: UTC
window: { monday-sunday: 00:00-24:00 }
opt_out: reply
postal_address: Team GmbH, Berlin
mailboxes: [${ANNA}]
leads: all
sequence:
  - { id: a, subject: "Repairs at {{ company }}", body: "Hi {{ first_name }}, who looks after repairs?" }
  - { id: b, after: 2 days, body: "Hi {{ first_name }}, did you see my mail?" }
sub_sequences:
  - { name: Interested, on: positive, steps: [{ id: call, after: 1 hour, body: "Shall we talk?" }] }`;

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let smtp: Awaited<ReturnType<typeof startSmtpServer>>;
let imap: Awaited<ReturnType<typeof startImapServer>>;
let agent: Agent;
let workspaceId: WorkspaceId;
let mailboxId: MailboxId;
let now = new Date("2026-03-04T09:00:00Z");
let jobs: [JobName, object][] = [];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

beforeEach(async () => {
  now = new Date("2026-03-04T09:00:00Z");
  jobs = [];
  smtp = await startSmtpServer();
  imap = await startImapServer({ address: ANNA, password: "pw" });
  const log = pino({ level: "silent" });
  agent = {
    db: database.db,
    clock: { now: () => now },
    settings: settingsSchema.parse({}),
    log,
    keys: deriveKeys(new Uint8Array(32)),
    jobs: {
      enqueue: (_tx, name, payload) => {
        jobs.push([name, payload]);
        return Promise.resolve();
      },
    },
    inboxes: createInboxPool({ log, idle: false }),
    analyst: ruleAnalyst(),
    processId: "test",
    startedAt: new Date(0),
    stopping: () => false,
    onSendPhase: () => Promise.resolve(),
  };
  workspaceId = await ensureWorkspace(database.db, `team ${imap.port}`);
  await setPostalAddress(database.db, workspaceId, "Team GmbH, Berlin");
  await database.db.query(
    `insert into lead (workspace_id, email, identity_key, first_name, company, created_at, updated_at) values ($1, $2, $2, 'Kim', 'Bakery & <Sons>', $3, $3)`,
    [workspaceId, KIM, now],
  );
  const server = ({ host, port }: { host: string; port: number }) => ({ host, port, security: "none" as const });
  const request = { workspaceId, email: ANNA, fromName: "Anna", password: "pw", smtp: server(smtp), imap: server(imap), minGapSeconds: 0 };
  mailboxId = (await addMailbox(agent, request)).mailboxId;
  const { campaignId } = await applyCampaign(agent, { workspaceId, file: readCampaignFile(FILE) });
  await startCampaign(agent, { workspaceId, campaignId });
  await drain();
  await pass(0);
});

afterEach(async () => {
  await agent.inboxes.close();
  await Promise.all([smtp.stop(), imap.stop()]);
});

async function drain(): Promise<void> {
  for (let job = jobs.shift(); job; job = jobs.shift()) await runJob(agent, job[0], job[1]);
}

/** Time passes; then the inbox is read, and what is due is sent. */
async function pass(ms: number): Promise<void> {
  now = after(now, ms);
  await runJob(agent, "sync-inbox", { workspaceId, mailboxId });
  await drain();
  await advanceEnrollments(agent);
  await runJob(agent, "send-batch", { workspaceId, mailboxId });
  await drain();
}

async function lastMail() {
  const last = smtp.accepted.at(-1);
  if (!last) throw new Error("Nothing was accepted.");
  return parseMail(Buffer.from(last.raw));
}

async function answered() {
  const mail = await lastMail();
  return { messageId: mail.messageId ?? "", subject: mail.subject, from: ANNA, text: mail.text };
}

const states = async () => (await latestMessages(database.db, workspaceId, 9)).map((one) => `${one.stepLineage} ${one.state}`).toReversed();

test("a mail holds what its lead is called, whatever the characters, and everything that a mail must hold", async () => {
  const mail = await lastMail();
  expect(mail.subject).toBe("Repairs at Bakery & <Sons>");
  expect(mail.text).toContain("Hi Kim,");
  expect(mail.text).toContain("Team GmbH, Berlin");
  expect(mail.from).toEqual({ address: ANNA, name: "Anna" });
  expect(mail.headers.get("list-unsubscribe")?.[0]).toContain("mailto:");
});

test("a reply that says yes is answered in its thread, and nobody's mail is marked as read", async () => {
  const first = await answered();
  imap.deliver(reply({ to: first, from: KIM, text: "Yes, that sounds good. Let's talk." }), "INBOX", now);
  await pass(0);
  await pass(2 * HOUR);
  expect(await states()).toEqual(["a sent", "call sent"]);
  const mail = await lastMail();
  expect(mail.subject).toBe("Re: Repairs at Bakery & <Sons>");
  expect(mail.inReplyTo).toEqual([first.messageId]);
  expect(imap.messages("INBOX").flatMap((one) => one.flags)).not.toContain("\\Seen");
  await pass(10 * DAY);
  expect(smtp.accepted).toHaveLength(2);
});

test("an out-of-office notice holds the follow-up until the return", async () => {
  imap.deliver(outOfOffice({ to: await answered(), from: KIM, until: "2026-03-16" }), "INBOX", now);
  await pass(0);
  await pass(5 * DAY);
  expect(await states()).toEqual(["a sent"]);
  await pass(8 * DAY);
  expect(await states()).toEqual(["a sent", "b sent"]);
});

test("an inbox that cannot be read holds back the follow-up, and the mailbox says why", async () => {
  imap.setPassword("changed");
  imap.dropConnections();
  await pass(2 * DAY + HOUR);
  expect(await states()).toEqual(["a sent"]);
  expect(await mailboxById(database.db, workspaceId, mailboxId)).toMatchObject({ state: "paused", pauseReason: "imap_auth" });
});

test("a connection that breaks after the last byte leaves the mail uncertain, and the answer to it proves that it arrived", async () => {
  smtp.faults.dropAfterDot = () => true;
  await pass(2 * DAY + HOUR);
  expect(await states()).toEqual(["a sent", "b uncertain"]);
  smtp.faults.dropAfterDot = () => false;
  await pass(DAY);
  expect(await states()).toEqual(["a sent", "b uncertain"]);
  imap.deliver(reply({ to: await answered(), from: KIM, text: "Yes, let's talk." }), "INBOX", now);
  await pass(0);
  expect(await states()).toEqual(["a sent", "b sent"]);
});

test.each([
  ["a delivery report", bounce, "bounced"],
  ["a bounce in prose", prose, "bounced"],
  ["a complaint", complaint, "complained"],
])("%s ends everything for the address", async (_name, write, state) => {
  imap.deliver(write({ to: await answered(), recipient: KIM, at: now }), "INBOX", now);
  await pass(0);
  await pass(5 * DAY);
  expect(await states()).toEqual(["a sent"]);
  const { rows } = await database.db.query(
    "select e.state, lead.reachability from enrollment e join lead on lead.id = e.lead_id where e.workspace_id = $1",
    [workspaceId],
  );
  expect(rows).toEqual([{ state, reachability: state }]);
});
