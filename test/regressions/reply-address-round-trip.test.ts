// The address that our mail asks to be answered at comes back, and is known, however little else the answer holds.
import { afterEach, beforeEach, expect, test } from "vitest";
import { MINUTE } from "../../src/core/instant.ts";
import { LiveOutreach } from "../support/live-outreach.ts";

let team: LiveOutreach;

beforeEach(async () => {
  team = await LiveOutreach.begin({ settings: { sending: { reply_plus_address: true } } });
  await team.addMailbox("anna@team.example");
  await team.addLeads(1);
});
afterEach(() => team.end());

test("an answer from another address, without thread headers and under another subject, stops the lead", async () => {
  await team.start(team.campaign({ steps: { a: "0 minutes", b: "2 days" } }));
  await team.pass();
  const [replyTo] = (await team.lastMail()).replyTo;
  expect(replyTo?.address).toMatch(/^anna\+[0-9a-f]{20}@team\.example$/);
  team.deliver(
    `From: boss@home.example\r\nTo: ${replyTo?.address}\r\nSubject: Repairs?\r\nMessage-ID: <1@home.example>\r\n\r\nWe have a firm for that.\r\n`,
  );
  await team.pass(MINUTE);
  expect(await team.standings()).toEqual({ "lead01@bakery.example": "replied: replied" });
  const { rows } = await team.db.query("select match_method from inbound_message where workspace_id = $1", [team.workspaceId]);
  expect(rows).toEqual([{ match_method: "plus_address" }]);
});
