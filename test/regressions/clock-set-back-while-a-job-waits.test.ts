// The machine's clock was set back by hours while a job waited. The engine took it for one of the future, and of each kind only one waits: nothing was
// sent until the clock was there again.
import { afterEach, beforeEach, expect, test } from "vitest";
import { createJobEngine, type JobEngine } from "../../src/app/job-queue.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;
let engine: JobEngine;
beforeEach(async () => {
  database = await createTestDatabase();
  engine = createJobEngine({ connectionString: database.connectionString, onError: () => undefined });
  await engine.start();
});
afterEach(async () => {
  await engine.stop(1_000);
  await database.drop();
});

const enqueue = () => database.db.transaction((tx) => engine.enqueue(tx, "send-due-steps", {}, "send-due-steps"));
/** What the engine takes for now. */
const setBack = (hours: number) =>
  database.db.query(
    `create or replace function pgboss.job_now() returns timestamptz language sql stable as $$ select now() - interval '${hours} hours' $$`,
  );

test("it runs at once, and so does the next one", async () => {
  await enqueue();
  await setBack(5);
  const ran: string[] = [];
  await engine.work((name) => Promise.resolve(void ran.push(name)), 1);
  await expect.poll(() => ran, { timeout: 8_000 }).toEqual(["send-due-steps"]);
  await enqueue();
  await expect.poll(() => ran, { timeout: 8_000 }).toHaveLength(2);
});

test("one of the same kind still waits only once", async () => {
  for (let often = 0; often < 3; often += 1) await enqueue();
  const { rowCount } = await database.db.query("select from pgboss.job where name = 'send-due-steps'");
  expect(rowCount).toBe(1);
});
