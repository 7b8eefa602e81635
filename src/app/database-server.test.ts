// A server that cannot be used says why in one sentence, before anything is written to it; and whatever fails on the way leaves no connection behind.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase } from "../../test/support/database.ts";
import { settingsSchema } from "../core/settings.ts";
import { only, openDatabase, type ServerFacts, serverFacts } from "../store/database.ts";
import { openSession } from "./cli/session.ts";
import { checkServer, problemOf } from "./database-server.ts";

const dataDir = mkdtempSync(join(tmpdir(), "agent-session-"));
let database: Awaited<ReturnType<typeof createTestDatabase>>;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

const GOOD: ServerFacts = { version: 150_004, encoding: "UTF8", user: "agent", database: "mail", readOnly: false, mayCreate: true };

describe("a server", () => {
  test.each([
    ["of version 14", { version: 140_011 }, "The database server is PostgreSQL 14; PostgreSQL 15 or newer is needed."],
    ["that only reads", { readOnly: true }, "The database server is a standby, which only reads; name the primary in DATABASE_URL."],
    ["in another encoding", { encoding: "SQL_ASCII" }, "The database mail is encoded in SQL_ASCII"],
    ["whose user may not create", { mayCreate: false }, "alter database mail owner to agent."],
  ])("%s cannot be used, and says what to do", (_, facts, sentence) => expect(problemOf({ ...GOOD, ...facts })).toContain(sentence));

  test("that has what is needed is used", async () => {
    expect(problemOf(GOOD)).toBeNull();
    await checkServer(database.db);
    expect(await serverFacts(database.db)).toMatchObject({ encoding: "UTF8", readOnly: false, mayCreate: true });
  });

  test.each([
    ["that does not answer", () => "postgres://agent:wrong-secret@127.0.0.1:1/mail", "does not answer (ECONNREFUSED)"],
    ["that does not let the user in", (url: URL) => (url.searchParams.set("user", "nobody"), url.href), "does not let this user in"],
    ["without that database", (url: URL) => Object.assign(url, { pathname: "/nowhere" }).href, "no database of that name"],
  ])("%s is told apart, without its password", async (_, change, sentence) => {
    const href = change(new URL(database.connectionString));
    const db = openDatabase({ connectionString: href, maxConnections: 1, onIdleError: () => undefined });
    const error: Error = await checkServer(db).then(
      () => expect.unreachable(),
      (thrown: Error) => thrown,
    );
    await db.close();
    expect(error).toMatchObject({ code: "database_unavailable" });
    expect(error.message).toContain(sentence);
    expect(error.message).not.toContain("secret");
  });
});

test("a command that fails before its work has begun closes what it had opened", async () => {
  const { db, connectionString } = database;
  await db.query("insert into applied_migration (name, sha256) values ('9999-from-the-future.sql', '')");
  const settings = settingsSchema.parse({ data_dir: dataDir, database_url: connectionString, log: { level: "fatal" } });
  await expect(openSession(settings, { join: true })).rejects.toMatchObject({ code: "migration_unknown" });
  const others = async () =>
    only(
      (
        await db.query<{ connections: number }>(
          "select count(*)::integer as connections from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and application_name <> ''",
        )
      ).rows,
    ).connections;
  expect(await others()).toBe(0);
  await db.query("delete from applied_migration where name like '9999%'");
  const session = await openSession(settings, { join: true });
  expect(await others()).toBeGreaterThan(0);
  await session.close();
});
