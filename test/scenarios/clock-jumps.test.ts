// The clock of the machine is wrong and is set right, by days forward or hours back, while mails wait: nothing bursts out, nothing stands still for
// long, nothing goes out twice or outside its window.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runJob } from "../../src/automations/run-job.ts";
import { ensureSchedule, tick } from "../../src/automations/tick.ts";
import { after, DAY, HOUR, MINUTE, SECOND } from "../../src/core/instant.ts";
import { localDay } from "../../src/core/sending-window.ts";
import { acquireLease, releaseLease } from "../../src/store/lease.ts";
import { ANY_TIME, type LiveMailbox, LiveOutreach } from "../support/live-outreach.ts";
import { PATIENCE } from "../support/patience.ts";

const LEADS = 4;
const GAP = 900;
const CAP = 20;
/** Longest time between two passes while something is due. */
const STEP = 8 * MINUTE;

let team: LiveOutreach;
let anna: LiveMailbox;

beforeEach(async () => {
  team = await LiveOutreach.begin();
  anna = await team.addMailbox("anna@team.example", { gap: GAP, cap: CAP });
});
afterEach(() => team.end());

async function begin(steps: Readonly<Record<string, string>> = { a: "0 minutes" }, more = ANY_TIME): Promise<void> {
  await team.addLeads(LEADS);
  await team.start(team.campaign({ steps, more }));
}

function goOn(forMs: number): Promise<void> {
  return team.passUntil(after(team.now, forMs), STEP);
}

/** Mails that left since the clock showed something else; never two within the gap. */
function sentSince(before: number, gap = GAP): number {
  const times = anna.smtp.accepted.slice(before).map(({ at }) => at.getTime());
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  // A slot is met at the next pass.
  expect(gaps.filter((between) => between < gap * SECOND - STEP)).toEqual([]);
  return times.length;
}

async function expectEachOnce(steps: readonly string[]): Promise<void> {
  const wanted = steps.flatMap((step) => Array<string>(LEADS).fill(`${step} sent`));
  expect((await team.states()).toSorted()).toEqual(wanted);
  expect(await team.discrepancies()).toEqual([]);
  for (const day of new Set(anna.smtp.accepted.map(({ at }) => localDay(at, "UTC")))) {
    const { used, counted } = await team.budget(anna, day);
    expect({ day, used }).toEqual({ day, used: counted });
    expect(used).toBeLessThanOrEqual(CAP);
  }
}

describe("set forward by three days", () => {
  test("mails that should have gone out meanwhile keep their gaps, and their window", async () => {
    await begin({ a: "0 minutes", b: "1 day" }, "window: { monday-sunday: 09:00-12:00 }");
    await goOn(40 * MINUTE);
    const before = anna.smtp.accepted.length;
    expect(before).toBeGreaterThan(1);
    await team.pass(3 * DAY);
    expect(anna.smtp.accepted.length).toBeLessThanOrEqual(before + 1);
    await goOn(12 * HOUR);
    expect(sentSince(before)).toBe(LEADS);
    await goOn(DAY);
    expect(anna.smtp.accepted.filter(({ at }) => at.getUTCHours() < 9 || at.getUTCHours() >= 12)).toEqual([]);
    await expectEachOnce(["a", "b"]);
  });
});

describe("set back by hours", () => {
  test("the next mail waits for its gap, not for hours", async () => {
    const gap = 3_600;
    await team.db.query("update mailbox set min_gap_seconds = $2 where id = $1", [anna.id, gap]);
    await begin();
    await goOn(3 * HOUR);
    const before = anna.smtp.accepted.length;
    team.now = after(team.now, -2 * HOUR);
    await team.pass();
    expect(anna.smtp.accepted).toHaveLength(before);
    await goOn(1.9 * HOUR);
    expect(sentSince(before, gap)).toBeGreaterThanOrEqual(1);
    await goOn(4 * HOUR);
    await expectEachOnce(["a"]);
  });

  test("what runs by the schedule runs on", async () => {
    await ensureSchedule(team.agent);
    await tick(team.agent);
    team.now = after(team.now, -5 * HOUR);
    expect(await tick(team.agent)).toContain("sync-inboxes");
    expect(await tick(team.agent)).toEqual([]);
    team.now = after(team.now, 5 * MINUTE);
    expect((await tick(team.agent)).toSorted()).toEqual(
      [
        "advance-enrollments",
        "file-all-sent-copies",
        "recover-interrupted-sends",
        "send-due-steps",
        "start-and-finish-campaigns",
        "sync-inboxes",
      ].toSorted(),
    );
  });

  test("follow-ups go on, although the process started in what is the future now", async () => {
    await begin({ a: "0 minutes", b: "1 hour" });
    Object.assign(team.agent, { startedAt: after(team.now, 9 * HOUR) });
    await goOn(4 * HOUR);
    expect(await team.states()).toContain("b sent");
    await expectEachOnce(["a", "b"]);
  });

  test("an inbox that was read by the wrong clock does not count as read: an answer may have come since", async () => {
    await begin({ a: "0 minutes", b: "1 hour" });
    await team.pass();
    const right = team.now;
    team.now = after(right, 5 * HOUR);
    await runJob(team.agent, "sync-inbox", { workspaceId: team.workspaceId, mailboxId: anna.id });
    team.now = right;
    anna.gate.refuses = true;
    anna.gate.shut();
    await goOn(3 * HOUR);
    expect((await team.states()).filter((state) => state.startsWith("b"))).toEqual([]);
    anna.gate.refuses = false;
    await expect.poll(() => team.pass(2 * MINUTE).then(() => team.states()), PATIENCE).toContain("b sent");
  });
});

describe("years ahead for a moment, as of a machine that wakes up", () => {
  test("what was sent then stops nobody afterwards", async () => {
    await begin();
    await team.pass();
    const right = team.now;
    team.now = after(right, 3_650 * DAY);
    await team.pass();
    team.now = after(right, MINUTE);
    const before = anna.smtp.accepted.length;
    expect(before).toBe(2);
    await goOn(2 * HOUR);
    expect(sentSince(before)).toBe(LEADS - 2);
    await expectEachOnce(["a"]);
  });
});

describe("a lease", () => {
  const wanted = () => ({ workspaceId: team.workspaceId, mailboxId: anna.id, purpose: "send" as const, seconds: 30 });
  const lasts = (minutes: number) =>
    team.db.query("update mailbox_lease set expires_at = clock_timestamp() + make_interval(mins => $2) where mailbox_id = $1", [
      anna.id,
      minutes,
    ]);

  test("of a dead process that would last for hours, because the machine's clock was set back, is taken over", async () => {
    await acquireLease(team.db, { ...wanted(), holder: "dead" });
    await lasts(180);
    const taken = await acquireLease(team.db, { ...wanted(), holder: "alive" });
    expect(taken).toMatchObject({ fence: 2 });
    if (taken) await releaseLease(team.db, taken);
  });

  test("of a process with longer leases is respected", async () => {
    await acquireLease(team.db, { ...wanted(), holder: "patient" });
    await lasts(4);
    expect(await acquireLease(team.db, { ...wanted(), holder: "hasty" })).toBeNull();
  });
});
