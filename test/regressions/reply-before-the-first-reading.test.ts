// The cursor began at the first reading, minutes after the mailbox was added: an answer that came in before it was never read, and the follow-up went out.
import { afterEach, beforeEach, expect, test } from "vitest";
import { addMailbox } from "../../src/automations/add-mailbox.ts";
import { runJob } from "../../src/automations/run-job.ts";
import { startCampaign } from "../../src/automations/start-and-finish-campaigns.ts";
import { testMailbox } from "../../src/automations/test-mailbox.ts";
import { DAY } from "../../src/core/instant.ts";
import { type LiveMailbox, LiveOutreach } from "../support/live-outreach.ts";
import { reply } from "../support/mails.ts";

const KIM = "kim@bakery.example";
let team: LiveOutreach;
let anna: LiveMailbox;

beforeEach(async () => {
  team = await LiveOutreach.begin();
  anna = await team.addMailbox("anna@team.example", { folders: [{ path: "Customers" }] });
  await team.addLead({ email: KIM });
});
afterEach(() => team.end());

const job = (name: "send-batch" | "sync-inbox") => runJob(team.agent, name, { workspaceId: team.workspaceId, mailboxId: anna.id });
const mail = (subject: string) =>
  `From: kim@bakery.example\r\nTo: anna@team.example\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@x>\r\n\r\nHello.\r\n`;

/** How many mails were seen in the folders, all together. */
async function seen(): Promise<number> {
  const { rows } = await team.db.query<{ seen: number }>("select sum(seen)::integer as seen from inbox_cursor");
  return rows[0]?.seen ?? 0;
}

test("an answer that comes in before the inbox was read for the first time stops the sequence", async () => {
  const { workspaceId } = team;
  const campaignId = await team.apply(team.campaign({ steps: { a: "0 minutes", b: "2 days" } }));
  await startCampaign(team.agent, { workspaceId, campaignId });
  await runJob(team.agent, "enroll-leads", { workspaceId, campaignId });
  await job("send-batch");
  expect(await team.states()).toEqual(["a sent"]);
  team.deliver(reply({ to: await team.lastOurs(), from: KIM, text: "Yes, that sounds good." }));
  await team.pass(3 * DAY);
  expect(await team.states()).toEqual(["a sent"]);
  expect((await team.standings())[KIM]).toMatch(/^replied: /);
});

test("what stood in the mailbox before it was connected is not news", async () => {
  const { imap } = anna;
  await team.db.query("delete from inbox_cursor");
  imap.deliver(mail("old"), "INBOX", team.now);
  await testMailbox(team.agent, await team.stored(anna));
  imap.deliver(mail("new"), "INBOX", team.now);
  await job("sync-inbox");
  expect(await seen()).toBe(1);
});

test("a chosen folder is read from when it was chosen", async () => {
  const { imap } = anna;
  await team.runJobs(team.agent);
  imap.deliver(mail("before"), "Customers", team.now);
  await addMailbox(team.agent, { workspaceId: team.workspaceId, email: "anna@team.example", extraFolders: ["Customers"] });
  imap.deliver(mail("after"), "Customers", team.now);
  await job("sync-inbox");
  expect(await seen()).toBe(1);
});

test("the first reading follows at once", async () => {
  await team.runJobs(team.agent);
  const { rows } = await team.db.query("select from inbox_cursor where read_to_end_at is not null");
  expect(rows.length).toBeGreaterThan(0);
});
