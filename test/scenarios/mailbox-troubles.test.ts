// A mailbox's server refuses the password, the sender or a domain in the middle of a campaign: nothing fails, nothing bursts out afterwards.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addMailbox } from "../../src/automations/add-mailbox.ts";
import { testMailbox } from "../../src/automations/test-mailbox.ts";
import { whyLead } from "../../src/automations/why.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../../src/core/instant.ts";
import { type LiveMailbox, LiveOutreach, PASSWORD } from "../support/live-outreach.ts";
import type { SmtpFaults } from "../support/mail-servers.ts";

const GAP = 300;

let team: LiveOutreach;
let anna: LiveMailbox;

beforeEach(async () => {
  team = await LiveOutreach.begin({ settings: { sending: { connections_per_mailbox: 1 } } });
});
afterEach(() => team.end());

async function begin({ leads = 6, gap = 0 } = {}): Promise<void> {
  anna = await team.addMailbox("anna@team.example", { gap });
  await team.addLeads(leads);
  await team.start(team.campaign({ steps: { a: "0 minutes", b: "2 days" } }));
}

async function passes(count: number, ms: number): Promise<void> {
  for (let pass = 0; pass < count; pass += 1) await team.pass(ms);
}

/** Between two slots, in seconds. */
async function leastGap(): Promise<number> {
  const slots = (await team.ledger()).map(({ slotAt }) => slotAt.getTime()).toSorted((a, b) => a - b);
  return Math.min(...slots.slice(1).map((slot, index) => slot - (slots[index] ?? 0))) / SECOND;
}

describe("a password that dies in the middle of a batch", () => {
  /** With the third mail. */
  const dies = () => {
    let mails = 0;
    anna.smtp.faults.dropBeforeData = () => {
      mails += 1;
      anna.smtp.faults.failAuth = mails === 3;
      return mails === 3;
    };
  };
  const mend = () => Object.assign(anna.smtp.faults, { failAuth: false, dropBeforeData: false });

  test("pauses the mailbox and says why; what did not go out waits, and costs nothing of the day", async () => {
    await begin();
    dies();
    await team.pass();
    expect(await team.stored(anna)).toMatchObject({ state: "paused", pauseReason: "smtp_auth" });
    expect((await team.stored(anna)).pauseDetail).toContain("5.7.8 Authentication failed");
    expect((await team.states()).toSorted()).toEqual(["a deferred", "a queued", "a queued", "a queued", "a sent", "a sent"]);
    expect(await team.budget(anna, "2026-03-04")).toEqual({ used: 2, counted: 2 });
    expect((await whyLead(team.agent, team.workspaceId, "lead05@bakery.example")).sentences.join(" ")).toContain("is paused (smtp_auth");
    const logins = anna.smtp.commands["AUTH"];
    await passes(3, HOUR);
    expect(anna.smtp.commands["AUTH"]).toBe(logins);
    expect(team.accepted()).toHaveLength(2);
  });

  test.each([
    ["a test of the mailbox", async () => testMailbox(team.agent, await team.stored(anna))],
    ["adding it again with the new password", () => addMailbox(team.agent, again())],
  ])("goes on after %s, without a burst and without doubles", async (_what, repair) => {
    await begin({ gap: GAP });
    dies();
    await passes(7, 4 * MINUTE);
    expect(await team.stored(anna)).toMatchObject({ state: "paused", pauseReason: "smtp_auth" });
    await team.pass(5 * HOUR);
    mend();
    await repair();
    expect(await team.stored(anna)).toMatchObject({ state: "active", pauseReason: null });
    for (let pass = 0; pass < 8; pass += 1) {
      const before = team.accepted().length;
      await team.pass(4 * MINUTE);
      expect(team.accepted().length - before).toBeLessThanOrEqual(1);
    }
    expect(await team.states()).toEqual(Array.from({ length: 6 }, () => "a sent"));
    expect(await leastGap()).toBeGreaterThanOrEqual(GAP);
    expect(await team.discrepancies()).toEqual([]);
  });

  const again = () => {
    const server = (port: number) => ({ host: "127.0.0.1", port, security: "none" as const });
    const { email, smtp, gate } = anna;
    const servers = { smtp: server(smtp.port), imap: server(gate.port) };
    return { workspaceId: team.workspaceId, email, password: PASSWORD, minGapSeconds: GAP, ...servers };
  };
});

describe("a sender that its own server refuses", () => {
  test.each([
    ["at MAIL FROM", (refusal: { code: number; text: string } | null) => ({ onMailFrom: () => refusal }), "5.7.1 Sender not allowed"],
    ["at the end of the mail", (refusal: { code: number; text: string } | null) => ({ onData: () => refusal }), "5.7.26 Unauthenticated"],
  ])("%s pauses the mailbox; no lead fails, and all get their mail once it is mended", async (_where, fault, text) => {
    await begin({ leads: 4 });
    Object.assign(anna.smtp.faults, fault({ code: 550, text }));
    await team.pass();
    expect(await team.stored(anna)).toMatchObject({ state: "paused", pauseReason: "sender_refused", pauseDetail: `550 ${text}` });
    expect(await team.states()).toEqual(["a queued", "a queued", "a queued", "a queued"]);
    expect(await team.budget(anna, "2026-03-04")).toEqual({ used: 0, counted: 0 });
    Object.assign(anna.smtp.faults, fault(null));
    await testMailbox(team.agent, await team.stored(anna));
    await team.pass(MINUTE);
    expect(await team.states()).toEqual(["a sent", "a sent", "a sent", "a sent"]);
    expect(await team.discrepancies()).toEqual([]);
  });
});

describe("three recipients of one domain that refuse us by policy within an hour", () => {
  const refusing = (address: string) => (address.endsWith("@bakery.example") ? { code: 550, text: "5.7.1 Blocked by policy" } : null);

  test("keep the mailbox away from that domain for a day; everybody else, and every other mailbox, goes on", async () => {
    await begin({ leads: 5, gap: 60 });
    anna.smtp.faults.onRcpt = refusing;
    await passes(10, MINUTE);
    expect(await team.states()).toEqual(["a failed", "a failed", "a failed"]);
    await team.addLead({ email: "kim@kiosk.example" });
    await passes(2, 2 * MINUTE);
    expect(await team.states("kim@kiosk.example")).toEqual(["a sent"]);
    expect(await team.stored(anna)).toMatchObject({ state: "active" });
    const written = (await team.ledger()).map(({ lead }) => lead);
    const waiting = Object.keys(await team.standings()).find((lead) => !written.includes(lead)) ?? "";
    expect((await whyLead(team.agent, team.workspaceId, waiting)).sentences.join(" ")).toContain("leaves its mail domain alone");
    anna.smtp.faults.onRcpt = () => null;
    await team.pass(20 * HOUR);
    expect(await team.states(waiting)).toEqual([]);
    await passes(3, 2 * HOUR);
    expect((await team.states()).toSorted()).toEqual(["a failed", "a failed", "a failed", "a sent", "a sent", "a sent"]);
    expect(await team.discrepancies()).toEqual([]);
  });

  test("keep it away from that domain, too, when all its mail was claimed in one batch", async () => {
    await begin({ leads: 6 });
    anna.smtp.faults.onRcpt = refusing;
    await team.pass();
    expect((await team.states()).filter((state) => state === "a failed")).toHaveLength(3);
    anna.smtp.faults.onRcpt = () => null;
    await team.pass(DAY + HOUR);
    expect((await team.states()).filter((state) => state === "a sent")).toHaveLength(3);
  });
});

describe("an attempt of a mail", () => {
  const rcpt = (code: number, text: string): Partial<SmtpFaults> => ({ onRcpt: () => ({ code, text }) });
  const dot = (code: number, text: string): Partial<SmtpFaults> => ({ onData: () => ({ code, text }) });
  const from = (code: number, text: string): Partial<SmtpFaults> => ({ onMailFrom: () => ({ code, text }) });

  test.each<[string, Partial<SmtpFaults>]>([
    ["no connection", { refuseConnections: true }],
    ["a login that is refused", { failAuth: true }],
    ["a login that cannot be checked just now", { failAuth: { code: 454, text: "4.7.0 Temporary authentication failure" } }],
    ["a sender that is not taken just now", from(451, "4.1.8 Sender domain lookup failed")],
    ["a sender that is refused", from(550, "5.7.1 Sender not allowed")],
    ["a server that is too busy", rcpt(421, "4.7.0 Try again later")],
    ["a rate of the account", rcpt(450, "4.7.28 Too many messages")],
    ["the day's limit of the account", dot(550, "5.4.5 Daily user sending limit exceeded")],
  ])("is not used up by %s, however often", async (_what, faults) => {
    await begin({ leads: 1 });
    for (let often = 0; often < 12; often += 1) {
      Object.assign(anna.smtp.faults, faults);
      await passes(1, DAY);
      Object.assign(anna.smtp.faults, { refuseConnections: false, failAuth: false, ...NO_FAULTS });
      if ((await team.stored(anna)).state === "paused") await testMailbox(team.agent, await team.stored(anna));
    }
    expect((await team.ledger()).map(({ state, attempts }) => ({ state, attempts }))).toEqual([{ state: "queued", attempts: 0 }]);
    await team.pass(DAY);
    expect((await team.ledger()).map(({ state, attempts }) => ({ state, attempts }))).toEqual([{ state: "sent", attempts: 1 }]);
  });
  const NO_FAULTS: Partial<SmtpFaults> = { onMailFrom: () => null, onRcpt: () => null, onData: () => null };

  test.each<[string, Partial<SmtpFaults>, string]>([
    ["greylisting", rcpt(451, "4.7.1 Greylisted, please try again in 5 minutes"), "greylisted"],
    ["a full mailbox", rcpt(452, "4.2.2 Mailbox full"), "mailbox_full"],
    ["trouble with the mail itself", dot(451, "4.6.0 Try again"), "temporary_failure"],
    ["a connection that breaks in the middle of the mail", { dropBeforeData: true }, "connection_lost"],
  ])("is used up by %s, until the last one", async (_what, faults, reason) => {
    await begin({ leads: 1 });
    Object.assign(anna.smtp.faults, faults);
    const { retry_attempts } = team.agent.settings.sending;
    for (let attempt = 1; attempt < retry_attempts; attempt += 1) {
      await passes(1, DAY);
      expect(await team.ledger()).toMatchObject([{ state: "deferred", reason, attempts: attempt }]);
    }
    await passes(1, DAY);
    expect(await team.ledger()).toMatchObject([{ state: "failed", reason: "retries_exhausted", attempts: retry_attempts }]);
  });
});
