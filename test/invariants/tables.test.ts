// Every table of the schema says whether backups and exports hold it, or why not: a new one cannot be forgotten.
import { expect, test } from "vitest";
import { tableShapes } from "../../src/store/table-shape.ts";
import { TABLES } from "../../src/store/tables.ts";
import { databaseForTests } from "../support/database.ts";

const { db } = await databaseForTests();

test("the registry names the tables of the migrated schema, all of them and no others", async () => {
  const inSchema = (await tableShapes(db)).map(({ name }) => name).toSorted();
  expect(Object.keys(TABLES).toSorted()).toEqual(inSchema);
});

test("a table that is left out says why", () => {
  const reasons = Object.values(TABLES).flatMap(({ backup, workspace }) => [backup, workspace].filter((one) => typeof one === "string"));
  expect(reasons.filter((reason) => reason.split(" ").length < 3)).toEqual([]);
});

test("a workspace's rows are found by a column that the table has", async () => {
  const shapes = new Map((await tableShapes(db)).map(({ name, columns }) => [name, columns]));
  const wrong = Object.entries(TABLES).filter(
    ([name, { workspace }]) => typeof workspace !== "string" && !shapes.get(name)?.includes(workspace.by),
  );
  expect(wrong.map(([name]) => name)).toEqual([]);
});

test("tables come after those that they refer to", async () => {
  const order = (await tableShapes(db)).map(({ name }) => name);
  const { rows } = await db.query<{ child: string; parent: string }>(
    `select distinct c.relname as child, p.relname as parent from pg_constraint k join pg_class c on c.oid = k.conrelid
     join pg_class p on p.oid = k.confrelid where k.contype = 'f' and c.oid <> p.oid and not c.relispartition and not p.relispartition`,
  );
  expect(rows.length).toBeGreaterThan(30);
  expect(rows.filter(({ child, parent }) => order.indexOf(child) < order.indexOf(parent))).toEqual([]);
});
