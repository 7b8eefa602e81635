// The team's inbox on a real server: news without waiting, answers in folders, a person who answers by hand, a folder that is made anew.
import { afterEach, beforeEach, expect, inject, test, vi } from "vitest";
import { DAY } from "../../src/core/instant.ts";
import { databaseForTests } from "../support/database.ts";
import { MailAccount, SOON } from "./mail-account.ts";
import { PEOPLE_DOMAIN } from "./postfix-config.ts";
import { Team } from "./team.ts";

const lab = inject("mailLab");

const database = await databaseForTests();
let team: Team;
let kim: MailAccount;
let lea: MailAccount;

afterEach(() => team.close());

beforeEach(async () => {
  kim = new MailAccount(lab, "kim", PEOPLE_DOMAIN);
  lea = new MailAccount(lab, "lea", PEOPLE_DOMAIN);
  team = await Team.begin(lab, database);
});

/** What these people write goes into these folders of Anna's, which are there. */
async function file(...rules: readonly (readonly [MailAccount, string])[]): Promise<void> {
  const made = rules.map(([, folder]) => folder).filter((folder) => folder !== "Junk");
  await team.anna.program(async (client) => {
    for (const folder of new Set(made)) await client.mailboxCreate(folder);
  });
  const tests = rules.map(([who, folder]) => `if address "from" "${who.address}" { fileinto "${folder}"; }\n`);
  team.anna.filter(`require "fileinto";\n${tests.join("")}`);
}

async function answers(who: MailAccount, text = "Yes, let's talk."): Promise<void> {
  await who.reply((await who.receives(1)).mail, text);
}

const repliers = async () => (await team.received()).filter((one) => one.verdict === "reply").map((one) => one.fromAddress);

test("the server's news of an answer has the inbox read", async () => {
  await team.close();
  team = await Team.begin(lab, database, { idle: true });
  await team.addMailbox();
  await team.writeTo(kim.address);
  await answers(kim);
  await vi.waitFor(() => expect(team.jobs.map(([name]) => name)).toContain("sync-inbox"), SOON);
  await vi.waitFor(async () => {
    await team.drain();
    expect(await repliers()).toEqual([kim.address]);
  }, SOON);
});

test("an answer is found in Junk, and in a nested folder that was chosen, but not in one that was not", async () => {
  const mia = new MailAccount(lab, "mia", PEOPLE_DOMAIN);
  await file([kim, "Junk"], [lea, "Customers/North"], [mia, "Customers/Private"]);
  await team.addMailbox({ extraFolders: ["Customers/North"] });
  await team.writeTo(kim.address, lea.address, mia.address);
  for (const who of [mia, kim, lea]) await answers(who);
  await team.anna.receives(1, "Customers/Private");
  await vi.waitFor(async () => {
    await team.read();
    expect(new Set(await repliers())).toEqual(new Set([kim.address, lea.address]));
  }, SOON);
  await team.pass(0);
  expect(await repliers()).toHaveLength(2);
});

test("a lead whom a person answered by hand is left to that person", async () => {
  await team.addMailbox();
  await team.writeTo(kim.address, lea.address);
  const raw = await team.anna.send({ to: kim.address, subject: "Your oven", text: "Hi Kim, I will call you tomorrow." });
  await team.anna.program((client) => client.append("Sent", raw, ["\\Seen"]));
  await team.read();
  expect(await team.standing(kim.address)).toMatchObject({ state: "held", reason: "answered_by_person" });
  expect(await team.standing(lea.address)).toMatchObject({ state: "active" });
  await team.pass(5 * DAY);
  await lea.receives(2);
  await kim.receives(2);
  expect(new Set((await kim.mails()).map((kept) => kept.mail.subject))).toEqual(new Set(["Repairs at Bakery", "Your oven"]));
});

test("a folder that is deleted and made anew loses no answer, and brings none twice", async () => {
  await file([kim, "Customers"], [lea, "Customers"]);
  await team.addMailbox({ extraFolders: ["Customers"] });
  await team.writeTo(kim.address, lea.address);
  await answers(kim);
  await team.receives("reply");
  const [known] = await team.anna.mails("Customers");
  const validity = () => team.anna.program(async (client) => (await client.mailboxOpen("Customers", { readOnly: true })).uidValidity);
  const before = await validity();
  await team.anna.program(async (client) => {
    await client.mailboxDelete("Customers");
    await client.mailboxCreate("Customers");
    await client.append("Customers", Buffer.from(known?.text ?? "", "latin1"));
  });
  expect(await validity()).not.toBe(before);
  await answers(lea);
  await team.anna.receives(2, "Customers");
  expect(await team.read()).toMatchObject({ seen: 2, stored: 1, duplicates: 1, failed: 0 });
  expect(await repliers()).toHaveLength(2);
  expect(new Set(await repliers())).toEqual(new Set([kim.address, lea.address]));
  expect(await team.read()).toMatchObject({ seen: 0 });
});
