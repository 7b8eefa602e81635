// Two worker processes on one database send and read at the same time: caps and gaps hold, nothing is doubled, everything goes out.
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ReplyAnalyst } from "../../src/ai/reply-analysis.ts";
import { ruleAnalyst } from "../../src/ai/rule-analyst.ts";
import { wire } from "../../src/app/wire.ts";
import { startWorker, type Worker } from "../../src/app/worker.ts";
import { runJob } from "../../src/automations/run-job.ts";
import { after, DAY, HOUR, MINUTE, SECOND } from "../../src/core/instant.ts";
import { localDay } from "../../src/core/sending-window.ts";
import { settingsSchema } from "../../src/core/settings.ts";
import { LiveOutreach } from "../support/live-outreach.ts";
import { reply } from "../support/mails.ts";
import { PATIENCE } from "../support/patience.ts";

const CAP = 4;
const GAP = 120;

const KIM = "kim@bakery.example";
const SUBS = `window: { monday-sunday: 00:00-24:00 }
sub_sequences:
  - { name: Interested, on: positive, steps: [{ id: call, body: Shall we talk? }] }
  - { name: Prices, on: requested_info, steps: [{ id: prices, body: It costs 9 euros. }] }`;

let team: LiveOutreach;

beforeEach(async () => {
  team = await LiveOutreach.begin({ settings: { sending: { batch: 3 } } });
});
afterEach(() => team.end());

async function begin({ mailboxes = ["anna", "ben"], leads = 9, cap = CAP, gap = GAP } = {}): Promise<void> {
  for (const name of mailboxes) await team.addMailbox(`${name}@team.example`, { cap, gap });
  await team.addLeads(leads);
  await team.start(team.campaign({ steps: { a: "0 minutes", b: "6 hours" } }));
}

/** Days with more mails than the cap, and slots closer together than the gap. */
async function brokenLimits(cap = CAP, gap = GAP): Promise<string[]> {
  const ledger = await team.ledger();
  return team.mailboxes.flatMap(({ email, smtp }) => {
    const slots = ledger.flatMap(({ mailbox, slotAt }) => (mailbox === email ? slotAt.getTime() : [])).toSorted((a, b) => a - b);
    const close = slots.filter((slot, index) => index > 0 && slot - (slots[index - 1] ?? 0) < gap * SECOND);
    const full = [...Map.groupBy(smtp.accepted, ({ at }) => localDay(at, "UTC"))].filter(([, mails]) => mails.length > cap);
    return [
      ...close.map((slot) => `${email}: too soon at ${new Date(slot).toISOString()}`),
      ...full.map(([day, mails]) => `${email}: ${mails.length} on ${day}`),
    ];
  });
}

const everythingSent = (leads: number) => [...Array<string>(leads).fill("a sent"), ...Array<string>(leads).fill("b sent")];

describe("two processes", () => {
  test.each([
    ["from one mailbox", ["anna"], 5],
    ["from three mailboxes", ["anna", "ben", "cleo"], 6],
  ])("send %s within its cap and gap, each mail once", async (_what, mailboxes, leads) => {
    await begin({ mailboxes, leads });
    team.addProcess("second process");
    await team.passUntil(after(team.now, HOUR), 12 * MINUTE);
    await team.passUntil(after(team.now, 2 * DAY), 4 * HOUR);
    expect(await brokenLimits()).toEqual([]);
    expect((await team.states()).toSorted()).toEqual(everythingSent(leads));
    expect(await team.discrepancies()).toEqual([]);
  });

  test("that claim from one mailbox at the same moment, again and again, send each mail once", async () => {
    await begin({ mailboxes: ["anna"], leads: 20, cap: 100, gap: 0 });
    const second = team.addProcess("second process");
    const ref = { workspaceId: team.workspaceId, mailboxId: team.mailboxes[0]?.id };
    const both = [team.agent, second, team.agent, second].map((agent) => runJob(agent, "send-batch", ref));
    await Promise.all(both);
    await team.pass(MINUTE);
    expect(team.accepted()).toHaveLength(20);
    expect(await team.discrepancies()).toEqual([]);
  });

  test.each([
    ["at the same moment", bothAtOnce],
    ["the older one last", olderLast],
  ])("that judge two replies, %s, let the newer one decide", async (_when, order) => {
    const anna = await team.addMailbox("anna@team.example");
    await team.addLead({ email: KIM });
    await team.start(team.campaign({ steps: { a: "0 minutes", b: "2 days" }, more: SUBS }));
    await team.pass();
    const ours = await team.lastOurs();
    team.deliver(reply({ to: ours, from: KIM, text: "Yes, let's talk." }));
    team.now = after(team.now, SECOND);
    team.deliver(reply({ to: ours, from: KIM, text: "One question first: what does it cost?" }));
    await runJob(team.agent, "sync-inbox", { workspaceId: team.workspaceId, mailboxId: anna.id });
    const analyst = { ...ruleAnalyst(), analyze: order() };
    Object.assign(team.agent, { analyst });
    await Promise.all([team.agent, team.addProcess("second process", { analyst })].map((agent) => team.runJobs(agent)));
    await team.pass(MINUTE);
    await team.pass(3 * DAY);
    expect(await team.states()).toEqual(["a sent", "prices sent"]);
    expect(await team.discrepancies()).toEqual([]);
  });
});

type Analyze = ReplyAnalyst["analyze"];

/** Nothing is judged before both judgements have begun. */
function bothAtOnce(): Analyze {
  const { promise, resolve } = Promise.withResolvers<void>();
  let begun = 0;
  return async (mail) => {
    begun += 1;
    if (begun === 2) resolve();
    await promise;
    return ruleAnalyst().analyze(mail);
  };
}

/** The older reply is not judged before the newer one had its consequence. */
function olderLast(): Analyze {
  return async (mail) => {
    if (mail.newText.startsWith("Yes"))
      await vi.waitUntil(async () => (await team.standings())[KIM] === "active: entered_sub_sequence", PATIENCE);
    return ruleAnalyst().analyze(mail);
  };
}

describe("two workers with the job engine", () => {
  const workers: { worker: Worker; close: () => Promise<void> }[] = [];

  async function startWorkerProcess(): Promise<void> {
    const settings = settingsSchema.parse({
      engine: { tick_ms: 20 },
      sending: { batch: 3 },
      secret_key: Buffer.alloc(32).toString("base64"),
    });
    const clock = { now: () => team.now };
    const { connectionString } = team;
    const wired = wire({ settings, connectionString, dataDir: "/nonexistent", clock, log: pino({ level: "silent" }) });
    await wired.engine.start();
    workers.push({ worker: await startWorker(wired), close: () => wired.close() });
  }

  afterEach(async () => {
    await Promise.all(workers.map(({ worker }) => worker.stop(2_000)));
    await Promise.all(workers.splice(0).map(({ close }) => close()));
  });

  /** The clock runs ahead of neither: after a quarter of an hour without a reading no follow-up may go out, and a mail has its minute on the wire. */
  async function readersAndSendersKeepUp(): Promise<boolean> {
    const { rowCount } = await team.db.query(
      `select from inbox_cursor where workspace_id = $1 and coalesce(read_to_end_at, '-infinity') < $2
       union all select from message where workspace_id = $1 and state in ('claimed', 'transmitting')`,
      [team.workspaceId, after(team.now, -6 * MINUTE)],
    );
    return rowCount === 0;
  }

  test("send everything once, within caps and gaps, while the clock runs fast", { timeout: 120_000 }, async () => {
    await begin({ leads: 6, cap: 20, gap: 30 });
    await startWorkerProcess();
    await startWorkerProcess();
    await vi.waitFor(
      async () => {
        if (await readersAndSendersKeepUp()) team.now = after(team.now, 5 * MINUTE);
        expect((await team.states()).filter((state) => state === "b sent")).toHaveLength(6);
      },
      { timeout: 100_000, interval: 50 },
    );
    expect(await brokenLimits(20, 30)).toEqual([]);
    expect((await team.states()).toSorted()).toEqual(everythingSent(6));
    expect(await team.discrepancies()).toEqual([]);
  });
});
