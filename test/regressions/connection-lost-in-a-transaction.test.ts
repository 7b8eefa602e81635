// A connection that was lost while its transaction idled (a restart of the server, a time-out) had no listener, and ended the process.
import { expect, test } from "vitest";
import { databaseForTests } from "../support/database.ts";

const database = await databaseForTests();

test("a connection that is lost between two statements fails its transaction, and nothing else", async () => {
  const { db } = database;
  const lost = db.transaction(async (tx) => {
    const { rows } = await tx.query<{ pid: number }>("select pg_backend_pid() as pid");
    const gone = new Promise((resolve) => {
      tx.client.once("error", resolve);
    });
    await db.query("select pg_terminate_backend($1)", [rows[0]?.pid]);
    await gone;
    await tx.query("select");
  });
  await expect(lost).rejects.toMatchObject({ code: "database_unavailable", retryable: true });
  expect((await db.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
});
