// A reply that nobody could judge waits for a person; what the person says has the same consequences as the analyst's judgement.
import { beforeEach, describe, expect, test } from "vitest";
import { databaseForTests } from "../../test/support/database.ts";
import { Outreach } from "../../test/support/outreach.ts";
import type { CampaignId, EnrollmentId, InboundMessageId, LeadId, MailboxId } from "../core/ids.ts";
import { after, DAY, HOUR } from "../core/instant.ts";
import type { InterestLevel } from "../core/words.ts";
import { only } from "../store/database.ts";
import { enrollmentsOfLead, stopEnrollments } from "../store/enrollment.ts";
import { listReplies } from "../store/reply-review.ts";
import { suppressionFor } from "../store/suppression.ts";
import { judgeReply } from "./judge-reply.ts";
import { startAndFinishCampaigns } from "./start-and-finish-campaigns.ts";

const START = new Date("2026-03-04T09:00:00Z");
const KIM = "kim@bakery.example";
const MORE = `mailboxes: [anna@team.example]
sub_sequences:
  - name: Interested
    on: positive
    steps:
      - id: call
        after: 1 hour
        body: Shall we talk?
`;

const { db } = await databaseForTests();
let team: Outreach;
let anna: MailboxId;
let kim: LeadId;
let campaignId: CampaignId;
let reply: InboundMessageId;

beforeEach(async () => {
  team = await Outreach.begin(db, START);
  anna = await team.addMailbox("anna@team.example");
  kim = await team.addLead(KIM);
  campaignId = await team.addCampaign("Repair log", { a: "0 minutes", b: "2 days" }, MORE);
  await team.start(campaignId);
  await team.send(anna);
  team.now = after(START, HOUR);
  const enrollment = await ofKim();
  reply = await team.insert<InboundMessageId>(
    `insert into inbound_message (workspace_id, mailbox_id, folder, uid_validity, uid, fingerprint, received_at, from_address, subject, verdict, disposition,
       disposition_reason, match_method, lead_id, campaign_id, enrollment_id, answered_message_id, interest_level, visible_text)
     select $1, $2, 'INBOX', 1, 1, 'x', $3, $4, 'Re: Repairs', 'reply', 'matched', 'thread', 'in_reply_to', $5, $6, $7, m.id, 'needs_review', 'Well, well.'
     from message m where m.workspace_id = $1 and m.enrollment_id = $7 returning id`,
    [team.workspaceId, anna, team.now, KIM, kim, campaignId, enrollment],
  );
  const stop = { workspaceId: team.workspaceId, ids: [enrollment], state: "replied" as const, reason: "replied" };
  await db.transaction((tx) => stopEnrollments(tx, stop, team.now));
});

const ofKim = async (): Promise<EnrollmentId> => only(await enrollmentsOfLead(db, team.workspaceId, kim)).id;
const judge = (level: InterestLevel) => judgeReply(team.agent, { workspaceId: team.workspaceId, inboundMessageId: reply }, { level });
const waiting = () => listReplies(db, team.workspaceId, { onlyToReview: true, limit: 10 });

describe("a person's judgement of a reply", () => {
  test("starts the sub-sequence that answers it, once", async () => {
    expect(await waiting()).toMatchObject([{ id: reply, fromAddress: KIM, campaign: "Repair log", visibleText: "Well, well." }]);
    expect(await judge("positive")).toEqual({ judged: true, entered: true });
    expect(await judge("positive")).toEqual({ judged: false, entered: false });
    expect(await waiting()).toEqual([]);
    await team.runUntil(after(START, DAY));
    expect((await team.sent()).map((mail) => mail.step)).toEqual(["a", "call"]);
  });

  test("of an opt-out suppresses the address", async () => {
    expect(await judge("unsubscribe")).toEqual({ judged: true, entered: false });
    expect(await suppressionFor(db, team.workspaceId, KIM, null)).toMatchObject({ reason: "unsubscribe", evidence: { source: "person" } });
  });

  test("of an opt-out that came from another address of the lead stops the lead, too", async () => {
    await db.query("update inbound_message set from_address = 'kim.private@elsewhere.example' where id = $1", [reply]);
    await judge("unsubscribe");
    for (const address of [KIM, "kim.private@elsewhere.example"])
      expect(await suppressionFor(db, team.workspaceId, address, null)).toMatchObject({ reason: "unsubscribe" });
    expect(only(await enrollmentsOfLead(db, team.workspaceId, kim))).toMatchObject({ state: "unsubscribed" });
  });

  test("that corrects another one takes the lead out of what that had led to: who said no gets no mail for those who said yes", async () => {
    await judge("positive");
    expect(await judge("negative")).toEqual({ judged: true, entered: false });
    expect(only(await enrollmentsOfLead(db, team.workspaceId, kim))).toMatchObject({ state: "replied", reason: "judgement_corrected" });
    await team.runUntil(after(START, DAY));
    expect((await team.sent()).map((mail) => mail.step)).toEqual(["a"]);
  });

  test("that corrects another one leaves alone what a later reply has led to", async () => {
    await judge("positive");
    await db.query("update enrollment_event set detail = detail || '{\"inbound\": \"another\"}' where reason = 'entered_sub_sequence'");
    await judge("negative");
    expect(only(await enrollmentsOfLead(db, team.workspaceId, kim))).toMatchObject({ state: "active" });
  });

  test("lets a campaign end that waited for it alone", async () => {
    const state = async () =>
      only((await db.query<{ state: string }>("select state from campaign where id = $1", [campaignId])).rows).state;
    await startAndFinishCampaigns(team.agent);
    expect(await state()).toBe("active");
    await judge("negative");
    await startAndFinishCampaigns(team.agent);
    expect(await state()).toBe("completed");
  });

  test("is of a reply of this workspace", async () => {
    const other = await Outreach.begin(db, START);
    const theirs = judgeReply(team.agent, { workspaceId: other.workspaceId, inboundMessageId: reply }, { level: "positive" });
    await expect(theirs).rejects.toMatchObject({ code: "not_found" });
  });
});
