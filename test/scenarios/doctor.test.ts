// doctor finds what is broken, names it by the check's id, and looks at everything else all the same.
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import type { Patient } from "../../src/app/doctor/check.ts";
import { CHECK_GROUPS, examine } from "../../src/app/doctor/doctor.ts";
import { createJobEngine } from "../../src/app/job-queue.ts";
import { backUp } from "../../src/automations/back-up.ts";
import { ensureSchedule } from "../../src/automations/tick.ts";
import { after, DAY, HOUR } from "../../src/core/instant.ts";
import { deriveKeys } from "../../src/core/keys.ts";
import { settingsSchema } from "../../src/core/settings.ts";
import { type LiveMailbox, LiveOutreach } from "../support/live-outreach.ts";

const directory = mkdtempSync(join(tmpdir(), "agent-doctor-"));
afterAll(() => rmSync(directory, { recursive: true }));

let team: LiveOutreach;
let anna: LiveMailbox;

beforeEach(async () => {
  team = await LiveOutreach.begin();
  anna = await team.addMailbox("anna@team.example");
  await team.pass();
});
afterEach(() => team.end());

/** Check → status, of all that are not ok. */
async function troubles(changes: Partial<Patient> = {}): Promise<Readonly<Record<string, string>>> {
  const { agent, now } = team;
  const patient: Patient = {
    settings: agent.settings,
    dataDir: directory,
    db: team.db,
    databaseProblem: null,
    keys: deriveKeys(new Uint8Array(32)),
    keyProblem: null,
    now,
  };
  const found = (await examine({ ...patient, ...changes })).filter(({ status }) => status !== "ok");
  for (const { fix, docs, id } of found)
    expect({ fix, docs }).toEqual({ fix: expect.stringMatching(/\S/), docs: `docs/reference/doctor.md#${id}` });
  return Object.fromEntries(found.map(({ id, status }) => [id, status]));
}

/** The test server is not durable, on purpose; no product was started on this database, and nothing was backed up. */
const USUAL = { "database-durability": "failure", "job-queue": "warning", schedules: "warning", "backup-age": "warning" };

test("every check has an id of its own, and a sound installation has no other trouble than is known", async () => {
  const ids = CHECK_GROUPS.flatMap(({ checks }) => checks.map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => /^[a-z-]+$/.test(id))).toBe(true);
  expect(await troubles()).toEqual(USUAL);
});

test("a backup, a schedule and a job queue that are at work are no trouble; a week later they are", async () => {
  const engine = createJobEngine({ connectionString: team.connectionString, onError: () => undefined });
  await engine.start();
  await ensureSchedule(team.agent);
  await backUp(team.agent, { file: join(directory, "backup.tar.gz"), version: "1" });
  try {
    expect(await troubles()).toEqual({ "database-durability": "failure" });
    const later = { schedules: "failure", "backup-age": "warning", "inbox-read": "failure" };
    expect(await troubles({ now: after(team.now, 7 * DAY) })).toEqual({ "database-durability": "failure", ...later });
    await team.db.query(
      `insert into pgboss.job (name, data, policy, created_on, start_after)
       select 'sync-inboxes', '{}', 'short', at, at from (select clock_timestamp() - interval '1 hour' as at) earlier`,
    );
    expect(await troubles()).toMatchObject({ "job-queue": "failure" });
  } finally {
    await engine.stop(1_000);
  }
});

test("a mailbox that lets nobody in, is paused, or is held after a restore", async () => {
  anna.imap.setPassword("changed");
  anna.imap.dropConnections();
  expect(await troubles()).toEqual({ ...USUAL, "mailbox-imap": "failure" });
  anna.smtp.faults.failAuth = true;
  expect(await troubles()).toEqual({ ...USUAL, "mailbox-imap": "failure", "mailbox-smtp": "failure" });
  await team.pass(HOUR);
  expect(await troubles()).toMatchObject({ "mailbox-state": "warning", "inbox-read": "failure" });
});

test("another key than the passwords were encrypted with", async () => {
  const keys = deriveKeys(new Uint8Array(32).fill(3));
  expect(await troubles({ keys })).toMatchObject({ "secret-key-matches": "failure", "mailbox-smtp": "failure" });
  const none = await troubles({ keys: null, keyProblem: "There is no key file." });
  expect(none).toMatchObject({ "secret-key": "failure", "secret-key-matches": "unknown", "mailbox-smtp": "unknown" });
});

test("a database that does not answer is one failure; the machine is looked at all the same", async () => {
  const found = await troubles({ db: null, databaseProblem: "The database server does not answer." });
  expect(found).toMatchObject({ "database-reachable": "failure", "mailbox-smtp": "unknown", schedules: "unknown" });
  expect(found).not.toHaveProperty("node-version");
});

test("a data directory that others can look into, or that is not there", async () => {
  chmodSync(directory, 0o755);
  expect(await troubles()).toEqual({ ...USUAL, "data-directory": "warning" });
  chmodSync(directory, 0o700);
  expect(await troubles({ dataDir: join(directory, "none") })).toMatchObject({ "data-directory": "failure", "disk-space": "failure" });
});

test("a public address that does not answer, or not over https", async () => {
  const settings = (url: string) => settingsSchema.parse({ http: { public_url: url } });
  expect(await troubles({ settings: settings("https://127.0.0.1:1/") })).toMatchObject({ "public-url": "failure" });
  expect(await troubles({ settings: settings("http://127.0.0.1:1/") })).toMatchObject({ "public-url": "warning" });
});
