// Migrations on real databases: many starters at once, edited files, databases of a newer version, files that fail.
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../test/support/database.ts";
import { migrate } from "./migrate.ts";

const FIRST = "0001-lead.sql";
const SECOND = "0002-name.sql";

let database: TestDatabase;
let directory: string;

beforeEach(async () => {
  database = await createTestDatabase({ migrated: false });
  directory = mkdtempSync(join(tmpdir(), "migrations-"));
  write(FIRST, "create table lead (id integer);\ninsert into lead values (1);\n");
  write(SECOND, "alter table lead add name text;\n");
});

afterEach(async () => {
  rmSync(directory, { recursive: true });
  await database.drop();
});

const write = (name: string, sql: string) => writeFileSync(join(directory, name), sql);
const run = () => migrate(database.db, pathToFileURL(`${directory}/`));

test("what is pending runs in order, once", async () => {
  expect(await run()).toEqual({ applied: [FIRST, SECOND] });
  expect(await run()).toEqual({ applied: [] });
});

test("of many starters at once each migration runs in exactly one", async () => {
  const runs = await Promise.all(Array.from({ length: 6 }, run));
  expect(runs.flatMap(({ applied }) => applied).toSorted()).toEqual([FIRST, SECOND]);
  expect((await database.db.query("select id, name from lead")).rows).toEqual([{ id: 1, name: null }]);
});

test("a migration edited after it ran is refused, other line ends are not an edit", async () => {
  await run();
  write(FIRST, "create table lead (id integer);\r\ninsert into lead values (1);\r\n");
  expect(await run()).toEqual({ applied: [] });
  write(FIRST, "create table lead (id bigint);\n");
  await expect(run()).rejects.toMatchObject({ code: "migration_changed", detail: { migration: FIRST } });
});

test("a database that a newer version migrated is left alone", async () => {
  await run();
  rmSync(join(directory, SECOND));
  await expect(run()).rejects.toMatchObject({ code: "migration_unknown", detail: { migration: SECOND } });
});

test("a migration that fails leaves nothing of itself, and keeps those before it", async () => {
  write(SECOND, "create table half_done (id integer);\nselect 1 / 0;\n");
  await expect(run()).rejects.toMatchObject({ message: expect.stringContaining(SECOND) as string, cause: { code: "22012" } });
  write(SECOND, "create table half_done (id integer);\n");
  expect(await run()).toEqual({ applied: [SECOND] });
});

test("two migrations of one number are a mistake", async () => {
  renameSync(join(directory, SECOND), join(directory, "0001-name.sql"));
  await expect(run()).rejects.toMatchObject({ message: expect.stringContaining("0001-name.sql") as string });
});
