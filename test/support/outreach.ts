// A workspace whose campaigns run without mail servers: claims are real, every mail is accepted at once, and the clock moves when told.
import type { z } from "zod";
import { advanceEnrollments } from "../../src/automations/advance-enrollments.ts";
import type { Agent } from "../../src/automations/agent.ts";
import { applyCampaign } from "../../src/automations/apply-campaign.ts";
import { claimMessages } from "../../src/automations/claim-messages.ts";
import { enrollLeads } from "../../src/automations/enroll-leads.ts";
import { readCampaignFile } from "../../src/automations/read-campaign-file.ts";
import { sentRecords } from "../../src/automations/sent-records.ts";
import type { CampaignId, LeadId, MailboxId, MessageId, WorkspaceId } from "../../src/core/ids.ts";
import { after, HOUR, type Instant, MINUTE, SECOND } from "../../src/core/instant.ts";
import { settingsSchema } from "../../src/core/settings.ts";
import { runningCampaigns } from "../../src/store/campaign-plan.ts";
import { activate } from "../../src/store/campaign-state.ts";
import { type Database, only } from "../../src/store/database.ts";
import { mailboxesWithDueWork } from "../../src/store/enrollment-claim.ts";
import { markReadToEnd, startCursor } from "../../src/store/inbox.ts";
import { acquireLease, type Lease, releaseLease } from "../../src/store/lease.ts";
import { mailboxById } from "../../src/store/mailbox.ts";
import { markTransmitting, recordDeferred, recordSent } from "../../src/store/message-outcome.ts";
import { testAgent } from "./agent.ts";
import { campaignText } from "./campaign-text.ts";
import { nextDue } from "./next-due.ts";

/** What no enrollment waits for may still come with time: room for another colleague of a company, a new day's budget. */
const LONGEST_QUIET = 6 * HOUR;

export interface SentMail {
  readonly at: Instant;
  readonly lead: string;
  readonly mailbox: string;
  readonly campaign: string;
  readonly step: string;
}

export class Outreach {
  readonly agent: Agent;
  readonly workspaceId: WorkspaceId;
  now: Instant;
  private leads = 0;

  private constructor(db: Database, workspaceId: WorkspaceId, now: Instant, batch: number, more: z.input<typeof settingsSchema>) {
    this.workspaceId = workspaceId;
    this.now = now;
    const settings = settingsSchema.parse({
      ...more,
      sending: { batch, catch_up_seconds: 3_600 },
      receiving: { stale_after_seconds: 1e9 },
    });
    this.agent = testAgent({ db, settings, clock: { now: () => this.now } });
  }

  static async begin(db: Database, now: Instant, batch = 100, more: z.input<typeof settingsSchema> = {}): Promise<Outreach> {
    const { rows } = await db.query<{ id: WorkspaceId }>("insert into workspace (name) values ('team ' || new_id()) returning id");
    return new Outreach(db, only(rows).id, now, batch, more);
  }

  async insert<Id extends string>(sql: string, values: readonly unknown[] = []): Promise<Id> {
    const { rows } = await this.agent.db.query<{ id: Id }>(sql, values);
    return only(rows).id;
  }

  /** Its inbox counts as read, for ever. */
  async addMailbox(email: string, limits: { cap?: number; gap?: number; zone?: string } = {}): Promise<MailboxId> {
    const { cap = 40, gap = 90, zone = "UTC" } = limits;
    const { db } = this.agent;
    const id = await this.insert<MailboxId>(
      `insert into mailbox (workspace_id, email, identity_key, provider, smtp_host, smtp_port, smtp_security, imap_host, imap_port, imap_security,
         daily_cap, min_gap_seconds, time_zone, created_at, updated_at)
       values ($1, $2, $2, 'custom', 'mail.team.example', 465, 'tls', 'mail.team.example', 993, 'tls', $3, $4, $5, $6, $6) returning id`,
      [this.workspaceId, email, cap, gap, zone, this.now],
    );
    const { workspaceId, now } = this;
    await startCursor(db, { workspaceId, mailboxId: id, folder: "INBOX", role: "inbox", uidValidity: 1, lastUid: 0, now });
    await markReadToEnd(db, workspaceId, id, ["INBOX"], now);
    return id;
  }

  /** Leads that are due at once are written to in the order of their ids, so theirs ascend as they are added, also within a millisecond. */
  addLead(email: string, zone: string | null = null): Promise<LeadId> {
    this.leads += 1;
    return this.insert(
      `insert into lead (workspace_id, id, email, identity_key, time_zone, created_at, updated_at)
       values ($1, overlay(gen_random_uuid()::text placing $5 from 1 for 8)::uuid, $2, $2, $3, $4, $4) returning id`,
      [this.workspaceId, email, zone, this.now, this.leads.toString(16).padStart(8, "0")],
    );
  }

  async addLeads(count: number, zones: readonly (string | null)[] = [null]): Promise<LeadId[]> {
    const ids: LeadId[] = [];
    for (let lead = 1; lead <= count; lead += 1)
      ids.push(await this.addLead(`lead${lead}@bakery.example`, zones[lead % zones.length] ?? null));
    return ids;
  }

  /** A campaign that sends the steps named by the keys of `steps`, each after its delay. */
  async addCampaign(name: string, steps: Readonly<Record<string, string>>, more = ""): Promise<CampaignId> {
    const { workspaceId } = this;
    const { campaignId } = await applyCampaign(this.agent, { workspaceId, file: readCampaignFile(campaignText({ name, steps, more })) });
    return campaignId;
  }

  async start(campaignId: CampaignId): Promise<void> {
    const { workspaceId, now } = this;
    await this.agent.db.transaction((tx) => activate(tx, workspaceId, campaignId, "started", now));
    await enrollLeads(this.agent, { workspaceId, campaignId });
  }

  /**
   * One tick after the other until `until`, at uneven moments that are less than catch_up_seconds apart. Where nothing falls due for longer, the next
   * tick is a second before something does, so that whatever came too early would be seen.
   */
  async runUntil(until: Instant): Promise<void> {
    for (let tick = 1; this.now < until; tick += 1) {
      await this.tick();
      const quiet = Math.min(LONGEST_QUIET, await this.untilNextDue());
      const next = after(this.now, Math.max(quiet - SECOND, 5 * MINUTE + ((tick * 7_919_000) % (54 * MINUTE))));
      this.now = next < until ? next : until;
    }
    await this.tick();
  }

  private async untilNextDue(): Promise<number> {
    const due = await nextDue(this.agent.db, this.workspaceId, this.now);
    return due === null ? Infinity : due.getTime() - this.now.getTime();
  }

  async tick(): Promise<void> {
    const { agent } = this;
    await advanceEnrollments(agent);
    for (const campaign of await runningCampaigns(agent.db)) {
      if (campaign.workspaceId === this.workspaceId) await enrollLeads(agent, campaign);
    }
    for (const { workspaceId, mailboxId } of await mailboxesWithDueWork(agent.db, this.now)) {
      if (workspaceId === this.workspaceId) await this.send(mailboxId);
    }
  }

  /** Claims, and has accepted, what is due from one mailbox. */
  async send(mailboxId: MailboxId): Promise<void> {
    while (await this.claimed(mailboxId, (ids) => this.accept(ids)));
  }

  /** One claim, put onto the wire and handed to `record`; false when nothing was due. */
  private async claimed(mailboxId: MailboxId, record: (ids: readonly MessageId[], lease: Lease) => Promise<void>): Promise<boolean> {
    const { agent, workspaceId } = this;
    const mailbox = await mailboxById(agent.db, workspaceId, mailboxId);
    const lease = await acquireLease(agent.db, { workspaceId, mailboxId, purpose: "send", holder: "test", seconds: 60 });
    if (!mailbox || !lease) throw new Error("The mailbox is busy.");
    const { ids: claimed } = await claimMessages(agent, mailbox, lease);
    await agent.db.transaction((tx) => markTransmitting(tx, lease, claimed, this.now));
    await record(claimed, lease);
    await releaseLease(agent.db, lease);
    return claimed.length > 0;
  }

  /** Claims what is due from one mailbox, and has every mail of it refused for now. */
  async refuse(mailboxId: MailboxId, nextAttemptAt: Instant): Promise<void> {
    const reply = { code: 451, enhanced: "4.7.1", response: "greylisted" };
    await this.claimed(mailboxId, async (ids, lease) => {
      for (const id of ids) {
        const refusal = { reason: "greylisted", reply, nextAttemptAt };
        await this.agent.db.transaction((tx) => recordDeferred(tx, lease, id, refusal, this.now));
      }
    });
  }

  /** Claims what is due from one mailbox, puts it onto the wire and leaves it there. */
  async leaveOnTheWire(mailboxId: MailboxId, record: (ids: readonly MessageId[]) => void): Promise<void> {
    await this.claimed(mailboxId, (ids) => Promise.resolve(record(ids)));
  }

  accept(ids: readonly MessageId[]): Promise<void> {
    const { workspaceId } = this;
    return this.agent.db.transaction(async (tx) => {
      const sent = await sentRecords(
        tx,
        workspaceId,
        ids.map((id) => ({ id, response: "250 ok" })),
      );
      await recordSent(tx, workspaceId, sent, this.now);
    });
  }

  /** Everything that was sent, by slot. */
  async sent(): Promise<SentMail[]> {
    const { rows } = await this.agent.db.query<SentMail>(
      `select m.slot_at as at, m.recipient as lead, mailbox.email as mailbox, c.name as campaign, m.step_lineage as step from message m
       join mailbox on mailbox.workspace_id = m.workspace_id and mailbox.id = m.mailbox_id
       join campaign c on c.workspace_id = m.workspace_id and c.id = m.campaign_id
       where m.workspace_id = $1 and m.state = 'sent' order by m.slot_at, mailbox.email, m.id`,
      [this.workspaceId],
    );
    return rows;
  }
}
