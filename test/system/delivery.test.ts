// Servers and lines that make trouble: however often a mail has to be tried, one copy arrives.
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { DAY, HOUR, MINUTE } from "../../src/core/instant.ts";
import { databaseForTests } from "../support/database.ts";
import { startCuttingProxy } from "./cutting-proxy.ts";
import { MailAccount } from "./mail-account.ts";
import { startGreylist } from "./policy-server.ts";
import { PEOPLE_DOMAIN } from "./postfix-config.ts";
import { Team } from "./team.ts";

const lab = inject("mailLab");

const database = await databaseForTests();
let team: Team;
let kim: MailAccount;

beforeEach(async () => {
  team = await Team.begin(lab, database);
  kim = new MailAccount(lab, "kim", PEOPLE_DOMAIN);
});
afterEach(() => team.close());

test("a greylisted mail is tried again later, as the same mail, and arrives once", async () => {
  const greylist = await startGreylist(lab.ports.policy);
  try {
    await team.addMailbox({ smtp: { host: "localhost", port: lab.ports.greylisting, security: "starttls" } });
    await team.writeTo(kim.address);
    const [deferred] = await team.messages();
    expect(deferred).toMatchObject({ state: "deferred", attempts: 1, smtpResponse: expect.stringContaining("451 4.7.1") });
    const wait = (deferred?.nextAttemptAt?.getTime() ?? 0) - team.now.getTime();
    expect(wait).toBeGreaterThan(3 * MINUTE);
    expect(wait).toBeLessThan(7 * MINUTE);

    await team.pass(MINUTE);
    expect(await team.states()).toEqual(["a deferred"]);
    expect(greylist.asked).toEqual([kim.address]);

    await team.pass(10 * MINUTE);
    expect(await team.messages()).toMatchObject([{ id: deferred?.id, messageId: deferred?.messageId, state: "sent", attempts: 2 }]);
    expect(greylist.asked).toEqual([kim.address, kim.address]);
    expect((await kim.receives(1)).mail.messageId).toBe(deferred?.messageId);
    await team.pass(HOUR);
    await kim.receives(1);
  } finally {
    await greylist.stop();
  }
});

test("a mail whose acceptance was not heard of is not sent again, and an answer to it proves that it arrived", async () => {
  const line = await startCuttingProxy(lab.ports.relay);
  try {
    await team.addMailbox({ smtp: { host: "localhost", port: line.port, security: "none" } });
    await team.writeTo(kim.address);
    expect(line.withheld).toEqual([expect.stringMatching(/^250 2\.0\.0 Ok: queued as/)]);
    expect(await team.states()).toEqual(["a uncertain"]);
    const { mail } = await kim.receives(1);
    line.cuts = false;
    await team.pass(HOUR);
    await team.pass(3 * DAY);
    expect(await team.states()).toEqual(["a uncertain"]);
    await kim.receives(1);

    await kim.reply(mail, "Yes, let's talk.");
    await team.receives("reply");
    expect(await team.states()).toEqual(["a sent"]);
    await team.pass(2 * HOUR);
    expect(await team.states()).toEqual(["a sent", "call sent"]);
    expect((await kim.receives(2)).mail.text).toContain("Shall we talk?");
  } finally {
    await line.stop();
  }
});
