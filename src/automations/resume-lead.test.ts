// A person lets a held lead go on.
import { beforeEach, expect, test } from "vitest";
import { databaseForTests } from "../../test/support/database.ts";
import { Outreach } from "../../test/support/outreach.ts";
import type { MailboxId } from "../core/ids.ts";
import { after, DAY } from "../core/instant.ts";
import { enrollmentsOfLead } from "../store/enrollment.ts";
import { holdEnrollments } from "../store/enrollment-time.ts";
import { resumeLead } from "./resume-lead.ts";

const START = new Date("2026-03-04T09:00:00Z");
const KIM = "kim@bakery.example";
const { db } = await databaseForTests();

let team: Outreach;
let anna: MailboxId;

beforeEach(async () => {
  team = await Outreach.begin(db, START);
  anna = await team.addMailbox("anna@team.example");
  const kim = await team.addLead(KIM);
  await team.start(await team.addCampaign("Repair log", { a: "0 minutes", b: "2 days" }, "mailboxes: [anna@team.example]"));
  await team.send(anna);
  const ids = (await enrollmentsOfLead(db, team.workspaceId, kim)).map((one) => one.id);
  const hold = { workspaceId: team.workspaceId, ids, until: null, reason: "answered_by_person" };
  await db.transaction((tx) => holdEnrollments(tx, hold, team.now));
});

const steps = async () => (await team.sent()).map((mail) => mail.step);

test("a held lead gets nothing until a person resumes it, and then its next step", async () => {
  await team.runUntil(after(START, 5 * DAY));
  expect(await steps()).toEqual(["a"]);
  expect(await resumeLead(team.agent, { workspaceId: team.workspaceId, address: "KIM@bakery.example" })).toBe(1);
  expect(await resumeLead(team.agent, { workspaceId: team.workspaceId, address: KIM })).toBe(0);
  await team.runUntil(after(START, 6 * DAY));
  expect(await steps()).toEqual(["a", "b"]);
});

test("a lead is resumed by its own workspace only", async () => {
  const others = await Outreach.begin(db, START);
  await expect(resumeLead(team.agent, { workspaceId: others.workspaceId, address: KIM })).rejects.toMatchObject({ code: "not_found" });
});
