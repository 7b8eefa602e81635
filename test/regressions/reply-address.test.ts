// A mail program drops the thread headers, the subject is another, the writer uses another address: the address answered to still names the mail.
import { beforeEach, expect, test } from "vitest";
import type { LeadId, MailboxId } from "../../src/core/ids.ts";
import { after, DAY } from "../../src/core/instant.ts";
import { plusAddress, plusAddressToken } from "../../src/core/reply-address.ts";
import { only } from "../../src/store/database.ts";
import { enrollmentsOfLead } from "../../src/store/enrollment.ts";
import { inboundById } from "../../src/store/inbound.ts";
import { mailboxById } from "../../src/store/mailbox.ts";
import { messagesOfEnrollment } from "../../src/store/message.ts";
import { databaseForTests } from "../support/database.ts";
import { Outreach } from "../support/outreach.ts";
import { receiveMessage } from "../support/receive-message.ts";

const START = new Date("2026-03-04T09:00:00Z");
const ANNA = "anna@team.example";
const REPLY_KEY = new Uint8Array(32).fill(5);

const database = await databaseForTests();
let team: Outreach;
let anna: MailboxId;
let kim: LeadId;
let lee: LeadId;
let token: string;
let uid = 0;

beforeEach(async () => {
  team = await Outreach.begin(database.db, START);
  Object.assign(team.agent, { keys: { ...team.agent.keys, replyAddress: REPLY_KEY } });
  anna = await team.addMailbox(ANNA, { gap: 0 });
  kim = await team.addLead("kim@bakery.example");
  lee = await team.addLead("lee@bakery.example");
  await team.start(await team.addCampaign("Repair log", { a: "0 minutes", b: "2 days" }, `mailboxes: [${ANNA}]`));
  await team.tick();
  token = plusAddressToken(REPLY_KEY, (await message(kim)).messageId);
});

async function message(leadId: LeadId) {
  const [enrollment] = await enrollmentsOfLead(team.agent.db, team.workspaceId, leadId);
  return only(await messagesOfEnrollment(team.agent.db, team.workspaceId, enrollment?.id ?? ("" as never)));
}

const stateOf = async (leadId: LeadId) => only(await enrollmentsOfLead(team.agent.db, team.workspaceId, leadId)).state;

interface Written {
  readonly from?: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function receive({ from = "k.miller@home.example", headers }: Written) {
  uid += 1;
  const fields = { From: from, Subject: "your mail", "Message-ID": `<in-${uid}@home.example>`, ...headers };
  const lines = [...Object.entries(fields).map(([name, value]) => `${name}: ${value}`), "", "Please call me."];
  const mailbox = await mailboxById(team.agent.db, team.workspaceId, anna);
  if (!mailbox) throw new Error("No mailbox.");
  const raw = Buffer.from(lines.join("\r\n"));
  const fetched = { folder: "INBOX", role: "inbox", uidValidity: 1, uid, internalDate: null, raw, truncated: false } as const;
  const receipt = await receiveMessage(team.agent, mailbox, fetched, team.now);
  return receipt.stored ? inboundById(team.agent.db, team.workspaceId, receipt.id) : null;
}

const answerTo = (tokenOfAddress = token, address = ANNA) => plusAddress(address, tokenOfAddress) ?? "";

test.each([
  ["To", () => ({ To: `Anna <${answerTo()}>` })],
  ["Cc, among others, in capitals", () => ({ To: "ben@bakery.example", Cc: `lee@bakery.example, ${answerTo().toUpperCase()}` })],
  ["Delivered-To, where To hides it", () => ({ To: "undisclosed-recipients:;", "Delivered-To": answerTo() })],
])("from an unknown address it stops the lead that the mail went to: %s", async (_where, headers) => {
  expect(await receive({ headers: headers() })).toMatchObject({ verdict: "reply", matchMethod: "plus_address", leadId: kim });
  expect(await stateOf(kim)).toBe("replied");
});

test("the thread headers outrank it", async () => {
  const headers = { To: answerTo(), References: (await message(lee)).messageId };
  expect(await receive({ headers })).toMatchObject({ matchMethod: "references", leadId: lee });
});

test("a mail from the lead's own address is found long after matching by subject has ended", async () => {
  team.now = after(START, 400 * DAY);
  expect(await receive({ from: "kim@bakery.example", headers: { To: answerTo() } })).toMatchObject({
    matchMethod: "plus_address",
    leadId: kim,
  });
});

test("answers to a relay's mail arrive in another mailbox, whose address carries the token", async () => {
  const { db } = team.agent;
  await db.query(
    "update mailbox set email = 'bulk@team.example', identity_key = 'bulk@team.example', imap_host = null, imap_port = null, imap_security = null where id = $1",
    [anna],
  );
  const replies = await team.addMailbox(ANNA);
  await db.query("update mailbox set reply_mailbox_id = $2 where id = $1", [anna, replies]);
  expect(await receive({ headers: { To: answerTo() } })).toMatchObject({ matchMethod: "plus_address", leadId: kim });
});

test.each([
  ["a token of another key", () => answerTo(plusAddressToken(new Uint8Array(32).fill(6), "<x@team.example>"))],
  ["a token with one digit changed", () => answerTo(token.replace(/^./, (digit) => (digit === "0" ? "1" : "0")))],
  ["a token at a domain that is not ours", () => answerTo(token, "anna@elsewhere.example")],
  ["half a token", () => answerTo(token.slice(0, 10))],
])("%s matches nothing", async (_what, address) => {
  const inbound = await receive({ headers: { To: address() } });
  expect(inbound).toMatchObject({ disposition: "ignored", matchMethod: null, leadId: null });
  expect(await stateOf(kim)).toBe("active");
});
