// A campaign in the database that comes with the product.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { joinRunning, openPostgres } from "../../src/app/embedded-postgres.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { migrate } from "../../src/store/migrate.ts";
import { type Fire, startCampaign } from "./campaign-under-fire.ts";

export async function prepareEmbedded(dataDir: string, fire: Fire): Promise<void> {
  const postgres = await openPostgres({ dataDir, log: pino({ level: "silent" }) });
  await onDatabase(postgres.connectionString, async (db) => {
    await migrate(db);
    await startCampaign(db, fire);
  });
  await postgres.stop();
}

/** Of an owner that was killed. */
export async function endDatabase(dataDir: string): Promise<void> {
  if ((await joinRunning(dataDir)) === null) return;
  const postgres = await openPostgres({ dataDir, log: pino({ level: "silent" }) });
  await postgres.stop();
}

export async function onDatabase<Result>(url: string, work: (db: Database) => Promise<Result>): Promise<Result> {
  const db = openDatabase({ connectionString: url, maxConnections: 2, onIdleError: () => undefined });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

/** The number of the server's first process. */
export function postmasterOf(dataDir: string): number {
  return Number(readFileSync(join(dataDir, "postgres/postmaster.pid"), "utf8").split("\n")[0]);
}
