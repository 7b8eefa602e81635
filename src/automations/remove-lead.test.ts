// A person takes a lead out, while mail for it waits, while it is being enrolled, and before it is imported again.
import { beforeEach, describe, expect, test } from "vitest";
import { databaseForTests } from "../../test/support/database.ts";
import { Outreach } from "../../test/support/outreach.ts";
import type { CampaignId, LeadId, MailboxId } from "../core/ids.ts";
import { after, DAY, HOUR } from "../core/instant.ts";
import { only } from "../store/database.ts";
import { enrollmentsOfLead, historyOf } from "../store/enrollment.ts";
import { leadById, markRemoved } from "../store/lead.ts";
import { messagesOfEnrollment } from "../store/message.ts";
import { suppress, suppressionFor } from "../store/suppression.ts";
import { enrollLeads } from "./enroll-leads.ts";
import { importLeads } from "./import-leads.ts";
import { campaignSchedule } from "./print-schedule.ts";
import { removeLead } from "./remove-lead.ts";

const START = new Date("2026-03-04T09:00:00Z");
const KIM = "kim@bakery.example";

const { db } = await databaseForTests();
let team: Outreach;
let anna: MailboxId;
let kim: LeadId;
let campaignId: CampaignId;

beforeEach(async () => {
  team = await Outreach.begin(db, START);
  anna = await team.addMailbox("anna@team.example");
  kim = await team.addLead(KIM);
  campaignId = await team.addCampaign("Repair log", { a: "0 minutes", b: "2 days" }, "mailboxes: [anna@team.example]");
});

const remove = (address = KIM) => removeLead(team.agent, { workspaceId: team.workspaceId, address });
const enrollments = () => enrollmentsOfLead(db, team.workspaceId, kim);
const importAgain = () =>
  importLeads(team.agent, {
    workspaceId: team.workspaceId,
    fileName: "leads.csv",
    content: (async function* () {
      yield Buffer.from(`email\n${KIM}\n`);
    })(),
    list: null,
    onDuplicate: "fill",
  });

describe("a lead that is removed", () => {
  test("is not written to again; its history says why", async () => {
    await team.start(campaignId);
    await team.send(anna);
    expect(await remove(" KIM@Bakery.Example ")).toEqual({ leadId: kim, email: KIM, stopped: 1, cancelled: 0 });
    await team.runUntil(after(START, 5 * DAY));
    expect((await team.sent()).map((mail) => mail.step)).toEqual(["a"]);
    const { id, state } = only(await enrollments());
    expect(state).toBe("removed");
    expect((await historyOf(db, team.workspaceId, id)).at(-1)).toMatchObject({
      reason: "removed_by_person",
      fromState: "active",
      toState: "removed",
    });
  });

  test("loses its mail that waits for another attempt, and the day gets its place back", async () => {
    await team.start(campaignId);
    await team.refuse(anna, after(START, HOUR));
    expect(await remove()).toMatchObject({ stopped: 1, cancelled: 1 });
    const message = only(await messagesOfEnrollment(db, team.workspaceId, only(await enrollments()).id));
    expect(message).toMatchObject({ state: "cancelled", reason: "removed", budgetDay: null });
    await team.runUntil(after(START, DAY));
    expect(await team.sent()).toEqual([]);
  });

  test("before it was enrolled never is, and the schedule says so", async () => {
    await remove();
    await team.start(campaignId);
    expect(await enrollments()).toEqual([]);
    const { mails, unreached } = await campaignSchedule(team.agent, team.workspaceId, campaignId);
    expect(mails).toEqual([]);
    expect(unreached).toMatchObject([{ lead: KIM, reason: "removed" }]);
  });

  test("while it is being enrolled ends up with nothing that runs", async () => {
    await team.start(campaignId);
    const late = await team.addLead("late@bakery.example");
    // The removal holds the lead's row when the enrollment, which chose the lead before, comes to write.
    const gate = Promise.withResolvers<void>();
    const removal = db.transaction(async (tx) => {
      await markRemoved(tx, team.workspaceId, late, START);
      gate.resolve();
      for (;;) {
        const { rowCount } = await db.query("select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
        if ((rowCount ?? 0) > 0) return;
      }
    });
    await gate.promise;
    await Promise.all([removal, enrollLeads(team.agent, { workspaceId: team.workspaceId, campaignId })]);
    expect(await enrollmentsOfLead(db, team.workspaceId, late)).toEqual([]);
  });

  test("and imported again is available to other campaigns, not to those it was in", async () => {
    await team.start(campaignId);
    await remove();
    expect((await importAgain()).counts).toMatchObject({ unchanged: 1, restored: 1 });
    await enrollLeads(team.agent, { workspaceId: team.workspaceId, campaignId });
    expect((await enrollments()).map((one) => one.state)).toEqual(["removed"]);
    await team.start(await team.addCampaign("Spring", { x: "0 minutes" }, "mailboxes: [anna@team.example]"));
    expect((await enrollments()).map((one) => one.state)).toEqual(["removed", "active"]);
  });

  test("keeps what suppresses its address", async () => {
    const reason = {
      workspaceId: team.workspaceId,
      kind: "address",
      key: KIM,
      campaignId: null,
      reason: "unsubscribe",
      evidence: {},
    } as const;
    await db.transaction((tx) => suppress(tx, reason, START));
    await remove();
    await importAgain();
    expect(await suppressionFor(db, team.workspaceId, KIM, null)).toMatchObject({ reason: "unsubscribe" });
  });

  test("a second time changes nothing; one that nobody knows is an error", async () => {
    await team.start(campaignId);
    await remove();
    const { removedAt } = (await leadById(db, team.workspaceId, kim)) ?? {};
    team.now = after(START, DAY);
    expect(await removeLead(team.agent, { workspaceId: team.workspaceId, leadId: kim })).toMatchObject({ stopped: 0, cancelled: 0 });
    expect((await leadById(db, team.workspaceId, kim))?.removedAt).toEqual(removedAt);
    await expect(remove("nobody@bakery.example")).rejects.toMatchObject({ code: "not_found" });
    await expect(remove("no address")).rejects.toMatchObject({ code: "not_found" });
  });

  test("of another workspace is not found", async () => {
    const other = await Outreach.begin(db, START);
    await expect(removeLead(team.agent, { workspaceId: other.workspaceId, leadId: kim })).rejects.toMatchObject({ code: "not_found" });
  });
});
