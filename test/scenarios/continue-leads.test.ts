// A team switches in the middle of its sequences: what another tool sent is not sent again, and what is left follows at its time.
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { advanceEnrollments } from "../../src/automations/advance-enrollments.ts";
import { claimMessages } from "../../src/automations/claim-messages.ts";
import { type ImportResult, importLeads, rejectionsAsCsv } from "../../src/automations/import-leads.ts";
import { renderClaimed } from "../../src/automations/render-claimed.ts";
import { whyLead } from "../../src/automations/why-lead.ts";
import type { CampaignId } from "../../src/core/ids.ts";
import { after, DAY, HOUR, type Instant } from "../../src/core/instant.ts";
import type { DayOrder } from "../../src/core/lead-progress.ts";
import { findLead } from "../../src/store/lead.ts";
import { acquireLease } from "../../src/store/lease.ts";
import { mailboxByAddress } from "../../src/store/mailbox.ts";
import { suppressionFor } from "../../src/store/suppression.ts";
import { databaseForTests } from "../support/database.ts";
import { Outreach } from "../support/outreach.ts";

// a Wednesday
const START = new Date("2026-03-04T09:00:00Z");
const { db } = await databaseForTests();
let team: Outreach;
let campaign: CampaignId;

beforeEach(async () => {
  await begin();
});

async function begin(): Promise<void> {
  team = await Outreach.begin(db, START);
  await team.addMailbox("ann@team.example");
  const more = "mailboxes: [ann@team.example]\nwindow: { monday-sunday: 08:00-18:00 }";
  campaign = await team.addCampaign("C", { hello: "0 minutes", nudge: "3 days", last: "4 days" }, more);
}

async function continued(csv: string, dayOrder: DayOrder | null = null): Promise<ImportResult> {
  async function* content(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(csv);
  }
  const continues = { campaignId: campaign, dayOrder };
  return importLeads(team.agent, {
    workspaceId: team.workspaceId,
    fileName: "x.csv",
    content: content(),
    list: null,
    onDuplicate: "fill",
    continues,
  });
}

async function sentHere(): Promise<string[]> {
  const { rows } = await db.query<{ mail: string }>(
    `select concat_ws(' ', split_part(recipient, '@', 1), step_lineage, to_char(slot_at at time zone 'UTC', 'MM-DD')) as mail from message
     where workspace_id = $1 and state = 'sent' and reason is null order by slot_at, recipient`,
    [team.workspaceId],
  );
  return rows.map((row) => row.mail);
}

async function stands(address: string): Promise<string | null> {
  const lead = await findLead(db, team.workspaceId, address);
  const { rows } = await db.query<{ state: string; reason: string }>(
    "select state, reason from enrollment where workspace_id = $1 and lead_id = $2",
    [team.workspaceId, lead?.id],
  );
  return rows[0] ? `${rows[0].state}: ${rows[0].reason}` : null;
}

describe("a lead that another tool wrote to", () => {
  test("gets the steps that are left, each its delay after the one before, and no budget is used for what was sent elsewhere", async () => {
    const file = `Email,Last Step Sent,Last Contacted\nkim@x.example,1,2026-03-03\nlee@x.example,nudge,2026-03-03T10:00:00Z\nnew@x.example,,\n`;
    expect((await continued(file)).counts).toMatchObject({ rows: 3, created: 3, continued: 2 });
    expect((await db.query("select from send_budget where workspace_id = $1", [team.workspaceId])).rowCount).toBe(0);
    await team.start(campaign);
    await team.runUntil(after(START, 9 * DAY));
    expect(await sentHere()).toEqual([
      "new hello 03-04",
      "kim nudge 03-06",
      "new nudge 03-07",
      "lee last 03-07",
      "kim last 03-10",
      "new last 03-11",
    ]);
  });

  test("and whose follow-up is overdue is written to in a slot of its own", async () => {
    const rows = Array.from({ length: 5 }, (_, at) => `lead${at}@x.example,1,2026-01-02\n`).join("");
    await continued(`Email,Last step,Last contacted\n${rows}`);
    await team.start(campaign);
    await team.runUntil(after(START, 3 * HOUR));
    const sent = (await team.sent()).filter((mail) => mail.step === "nudge").map((mail) => mail.at.getTime());
    expect(sent).toHaveLength(5);
    for (const [index, at] of sent.slice(1).entries()) expect(at - (sent[index] ?? 0)).toBeGreaterThanOrEqual(90_000);
  });

  test("and who answered, bounced, opted out or is through is never written to", async () => {
    const file = `Email,Last step,Lead status,Replied\na@x.example,1,Replied,\nb@x.example,1,Bounced,\nc@x.example,2,Unsubscribed,
d@x.example,3,Completed,\ne@x.example,9,Active,\nf@x.example,1,Active,TRUE\n`;
    expect((await continued(file)).counts).toMatchObject({ rows: 6, created: 5, suppressed: 1, continued: 5 });
    await team.start(campaign);
    await team.runUntil(after(START, 18 * DAY));
    expect(await sentHere()).toEqual([]);
    expect(await Promise.all(["a", "b", "d", "e", "f"].map((name) => stands(`${name}@x.example`)))).toEqual([
      "replied: replied_elsewhere",
      "bounced: bounced_elsewhere",
      "finished: finished_elsewhere",
      expect.stringMatching(/^finished: /),
      "replied: replied_elsewhere",
    ]);
    expect(await suppressionFor(db, team.workspaceId, "c@x.example", null)).toMatchObject({ reason: "import" });
    expect(await findLead(db, team.workspaceId, "b@x.example")).toMatchObject({ reachability: "bounced" });
  });

  test("that stands in the file once for every mail stands behind the last of them", async () => {
    await continued("Email,Step sent,Sent at\nkim@x.example,1,2026-03-01\nkim@x.example,2,2026-03-03\n");
    await team.start(campaign);
    await team.runUntil(after(START, 9 * DAY));
    expect(await sentHere()).toEqual(["kim last 03-07"]);
  });

  test("stays where it is when it is in the campaign already", async () => {
    await team.addLead("kim@x.example");
    await team.start(campaign);
    await team.tick();
    expect((await continued("Email,Last step,Replied\nkim@x.example,2,yes\n")).counts).toMatchObject({ continued: 0 });
    expect(await stands("kim@x.example")).toMatch(/^active/);
  });

  test("and whose address is known to be invalid is left out, and keeps what was sent in the ledger", async () => {
    await continued("Email,Last step,Email verification\nkim@x.example,1,invalid\nlee@x.example,1,valid\n");
    await team.start(campaign);
    await team.runUntil(after(START, 4 * DAY));
    expect(await sentHere()).toEqual(["lee nudge 03-07"]);
    expect(await stands("kim@x.example")).toBe("failed: address_invalid");
  });

  test("is told by why", async () => {
    await continued("Email,Last step,Last contacted\nkim@x.example,1,2026-03-03 10:00\n");
    const { sentences } = await whyLead(team.agent, team.workspaceId, "kim@x.example");
    expect(sentences).toContainEqual(expect.stringMatching(/2026-03-03 10:00.*step "hello" of "C" had been sent by the tool before/));
  });
});

describe("the follow-up", () => {
  /** What the next mail of ours says, once it is due. */
  async function followUp(): Promise<unknown> {
    await team.start(campaign);
    team.now = after(START, 3 * DAY);
    await advanceEnrollments(team.agent);
    const mailbox = await mailboxByAddress(db, team.workspaceId, "ann@team.example");
    const lease =
      mailbox &&
      (await acquireLease(db, { workspaceId: team.workspaceId, mailboxId: mailbox.id, purpose: "send", holder: "test", seconds: 60 }));
    if (!mailbox || !lease) throw new Error("The mailbox is busy.");
    const { failed } = await renderClaimed(team.agent, mailbox, lease, (await claimMessages(team.agent, mailbox, lease)).ids);
    expect(failed).toBe(0);
    const { rows } = await db.query(
      `select subject, in_reply_to as "inReplyTo" from message where workspace_id = $1 and step_lineage = 'nudge'`,
      [team.workspaceId],
    );
    return rows;
  }

  test("answers the mail whose Message-ID and subject the file tells", async () => {
    await continued("Email,Last step,Last contacted,Message-ID,Subject\nkim@x.example,1,2026-03-03,<1@old.example>,Bread\n");
    expect(await followUp()).toEqual([{ subject: "Re: Bread", inReplyTo: "<1@old.example>" }]);
  });

  test("is a new mail under the subject of the step before where the file does not tell", async () => {
    await continued("Email,Last step,Last contacted\nkim@x.example,1,2026-03-03\n");
    expect(await followUp()).toEqual([{ subject: "Repairs", inReplyTo: null }]);
  });

  test("has a Message-ID of its own when another mail has the one that is told", async () => {
    const file = "Email,Last step,Message-ID,Subject\nkim@x.example,1,<2@old.example>,Bread\nlee@x.example,1,<2@old.example>,Bread\n";
    expect((await continued(file)).counts).toMatchObject({ continued: 2 });
    const { rows } = await db.query("select from message where workspace_id = $1", [team.workspaceId]);
    expect(rows).toHaveLength(2);
  });
});

describe("a row that is not clear", () => {
  test.each([
    ["kim@x.example,1,03/04/2026,", "may be two days"],
    ["kim@x.example,1,2027-01-01,", "has not come yet"],
    ["kim@x.example,1,soon,", "no date that can be read"],
    ["kim@x.example,third,2026-03-01,", "neither the number nor the name"],
    ["kim@x.example,,2026-03-01,", "no column says which step"],
    ["kim@x.example,1,2026-03-01,Zzz", "does not say how the lead stands"],
  ])("%s is rejected and becomes no lead", async (row, reason) => {
    const { counts, importId } = await continued(`Email,Last step,Last contacted,Status\n${row}\n`);
    expect(counts).toMatchObject({ rows: 1, rejected: 1, created: 0 });
    let csv = "";
    for await (const piece of rejectionsAsCsv(db, team.workspaceId, importId)) csv += piece;
    expect(csv).toContain(reason);
  });

  test("holds its lead, if there is one, until a corrected row comes", async () => {
    await team.addLead("kim@x.example");
    await continued("Email,Last step,Last contacted\nkim@x.example,1,02/03/2026\n");
    await team.start(campaign);
    await team.runUntil(after(START, DAY));
    expect(await sentHere()).toEqual([]);
    expect(await stands("kim@x.example")).toBe("held: progress_unclear");
    expect((await continued("Email,Last step,Last contacted\nkim@x.example,1,2026-03-03\n")).counts).toMatchObject({ continued: 1 });
    await team.runUntil(after(START, 3 * DAY));
    expect(await sentHere()).toEqual(["kim nudge 03-06"]);
  });

  test("holds its lead though another row of the file is clear, wherever it stands", async () => {
    await continued("Email,Last step,Sent at\nkim@x.example,1,2026-03-01\nkim@x.example,2,02/03/2026\n");
    await continued("Email,Last step,Sent at\nlee@x.example,2,02/03/2026\nlee@x.example,1,2026-03-01\n");
    await team.start(campaign);
    await team.runUntil(after(START, DAY));
    expect(await sentHere()).toEqual([]);
    expect([await stands("kim@x.example"), await stands("lee@x.example")]).toEqual(["held: progress_unclear", "held: progress_unclear"]);
  });

  test("is clear once somebody says which comes first, the day or the month", async () => {
    await continued("Email,Last step,Last contacted\nkim@x.example,1,02/03/2026\n", "day-first");
    const { rows } = await db.query<{ at: Instant }>("select anchor_at as at from enrollment where workspace_id = $1", [team.workspaceId]);
    expect(rows).toEqual([{ at: new Date("2026-03-02T12:00:00Z") }]);
  });

  test("is not looked for where no column says how far the tool came", async () => {
    await expect(continued("Email,Name\nkim@x.example,Kim\n")).rejects.toMatchObject({ code: "csv_unreadable" });
  });
});

test("whatever an export says, no step that was sent is sent again", { timeout: 120_000 }, async () => {
  const cell = fc.record({
    lead: fc.integer({ min: 0, max: 5 }),
    step: fc.constantFrom("", "0", "1", "2", "3", "7", "Step 1", "nudge", "2 of 3"),
    at: fc.constantFrom("", "2026-02-20", "2026-03-03T10:00:00Z", "27.02.2026", "01/12/2026"),
    status: fc.constantFrom("", "Active", "Replied", "Bounced", "Completed", "Opened"),
  });
  const steps = ["hello", "nudge", "last"];
  const reached: Readonly<Record<string, number>> = { "": 0, "0": 0, "1": 1, "2": 2, "3": 3, "7": 3, "Step 1": 1, nudge: 2, "2 of 3": 2 };
  await fc.assert(
    fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 8 }), fc.boolean(), async (rows, startsFirst) => {
      await begin();
      if (startsFirst) await team.start(campaign);
      const csv = rows.map(({ lead, step, at, status }) => `l${lead}@x.example,${step},${at},${status}\n`).join("");
      const { importId } = await continued(`Email,Last step,Last contacted,Status\n${csv}`);
      const { rows: refused } = await db.query<{ row: number }>(
        "select row_number as row from lead_import_rejection where workspace_id = $1 and import_id = $2 and code not in ('header', 'duplicate')",
        [team.workspaceId, importId],
      );
      const isRefused = new Set(refused.map((one) => one.row));
      if (!startsFirst) await team.start(campaign);
      await team.runUntil(after(START, 10 * DAY));
      const sent = await sentHere();
      for (const [index, { lead, step, status }] of rows.entries()) {
        if (isRefused.has(index + 2)) continue;
        const over = ["Replied", "Bounced", "Completed"].includes(status) ? steps.length : (reached[step] ?? 0);
        for (const lineage of steps.slice(0, over)) expect(sent.filter((mail) => mail.startsWith(`l${lead} ${lineage} `))).toEqual([]);
      }
      expect(new Set(sent.map((mail) => mail.split(" ").slice(0, 2).join(" "))).size).toBe(sent.length);
    }),
    { numRuns: 6 },
  );
});
