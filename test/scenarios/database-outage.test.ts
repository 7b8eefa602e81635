// The connection to the database is cut in the middle of a transaction, or nobody is let in for a while: what is known about a mail on the wire is
// kept, the error has a code, and sending goes on by itself.
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import type { SendPhase } from "../../src/automations/agent.ts";
import { HOUR, MINUTE } from "../../src/core/instant.ts";
import { type LiveMailbox, LiveOutreach } from "../support/live-outreach.ts";
import { PATIENCE } from "../support/patience.ts";
import { onServer } from "../support/postgres-cluster.ts";

const LEADS = 6;

let team: LiveOutreach;
let anna: LiveMailbox;

beforeEach(async () => {
  team = await LiveOutreach.begin({ settings: { sending: { lease_seconds: 0.5, batch: 3 } } });
  anna = await team.addMailbox("anna@team.example");
  await team.addLeads(LEADS);
  await team.start(team.campaign({ steps: { a: "0 minutes" } }));
});
afterEach(() => team.end());

/** The `nth` time that a row of `table` comes to be as `when` says, the server ends the connection that is at work: its transaction is rolled back. */
async function cutConnection(table: string, event: "insert" | "update", when: string, nth = 1): Promise<void> {
  await team.db.query("create sequence cut"); // not rolled back with the transaction
  await team.db.query(
    `create function cut_connection() returns trigger language plpgsql as $$ begin
       if nextval('cut') = ${nth} then perform pg_terminate_backend(pg_backend_pid()); end if; return null; end $$`,
  );
  await team.db.query(
    `create trigger cut_connection after ${event} on ${table} for each row when (${when}) execute function cut_connection()`,
  );
}

const failedRuns = async () =>
  (await team.db.query("select automation, error_code as code from automation_run where outcome = 'failed'")).rows;

/** Everybody has one mail, nobody two, and the day's budget says so. */
async function expectAllSentOnce(): Promise<void> {
  expect(await team.states()).toEqual(Array<string>(LEADS).fill("a sent"));
  expect(anna.smtp.accepted).toHaveLength(LEADS);
  expect(await team.discrepancies()).toEqual([]);
  expect(await team.budget(anna, "2026-03-04")).toEqual({ used: LEADS, counted: LEADS });
}

/** Until the lease of the sender that failed has run out. */
const sendTheRest = () =>
  expect.poll(() => team.pass(MINUTE).then(() => team.states()), { ...PATIENCE, interval: 100 }).toHaveLength(LEADS);

describe("a connection that is cut in the middle of", () => {
  test.each([
    ["a claim", "message", "insert", "true"],
    ["writing a mail", "message_body", "insert", "true"],
    ["marking mails as being on the wire", "message", "update", "new.state = 'transmitting'"],
  ] as const)("%s fails the job with a code; the next pass sends what is left, once", async (_where, table, event, when) => {
    await cutConnection(table, event, when, 2);
    await expect(team.pass()).rejects.toMatchObject({ code: "database_unavailable", retryable: true });
    expect(await failedRuns()).toEqual([{ automation: "send-batch", code: "database_unavailable" }]);
    await sendTheRest();
    await expectAllSentOnce();
  });

  test("recording that mails were sent is recorded again: nobody has to ask what became of them", async () => {
    await cutConnection("message", "update", "new.state = 'sent'");
    await team.pass();
    expect(await failedRuns()).toEqual([]);
    await expectAllSentOnce();
  });

  test("recording a refusal is recorded again: the mail is tried later, and is not uncertain", async () => {
    anna.smtp.faults.onRcpt = () => ({ code: 451, text: "4.7.1 Greylisted" });
    await cutConnection("message", "update", "new.state = 'deferred'");
    await team.pass();
    expect(await team.states()).toEqual(Array<string>(LEADS).fill("a deferred"));
    anna.smtp.faults.onRcpt = () => null;
    await team.pass(HOUR);
    await expectAllSentOnce();
  });

  test("the commit itself, of which nobody knows whether it came through", async () => {
    await team.db.query("create sequence cut");
    await team.db.query(
      `create function cut_connection() returns trigger language plpgsql as $$ begin
         if nextval('cut') = 1 then perform pg_terminate_backend(pg_backend_pid()); end if; return null; end $$`,
    );
    await team.db.query(
      `create constraint trigger cut_connection after update on message deferrable initially deferred
       for each row when (new.state = 'sent') execute function cut_connection()`,
    );
    await team.pass();
    expect(await failedRuns()).toEqual([]);
    await expectAllSentOnce();
  });
});

describe("a database that lets nobody in", () => {
  const shut = (allowed: boolean) => {
    const name = new URL(team.connectionString).pathname.slice(1);
    const end = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`;
    return onServer(inject("postgres").adminUrl, [`alter database ${name} with allow_connections ${allowed}`, ...(allowed ? [] : [end])]);
  };

  /** Shut from a phase on, and open again a second later. Gives the code with which the job failed. */
  async function passWhileShut(from: SendPhase): Promise<string | null> {
    const reopened = Promise.withResolvers<void>();
    team.onSendPhase(from, async () => {
      await shut(false);
      setTimeout(() => void shut(true).then(reopened.resolve, reopened.reject), 1_000);
    });
    const failure = await team.pass().then(
      () => null,
      (error: { code: string }) => error.code,
    );
    await reopened.promise;
    return failure;
  }

  test("before mails are marked: the job fails with a code, and the next one sends them", async () => {
    expect(await passWhileShut("before_mark")).toBe("database_unavailable");
    await sendTheRest();
    await expectAllSentOnce();
  });

  test.each<[string, SendPhase]>([
    ["before the first byte", "marked"],
    ["while mails are on the wire", "transmitted"],
  ])("%s: what the server took is recorded as soon as somebody listens", async (_when, phase) => {
    // the next claim, which is made meanwhile, may be what the database is not there for
    expect([null, "database_unavailable"]).toContain(await passWhileShut(phase));
    await sendTheRest();
    await expectAllSentOnce();
  });
});
