// PostgreSQL keeps no NUL character: a mail that held one in its sender's name, or in the words of an opt-out, was refused as often as it was tried, and
// passed over in the end.
import { expect, test } from "vitest";
import { parseMail } from "../../src/mail/parse.ts";
import { mailboxById } from "../../src/store/mailbox.ts";
import { databaseForTests } from "../support/database.ts";
import { Outreach } from "../support/outreach.ts";
import { receiveMessage } from "../support/receive-message.ts";

const KIM = "kim@bakery.example";
const OPT_OUT = Buffer.from(
  `From: =?utf-8?q?Kim=00?= <${KIM}>
To: anna@team.example
Subject: =?utf-8?q?Re:=00_Repairs?=
Message-ID: <stop\0@bakery.example>

Please\0 unsubscribe me.\0
`.replaceAll("\n", "\r\n"),
);

test("no text of a mail holds a character that the database cannot keep", async () => {
  const mail = await parseMail(OPT_OUT);
  expect([mail.from?.name, mail.subject, mail.messageId, mail.text.trim()]).toEqual([
    "Kim",
    "Re: Repairs",
    "<stop@bakery.example>",
    "Please unsubscribe me.",
  ]);
  const long = await parseMail(Buffer.from(`Subject: ${"x".repeat(1_999)}😀\n\n${"x".repeat(512 * 1024 - 1)}😀`));
  expect([long.subject.isWellFormed(), long.text.isWellFormed()]).toEqual([true, true]);
});

test("an opt-out with such characters is honoured", async () => {
  const { db } = await databaseForTests();
  const team = await Outreach.begin(db, new Date("2026-03-04T09:00:00Z"));
  const anna = await team.addMailbox("anna@team.example", { gap: 0 });
  await team.addLead(KIM);
  const mailbox = await mailboxById(db, team.workspaceId, anna);
  if (!mailbox) throw new Error("No mailbox.");
  const fetched = {
    folder: "INBOX",
    role: "inbox" as const,
    uidValidity: 1,
    uid: 1,
    internalDate: team.now,
    raw: OPT_OUT,
    truncated: false,
  };
  await expect(receiveMessage(team.agent, mailbox, fetched, team.now)).resolves.toMatchObject({ stored: true });
  const { rows } = await db.query("select key, reason from suppression where workspace_id = $1", [team.workspaceId]);
  expect(rows).toEqual([{ key: KIM, reason: "unsubscribe" }]);
});
