// A copy in the Sent folder proves that an uncertain message went out, also where it was read before anybody knew that the message is uncertain.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runJob } from "../../src/automations/run-job.ts";
import { after, DAY, MINUTE } from "../../src/core/instant.ts";
import { type LiveMailbox, LiveOutreach } from "../support/live-outreach.ts";

let team: LiveOutreach;
let anna: LiveMailbox;

async function begin(receiving: object = {}): Promise<void> {
  team = await LiveOutreach.begin({ settings: { receiving } });
  anna = await team.addMailbox("anna@team.example");
}
beforeEach(() => begin());
afterEach(() => team.end());

const sync = () => runJob(team.agent, "sync-inbox", { workspaceId: team.workspaceId, mailboxId: anna.id });

/** A copy that stands in Sent below the cursor: it was read, and nothing followed. */
function copyIntoSent(messageId: string): void {
  anna.imap.deliver(`From: anna@team.example\r\nTo: kim@bakery.example\r\nMessage-ID: ${messageId}\r\n\r\nHello.\r\n`, "Sent", team.now);
}

/** Every mail becomes uncertain. `copies`: the provider files copies, which are read while the mails are still on the wire. */
async function sendIntoTheDark(leads: number, copies: boolean): Promise<void> {
  await team.addLeads(leads);
  anna.smtp.faults.dropAfterDot = true;
  await team.start(team.campaign({ name: "Repairs", steps: { a: "0 minutes" } }));
  team.onSendPhase("marked", async () => {
    if (!copies) return;
    for (const { messageId } of await team.ledger()) copyIntoSent(messageId);
    await sync();
  });
  await team.pass();
  for (let pass = 1; pass <= leads; pass += 1) await team.pass(5 * MINUTE);
}

test("a copy that was read while its message was on the wire is found afterwards", async () => {
  await sendIntoTheDark(1, true);
  await sync();
  expect(await team.states()).toEqual(["a sent"]);
  expect(await team.standings()).toEqual({ "lead01@bakery.example": "awaiting_reply: last_step_sent" });
});

test("no copy proves nothing, nor does the copy of another mail", async () => {
  await sendIntoTheDark(1, false);
  copyIntoSent("<another@team.example>");
  await sync();
  await sync();
  expect(await team.states()).toEqual(["a uncertain"]);
});

/** Copies of these messages stand in Sent, read before. */
async function fileCopies(messageIds: readonly string[]): Promise<void> {
  for (const messageId of messageIds) copyIntoSent(messageId);
  await team.db.query("update inbox_cursor set last_uid = last_uid + $2 where mailbox_id = $1 and folder = 'Sent'", [
    anna.id,
    messageIds.length,
  ]);
}

async function uncertain(): Promise<string[]> {
  return (await team.ledger()).filter(({ state }) => state === "uncertain").map(({ messageId }) => messageId);
}

describe("a reading searches for no more messages than it may", () => {
  beforeEach(async () => {
    await team.end();
    await begin({ sent_copy_searches: 1, sent_copy_days: 3 });
    await sendIntoTheDark(3, false);
  });

  test("and finds one after the other", async () => {
    await fileCopies(await uncertain());
    for (const left of [2, 1, 0]) {
      await sync();
      expect(await uncertain()).toHaveLength(left);
    }
  });

  test("and none waits for ever behind others that have no copy", async () => {
    await fileCopies((await uncertain()).slice(-1));
    for (let reading = 0; reading < 50 && (await uncertain()).length === 3; reading += 1) {
      team.now = after(team.now, MINUTE);
      await sync();
    }
    expect(await uncertain()).toHaveLength(2);
  });

  test("and not for what went out long ago", async () => {
    await fileCopies(await uncertain());
    team.now = after(team.now, 4 * DAY);
    await sync();
    expect(await uncertain()).toHaveLength(3);
  });
});
