// Many mails come in at once: most are nobody's, some change everything, and one may be hostile.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runJob } from "../../src/automations/run-job.ts";
import { inboundCounts } from "../../src/store/inbound.ts";
import { folderProgress } from "../../src/store/inbox.ts";
import { suppressionFor } from "../../src/store/suppression.ts";
import { type LiveMailbox, LiveOutreach } from "../support/live-outreach.ts";
import { reply } from "../support/mails.ts";

const KIM = "lead01@bakery.example";
const LEA = "lead02@bakery.example";

let team: LiveOutreach;
let anna: LiveMailbox;

beforeEach(async () => {
  team = await LiveOutreach.begin();
  anna = await team.addMailbox("anna@team.example");
  await team.addLeads(2);
  await team.start(team.campaign({ steps: { a: "0 minutes", b: "2 days" } }));
  await team.pass();
});
afterEach(() => team.end());

const read = () => runJob(team.agent, "sync-inbox", { workspaceId: team.workspaceId, mailboxId: anna.id });
const answer = async (from: string) => team.deliver(reply({ to: await team.lastOurs(from), from }));
let nth = 0;

/** Tied to nothing. */
function deliverNews(count: number, more = ""): void {
  for (let mail = 0; mail < count; mail += 1) {
    nth += 1;
    team.deliver(`From: news@shop.example\r\nMessage-ID: <${nth}@shop.example>\r\nSubject: Offers\r\n${more}\r\nOffer ${nth}.\r\n`);
  }
}

async function inbox() {
  return (await folderProgress(team.db, team.workspaceId, anna.id)).find((folder) => folder.folder === "INBOX");
}

/** What is kept of mails that are tied to nothing. */
async function keptOfStrangers() {
  const { rows } = await team.db.query(
    `select distinct i.verdict, i.disposition_reason, i.from_address, i.subject, i.message_id, i.visible_text, body.raw
     from inbound_message i left join inbound_body body on body.inbound_message_id = i.id where i.mailbox_id = $1 and i.disposition = 'ignored'`,
    [anna.id],
  );
  return rows;
}

test("answers among other mail stop their leads, the counts add up, and of the other mail only fingerprints are kept", async () => {
  deliverNews(30);
  await answer(KIM);
  deliverNews(40);
  await answer(LEA);
  deliverNews(5);
  expect(await read()).toMatchObject({ seen: 77, stored: 77, duplicates: 0, failed: 0 });
  expect(await team.standings()).toEqual({ [KIM]: "replied: replied", [LEA]: "replied: replied" });
  expect(await inbox()).toMatchObject({ seen: 77, stored: 77, duplicates: 0 });
  const nothing = { from_address: null, subject: null, message_id: null, visible_text: null, raw: null };
  expect(await keptOfStrangers()).toEqual([{ verdict: "unrelated", disposition_reason: "not_ours", ...nothing }]);
  expect(await read()).toMatchObject({ seen: 0 });
});

test("one content that comes twice is stored once, in one batch or in two", async () => {
  const twice = "From: a@shop.example\r\nSubject: same\r\n\r\nSame.\r\n";
  team.deliver(twice);
  deliverNews(1);
  team.deliver(twice);
  expect(await read()).toMatchObject({ seen: 3, stored: 2, duplicates: 1 });
  team.deliver(twice);
  deliverNews(1);
  expect(await read()).toMatchObject({ seen: 2, stored: 1, duplicates: 1 });
  expect(await inbox()).toMatchObject({ seen: 5, stored: 3, duplicates: 2 });
});

test("a folder that is rebuilt is taken in again, and nothing of it counts twice", async () => {
  deliverNews(20);
  await answer(KIM);
  await read();
  anna.imap.setUidValidity("INBOX", 4_000_000_000);
  deliverNews(3);
  team.now = new Date(team.now.getTime() + 60_000);
  expect(await read()).toMatchObject({ seen: 24, stored: 3, duplicates: 21 });
  expect(await inboundCounts(team.db, team.workspaceId)).toEqual([
    expect.objectContaining({ verdict: "unrelated", mails: 23 }),
    expect.objectContaining({ verdict: "reply", mails: 1 }),
  ]);
});

describe("among mails that are nobody's", () => {
  test("a stranger who asks to be left alone is left alone", async () => {
    deliverNews(3);
    team.deliver("From: stranger@home.example\r\nSubject: Hello\r\n\r\nPlease remove me from your list.\r\n");
    deliverNews(3);
    await read();
    expect(await suppressionFor(team.db, team.workspaceId, "stranger@home.example", null)).not.toBeNull();
  });

  test("a lead who writes about something else is shown", async () => {
    deliverNews(3);
    team.deliver(`From: ${KIM}\r\nSubject: Plumber\r\n\r\nDo you know a good plumber?\r\n`);
    await read();
    expect(await inboundCounts(team.db, team.workspaceId)).toContainEqual(
      expect.objectContaining({ verdict: "reply", disposition: "unmatched", mails: 1 }),
    );
  });

  test("a bounce of a mail of ours counts, though its sender is a machine that we do not know", async () => {
    const { messageId } = await team.lastOurs(KIM);
    deliverNews(2);
    team.deliver(
      [
        "From: MAILER-DAEMON@mx.elsewhere.example",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=d",
        "",
        "--d",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.elsewhere.example",
        "",
        `Final-Recipient: rfc822; ${KIM}`,
        "Action: failed",
        "Status: 5.1.1",
        "",
        "--d",
        "Content-Type: message/rfc822",
        "",
        `Message-ID: ${messageId}`,
        "",
        "--d--",
        "",
      ].join("\r\n"),
    );
    await read();
    expect(await team.standings()).toMatchObject({ [KIM]: expect.stringMatching(/^bounced/) });
  });

  test("one that names what no database can look up neither fails nor holds up the others", async () => {
    deliverNews(3);
    deliverNews(1, "In-Reply-To: <a\0b@evil.example>\r\nReferences: <\0@evil.example> <ok@evil.example>\r\n");
    await answer(KIM);
    expect(await read()).toMatchObject({ seen: 5, stored: 5, failed: 0 });
    expect(await team.standings()).toMatchObject({ [KIM]: "replied: replied" });
  });
});
