// A machine is lost, and a backup restored that is days old: what went out since then is found out before anything is sent. Nothing is doubled, nothing
// is lost.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { importLeads } from "../../src/automations/import-leads.ts";
import { nothingElseWasSent, reconcileByLog } from "../../src/automations/reconcile-sent.ts";
import { whyLead, whyMailbox } from "../../src/automations/why.ts";
import { DAY, HOUR, MINUTE } from "../../src/core/instant.ts";
import { chooseSentCopies } from "../../src/store/sent-copy.ts";
import { ANY_TIME, type LiveMailbox, LiveOutreach } from "../support/live-outreach.ts";
import { reply } from "../support/mails.ts";

const directory = mkdtempSync(join(tmpdir(), "agent-restore-"));
afterAll(() => rmSync(directory, { recursive: true }));

const ANNA = "anna@team.example";
const [ONE, TWO, LATE, NEW] = ["lead01@bakery.example", "lead02@bakery.example", "late@bakery.example", "new@bakery.example"];
const STEPS = {
  a: { subject: "Repairs", body: "Who looks after repairs?" },
  b: { after: "2 days", body: "Did you see my mail?" },
  c: { after: "2 days", body: "My last mail." },
};
const MORE = `${ANY_TIME}
sub_sequences:
  - { name: Interested, on: positive, steps: [{ id: call, after: 1 hour, body: "Shall we talk?" }, { id: call2, after: 1 day, body: "Tomorrow?" }] }`;

let team: LiveOutreach;
let anna: LiveMailbox;
let made = 0;

beforeEach(async () => {
  team = await LiveOutreach.begin();
  anna = await team.addMailbox(ANNA);
});
afterEach(() => team.end());

/** As Gmail does, and many others do not. */
function keepCopies(): void {
  anna.smtp.faults.onData = (mail) => {
    anna.imap.deliver(mail.raw, "Sent", team.now);
    return null;
  };
}

/** Step a went out; one lead more stands there, but not in the campaign yet. */
async function untilBackup(): Promise<string> {
  await team.addLeads(2);
  await team.start(team.campaign({ steps: STEPS, more: MORE }));
  await team.pass();
  await team.pass(HOUR);
  await team.addLead({ email: LATE });
  const file = join(directory, `${(made += 1)}.tar.gz`);
  await team.backUp(file);
  return file;
}

/** Three days later: one has answered and got the first mail for that; the others the second of theirs; two leads have begun. */
async function sinceThen(): Promise<void> {
  await team.pass(MINUTE);
  await team.addLead({ email: NEW });
  team.deliver(reply({ to: await team.lastOurs(ONE), from: ONE, text: "Yes, that sounds good. Let's talk." }));
  await team.pass(HOUR);
  await team.pass(2 * HOUR);
  await team.pass(2 * DAY);
  await team.pass(2 * HOUR);
}

async function passDays(days: number): Promise<void> {
  for (let half = 0; half < 4 * days; half += 1) await team.pass(6 * HOUR);
}

/** Recipient → how many mails it got, all in all. */
function counts(): Readonly<Record<string, number>> {
  return Object.fromEntries([...Map.groupBy(team.accepted(), ({ to }) => to[0] ?? "")].map(([to, mails]) => [to, mails.length]));
}

describe("a mailbox that keeps copies", () => {
  beforeEach(keepCopies);

  test("goes on where it was, for everybody", async () => {
    const file = await untilBackup();
    await sinceThen();
    const before = counts();
    expect(before).toEqual({ [ONE]: 3, [TWO]: 2, [LATE]: 2, [NEW]: 2 });
    team = await team.lostAndRestored(file);
    expect(await team.states()).toEqual(["a sent", "a sent"]);
    await team.pass(MINUTE);
    expect(counts()).toEqual(before);
    expect(await team.states(ONE)).toEqual(["a sent", "call sent", "call2 sent"]);
    expect(await team.states(TWO)).toEqual(["a sent", "b sent"]);
    expect(await team.states(LATE)).toEqual(["a sent", "b sent"]);
    await team.addLead({ email: NEW });
    await passDays(10);
    expect(counts()).toEqual({ [ONE]: 3, [TWO]: 3, [LATE]: 3, [NEW]: 2 });
    expect((await team.discrepancies()).filter((one) => !one.startsWith("taken, but not recorded"))).toEqual([]);
    expect(await team.discrepancies()).toHaveLength(2); // those to the lead that nobody knows any more
    expect((await team.standings())[ONE]).toMatch(/^(awaiting_reply|finished|replied)/);
  });

  test("debits every mail once, on its day", async () => {
    const file = await untilBackup();
    await sinceThen();
    team = await team.lostAndRestored(file);
    await team.pass(MINUTE);
    await passDays(4);
    for (const day of ["2026-03-04", "2026-03-05", "2026-03-06", "2026-03-07", "2026-03-08", "2026-03-09"]) {
      const { used, counted } = await team.budget(anna, day);
      expect({ day, used }).toEqual({ day, used: counted });
    }
  });

  test("sends nothing while its Sent folder cannot be read, and says so", async () => {
    const file = await untilBackup();
    await sinceThen();
    const before = counts();
    team = await team.lostAndRestored(file);
    anna.gate.refuses = true;
    anna.gate.shut();
    await team.pass(5 * DAY);
    expect(counts()).toEqual(before);
    const { sentences } = await whyMailbox(team.agent, team.workspaceId, ANNA);
    expect(sentences[0]).toContain("sends nothing until it is known what it has sent since the backup of");
    expect((await whyLead(team.agent, team.workspaceId, TWO)).sentences.join("\n")).toContain("it is not known yet what");
    anna.gate.refuses = false;
    await team.pass(MINUTE);
    await team.pass(MINUTE);
    expect((await team.stored(anna)).sentUnknownSince).toBeNull();
    expect(counts()[TWO]).toBe(3);
  });

  test("an answer to a mail that the backup does not know stops its lead", async () => {
    const file = await untilBackup();
    await sinceThen();
    const answered = await team.lastOurs(TWO);
    team = await team.lostAndRestored(file);
    team.deliver(reply({ to: answered, from: TWO, text: "Please stop writing to me." }), anna);
    await team.pass(MINUTE);
    await passDays(6);
    expect(counts()[TWO]).toBe(2);
    expect((await team.standings())[TWO]).toMatch(/^unsubscribed/);
  });
});

describe("a lead that another tool wrote to", () => {
  test("goes on after the restore, and nobody looks in the Sent folder for mails that never went through it", async () => {
    keepCopies();
    await team.addLeads(1);
    const campaignId = await team.start(team.campaign({ steps: STEPS, more: MORE }));
    await team.pass();
    await team.pass(HOUR);
    const rows = Array.from({ length: 5 }, (_, at) => `other${at}@bakery.example,2,2026-03-03\n`).join("");
    const content = Readable.from([Buffer.from(`Email,Last step,Last contacted\n${rows}`)]);
    const continues = { campaignId, dayOrder: null };
    const { workspaceId } = team;
    await importLeads(team.agent, { workspaceId, fileName: "x.csv", content, list: null, onDuplicate: "fill", continues });
    const file = join(directory, `${(made += 1)}.tar.gz`);
    await team.backUp(file);
    await team.pass(3 * HOUR);
    team = await team.lostAndRestored(file);
    await team.pass(MINUTE);
    expect((await team.stored(anna)).sentUnknownSince).toBeNull();
    await passDays(8);
    expect(counts()).toEqual({ [ONE]: 3, ...Object.fromEntries(Array.from({ length: 5 }, (_, at) => [`other${at}@bakery.example`, 1])) });
  });
});

describe("a mailbox into whose Sent folder we put the copies ourselves", () => {
  test("waits for a person: of what went out last the copy may be missing", async () => {
    await chooseSentCopies(team.db, team.workspaceId, anna.id, "agent");
    const file = await untilBackup();
    await sinceThen();
    const before = counts();
    expect(anna.imap.messages("Sent")).toHaveLength(9);
    team = await team.lostAndRestored(file);
    await team.pass(MINUTE);
    await passDays(3);
    expect(counts()).toEqual(before);
    expect(await team.states(ONE)).toEqual(["a sent", "call sent", "call2 sent"]);
    expect((await team.stored(anna)).sentUnknownSince).not.toBeNull();
  });
});

describe("a mailbox that keeps no copies", () => {
  test("waits for a person", async () => {
    const file = await untilBackup();
    await sinceThen();
    const before = counts();
    team = await team.lostAndRestored(file);
    await team.pass(MINUTE);
    await passDays(2);
    expect(counts()).toEqual(before);
    expect((await team.stored(anna)).sentUnknownSince).not.toBeNull();
  });

  test("whose person says that nothing went out sends what is due", async () => {
    const file = await untilBackup();
    team = await team.lostAndRestored(file);
    expect(await nothingElseWasSent(team.agent, await team.stored(anna))).toBe(true);
    await team.pass(MINUTE);
    await passDays(6);
    expect(counts()).toMatchObject({ [ONE]: 3, [TWO]: 3, [LATE]: 3 });
    expect(await team.discrepancies()).toEqual([]);
  });

  test("goes on where the mail server's log says it was", async () => {
    const file = await untilBackup();
    await sinceThen();
    const log = team
      .accepted()
      .map(({ messageId, to }) => `Mar  7 09:00:01 mx postfix/cleanup[7]: 4F: message-id=${messageId} to=<${to[0]}>`);
    team = await team.lostAndRestored(file);
    async function* lines() {
      yield* ["Mar  7 09:00:00 mx postfix/smtpd[7]: connect", "message-id=<another@team.example>", ...log];
    }
    expect(await reconcileByLog(team.agent, await team.stored(anna), lines())).toEqual({ named: 9, entered: 3, unknown: 4 });
    expect(await team.states(TWO)).toEqual(["a sent", "b sent"]);
    expect(await team.states(ONE)).toEqual(["a sent", "call sent", "call2 sent"]);
    // four went to leads that were enrolled after the backup: a person must see to them first
    expect((await team.stored(anna)).sentUnknownSince).not.toBeNull();
  });
});
