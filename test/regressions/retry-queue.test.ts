// Mails that wait for another attempt: which of them a claim takes, and what an attempt costs.
import { beforeEach, describe, expect, test } from "vitest";
import { advanceEnrollments } from "../../src/automations/advance-enrollments.ts";
import { claimMessages } from "../../src/automations/claim-messages.ts";
import { dryRunDueSteps } from "../../src/automations/dry-run.ts";
import { enrollLeads } from "../../src/automations/enroll-leads.ts";
import { recordOutcomes } from "../../src/automations/record-outcomes.ts";
import type { CampaignId, MailboxId, MessageId } from "../../src/core/ids.ts";
import { after, DAY, HOUR, MINUTE } from "../../src/core/instant.ts";
import { settingsSchema } from "../../src/core/settings.ts";
import type { SmtpOutcome } from "../../src/core/smtp-verdict.ts";
import { only } from "../../src/store/database.ts";
import { acquireLease, releaseLease } from "../../src/store/lease.ts";
import { mailboxById, pauseRecipientDomain } from "../../src/store/mailbox.ts";
import { markTransmitting } from "../../src/store/message-outcome.ts";
import { databaseForTests } from "../support/database.ts";
import { Outreach } from "../support/outreach.ts";

const START = new Date("2026-03-04T09:00:00Z");

const { db } = await databaseForTests();
let team: Outreach;
let anna: MailboxId;
let campaignId: CampaignId;

beforeEach(async () => {
  team = await Outreach.begin(db, START, 2);
  anna = await team.addMailbox("anna@team.example", { gap: 0 });
  campaignId = await team.addCampaign("Repairs", { a: "0 minutes", b: "1 day" }, "mailboxes: [anna@team.example]");
  await team.addLead("kim@bakery.example");
  await team.start(campaignId);
  await advanceEnrollments(team.agent);
});

/** Enrolls every lead that there is. */
async function enroll(): Promise<void> {
  await enrollLeads(team.agent, { workspaceId: team.workspaceId, campaignId });
  await advanceEnrollments(team.agent);
}

/** What a claim takes now: step and address; `outcome` is what the server then says to each. */
async function claim(outcome?: SmtpOutcome): Promise<string[]> {
  const { agent, workspaceId } = team;
  const mailbox = await mailboxById(db, workspaceId, anna);
  const lease = await acquireLease(db, { workspaceId, mailboxId: anna, purpose: "send", holder: "test", seconds: 60 });
  if (!mailbox || !lease) throw new Error("The mailbox is busy.");
  const { ids } = await claimMessages(agent, mailbox, lease);
  if (outcome) {
    await db.transaction((tx) => markTransmitting(tx, lease, ids, team.now));
    await recordOutcomes(
      agent,
      mailbox,
      lease,
      ids.map((id) => ({ id, outcome })),
    );
  }
  await releaseLease(db, lease);
  return Promise.all(ids.map(named));
}

async function named(id: MessageId): Promise<string> {
  const { rows } = await db.query<{ name: string }>("select step_lineage || ' ' || recipient as name from message where id = $1", [id]);
  return only(rows).name;
}

const refused = (code: number, enhanced: string, response: string): SmtpOutcome => ({
  kind: "refused",
  stage: "rcpt",
  reply: { code, enhanced, response },
});
const GREYLISTED = refused(451, "4.7.1", "greylisted");
const THROTTLED = refused(421, "4.7.0", "try again later");
const messages = async (columns: string) => {
  const { rows } = await db.query(`select ${columns} from message where workspace_id = $1 order by created_at, recipient`, [
    team.workspaceId,
  ]);
  return rows;
};

test("follow-ups that may not go out do not keep a first mail from its next attempt, however many wait", async () => {
  await team.addLead("lee@bakery.example");
  await enroll();
  await team.tick();
  team.now = after(START, DAY);
  expect(await claim(GREYLISTED)).toEqual(["b kim@bakery.example", "b lee@bakery.example"]);
  team.now = after(team.now, MINUTE);
  await team.addLead("new@cafe.example");
  await enroll();
  expect(await claim(GREYLISTED)).toEqual(["a new@cafe.example"]);
  team.now = after(team.now, HOUR);
  // Nothing was read since this process started.
  Object.assign(team.agent, { startedAt: team.now });
  expect(await claim()).toEqual(["a new@cafe.example"]);
});

describe("while a mail domain is left alone", () => {
  const pause = (until: Date) => pauseRecipientDomain(db, team.workspaceId, anna, "bakery.example", until, "policy");

  test("mails to it are not tried again and keep nobody else from it, and the dry run says why", async () => {
    await team.addLead("ann@bakery.example");
    await enroll();
    expect(await claim(GREYLISTED)).toHaveLength(2);
    team.now = after(START, 3 * MINUTE);
    await team.addLead("lee@cafe.example");
    await enroll();
    expect(await claim(GREYLISTED)).toEqual(["a lee@cafe.example"]);
    await pause(after(START, DAY));
    team.now = after(START, HOUR);
    const run = await dryRunDueSteps(team.agent, team.workspaceId);
    expect(run.mailboxes[0]?.sends.map((one) => one.lead)).toEqual(["lee@cafe.example"]);
    const waits = { reason: "domain_paused", until: after(START, DAY) };
    expect(run.mailboxes[0]?.waits).toMatchObject([waits, waits]);
    expect(await claim()).toEqual(["a lee@cafe.example"]);
    team.now = after(START, DAY);
    expect(new Set(await claim())).toEqual(new Set(["a ann@bakery.example", "a kim@bakery.example"]));
  });

  test("no slot lies in that time, neither of a first attempt nor of a second", async () => {
    const end = after(START, 10 * MINUTE);
    await pause(end);
    team.now = after(end, 2 * MINUTE);
    await claim(GREYLISTED);
    expect(await messages("slot_at as slot")).toEqual([{ slot: end }]);
    const again = after(team.now, DAY);
    await pause(again);
    team.now = after(again, 2 * MINUTE);
    await claim();
    expect(await messages("slot_at as slot")).toEqual([{ slot: again }]);
  });
});

describe("an attempt", () => {
  beforeEach(async () => {
    Object.assign(team.agent, {
      settings: settingsSchema.parse({ sending: { retry_attempts: 2 }, receiving: { stale_after_seconds: 1e9 } }),
    });
  });

  test("that the mailbox was too fast for costs the mail none of its attempts", async () => {
    for (let time = 0; time < 4; time += 1) {
      expect(await claim(THROTTLED)).toEqual(["a kim@bakery.example"]);
      await db.query("update mailbox set backoff_until = null where workspace_id = $1", [team.workspaceId]);
    }
    expect(await messages("state, attempts")).toEqual([{ state: "queued", attempts: 0 }]);
    await claim(GREYLISTED);
    expect(await messages("state, attempts")).toEqual([{ state: "deferred", attempts: 1 }]);
  });

  test("that the server refused for the mail's own sake does, and gives its budget back", async () => {
    await claim(GREYLISTED);
    team.now = after(START, HOUR);
    const used = await db.query("select used from send_budget where workspace_id = $1", [team.workspaceId]);
    expect(used.rows).toEqual([{ used: 0 }]);
    await claim(GREYLISTED);
    expect(await messages("state, attempts, reason")).toEqual([{ state: "failed", attempts: 2, reason: "retries_exhausted" }]);
  });
});
