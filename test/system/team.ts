// A team that does outreach through the lab's servers: the product's own automations, with a clock that moves when told.
import { pino } from "pino";
import { vi } from "vitest";
import { type AddedMailbox, addMailbox, type MailboxRequest } from "../../src/automations/add-mailbox.ts";
import { advanceEnrollments } from "../../src/automations/advance-enrollments.ts";
import type { Agent } from "../../src/automations/agent.ts";
import { applyCampaign } from "../../src/automations/apply-campaign.ts";
import type { JobName } from "../../src/automations/catalog.ts";
import { beginConnecting, finishConnecting } from "../../src/automations/connect-mailbox.ts";
import { readCampaignFile } from "../../src/automations/read-campaign-file.ts";
import type { Counts } from "../../src/automations/run.ts";
import { runJob } from "../../src/automations/run-job.ts";
import { startCampaign } from "../../src/automations/start-and-finish-campaigns.ts";
import type { MailboxId, WorkspaceId } from "../../src/core/ids.ts";
import { after } from "../../src/core/instant.ts";
import { settingsSchema } from "../../src/core/settings.ts";
import { createInboxPool } from "../../src/mail/inbox-pool.ts";
import { only } from "../../src/store/database.ts";
import { type Inbound, latestInbound, type Verdict } from "../../src/store/inbound.ts";
import { latestMessages, type Message } from "../../src/store/message.ts";
import { ensureWorkspace, setPostalAddress } from "../../src/store/workspace.ts";
import { testAgent } from "../support/agent.ts";
import { campaignText } from "../support/campaign-text.ts";
import type { TestDatabase } from "../support/database.ts";
import type { OpenIdProvider } from "../support/openid-provider.ts";
import { MailAccount, SOON } from "./mail-account.ts";
import type { MailLab } from "./mail-lab.ts";
import { TEAM_DOMAIN } from "./postfix-config.ts";

/** How a lead stands: its enrollment's state, and why it is in it. */
interface Standing {
  readonly state: string;
  readonly reason: string;
  readonly reachability: string;
}

interface TeamOptions {
  /** Listen for news between two readings. */
  readonly idle?: boolean;
  readonly settings?: Parameters<typeof settingsSchema.parse>[0];
}

const OPERATOR = { kind: "command_line", id: null, name: "operator" } as const;

export class Team {
  /** Whose mailbox the team writes from. */
  readonly anna: MailAccount;
  readonly agent: Agent;
  readonly workspaceId: WorkspaceId;
  /** Jobs that wait; `pass` and `drain` do them. */
  readonly jobs: [JobName, object][] = [];
  now = new Date("2026-03-04T09:00:00Z");
  #mailboxId: MailboxId | undefined;
  readonly #lab: MailLab;

  private constructor(lab: MailLab, { db }: TestDatabase, workspaceId: WorkspaceId, anna: MailAccount, { idle, settings }: TeamOptions) {
    const log = pino({ level: "silent" });
    this.#lab = lab;
    this.anna = anna;
    this.workspaceId = workspaceId;
    this.agent = testAgent({
      db,
      log,
      settings: settingsSchema.parse(settings ?? {}),
      clock: { now: () => this.now },
      jobs: {
        enqueue: (_tx, name, payload) => {
          this.jobs.push([name, payload]);
          return Promise.resolve();
        },
      },
      inboxes: createInboxPool({ log, idle: idle ?? false }),
      processId: `test ${anna.address}`,
    });
  }

  static async begin(lab: MailLab, database: TestDatabase, options: TeamOptions = {}): Promise<Team> {
    const anna = new MailAccount(lab, "anna", TEAM_DOMAIN);
    const workspaceId = await ensureWorkspace(database.db, anna.address);
    await setPostalAddress(database.db, workspaceId, "Team GmbH, Berlin");
    return new Team(lab, database, workspaceId, anna, options);
  }

  close(): Promise<void> {
    return this.agent.inboxes.close();
  }

  /** Anna's mailbox: STARTTLS to send and to read, unless the test wants it otherwise. */
  async addMailbox(more: Partial<MailboxRequest> = {}) {
    const { password } = this.anna;
    const added = await addMailbox(this.agent, { workspaceId: this.workspaceId, ...this.#request(), password, ...more });
    this.#mailboxId = added.mailboxId;
    return added;
  }

  /** The same without a password: Anna signs in at the provider. */
  async connectMailbox(provider: OpenIdProvider): Promise<AddedMailbox> {
    provider.signsIn = this.anna.address;
    const redirectUri = "http://127.0.0.1:1/oauth/callback";
    const beginning = { workspaceId: this.workspaceId, provider: "custom", redirectUri, begunBy: "Anna", by: OPERATOR } as const;
    const { link } = await beginConnecting(this.agent, beginning, this.#request());
    const back = await provider.visit(link);
    const added = await finishConnecting(this.agent, { query: back.searchParams, begunBy: "Anna", realNow: new Date() });
    this.#mailboxId = added.mailboxId;
    return added;
  }

  #request() {
    const { submission, imap } = this.#lab.ports;
    const at = (port: number) => ({ host: "localhost", port, security: "starttls" as const });
    return { email: this.anna.address, fromName: "Anna", smtp: at(submission), imap: at(imap), minGapSeconds: 0 };
  }

  get mailboxId(): MailboxId {
    if (!this.#mailboxId) throw new Error("Anna's mailbox was not added.");
    return this.#mailboxId;
  }

  /** A campaign of two mails and a sub-sequence to those leads, started; its first mails are out. */
  async writeTo(...addresses: readonly string[]): Promise<void> {
    const { agent, workspaceId, now } = this;
    for (const email of addresses) {
      await agent.db.query(
        `insert into lead (workspace_id, email, identity_key, first_name, company, created_at, updated_at) values ($1, $2, $2, 'Kim', 'Bakery', $3, $3)`,
        [workspaceId, email, now],
      );
    }
    const file = campaignText({
      steps: {
        a: { subject: "Repairs at {{ company }}", body: "Hi {{ first_name }}, who looks after repairs?" },
        b: { after: "2 days", body: "Hi {{ first_name }}, did you see my mail?" },
      },
      more: `window: { monday-sunday: 00:00-24:00 }
mailboxes: [${this.anna.address}]
sub_sequences:
  - { name: Interested, on: positive, steps: [{ id: call, after: 1 hour, body: "Shall we talk?" }] }`,
    });
    const { campaignId } = await applyCampaign(agent, { workspaceId, file: readCampaignFile(file) });
    await startCampaign(agent, { workspaceId, campaignId });
    await this.drain();
    await this.pass(0);
  }

  /** Time passes; then the inbox is read, and what is due is sent. */
  async pass(ms: number): Promise<void> {
    this.now = after(this.now, ms);
    await this.read();
    await advanceEnrollments(this.agent);
    await runJob(this.agent, "send-batch", this.#ref());
    await this.drain();
  }

  async read(): Promise<Counts> {
    const counts = await runJob(this.agent, "sync-inbox", this.#ref());
    await this.drain();
    return counts;
  }

  async drain(): Promise<void> {
    for (let job = this.jobs.shift(); job; job = this.jobs.shift()) await runJob(this.agent, job[0], job[1]);
  }

  #ref() {
    return { workspaceId: this.workspaceId, mailboxId: this.mailboxId };
  }

  /** Reads the inbox until a mail that was judged so came in; gives the first. */
  async receives(verdict: Verdict): Promise<Inbound> {
    return vi.waitFor(async () => {
      await this.read();
      const came = await this.received();
      const found = came.find((one) => one.verdict === verdict);
      if (!found) throw new Error(`No mail was judged as ${verdict}, but: ${came.map((one) => one.verdict).join(", ") || "none came"}.`);
      return found;
    }, SOON);
  }

  received(): Promise<Inbound[]> {
    return latestInbound(this.agent.db, this.workspaceId, 50);
  }

  /** Everything that was written, the oldest first. */
  async messages(): Promise<Message[]> {
    return (await latestMessages(this.agent.db, this.workspaceId, 50)).toReversed();
  }

  /** Such as "a sent". */
  async states(): Promise<string[]> {
    return (await this.messages()).map((one) => `${one.stepLineage} ${one.state}`);
  }

  async standing(address: string): Promise<Standing> {
    const { rows } = await this.agent.db.query<Standing>(
      `select e.state, e.reason, lead.reachability from enrollment e join lead on lead.workspace_id = e.workspace_id and lead.id = e.lead_id
       where e.workspace_id = $1 and lead.identity_key = $2`,
      [this.workspaceId, address],
    );
    return only(rows);
  }
}
