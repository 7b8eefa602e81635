// Everybody may ask why: why a lead was (not) written to, and what limits a mailbox or a campaign today.
import { beforeEach, describe, expect, test } from "vitest";
import { dryRunDueSteps } from "../../src/automations/dry-run.ts";
import { campaignSchedule } from "../../src/automations/print-schedule.ts";
import { whyCampaign, whyLead, whyMailbox } from "../../src/automations/why.ts";
import type { CampaignId, EnrollmentId, LeadId, MailboxId } from "../../src/core/ids.ts";
import { after, DAY, HOUR, type Instant, MINUTE } from "../../src/core/instant.ts";
import { pauseCampaign } from "../../src/store/campaign-state.ts";
import { only, type Tx } from "../../src/store/database.ts";
import { enrollmentsOfLead, stopEnrollments } from "../../src/store/enrollment.ts";
import { holdEnrollments } from "../../src/store/enrollment-time.ts";
import { backOffMailbox, pauseMailbox, pauseRecipientDomain } from "../../src/store/mailbox.ts";
import { databaseForTests } from "../support/database.ts";
import { Outreach } from "../support/outreach.ts";

// A Wednesday.
const START = new Date("2026-03-04T09:00:00Z");
const ANNA = "mailboxes: [anna@team.example]";
const KIM = "kim@bakery.example";

const { db } = await databaseForTests();
let team: Outreach;
let anna: MailboxId;
let kim: LeadId;
let campaignId: CampaignId;

beforeEach(async () => {
  team = await Outreach.begin(db, START);
  anna = await team.addMailbox("anna@team.example", { cap: 3, gap: 600 });
  kim = await team.addLead(KIM, "Europe/Berlin");
  campaignId = await team.addCampaign("Repair log", { a: "0 minutes", b: "2 days" }, ANNA);
});

const inTransaction = <Result>(work: (tx: Tx) => Promise<Result>) => db.transaction(work);
const ofKim = async (): Promise<EnrollmentId> => only(await enrollmentsOfLead(db, team.workspaceId, kim)).id;
const askLead = () => whyLead(team.agent, team.workspaceId, KIM);

async function waitOfKim(): Promise<{ reason: string; until: Instant | null; sentence: string } | undefined> {
  const { mailboxes } = await dryRunDueSteps(team.agent, team.workspaceId);
  const wait = mailboxes.flatMap((one) => one.waits).find((one) => one.lead === KIM);
  return wait && { reason: wait.reason, until: wait.until, sentence: wait.sentence };
}

describe("why a lead", () => {
  test("is told from its first mail to its next", async () => {
    await team.start(campaignId);
    await team.send(anna);
    const { happened, planned, sentences, campaigns } = await askLead();
    expect(happened.map((one) => `${one.kind} ${one.code}`)).toEqual(["enrollment enrolled", "message sent"]);
    expect(planned.map((mail) => [mail.step, mail.localTime])).toEqual([["b", "2026-03-06 10:00"]]);
    expect(campaigns[0]?.wait).toMatchObject({ reason: "not_due", until: after(START, 2 * DAY) });
    expect(sentences).toEqual([
      '2026-03-04 10:00: enrolled in "Repair log", now active.',
      '2026-03-04 10:00: step "a" of "Repair log" sent from anna@team.example.',
      `In "Repair log" ${KIM} waits: its next step is due at 2026-03-06 09:00.`,
      `Unless it answers, ${KIM} gets step "b" at 2026-03-06 10:00 (Europe/Berlin) from anna@team.example.`,
    ]);
  });

  test("that waits over holidays hears which", async () => {
    team.now = new Date("2026-04-02T20:00:00Z");
    const easter = await team.addCampaign("Easter", { a: "0 minutes" }, `${ANNA}\nholidays: [DE, 2026-04-07]`);
    await team.start(easter);
    expect((await askLead()).sentences.slice(-2)).toEqual([
      `Unless it answers, ${KIM} gets step "a" at 2026-04-08 09:00 (Europe/Berlin) from anna@team.example.`,
      "No mail goes out on 2026-04-03 (Good Friday, DE), 2026-04-06 (Easter Monday, DE), 2026-04-07.",
    ]);
  });

  test("that answered is not written to: its mail, the verdict, and the end", async () => {
    await team.start(campaignId);
    await team.send(anna);
    const at = after(START, HOUR);
    await db.query(
      `insert into inbound_message (workspace_id, mailbox_id, folder, uid_validity, uid, fingerprint, received_at, from_address, subject, verdict, verdict_why,
         disposition, disposition_reason, match_method, lead_id, campaign_id, enrollment_id, interest_level)
       values ($1, $2, 'INBOX', 1, 1, 'x', $3, $4, 'Re: Repairs', 'reply', '["no mark of a machine"]', 'matched', 'thread', 'in_reply_to', $5, $6, $7, 'positive')`,
      [team.workspaceId, anna, at, KIM, kim, campaignId, await ofKim()],
    );
    const stop = { workspaceId: team.workspaceId, ids: [await ofKim()], state: "replied" as const, reason: "replied" };
    await inTransaction((tx) => stopEnrollments(tx, stop, at));
    const { planned, sentences } = await askLead();
    expect(planned).toEqual([]);
    expect(sentences.slice(2)).toEqual([
      '2026-03-04 11:00: replied in "Repair log", now replied.',
      "2026-03-04 11:00: a mail came in, judged reply, positive (no mark of a machine).",
      'In "Repair log" it has ended: replied (replied).',
      `Nothing more is planned for ${KIM}.`,
    ]);
  });

  test("that is in no campaign, may not be written to, or does not exist", async () => {
    await db.query("update lead set reachability = 'bounced' where workspace_id = $1 and id = $2", [team.workspaceId, kim]);
    expect((await askLead()).sentences).toEqual([
      `${KIM} must not be written to: bounced.`,
      `${KIM} is in no campaign that runs or is scheduled.`,
    ]);
    expect((await whyLead(team.agent, team.workspaceId, kim)).lead.email).toBe(KIM);
    await expect(whyLead(team.agent, team.workspaceId, "nobody@bakery.example")).rejects.toMatchObject({ code: "not_found" });
    const stranger = await Outreach.begin(db, START);
    await expect(whyLead(stranger.agent, stranger.workspaceId, KIM)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a dry run says why a lead waits", () => {
  const later = after(START, DAY);
  const message = (values: string) =>
    db.query(
      `with m as (update message set ${values} where workspace_id = $1 returning id)
       update enrollment set pending_message_id = (select id from m), state = 'active', next_at = $2 where workspace_id = $1`,
      [team.workspaceId, START],
    );

  test.each<[string, Instant | null, () => Promise<unknown>]>([
    ["campaign_paused", null, () => inTransaction((tx) => pauseCampaign(tx, team.workspaceId, campaignId, "paused_by_person", START))],
    ["held", later, async () => hold(await ofKim(), later)],
    ["held_by_person", null, async () => hold(await ofKim(), null)],
    ["unplanned", null, () => db.query("update enrollment set next_at = null where workspace_id = $1", [team.workspaceId])],
    ["not_due", later, () => db.query("update enrollment set next_at = $2 where workspace_id = $1", [team.workspaceId, later])],
    ["domain_paused", later, () => pauseRecipientDomain(db, team.workspaceId, anna, "bakery.example", later, "refused")],
    ["mailbox_paused", null, () => pauseMailbox(db, team.workspaceId, anna, "smtp_auth", "535", START)],
    ["mailbox_backed_off", later, () => backOffMailbox(db, team.workspaceId, anna, later)],
    ["outside_window", new Date("2026-03-05T08:00:00Z"), () => moveTo("2026-03-04T20:00:00Z")],
    ["cap_used", new Date("2026-03-05T00:00:00Z"), () => budget(3, null)],
    ["gap", new Date("2026-03-04T09:10:00Z"), () => budget(1, new Date("2026-03-04T08:57:00Z"))],
    ["message_deferred", later, async () => team.refuse(anna, later)],
    [
      "message_uncertain",
      null,
      async () => team.send(anna).then(() => message("state = 'uncertain', sent_at = null, reason = 'interrupted'")),
    ],
    ["awaiting_reply", later, () => awaitReply(later)],
    ["suppressed", null, suppress],
  ])("%s", async (reason, until, arrange) => {
    await team.start(campaignId);
    await arrange();
    const wait = await waitOfKim();
    const isGap = reason === "gap";
    expect(wait?.reason).toBe(reason);
    expect(wait?.sentence.startsWith(`${KIM} waits: `)).toBe(true);
    expect(isGap ? after(until ?? START, -3 * MINUTE) < (wait?.until ?? START) : wait?.until).toEqual(isGap ? true : until);
  });

  test("reply_inbox_unread, for follow-ups only", async () => {
    await team.start(campaignId);
    await db.query("update inbox_cursor set read_to_end_at = null where workspace_id = $1", [team.workspaceId]);
    expect(await waitOfKim()).toBeUndefined();
    await team.send(anna);
    team.now = after(START, 2 * DAY);
    expect(await waitOfKim()).toMatchObject({ reason: "reply_inbox_unread" });
  });

  function hold(id: EnrollmentId, until: Instant | null) {
    return inTransaction((tx) => holdEnrollments(tx, { workspaceId: team.workspaceId, ids: [id], until, reason: "out_of_office" }, START));
  }

  async function moveTo(time: string) {
    team.now = new Date(time);
  }

  function budget(used: number, lastSlotAt: Instant | null) {
    return db.query(
      "insert into send_budget (workspace_id, mailbox_id, day, cap, used, last_slot_at) values ($1, $2, '2026-03-04', 3, $3, $4)",
      [team.workspaceId, anna, used, lastSlotAt],
    );
  }

  function awaitReply(until: Instant) {
    return db.query("update enrollment set state = 'awaiting_reply', next_at = $2 where workspace_id = $1", [team.workspaceId, until]);
  }

  function suppress() {
    return db.query(
      "insert into suppression (workspace_id, kind, key, reason, created_at) values ($1, 'domain', 'bakery.example', 'person', $2)",
      [team.workspaceId, START],
    );
  }
});

describe("why a mailbox or a campaign sends no more", () => {
  test("a cap: how much today, what limits it, when the next goes out, who waits", async () => {
    await team.addLeads(6);
    await team.start(campaignId);
    await team.runUntil(after(START, HOUR));
    const { sentences, mailboxes, waits, next } = await whyMailbox(team.agent, team.workspaceId, "Anna@Team.example");
    expect(mailboxes).toMatchObject([{ mailbox: "anna@team.example", sent: 3, toCome: 0, used: 3, cap: 3, limitedBy: "cap" }]);
    expect(waits.filter((wait) => wait.reason === "cap_used")).toHaveLength(4);
    expect(sentences[0]).toBe("3 today (3 so far, 0 to come); limited by anna@team.example's cap.");
    expect(sentences[1]).toMatch(/^The next goes to .+ at 2026-03-05 09:00 \((UTC|Europe\/Berlin)\)\.$/);
    expect(sentences[2]).toBe("4 leads wait because the mailbox has used its cap for today.");
    const [first] = (await campaignSchedule(team.agent, team.workspaceId, campaignId)).mails;
    expect(next).toEqual(first);
  });

  test("a campaign counts its own mails, of all its mailboxes", async () => {
    await team.addMailbox("ben@team.example", { cap: 2, gap: 0 });
    const both = "mailboxes: [anna@team.example, ben@team.example]";
    const other = await team.addCampaign("Other", { x: "0 minutes" }, both);
    await team.addLeads(7);
    await team.start(campaignId);
    await team.start(other);
    const { mailboxes, sentences } = await whyCampaign(team.agent, team.workspaceId, other);
    expect(mailboxes.map((one) => one.mailbox)).toEqual(["anna@team.example", "ben@team.example"]);
    const total = mailboxes.reduce((sum, one) => sum + one.sent + one.toCome, 0);
    expect(sentences[0]?.startsWith(`${total} today (0 so far, ${total} to come)`)).toBe(true);
    const mails = (await campaignSchedule(team.agent, team.workspaceId, other)).mails.filter((mail) => mail.at < after(START, 15 * HOUR));
    expect(mails).toHaveLength(total);
  });

  test("one that is paused, or a draft, says so first", async () => {
    expect((await whyCampaign(team.agent, team.workspaceId, campaignId)).sentences).toEqual([
      'The campaign "Repair log" is a draft.',
      "0 today (0 so far, 0 to come); nothing that is due today has to wait.",
      "Nothing is planned to go out.",
    ]);
    await team.start(campaignId);
    await pauseMailbox(db, team.workspaceId, anna, "smtp_auth", "535 no", START);
    expect((await whyMailbox(team.agent, team.workspaceId, anna)).sentences).toEqual([
      "anna@team.example is paused (smtp_auth: 535 no) until a person resumes it.",
      "0 today (0 so far, 0 to come); limited by anna@team.example's pause.",
      "Nothing is planned to go out.",
      "1 lead waits because the mailbox is paused.",
    ]);
  });
});
