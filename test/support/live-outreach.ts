// A team whose mailboxes are real SMTP and IMAP servers, on a database of its own, with a clock that moves when told. It may run in several processes
// at once: each has its own id and inbox connections; they share the database and the jobs.

import { addMailbox } from "../../src/automations/add-mailbox.ts";
import type { Agent } from "../../src/automations/agent.ts";
import { applyCampaign } from "../../src/automations/apply-campaign.ts";
import { backUp } from "../../src/automations/back-up.ts";
import type { JobName } from "../../src/automations/catalog.ts";
import { readCampaignFile } from "../../src/automations/read-campaign-file.ts";
import { restoreBackup } from "../../src/automations/restore.ts";
import { runJob } from "../../src/automations/run-job.ts";
import { startCampaign } from "../../src/automations/start-and-finish-campaigns.ts";
import type { CampaignId, LeadId, MailboxId, WorkspaceId } from "../../src/core/ids.ts";
import type { InboundMail } from "../../src/core/inbound-mail.ts";
import { after, type Instant, latest, MINUTE } from "../../src/core/instant.ts";
import { settingsSchema } from "../../src/core/settings.ts";
import { parseMail } from "../../src/mail/parse.ts";
import type { ImapFolder } from "../../src/sandbox/hoodiecrow.ts";
import { type Database, only } from "../../src/store/database.ts";
import { type Mailbox, mailboxById } from "../../src/store/mailbox.ts";
import { ensureWorkspace, setPostalAddress } from "../../src/store/workspace.ts";
import { testAgent } from "./agent.ts";
import { campaignText } from "./campaign-text.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";
import { type ImapGate, startImapGate } from "./imap-gate.ts";
import { discrepancies, type LedgerLine, readLedger } from "./ledger.ts";
import { type AcceptedMail, type ImapServer, type SmtpServer, startImapServer, startSmtpServer } from "./mail-servers.ts";
import type { OurMail } from "./mails.ts";
import { nextDue } from "./next-due.ts";

export const PASSWORD = "correct horse battery";

export interface LiveMailbox {
  readonly id: MailboxId;
  readonly email: string;
  readonly smtp: SmtpServer;
  readonly imap: ImapServer;
  /** Before the IMAP server: shuts it off. */
  readonly gate: ImapGate;
}

export interface NewMailbox {
  readonly cap?: number;
  /** Seconds. */
  readonly gap?: number;
  readonly zone?: string;
  /** Beside INBOX; Sent and Junk unless told otherwise. */
  readonly folders?: readonly ImapFolder[];
}

interface Begin {
  readonly now?: Instant;
  readonly settings?: Parameters<typeof settingsSchema.parse>[0];
}

export interface NewLead {
  readonly email: string;
  readonly firstName?: string;
  readonly company?: string;
  readonly zone?: string;
}

/** What one pass does, in this order. The product's schedule does each by its own interval. */
const SWEEPS = [
  "start-and-finish-campaigns",
  "enroll-all-leads",
  "sync-inboxes",
  "advance-enrollments",
  "recover-interrupted-sends",
  "send-due-steps",
] as const satisfies readonly JobName[];

/** A window that never closes. */
export const ANY_TIME = "window: { monday-sunday: 00:00-24:00 }";

export class LiveOutreach {
  readonly db: Database;
  readonly connectionString: string;
  readonly workspaceId: WorkspaceId;
  readonly processes: Agent[] = [];
  readonly mailboxes: LiveMailbox[] = [];
  now: Instant;
  readonly #database: TestDatabase;
  readonly #settings: Begin["settings"];
  /** One job of a name and key waits at most, as in the engine. */
  readonly #jobs = new Map<string, { name: JobName; payload: object }>();

  private constructor(database: TestDatabase, workspaceId: WorkspaceId, now: Instant, settings: Begin["settings"]) {
    this.#database = database;
    this.db = database.db;
    this.connectionString = database.connectionString;
    this.workspaceId = workspaceId;
    this.now = now;
    this.#settings = settings;
    this.addProcess("first process");
  }

  /** Begins on a Wednesday, unless told otherwise. */
  static async begin({ now = new Date("2026-03-04T09:00:00Z"), settings = {} }: Begin = {}): Promise<LiveOutreach> {
    const database = await createTestDatabase();
    const workspaceId = await ensureWorkspace(database.db, "team");
    await setPostalAddress(database.db, workspaceId, "Team GmbH, Berlin");
    return new LiveOutreach(database, workspaceId, now, settings);
  }

  /** A backup of what this team has now. */
  async backUp(file: string): Promise<void> {
    await backUp(this.agent, { file, version: "test" });
  }

  /** The machine is lost, the mail servers are not: the backup is restored on another one. */
  async lostAndRestored(file: string): Promise<LiveOutreach> {
    const database = await createTestDatabase({ migrated: false });
    await restoreBackup({ db: database.db, keys: this.agent.keys, now: this.now }, file);
    const restored = new LiveOutreach(database, this.workspaceId, this.now, this.#settings);
    restored.mailboxes.push(...this.mailboxes.splice(0));
    await this.end();
    return restored;
  }

  async end(): Promise<void> {
    await Promise.all(this.processes.map((agent) => agent.inboxes.close()));
    await Promise.all(this.mailboxes.flatMap(({ smtp, imap, gate }) => [smtp.stop(), gate.stop(), imap.stop()]));
    await this.#database.drop();
  }

  /** The first process. */
  get agent(): Agent {
    return only(this.processes.slice(0, 1));
  }

  /** `parts` replaces what this process works with. */
  addProcess(processId: string, parts: Partial<Agent> = {}): Agent {
    const agent = testAgent({
      db: this.db,
      clock: { now: () => this.now },
      settings: settingsSchema.parse(this.#settings),
      jobs: {
        enqueue: (_tx, name, payload, key) => {
          this.#jobs.set(`${name} ${key}`, { name, payload });
          return Promise.resolve();
        },
      },
      processId,
      ...parts,
    });
    this.processes.push(agent);
    return agent;
  }

  /** Runs `work` when a sender reaches that moment of sending, the first time. */
  onSendPhase(phase: Parameters<Agent["onSendPhase"]>[0], work: () => Promise<unknown>): void {
    let done = false;
    const hook = async (reached: typeof phase) => {
      if (reached !== phase || done) return;
      done = true;
      await work();
    };
    for (const agent of this.processes) Object.assign(agent, { onSendPhase: hook });
  }

  async addMailbox(email: string, { cap = 40, gap = 0, zone = "UTC", folders }: NewMailbox = {}): Promise<LiveMailbox> {
    const smtp = await startSmtpServer({ now: () => this.now });
    const imap = await startImapServer({ address: email, password: PASSWORD, ...(folders ? { folders } : {}) });
    const gate = await startImapGate(imap.port);
    const server = (port: number) => ({ host: smtp.host, port, security: "none" as const });
    const { mailboxId } = await addMailbox(this.agent, {
      workspaceId: this.workspaceId,
      email,
      fromName: "Anna",
      password: PASSWORD,
      smtp: server(smtp.port),
      imap: server(gate.port),
      timeZone: zone,
      dailyCap: cap,
      minGapSeconds: gap,
    });
    this.mailboxes.push({ id: mailboxId, email, smtp, imap, gate });
    return only(this.mailboxes.slice(-1));
  }

  /** As it is stored now. */
  async stored({ id }: LiveMailbox): Promise<Mailbox> {
    const mailbox = await mailboxById(this.db, this.workspaceId, id);
    if (!mailbox) throw new Error("There is no such mailbox.");
    return mailbox;
  }

  async addLead({ email, firstName, company, zone }: NewLead): Promise<LeadId> {
    const { rows } = await this.db.query<{ id: LeadId }>(
      `insert into lead (workspace_id, email, identity_key, first_name, company, time_zone, created_at, updated_at)
       values ($1, $2, $2, $3, $4, $5, $6, $6) returning id`,
      [this.workspaceId, email, firstName ?? null, company ?? null, zone ?? null, this.now],
    );
    return only(rows).id;
  }

  /** lead01@bakery.example and so on. */
  async addLeads(count: number, zones: readonly (string | undefined)[] = [undefined]): Promise<void> {
    for (let lead = 1; lead <= count; lead += 1) {
      const zone = zones[lead % zones.length];
      await this.addLead({ email: `lead${String(lead).padStart(2, "0")}@bakery.example`, ...(zone ? { zone } : {}) });
    }
  }

  /** All mailboxes send. At any time of the day unless `more` says when. */
  campaign(written: Parameters<typeof campaignText>[0]): string {
    const more = `mailboxes: [${this.mailboxes.map((mailbox) => mailbox.email).join(", ")}]\n${written.more ?? ANY_TIME}`;
    return campaignText({ ...written, more });
  }

  async apply(text: string): Promise<CampaignId> {
    const { workspaceId } = this;
    return (await applyCampaign(this.agent, { workspaceId, file: readCampaignFile(text) })).campaignId;
  }

  /** Applied, started by a person, leads enrolled; nothing sent yet. */
  async start(text: string): Promise<CampaignId> {
    const campaignId = await this.apply(text);
    await startCampaign(this.agent, { workspaceId: this.workspaceId, campaignId });
    await this.runJobs(this.agent);
    return campaignId;
  }

  /** Time passes; then every process does once what the schedule says, all processes at the same time. */
  async pass(ms = 0): Promise<void> {
    this.now = after(this.now, ms);
    await Promise.all(this.processes.map((agent) => this.#sweep(agent)));
  }

  /** One pass after the other until `until`, at uneven moments: each at most `most` after the one before, or after something became due. */
  async passUntil(until: Instant, most = 4 * MINUTE): Promise<void> {
    for (let pass = 1; this.now < until; pass += 1) {
      const next = after(
        latest(this.now, (await nextDue(this.db, this.workspaceId, this.now)) ?? until),
        most / 5 + ((pass * 7_919_000) % ((most * 4) / 5)),
      );
      await this.pass(Math.min(next.getTime(), until.getTime()) - this.now.getTime());
    }
  }

  async #sweep(agent: Agent): Promise<void> {
    for (const name of SWEEPS) {
      await runJob(agent, name, {});
      await this.runJobs(agent);
    }
  }

  /** Whichever process is free takes the next job. */
  async runJobs(agent: Agent): Promise<void> {
    for (let [next] = this.#jobs; next; [next] = this.#jobs) {
      const [key, { name, payload }] = next;
      this.#jobs.delete(key);
      await runJob(agent, name, payload);
    }
  }

  /** A mail comes in now. */
  deliver(raw: string, mailbox = this.mailboxes[0]): void {
    mailbox?.imap.deliver(raw, "INBOX", this.now);
  }

  /** What all servers took, in order. */
  accepted(): AcceptedMail[] {
    return this.mailboxes.flatMap(({ smtp }) => smtp.accepted).toSorted((a, b) => a.at.getTime() - b.at.getTime());
  }

  /** The last mail that a server took, to this address or to anybody. */
  async lastMail(recipient?: string): Promise<InboundMail> {
    const last = this.accepted().findLast(({ to }) => recipient === undefined || to.includes(recipient));
    if (!last) throw new Error("Nothing was accepted.");
    return parseMail(Buffer.from(last.raw));
  }

  /** The same, as what a reply or a bounce is about. */
  async lastOurs(recipient?: string): Promise<OurMail> {
    const { messageId, subject, from, text } = await this.lastMail(recipient);
    return { messageId: messageId ?? "", subject, from: from?.address ?? "", text };
  }

  ledger(): Promise<LedgerLine[]> {
    return readLedger(this.db, this.workspaceId);
  }

  /** Step and state of every mail, oldest first: of one lead, or of all. */
  async states(lead?: string): Promise<string[]> {
    const lines = (await this.ledger()).filter((line) => lead === undefined || line.lead === lead);
    return lines.map(({ step, state }) => `${step} ${state}`);
  }

  /** Address → state of its enrollment, and why. */
  async standings(): Promise<Readonly<Record<string, string>>> {
    const { rows } = await this.db.query<{ email: string; state: string; reason: string }>(
      `select lead.email, e.state, e.reason from enrollment e join lead on lead.workspace_id = e.workspace_id and lead.id = e.lead_id
       where e.workspace_id = $1 order by lead.email`,
      [this.workspaceId],
    );
    return Object.fromEntries(rows.map(({ email, state, reason }) => [email, `${state}: ${reason}`]));
  }

  /** What the budget of a day says is used, and what it should say: one for each mail that went out or may have. */
  async budget({ id }: LiveMailbox, day: string): Promise<{ used: number; counted: number }> {
    const { rows } = await this.db.query<{ used: number; counted: number }>(
      `select coalesce((select used from send_budget where workspace_id = $1 and mailbox_id = $2 and day = $3), 0)::integer as used,
         (select count(*) from message where workspace_id = $1 and mailbox_id = $2 and budget_day = $3)::integer as counted`,
      [this.workspaceId, id, day],
    );
    return only(rows);
  }

  /** Where the servers and the ledger disagree: nothing, when each mail that was sent was taken once, and no other. */
  async discrepancies(): Promise<string[]> {
    return discrepancies(this.accepted(), await this.ledger());
  }
}
