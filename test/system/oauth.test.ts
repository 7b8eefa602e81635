// A mailbox without a password, at real servers: Dovecot asks the OpenID provider whose a token is (oauth2 passdb), and Postfix asks Dovecot.
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { testMailbox } from "../../src/automations/test-mailbox.ts";
import { DAY, HOUR, MINUTE } from "../../src/core/instant.ts";
import { type Mailbox, mailboxById } from "../../src/store/mailbox.ts";
import { databaseForTests } from "../support/database.ts";
import { CLIENT, type OpenIdProvider, startOpenIdProvider } from "../support/openid-provider.ts";
import { MailAccount } from "./mail-account.ts";
import { PEOPLE_DOMAIN } from "./postfix-config.ts";
import { Team } from "./team.ts";

const lab = inject("mailLab");
const database = await databaseForTests();
const WORKS = { smtp: { ok: true }, imap: { ok: true } };

let provider: OpenIdProvider;
let team: Team;

beforeEach(async () => {
  provider = await startOpenIdProvider({ port: lab.ports.openid });
  const custom = { ...CLIENT, issuer: provider.issuer };
  team = await Team.begin(lab, database, { settings: { oauth: { custom } } });
});
afterEach(async () => {
  await team.close();
  await provider.stop();
});

async function mailbox(): Promise<Mailbox> {
  const found = await mailboxById(database.db, team.workspaceId, team.mailboxId);
  if (!found) throw new Error("It is gone.");
  return found;
}

test("a mailbox is connected, and tested at Postfix and Dovecot with what its owner granted", async () => {
  expect(await team.connectMailbox(provider)).toMatchObject({ created: true, tests: WORKS });
  expect(await testMailbox(team.agent, await mailbox())).toEqual(WORKS);
  expect(provider.tokenRequests).toEqual({ authorization_code: 1 });
});

test("it sends, reads the answer, and goes on when its token has run out", async () => {
  const kim = new MailAccount(lab, "kim", PEOPLE_DOMAIN);
  const lee = new MailAccount(lab, "lee", PEOPLE_DOMAIN);
  await team.connectMailbox(provider);
  await team.writeTo(kim.address, lee.address);
  expect(await team.states()).toEqual(["a sent", "a sent"]);
  const { mail } = await kim.receives(1);
  await kim.reply(mail, "Please take me off your list.");
  await team.receives("unsubscribe_request");
  await team.pass(2 * DAY + HOUR);
  expect(provider.tokenRequests).toEqual({ authorization_code: 1, refresh_token: 1 });
  await lee.receives(2);
  await expect(kim.receives(1)).resolves.toBeDefined();
});

describe("a token that Dovecot refuses", () => {
  test("because it was withdrawn is renewed, for Postfix and for Dovecot", async () => {
    const kim = new MailAccount(lab, "kim", PEOPLE_DOMAIN);
    await team.connectMailbox(provider);
    await provider.withdrawAccessToken(team.anna.address);
    await team.writeTo(kim.address);
    expect(await team.states()).toEqual(["a sent"]);
    expect(provider.tokenRequests).toEqual({ authorization_code: 1, refresh_token: 1 });
  });

  test("because everything was revoked stops the mailbox, until it is connected again", async () => {
    const kim = new MailAccount(lab, "kim", PEOPLE_DOMAIN);
    await team.connectMailbox(provider);
    await provider.revoke(team.anna.address);
    await team.writeTo(kim.address);
    expect(await mailbox()).toMatchObject({ state: "paused", pauseReason: "grant_revoked" });
    expect((await team.states()).filter((state) => state !== "a queued")).toEqual([]);
    await team.connectMailbox(provider);
    expect(await mailbox()).toMatchObject({ state: "active", pauseReason: null });
    await team.pass(MINUTE);
    expect(await team.states()).toEqual(["a sent"]);
    await kim.receives(1);
  });
});
