// A connection that is lent to somebody runs their statements one after the other: side by side is for the pool.
import { describe, expect, test } from "vitest";
import { joined, type Queryable } from "../../src/store/database.ts";
import { databaseForTests } from "../support/database.ts";

const { db } = await databaseForTests();

const sideBySide = (q: Queryable) => Promise.all([q.query("select 1"), q.query("select 2")]);
const REFUSED = { code: "internal" };

describe("two statements side by side are refused", () => {
  test("in a transaction", () => expect(db.transaction(sideBySide)).rejects.toMatchObject(REFUSED));
  test("in a transaction of the send loop", () => expect(db.hot.transaction(sideBySide)).rejects.toMatchObject(REFUSED));
  test("in what was joined to a transaction", () =>
    expect(db.transaction((tx) => sideBySide(joined(db, tx)))).rejects.toMatchObject(REFUSED));
  test("on a connection that is held", () => expect(db.hold(sideBySide)).rejects.toMatchObject(REFUSED));
});

test("a statement that nobody waits for keeps its transaction from being committed", async () => {
  await db.query("create table kept (n integer)");
  const forgetful = db.transaction(async (tx) => {
    await tx.query("insert into kept values (1)");
    void tx.query("insert into kept values (2)");
  });
  await expect(forgetful).rejects.toMatchObject(REFUSED);
  expect((await db.query("select from kept")).rowCount).toBe(0);
});

test("one after the other, and side by side on the pool, is nobody's concern", async () => {
  const inTurn = async (q: Queryable) => [await q.query("select 1"), await q.query("select 2")].length;
  expect(await db.transaction(inTurn)).toBe(2);
  expect(await db.hold(inTurn)).toBe(2);
  expect((await sideBySide(db)).length).toBe(2);
});
