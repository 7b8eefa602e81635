// A whole campaign under fire: kill -9 at every named phase and at random moments, with one worker and with two, while one mailbox's server files
// copies of what it sent and the other's does not. `npm run test:crash` runs the full form, CRASH_FORM=short a small one.
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { SendPhase } from "../../src/automations/agent.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { type ImapServer, startImapServer } from "../support/mail-servers.ts";
import { type AcceptingServer, startAcceptingServer } from "./accepting-server.ts";
import { ANNA, allDone, BEN, CONNECTIONS, compare, PASSWORD, provable, startCampaign } from "./campaign-under-fire.ts";
import { seeded } from "./random-moments.ts";
import { Children, type SendingChild } from "./sending-child.ts";

const SHORT = process.env["CRASH_FORM"] === "short";
/** A lead whose first mail stays uncertain gets no second one: 30 leads more than a half of 2,000. */
const { leads, randomKills, minutes } = SHORT ? { leads: 110, randomKills: 4, minutes: 3 } : { leads: 1_030, randomKills: 30, minutes: 25 };
const MAILBOXES = 2;
const PHASES: readonly SendPhase[] = ["before_mark", "marked", "transmitted", "recorded"];
const ANSWER_AFTER_MS = 60;
const RESUMES_WITHIN_MS = 90_000;

let database: TestDatabase;
let imap: ImapServer;
let smtp: AcceptingServer;
let children: Children;

beforeEach(async () => {
  database = await createTestDatabase();
  imap = await startImapServer({ address: ANNA, password: PASSWORD });
  smtp = await startAcceptingServer(ANSWER_AFTER_MS, (sender, raw) => {
    if (sender === ANNA) imap.deliver(raw.toString("latin1"), "Sent");
  });
  children = new Children();
});
afterEach(async () => {
  await children.end();
  await Promise.all([smtp.stop(), imap.stop()]);
  await database.drop();
});

const start = (crash?: { at: SendPhase; after: number }) =>
  children.start({ connectionString: database.connectionString, ...(crash ? { crash } : {}) });

/** Waits until a mail is accepted, whoever sent it, and some moments more. */
async function untilSending(worker: SendingChild, moments: number): Promise<void> {
  const before = smtp.accepted.length;
  await worker.until(() => smtp.accepted.length > before, RESUMES_WITHIN_MS);
  await sleep(moments);
}

/** Each of `workers` kills itself when it comes to the phase: one may have to wait for the other's mailbox. */
async function crashAll(at: SendPhase, workers: number): Promise<number> {
  const armed = Array.from({ length: workers }, () => start({ at, after: 3 }));
  await Promise.all(armed.map((worker) => worker.untilCrashed()));
  return workers;
}

test.each(SHORT ? [2] : [1, 2])(
  "with %i at work loses nothing, doubles nothing, and every copy that was filed proves a mail",
  { timeout: minutes * 60_000 },
  async (workers) => {
    const { db } = database;
    const random = seeded();
    const began = performance.now();
    await startCampaign(db, { leads, smtpPort: smtp.port, imapPort: imap.port });
    let kills = 0;
    for (const at of PHASES) kills += await crashAll(at, workers);

    const working = Array.from({ length: workers }, () => start());
    for (let round = 0; round < randomKills; round += 1) {
      const victim = Math.floor(random() * workers);
      await untilSending(working[victim] as SendingChild, random() * 400);
      await working[victim]?.kill();
      working[victim] = start();
      kills += 1;
    }
    expect(await allDone(db)).toBe(false);
    await working[0]?.until(() => allDone(db), minutes * 60_000);
    await working[0]?.until(async () => (await provable(db, ANNA, smtp)) === 0);
    expect(await Promise.all(working.map((worker) => worker.stop()))).toEqual(working.map(() => 0));

    const found = await compare(db, smtp);
    const unprovable = await provable(db, BEN, smtp);
    console.log(`${workers} at work`, { kills, ...found, unprovable, seconds: Math.round((performance.now() - began) / 1_000) });
    expect(found).toMatchObject({ vanished: 0, doubled: 0, lost: 0, unknown: 0, neitherSentNorUncertain: 0 });
    expect(found.messages).toBeGreaterThanOrEqual(SHORT ? leads : 2_000);
    // What the server has and the ledger does not know of waits for a person, and is of the mailbox that files no copies.
    expect(found.uncertainButAccepted).toBe(unprovable);
    expect(found.sent + unprovable).toBe(smtp.accepted.length);
    expect(found.uncertain).toBeLessThanOrEqual(kills * MAILBOXES * CONNECTIONS);
    expect(new Set(smtp.accepted.map((mail) => mail.step))).toEqual(new Set(["a", "b"]));
  },
);
