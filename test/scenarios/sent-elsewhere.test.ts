// What another tool sent stands in the ledger: it forbids its steps whatever happens later, and it counts nowhere as mail of ours.
import { beforeEach, describe, expect, test } from "vitest";
import { applyCampaign } from "../../src/automations/apply-campaign.ts";
import { enrollLeads } from "../../src/automations/enroll-leads.ts";
import { type ImportResult, importLeads } from "../../src/automations/import-leads.ts";
import { previewFor } from "../../src/automations/preview-step.ts";
import { readCampaignFile } from "../../src/automations/read-campaign-file.ts";
import { removeLead } from "../../src/automations/remove-lead.ts";
import { whyMailbox } from "../../src/automations/why.ts";
import type { CampaignId } from "../../src/core/ids.ts";
import { after, DAY, HOUR } from "../../src/core/instant.ts";
import { listCampaigns } from "../../src/store/campaign.ts";
import { only } from "../../src/store/database.ts";
import { enrollmentsOfLead } from "../../src/store/enrollment.ts";
import { findLead } from "../../src/store/lead.ts";
import { messageCounts } from "../../src/store/message.ts";
import { messageIdsSentFrom } from "../../src/store/outgoing-mail.ts";
import { sequencesOfCampaign } from "../../src/store/sequence.ts";
import { versionsOf } from "../../src/store/sequence-version.ts";
import { campaignText } from "../support/campaign-text.ts";
import { databaseForTests } from "../support/database.ts";
import { Outreach } from "../support/outreach.ts";

// a Wednesday
const START = new Date("2026-03-04T09:00:00Z");
const KIM = "kim@x.example";
const POOL = "mailboxes: [ann@team.example]\nwindow: { monday-sunday: 08:00-18:00 }";
const STEPS = { a: "0 minutes", b: "3 days", c: "4 days" };
const HEADER = "Email,Last step,Last contacted\n";

const { db } = await databaseForTests();
let team: Outreach;

beforeEach(async () => {
  team = await Outreach.begin(db, START);
  await team.addMailbox("ann@team.example", { gap: 0 });
});

async function apply(steps: Readonly<Record<string, string>>, more = ""): Promise<CampaignId> {
  const file = readCampaignFile(campaignText({ steps, more: `${POOL}\n${more}` }));
  return (await applyCampaign(team.agent, { workspaceId: team.workspaceId, file })).campaignId;
}

function continued(campaignId: CampaignId, ...pieces: readonly (string | Error)[]): Promise<ImportResult> {
  async function* content(): AsyncGenerator<Uint8Array> {
    for (const piece of pieces) {
      if (piece instanceof Error) throw piece;
      yield Buffer.from(piece);
    }
  }
  const { workspaceId } = team;
  const continues = { campaignId, dayOrder: null };
  return importLeads(team.agent, { workspaceId, fileName: "x.csv", content: content(), list: null, onDuplicate: "fill", continues });
}

/** Of mails that we sent: lead, step, in their order. */
async function sentHere(): Promise<string[]> {
  const { rows } = await db.query<{ mail: string }>(
    `select split_part(recipient, '@', 1) || ' ' || step_lineage as mail from message
     where workspace_id = $1 and state = 'sent' and reason is distinct from 'sent_elsewhere' order by slot_at, recipient, step_lineage`,
    [team.workspaceId],
  );
  return rows.map((row) => row.mail);
}

async function enrollmentOf(address: string) {
  const lead = await findLead(db, team.workspaceId, address);
  return lead ? ((await enrollmentsOfLead(db, team.workspaceId, lead.id))[0] ?? null) : null;
}

describe("a sequence of several versions", () => {
  test("is continued by its newest, though others stay in an older one, and no version counts the mail as its own", async () => {
    await team.addLead("old@x.example");
    const campaign = await apply(STEPS, "on_edit: stay");
    await team.start(campaign);
    await team.tick();
    await apply({ a: "0 minutes", x: "1 day", b: "3 days", c: "4 days" }, "on_edit: stay");
    await continued(campaign, `${HEADER}${KIM},2,2026-03-03\n`);
    await team.runUntil(after(START, 10 * DAY));
    expect((await sentHere()).toSorted()).toEqual(["kim b", "kim c", "old a", "old b", "old c"]);
    const main = only((await sequencesOfCampaign(db, team.workspaceId, campaign)).filter(({ kind }) => kind === "main"));
    const versions = await versionsOf(db, team.workspaceId, main.id);
    expect(versions.map(({ number, sent }) => ({ number, sent }))).toEqual([
      { number: 2, sent: 2 },
      { number: 1, sent: 3 },
    ]);
  });

  test("is continued by its newest when a lead was held in an older one until its corrected row came", async () => {
    await team.addLead(KIM);
    const campaign = await apply(STEPS, "on_edit: stay");
    await continued(campaign, `${HEADER}${KIM},1,soon\n`);
    await team.start(campaign);
    await apply({ a: "0 minutes", x: "1 day", c: "4 days" }, "on_edit: stay");
    expect(await enrollmentOf(KIM)).toMatchObject({ state: "held", staysInVersion: 1 });
    await continued(campaign, `${HEADER}${KIM},x,2026-03-03\n`);
    await team.runUntil(after(START, 10 * DAY));
    expect(await sentHere()).toEqual(["kim c"]);
  });

  test("that is edited afterwards sends nothing that stands before the last mail of the other tool", async () => {
    const campaign = await apply(STEPS);
    await continued(campaign, `${HEADER}${KIM},2,2026-03-03\n`);
    await team.start(campaign);
    await team.tick();
    await apply({ a: "0 minutes", x: "1 day", b: "3 days", c: "4 days", d: "1 day" });
    await team.runUntil(after(START, 10 * DAY));
    expect(await sentHere()).toEqual(["kim c", "kim d"]);
  });
});

test("an import that broke off and is sent again takes what the rest of the file says of leads that came in before", async () => {
  const campaign = await apply(STEPS);
  const others = "lee@x.example,3,2026-03-03\n".repeat(2_500);
  const file = [`${HEADER}${KIM},1,2026-03-02\n${others}`, `${KIM},2,2026-03-03\n`] as const;
  await expect(continued(campaign, file[0], new Error("the line is dead"))).rejects.toThrow("the line is dead");
  expect(await enrollmentOf(KIM)).toMatchObject({ sentLineages: ["a"] });
  await team.start(campaign);
  await team.tick();
  await continued(campaign, ...file);
  await team.runUntil(after(START, 10 * DAY));
  expect(await sentHere()).toEqual(["kim c"]);
});

describe("the company of a lead that another tool wrote to", () => {
  test("counts as written to while the lead is in the campaign", async () => {
    const campaign = await apply(STEPS, "company: { at_most: 1 }");
    await continued(campaign, `${HEADER}kim@bakery.example,1,2026-03-03\nlee@bakery.example,,\n`);
    await team.start(campaign);
    expect(await enrollmentOf("lee@bakery.example")).toBeNull();
  });

  test("is left alone for a while after the other tool's last mail", async () => {
    const campaign = await apply(STEPS, "company: { cool_off: 10 days }");
    await continued(campaign, `${HEADER}kim@bakery.example,3,2026-03-01\nlee@bakery.example,,\n`);
    const kim = await enrollmentOf("kim@bakery.example");
    await db.query("update enrollment set state = 'finished' where workspace_id = $1 and id = $2", [team.workspaceId, kim?.id]);
    await team.start(campaign);
    expect(await enrollmentOf("lee@bakery.example")).toBeNull();
    team.now = new Date("2026-03-12T12:00:00Z");
    await enrollLeads(team.agent, { workspaceId: team.workspaceId, campaignId: campaign });
    expect(await enrollmentOf("lee@bakery.example")).toMatchObject({ state: "active" });
  });
});

test("a cap on first mails is not used by leads that go on", async () => {
  const campaign = await apply(STEPS, "new_leads_per_day: 1");
  await continued(campaign, `${HEADER}kim@x.example,1,2026-02-25\nlee@y.example,1,2026-02-25\nnew@z.example,,\n`);
  await team.start(campaign);
  await team.runUntil(after(START, 2 * HOUR));
  expect((await sentHere()).toSorted()).toEqual(["kim b", "lee b", "new a"]);
});

test("what counts mail, or looks for what a mailbox sent, leaves it out", async () => {
  const campaign = await apply(STEPS);
  await continued(campaign, `${HEADER}${KIM},3,2026-03-04\n`);
  await team.start(campaign);
  await team.tick();
  const { workspaceId } = team;
  expect(await listCampaigns(db, workspaceId)).toMatchObject([{ sent: 0 }]);
  expect(await messageCounts(db, workspaceId)).toEqual([]);
  const { rows } = await db.query<{ id: never }>("select id from mailbox where workspace_id = $1", [workspaceId]);
  expect(await messageIdsSentFrom(db, workspaceId, [only(rows).id], 10)).toEqual([]);
  expect((await whyMailbox(team.agent, workspaceId, "ann@team.example")).sentences.join("\n")).toContain("0 so far");
});

describe("a lead that a person removed", () => {
  test("stays out of the campaign though a file says how far another tool came with it", async () => {
    const campaign = await apply(STEPS);
    await continued(campaign, `${HEADER}${KIM},1,2026-03-03\n`);
    const kim = await findLead(db, team.workspaceId, KIM);
    if (kim) await removeLead(team.agent, { workspaceId: team.workspaceId, leadId: kim.id });
    await continued(campaign, `${HEADER}${KIM},1,2026-03-03\n`);
    await team.start(campaign);
    await team.runUntil(after(START, 10 * DAY));
    expect(await sentHere()).toEqual([]);
    expect(await enrollmentOf(KIM)).toMatchObject({ state: "removed" });
  });

  test("is not brought back by a row that is not clear", async () => {
    const kim = await team.addLead(KIM);
    await removeLead(team.agent, { workspaceId: team.workspaceId, leadId: kim });
    await continued(await apply(STEPS), `${HEADER}${KIM},1,soon\n`);
    expect(await enrollmentOf(KIM)).toBeNull();
  });
});

test("the preview of the next step shows the subject that it will have", async () => {
  const campaign = await apply(STEPS);
  await continued(campaign, `${HEADER}${KIM},1,2026-03-03\n`);
  const kim = await findLead(db, team.workspaceId, KIM);
  if (!kim) throw new Error("The lead did not come in.");
  const shown = { workspaceId: team.workspaceId, campaignId: campaign, leadId: kim.id, step: "b", sequence: null };
  expect(await previewFor(team.agent, shown)).toMatchObject({ subject: "Repairs" });
});
