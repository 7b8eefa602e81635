// People of one company: so many at a time, nobody for a while after the last mail, nobody after a refusal. Asked where leads enter and where their
// first mail is claimed, whatever else happens at that moment.
import { beforeEach, describe, expect, test } from "vitest";
import { enrollByPerson } from "../../src/automations/enroll-by-person.ts";
import { enrollLeads } from "../../src/automations/enroll-leads.ts";
import { campaignSchedule } from "../../src/automations/print-schedule.ts";
import { whyLead } from "../../src/automations/why.ts";
import type { CampaignId, LeadId, MailboxId } from "../../src/core/ids.ts";
import { after, DAY, MINUTE } from "../../src/core/instant.ts";
import { PUBLIC_MAIL_DOMAINS } from "../../src/core/public-mail-domains.ts";
import { activate } from "../../src/store/campaign-state.ts";
import { only } from "../../src/store/database.ts";
import { enrollmentsOfLead, stopEnrollments } from "../../src/store/enrollment.ts";
import { databaseForTests } from "../support/database.ts";
import { Outreach } from "../support/outreach.ts";

// A Wednesday.
const START = new Date("2026-03-04T09:00:00Z");
const ANNA = "mailboxes: [anna@team.example]";
const POOL = "mailboxes: [anna@team.example, ben@team.example]";

const { db } = await databaseForTests();
let team: Outreach;
let anna: MailboxId;

beforeEach(async () => {
  team = await Outreach.begin(db, START);
  anna = await team.addMailbox("anna@team.example", { gap: 0 });
});

const enrolledOf = async (campaignId: CampaignId) => {
  const { rows } = await db.query<{ email: string }>(
    `select lead.email from enrollment e join lead on lead.workspace_id = e.workspace_id and lead.id = e.lead_id
     where e.workspace_id = $1 and e.campaign_id = $2 order by lead.email`,
    [team.workspaceId, campaignId],
  );
  return rows.map((row) => row.email);
};
const enroll = (campaignId: CampaignId) => enrollLeads(team.agent, { workspaceId: team.workspaceId, campaignId });
const sentTo = async () => (await team.sent()).map((mail) => mail.lead).toSorted();

async function finish(leadId: LeadId | undefined, state: "finished" | "unsubscribed" | "bounced" | "replied" = "finished"): Promise<void> {
  if (!leadId) throw new Error("There is no such lead.");
  const { id } = only(await enrollmentsOfLead(db, team.workspaceId, leadId));
  await db.transaction((tx) => stopEnrollments(tx, { workspaceId: team.workspaceId, ids: [id], state, reason: "person" }, team.now));
}

/** lead1@bakery.example, lead2@…, in the order in which they enter a campaign: ids that are made within a millisecond have none. */
async function addColleagues(count: number): Promise<LeadId[]> {
  for (let lead = 1; lead <= count; lead += 1) await team.addLead(`new${lead}@bakery.example`);
  await db.query(
    `update lead set email = 'lead' || place || '@bakery.example', identity_key = 'lead' || place || '@bakery.example'
     from (select id, row_number() over (order by id) as place from lead where workspace_id = $1 and email like 'new%') placed
     where lead.workspace_id = $1 and lead.id = placed.id`,
    [team.workspaceId],
  );
  const { rows } = await db.query<{ id: LeadId }>("select id from lead where workspace_id = $1 and email like 'lead%' order by id", [
    team.workspaceId,
  ]);
  return rows.map((row) => row.id);
}

describe("the company of a lead", () => {
  const keyOf = async (domain: string, company: string | null) => {
    const { rows } = await db.query<{ key: string | null }>("select company_key($1, $2) as key", [domain, company]);
    return only(rows).key;
  };

  test.each([
    ["bakery.example", "Other Ltd.", "domain:bakery.example"],
    ["gmail.com", "Bakery Müller GmbH & Co. KG", "name:bakery müller"],
    ["gmail.com", "  bakery  MÜLLER ", "name:bakery müller"],
    ["gmail.com", "Müller, Inc.", "name:müller"],
    ["gmail.com", "GmbH", "name:gmbh"],
    ["gmail.com", " . ", null],
    ["gmail.com", null, null],
  ])("at %s, working for %s", async (domain, company, key) => expect(await keyOf(domain, company)).toBe(key));

  test("is never a public mail domain: the database knows the same ones", async () => {
    const { rows } = await db.query<{ source: string }>("select prosrc as source from pg_proc where proname = 'company_key'");
    const listed = only(rows).source.match(/[a-z0-9-]+(\.[a-z0-9-]+)+/g) ?? [];
    expect(listed.toSorted()).toEqual([...PUBLIC_MAIL_DOMAINS].toSorted());
  });
});

describe("at most so many people of a company at a time", () => {
  test("the others wait, are named, and enter when there is room", async () => {
    const leads = await addColleagues(4);
    await team.addLead("kim@mill.example");
    const campaignId = await team.addCampaign("Guarded", { a: "0 minutes", b: "2 days" }, `${ANNA}\ncompany: { at_most: 2 }`);
    const schedule = await campaignSchedule(team.agent, team.workspaceId, campaignId);
    await team.start(campaignId);
    expect(await enrolledOf(campaignId)).toEqual(["kim@mill.example", "lead1@bakery.example", "lead2@bakery.example"]);
    await team.runUntil(after(START, 3 * DAY));
    expect(schedule.mails.map((mail) => mail.lead).toSorted()).toEqual(await sentTo());
    expect(schedule.unreached.map(({ sentence }) => sentence)).toEqual([
      "lead3@bakery.example waits: as many people of its company as may be are being written to; it follows when there is room.",
      "lead4@bakery.example waits: as many people of its company as may be are being written to; it follows when there is room.",
    ]);
    expect((await whyLead(team.agent, team.workspaceId, "lead3@bakery.example")).sentences).toEqual([
      `In "Guarded" ${schedule.unreached[0]?.sentence}`,
    ]);
    await finish(leads[0]);
    await enroll(campaignId);
    expect(await enrolledOf(campaignId)).toEqual([
      "kim@mill.example",
      "lead1@bakery.example",
      "lead2@bakery.example",
      "lead3@bakery.example",
    ]);
  });

  test("in all campaigns together; the setting stands in where a campaign says nothing; strangers at a public provider are no colleagues", async () => {
    team = await Outreach.begin(db, START, 100, { company: { at_most: 1 } });
    anna = await team.addMailbox("anna@team.example", { gap: 0 });
    await addColleagues(2);
    await team.addLead("kim@gmail.com");
    await team.addLead("lou@gmail.com");
    const first = await team.addCampaign("First", { a: "0 minutes" }, ANNA);
    const second = await team.addCampaign("Second", { a: "0 minutes" }, `${ANNA}\ncompany: { at_most: 2 }`);
    await team.start(first);
    expect(await enrolledOf(first)).toEqual(["kim@gmail.com", "lead1@bakery.example", "lou@gmail.com"]);
    await team.start(second);
    expect(await enrolledOf(second)).toEqual(["kim@gmail.com", "lead1@bakery.example", "lead2@bakery.example", "lou@gmail.com"]);
  });

  test("when two campaigns start at once", async () => {
    await addColleagues(6);
    const ids = [];
    for (const name of ["A", "B", "C"]) ids.push(await team.addCampaign(name, { a: "0 minutes" }, `${ANNA}\ncompany: { at_most: 2 }`));
    // Each takes in other people first, so that none is the other's own lead.
    const leads = (await db.query<{ id: LeadId }>("select id from lead where workspace_id = $1 order by id", [team.workspaceId])).rows;
    for (const [index, campaignId] of ids.entries()) {
      const list = await team.insert("insert into lead_list (workspace_id, name, created_at) values ($1, $2, $3) returning id", [
        team.workspaceId,
        `list ${index}`,
        START,
      ]);
      for (const { id } of leads.slice(2 * index, 2 * index + 2)) {
        await db.query("insert into lead_list_member (workspace_id, list_id, lead_id, added_at) values ($1, $2, $3, $4)", [
          team.workspaceId,
          list,
          id,
          START,
        ]);
      }
      await db.query("update campaign set list_id = $3 where workspace_id = $1 and id = $2", [team.workspaceId, campaignId, list]);
      await db.transaction((tx) => activate(tx, team.workspaceId, campaignId, "started", START));
    }
    await Promise.all(ids.map((id) => enroll(id)));
    const { rows } = await db.query("select from enrollment where workspace_id = $1", [team.workspaceId]);
    expect(rows).toHaveLength(2);
  });

  test("when two workers claim first mails to colleagues at once: exactly one goes out, and the other lead hears why", async () => {
    const ben = await team.addMailbox("ben@team.example", { gap: 0 });
    const leads = await addColleagues(2);
    const campaignId = await team.addCampaign("Raced", { a: "0 minutes" }, POOL);
    await team.start(campaignId);
    for (const [index, mailboxId] of [anna, ben].entries()) {
      await db.query("update enrollment set mailbox_id = $3 where workspace_id = $1 and lead_id = $2", [
        team.workspaceId,
        leads[index],
        mailboxId,
      ]);
    }
    await team.addCampaign("Raced", { a: "0 minutes" }, `${POOL}\ncompany: { at_most: 1 }`);
    await Promise.all([team.send(anna), team.send(ben)]);
    const sent = await sentTo();
    expect(sent).toHaveLength(1);
    const other = ["lead1@bakery.example", "lead2@bakery.example"].find((lead) => !sent.includes(lead)) ?? "";
    const { campaigns, sentences } = await whyLead(team.agent, team.workspaceId, other);
    expect(campaigns[0]?.wait).toMatchObject({ reason: "company_full", until: after(START, DAY) });
    expect(sentences).toContain(
      `In "Raced" ${other} waits: as many people of its company as may be are being written to, and it is asked again at 2026-03-05 09:00.`,
    );
    await finish(sent[0] === "lead1@bakery.example" ? leads[0] : leads[1], "bounced");
    await team.runUntil(after(START, DAY + MINUTE));
    expect(await sentTo()).toEqual(["lead1@bakery.example", "lead2@bakery.example"]);
  });
});

describe("the cool-off", () => {
  test("keeps colleagues from being newly written to after the last mail, in another campaign, too; a bounce has reached nobody", async () => {
    const [kim, lou] = await addColleagues(3);
    const first = await team.addCampaign("First", { a: "0 minutes" }, `${ANNA}\ncompany: { at_most: 1, cool_off: 30 days }`);
    await team.start(first);
    await team.send(anna);
    await finish(kim, "bounced");
    team.now = after(START, DAY);
    await enroll(first);
    await team.send(anna);
    expect(await sentTo()).toEqual(["lead1@bakery.example", "lead2@bakery.example"]);
    await finish(lou);
    const second = await team.addCampaign("Second", { a: "0 minutes" }, `${ANNA}\ncompany: { cool_off: 30 days }`);
    team.now = after(START, 30 * DAY);
    await team.start(second);
    expect(await enrolledOf(second)).toEqual([]);
    expect((await whyLead(team.agent, team.workspaceId, "lead3@bakery.example")).sentences).toContain(
      'In "Second" lead3@bakery.example waits: somebody of its company was written to lately; it follows after the cool-off.',
    );
    team.now = after(START, 31 * DAY);
    await enroll(second);
    expect(await enrolledOf(second)).toContain("lead3@bakery.example");
  });

  test("is asked again where the first mail is claimed", async () => {
    const [kim] = await addColleagues(2);
    const campaignId = await team.addCampaign("Late", { a: "0 minutes" }, `${ANNA}\ncompany: { cool_off: 10 days }`);
    await team.start(campaignId);
    await db.query("update enrollment set next_at = next_at + interval '1 hour' where workspace_id = $1 and lead_id <> $2", [
      team.workspaceId,
      kim,
    ]);
    await team.send(anna);
    await finish(kim);
    team.now = after(START, DAY);
    await team.send(anna);
    expect(await sentTo()).toEqual(["lead1@bakery.example"]);
    expect((await whyLead(team.agent, team.workspaceId, "lead2@bakery.example")).sentences).toContain(
      'In "Late" lead2@bakery.example waits: somebody of its company was written to lately, and it follows after 2026-03-14 09:00.',
    );
    await team.runUntil(after(START, 13 * DAY));
    expect(await sentTo()).toEqual(["lead1@bakery.example", "lead2@bakery.example"]);
  });

  test("lasts for ever after a refusal, if chosen", async () => {
    const [kim] = await addColleagues(2);
    const campaignId = await team.addCampaign("Once", { a: "0 minutes" }, `${ANNA}\ncompany: { at_most: 1, away_after_refusal: true }`);
    await team.start(campaignId);
    await team.send(anna);
    await finish(kim, "unsubscribed");
    team.now = after(START, 300 * DAY);
    await enroll(campaignId);
    expect(await enrolledOf(campaignId)).toEqual(["lead1@bakery.example"]);
    expect((await whyLead(team.agent, team.workspaceId, "lead2@bakery.example")).sentences).toEqual([
      'In "Once" lead2@bakery.example gets no further mail: somebody of its company has refused or opted out.',
    ]);
  });
});

test("a person who enrolls a colleague by hand hears why not", async () => {
  const [, lou] = await addColleagues(2);
  const campaignId = await team.addCampaign("Guarded", { a: "0 minutes" }, `${ANNA}\ncompany: { at_most: 1 }`);
  await team.start(campaignId);
  await expect(enrollByPerson(team.agent, { workspaceId: team.workspaceId, campaignId, leadId: lou as LeadId })).rejects.toMatchObject({
    code: "wrong_state",
    message: "The lead cannot be enrolled now: as many people of the company as may be are being written to.",
  });
});
