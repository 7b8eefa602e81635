// Copies of sent mails stand in the Sent folder once: put there by the provider, or by us where it puts none.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addMailbox } from "../../src/automations/add-mailbox.ts";
import { imapAccess } from "../../src/automations/mailbox-access.ts";
import { runJob } from "../../src/automations/run-job.ts";
import { MINUTE } from "../../src/core/instant.ts";
import { chooseSentCopies } from "../../src/store/sent-copy.ts";
import { type LiveMailbox, LiveOutreach } from "../support/live-outreach.ts";
import { PATIENCE } from "../support/patience.ts";

let team: LiveOutreach;
let anna: LiveMailbox;

beforeEach(async () => {
  team = await LiveOutreach.begin();
  anna = await team.addMailbox("anna@team.example");
});
afterEach(() => team.end());

/** The provider puts a copy of whatever it accepts into Sent. */
function providerFilesCopies(): void {
  anna.smtp.faults.onData = ({ raw }) => {
    anna.imap.deliver(raw, "Sent", team.now);
    return null;
  };
}

const start = async (leads = 1) => {
  await team.addLeads(leads);
  await team.start(team.campaign({ steps: { question: "0 minutes" } }));
  await team.pass();
};
/** Time passes, and the schedule does what it does every minute. */
const file = async (minutes = 0) => {
  team.now = new Date(team.now.getTime() + minutes * MINUTE);
  await runJob(team.agent, "file-all-sent-copies", {});
  await team.runJobs(team.agent);
};
const copies = () => anna.imap.messages("Sent");
const choose = (who: Parameters<typeof chooseSentCopies>[3]) => chooseSentCopies(team.db, team.workspaceId, anna.id, who);
const known = async () => (await team.stored(anna)).sentCopies;
const owed = async () => (await team.db.query("select 1 from sent_copy")).rowCount;

/** The server's own date of the first copy. */
const dateOfCopy = () =>
  team.stored(anna).then(async (mailbox) =>
    team.agent.inboxes.withInbox(anna.id, await imapAccess(team.agent, mailbox), async (inbox) => {
      const { uidValidity } = await inbox.status("Sent");
      for await (const [first] of inbox.fetchSince({ path: "Sent", role: "sent" }, uidValidity, 0, { maxBytes: 10_000, batch: 1 }))
        return first?.internalDate ?? null;
      return null;
    }),
  );

describe("a mailbox whose provider is not known", () => {
  test("gets the first copies from us, once its provider had some minutes to put them there itself", async () => {
    await start(2);
    await file(9);
    expect(copies()).toEqual([]);
    await file(2);
    expect(copies()).toHaveLength(2);
    expect(await known()).toBe("agent");
  });

  test("gets none from us when the provider put the first one there", async () => {
    providerFilesCopies();
    await start(2);
    await file(11);
    expect(copies()).toHaveLength(2);
    expect([await known(), await owed()]).toEqual(["provider", 0]);
    await team.addLead({ email: "late@bakery.example" });
    await team.pass(11 * MINUTE);
    await file(11);
    expect(copies()).toHaveLength(3);
    expect(await owed()).toBe(0);
  });
});

describe("a mailbox that gets its copies from us", () => {
  beforeEach(() => choose("agent"));

  test("has the very bytes that were sent, read, with the time of sending, right after the send", async () => {
    await start();
    const sentAt = team.now;
    await team.runJobs(team.agent);
    const [copy] = copies();
    expect(copy?.raw.toString()).toBe(team.accepted()[0]?.raw);
    expect(copy?.flags).toContain("\\Seen");
    expect(await dateOfCopy()).toEqual(sentAt);
    expect(await owed()).toBe(0);
  });

  test("has one copy, though whoever put it there was killed before it said so", async () => {
    await start();
    await team.db.query(
      "insert into sent_copy (workspace_id, message_id, mailbox_id, due_at) select workspace_id, id, mailbox_id, $1 from message",
      [team.now],
    );
    await file();
    expect(copies()).toHaveLength(1);
    expect(await owed()).toBe(0);
  });

  test("has one copy, though two processes put them there at once", async () => {
    await team.addLeads(3);
    Object.assign(team.agent, { jobs: { enqueue: () => Promise.resolve() } });
    const other = team.addProcess("other process");
    await team.start(team.campaign({ steps: { question: "0 minutes" } }));
    await runJob(other, "enroll-all-leads", {});
    for (let pass = 0; pass < 3; pass += 1) await team.pass(MINUTE);
    const ref = { workspaceId: team.workspaceId, mailboxId: anna.id };
    await Promise.all(team.processes.map((agent) => runJob(agent, "file-sent-copies", ref)));
    await runJob(other, "file-sent-copies", ref);
    expect(new Set(copies().map(({ raw }) => raw.toString())).size).toBe(copies().length);
    expect(copies().length).toBe(team.accepted().length);
  });

  test("does not take its own copy for an answer by a person", async () => {
    await start();
    await team.runJobs(team.agent);
    await team.pass(5 * MINUTE);
    expect(await team.standings()).toEqual({ "lead01@bakery.example": "awaiting_reply: last_step_sent" });
    const { rows } = await team.db.query("select disposition_reason as why from inbound_message");
    expect(rows).toEqual([{ why: "copy_of_our_own_message" }]);
    const budget = await team.db.query("select by_hand from send_budget");
    expect(budget.rows).toEqual([{ by_hand: 0 }]);
  });

  test("gets the copy later when its server was away", async () => {
    anna.gate.refuses = true;
    anna.gate.shut();
    await start();
    await team.runJobs(team.agent);
    expect(copies()).toEqual([]);
    expect(await owed()).toBe(1);
    anna.gate.refuses = false;
    await expect.poll(async () => (await file(6), copies().length), PATIENCE).toBe(1);
  });
});

test.each(["provider", "nobody"] as const)("a person may leave it to %s", async (who) => {
  await addMailbox(team.agent, { workspaceId: team.workspaceId, email: "anna@team.example", sentCopies: who });
  await start();
  await file(20);
  expect([copies().length, await known(), await owed()]).toEqual([0, who, 0]);
});

test("a mailbox without a Sent folder owes nothing for ever", async () => {
  await team.end();
  team = await LiveOutreach.begin();
  anna = await team.addMailbox("anna@team.example", { folders: [] });
  await start();
  await file(20);
  expect(await owed()).toBe(0);
});
