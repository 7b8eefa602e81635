// A person suppresses an address or a domain by hand, and takes it back; what people asked for themselves is not taken back lightly.
import { beforeEach, describe, expect, test } from "vitest";
import { databaseForTests } from "../../test/support/database.ts";
import { Outreach } from "../../test/support/outreach.ts";
import type { LeadId, MailboxId } from "../core/ids.ts";
import { after, DAY, HOUR } from "../core/instant.ts";
import { readTarget } from "../core/suppression-target.ts";
import type { SuppressionReason } from "../core/words.ts";
import { only } from "../store/database.ts";
import { enrollmentsOfLead, historyOf } from "../store/enrollment.ts";
import { suppress, suppressionFor } from "../store/suppression.ts";
import { liftSuppression, suppressByPerson } from "./suppress-by-person.ts";

const START = new Date("2026-03-04T09:00:00Z");
const KIM = "kim@bakery.example";

const { db } = await databaseForTests();
let team: Outreach;
let anna: MailboxId;
let kim: LeadId;

beforeEach(async () => {
  team = await Outreach.begin(db, START);
  anna = await team.addMailbox("anna@team.example");
  kim = await team.addLead(KIM);
  await team.addLead("lee@other.example");
  await team.start(await team.addCampaign("Repair log", { a: "0 minutes", b: "2 days" }, "mailboxes: [anna@team.example]"));
});

const say = (written: string, note: string | null = null) =>
  suppressByPerson(team.agent, { workspaceId: team.workspaceId, target: readTarget(written), note });
const lift = (written: string, evidence: string | null = null) =>
  liftSuppression(team.agent, { workspaceId: team.workspaceId, target: readTarget(written), evidence });
const standing = () => suppressionFor(db, team.workspaceId, KIM, null);
const ofKim = async () => only(await enrollmentsOfLead(db, team.workspaceId, kim));

describe("what is suppressed", () => {
  test.each([
    ["KIM@Bakery.Example ", { kind: "address", key: KIM }],
    ["@Bakery.Example", { kind: "domain", key: "bakery.example" }],
    ["@bäckerei.example", { kind: "domain", key: "xn--bckerei-5wa.example" }],
  ])("is read from %j", (written, target) => expect(readTarget(written)).toEqual(target));

  test.each(["bakery.example", "@", "@localhost", "kim@", "@a@b.example", ""])("is not %j", (written) => {
    expect(() => readTarget(written)).toThrow("neither an address nor a domain");
  });
});

describe("a suppression by a person", () => {
  test("of an address ends its sequences, cancels its mail, and says why", async () => {
    await team.refuse(anna, after(START, HOUR));
    expect(await say(KIM, "a competitor")).toEqual({ kind: "address", key: KIM, added: true, stopped: 1, cancelled: 1 });
    await team.runUntil(after(START, 5 * DAY));
    expect(new Set((await team.sent()).map((mail) => mail.lead))).toEqual(new Set(["lee@other.example"]));
    expect(await standing()).toMatchObject({ reason: "person", evidence: { note: "a competitor" } });
    const { id, state } = await ofKim();
    expect(state).toBe("removed");
    expect((await historyOf(db, team.workspaceId, id)).at(-1)).toMatchObject({ reason: "suppressed_by_person" });
  });

  test("of a domain reaches everybody there and nobody else", async () => {
    expect(await say("@bakery.example")).toMatchObject({ kind: "domain", stopped: 1 });
    await team.runUntil(after(START, DAY));
    expect((await team.sent()).map((mail) => mail.lead)).toEqual(["lee@other.example"]);
  });

  test("keeps the first reason", async () => {
    await say(KIM, "first");
    expect(await say(KIM, "second")).toMatchObject({ added: false });
    expect(await standing()).toMatchObject({ evidence: { note: "first" } });
  });

  test("is taken back without ado; what it had ended stays ended", async () => {
    await say(KIM);
    expect(await lift(KIM)).toMatchObject({ reason: "person" });
    expect(await standing()).toBeNull();
    expect((await ofKim()).state).toBe("removed");
    await expect(lift(KIM)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("what somebody asked for themselves", () => {
  const asked = (reason: SuppressionReason) =>
    db.transaction((tx) =>
      suppress(tx, { workspaceId: team.workspaceId, kind: "address", key: KIM, campaignId: null, reason, evidence: {} }, START),
    );

  test.each(["unsubscribe", "complaint", "import"] as const)(
    "(%s) is taken back with evidence only, which stays in the history",
    async (reason) => {
      await asked(reason);
      await expect(lift(KIM)).rejects.toMatchObject({ code: "suppression_protected" });
      expect(await standing()).toMatchObject({ reason });
      await lift(KIM, "wrote to us on 3 March");
      expect(await standing()).toBeNull();
      const history = await historyOf(db, team.workspaceId, (await ofKim()).id);
      expect(history.at(-1)).toMatchObject({ reason: "suppression_lifted", detail: { reason, evidence: "wrote to us on 3 March" } });
    },
  );

  test("a bounce was nobody's wish", async () => {
    await asked("bounce");
    expect(await lift(KIM)).toMatchObject({ reason: "bounce" });
  });
});
