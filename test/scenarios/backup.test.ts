// A backup holds the whole installation as it was at one moment, and becomes an installation again; everything that is not whole is refused.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createJobEngine } from "../../src/app/job-queue.ts";
import { backUp } from "../../src/automations/back-up.ts";
import { keepHouse } from "../../src/automations/keep-house.ts";
import { type RestoreParts, restoreBackup } from "../../src/automations/restore.ts";
import { deriveKeys } from "../../src/core/keys.ts";
import { installationFacts } from "../../src/store/installation.ts";
import { migrate } from "../../src/store/migrate.ts";
import { testAgent } from "../support/agent.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { LiveOutreach } from "../support/live-outreach.ts";
import { reply } from "../support/mails.ts";
import { rowsOf } from "../support/table-rows.ts";

const directory = mkdtempSync(join(tmpdir(), "agent-backup-"));
afterAll(() => rmSync(directory, { recursive: true }));

let team: LiveOutreach;
let target: TestDatabase;
let made = 0;

beforeAll(async () => {
  team = await LiveOutreach.begin();
  await keepHouse(team.agent);
  await team.addMailbox("anna@team.example");
  await team.addLeads(3);
  await team.addLead({ email: "kim@bakery.example", firstName: 'Kim\t\\N "the" Käse\n', company: "Bakery" });
  await team.start(team.campaign({ steps: { a: { subject: "Repairs", body: "Hello." }, b: { after: "2 days", body: "And?" } } }));
  await team.pass();
  team.deliver(reply({ to: await team.lastOurs("kim@bakery.example"), from: "kim@bakery.example", text: "Yes, gladly." }));
  await team.pass();
});
afterAll(() => team.end());
beforeEach(async () => {
  target = await createTestDatabase({ migrated: false });
});
afterEach(() => target.drop());

const newFile = () => join(directory, `${(made += 1)}.tar.gz`);

async function written(): Promise<string> {
  const file = newFile();
  await backUp(team.agent, { file, version: "0.0.0-test" });
  return file;
}

function restore(file: string, parts: Partial<RestoreParts> = {}) {
  return restoreBackup({ db: target.db, keys: team.agent.keys, now: team.now, ...parts }, file);
}

/** Nothing is there that was not there before. */
async function untouched(): Promise<boolean> {
  return Object.keys(await rowsOf(target.db)).length === 0;
}

/** What a restore changes on purpose. */
const CHANGED = ["installation", "applied_migration", "mailbox", "mailbox_lease", "inbox_cursor"];

test("every row comes back as it was, in its partition, into an empty database", async () => {
  const file = await written();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory).filter((name) => name.endsWith(".partial"))).toEqual([]);
  const { from, rows } = await restore(file);
  expect(from).toEqual(team.now);
  expect(rows).toMatchObject({ lead: 4, message: 4, inbound_message: 1, message_body: 4 });
  expect(await rowsOf(target.db, CHANGED)).toEqual(await rowsOf(team.db, CHANGED));
  const inParts = "select tableoid::regclass::text as part, count(*) from message_body group by 1";
  expect((await target.db.query(inParts)).rows).toEqual((await team.db.query(inParts)).rows);
  expect((await target.db.query(inParts)).rows).toEqual([{ part: "message_body_2026_03", count: 4 }]);
  expect(await installationFacts(target.db)).toMatchObject({ restoredFrom: team.now, restoredAt: team.now });
  expect((await installationFacts(target.db)).instanceId).toBe((await installationFacts(team.db)).instanceId);
});

test("a database that was only looked at so far gives way, one in use does not", async () => {
  const file = await written();
  await migrate(target.db);
  await target.db.query("insert into workspace (name) values ('default')");
  await restore(file);
  const before = await rowsOf(target.db);
  await expect(restore(file)).rejects.toMatchObject({
    code: "installation_not_empty",
    detail: { tables: expect.arrayContaining(["lead"]) },
  });
  expect(await rowsOf(target.db)).toEqual(before);
});

test("the rows are of one moment, whatever is written meanwhile", async () => {
  const file = newFile();
  let backup: Promise<unknown> = Promise.resolve();
  await team.db.transaction(async (tx) => {
    await tx.query("lock table lead in access exclusive mode");
    backup = backUp(team.agent, { file, version: "1" });
    const waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'copy%'";
    await vi.waitUntil(async () => (await team.db.query(waiting)).rowCount, { timeout: 20_000 });
    await tx.query(
      `insert into lead (workspace_id, email, identity_key, created_at, updated_at) values ($1, 'late@x.example', 'late@x.example', $2, $2)`,
      [team.workspaceId, team.now],
    );
  });
  await backup;
  expect((await restore(file)).rows["lead"]).toBe(4);
  await team.db.query("delete from lead where email = 'late@x.example'");
});

test("a backup that takes long keeps nobody from sending: new partitions wait for another day", async () => {
  await team.db.transaction(async (tx) => {
    await tx.query("lock table message_body in access share mode");
    const later = testAgent({ db: team.db, clock: { now: () => new Date("2027-05-05T00:00:00Z") } });
    expect((await keepHouse(later)).partitions).toBe(6);
  });
});

test("a mail that was on the wire when its address was suppressed does not stand in the way", async () => {
  const suppressed =
    "insert into suppression (workspace_id, kind, key, reason, created_at) values ($1, 'address', 'lead01@bakery.example', 'person', $2)";
  await team.db.query("update message set state = 'transmitting', sent_at = null where recipient = 'lead01@bakery.example'");
  await team.db.query(suppressed, [team.workspaceId, team.now]);
  await restore(await written());
  const { rows } = await target.db.query("select state from message where recipient = 'lead01@bakery.example'");
  expect(rows).toEqual([{ state: "transmitting" }]);
  await expect(target.db.query("update message set state = 'transmitting' where recipient = 'lead01@bakery.example'")).rejects.toThrow(
    "suppressed",
  );
  await team.db.query("delete from suppression");
  await team.db.query("update message set state = 'sent', sent_at = $1 where recipient = 'lead01@bakery.example'", [team.now]);
});

describe("nothing is restored from", () => {
  test.each([0, 0.1, 0.5, 0.9, 0.999])("a file that ends after %f of its length", async (part) => {
    const whole = readFileSync(await written());
    const torn = newFile();
    writeFileSync(torn, whole.subarray(0, Math.floor(whole.length * part)));
    await expect(restore(torn)).rejects.toMatchObject({ code: "archive_damaged" });
    expect(await untouched()).toBe(true);
  });

  test.each([0.2, 0.5, 0.95])("a file in which one byte at %f was changed", async (place) => {
    const changed = Buffer.from(readFileSync(await written()));
    const at = Math.floor(changed.length * place);
    changed[at] = (changed[at] ?? 0) ^ 0x10;
    const file = newFile();
    writeFileSync(file, changed);
    await expect(restore(file)).rejects.toMatchObject({ code: "archive_damaged" });
    expect(await untouched()).toBe(true);
  });

  test("a file that somebody else wrote, checksum and all", async () => {
    const forger = testAgent({ db: team.db, clock: { now: () => team.now }, keys: { ...team.agent.keys } });
    const file = newFile();
    // the fingerprint is of the key that is not known; the seal can only be made with another
    const { backup } = deriveKeys(new Uint8Array(32).fill(9));
    await backUp(Object.assign(forger, { keys: { ...forger.keys, backup } }), { file, version: "1" });
    await expect(restore(file)).rejects.toMatchObject({ code: "secret_key_missing" });
    expect(await untouched()).toBe(true);
  });

  test("the right file beside another key", async () => {
    const keys = deriveKeys(new Uint8Array(32).fill(7));
    await expect(restore(await written(), { keys })).rejects.toMatchObject({ code: "secret_key_missing" });
    expect(await untouched()).toBe(true);
  });

  test("any file while a process works on the database", async () => {
    const file = await written();
    const engine = createJobEngine({ connectionString: target.connectionString, onError: () => undefined });
    await engine.start();
    try {
      await expect(restore(file)).rejects.toMatchObject({ code: "data_directory_in_use" });
    } finally {
      await engine.stop(1_000);
    }
  });
});

test("a backup does not replace a file", async () => {
  const file = await written();
  await expect(backUp(team.agent, { file, version: "1" })).rejects.toMatchObject({ code: "already_exists" });
});

describe("between versions", () => {
  const NEWER = join(directory, "newer");
  beforeAll(() => {
    cpSync(new URL("../../migrations", import.meta.url), NEWER, { recursive: true });
    writeFileSync(
      join(NEWER, "9001-more.sql"),
      `alter table lead add column shout text;
       update lead set shout = upper(email);
       alter table lead alter column shout set not null, add column number bigint generated always as identity;`,
    );
  });
  const newer = () => ({ migrations: pathToFileURL(`${NEWER}/`) });

  test("the newer one brings the rows of an older one forward", async () => {
    await restore(await written(), newer());
    const { rows } = await target.db.query("select shout from lead order by shout limit 1");
    expect(rows).toEqual([{ shout: "KIM@BAKERY.EXAMPLE" }]);
  });

  test("the older one refuses a newer one's; identity columns go on where they were", async () => {
    await restore(await written(), newer());
    const file = newFile();
    const { db } = target;
    await backUp(testAgent({ db, clock: { now: () => team.now } }), { file, version: "9" });
    const other = await createTestDatabase({ migrated: false });
    try {
      await expect(restore(file, { db: other.db })).rejects.toMatchObject({ code: "migration_unknown" });
      await restore(file, { db: other.db, ...newer() });
      const { rows } = await other.db.query(
        `insert into lead (workspace_id, email, identity_key, created_at, updated_at, shout) values ($1, 'n@x.example', 'n@x.example', $2, $2, '')
         returning number`,
        [team.workspaceId, team.now],
      );
      expect(rows).toEqual([{ number: 5 }]);
    } finally {
      await other.drop();
    }
  });
});
