// Opens an installation as far as it can be opened, and changes nothing: no key is made, no migration runs, no workspace comes into being.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { AgentError } from "../../core/errors.ts";
import { deriveKeys } from "../../core/keys.ts";
import type { Settings } from "../../core/settings.ts";
import { type Database, openDatabase } from "../../store/database.ts";
import { type Closing } from "../cli/closing.ts";
import { checkServer } from "../database-server.ts";
import { openPostgres } from "../embedded-postgres.ts";
import { createLog } from "../log.ts";
import { knownMasterKey } from "../secret-key.ts";
import type { Patient } from "./check.ts";

type Opened<Value> = { readonly value: Value; readonly problem: null } | { readonly value: null; readonly problem: string };

export async function admit(settings: Settings, now: Date, closers: Closing): Promise<Patient> {
  const dataDir = resolve(settings.data_dir);
  const keys = await attempt(() => {
    const key = knownMasterKey(settings.secret_key, dataDir);
    return key && deriveKeys(key);
  });
  const db = await attempt(() => open(settings, dataDir, closers));
  return { settings, dataDir, now, keys: keys.value, keyProblem: keys.problem, db: db.value, databaseProblem: db.problem };
}

/** What the operator can mend is a finding; anything else is a fault of ours. */
async function attempt<Value>(work: () => Value | Promise<Value>): Promise<Opened<Value>> {
  try {
    return { value: await work(), problem: null };
  } catch (error) {
    if (error instanceof AgentError) return { value: null, problem: error.message };
    throw error;
  }
}

async function open(settings: Settings, dataDir: string, closers: Closing): Promise<Database> {
  const connectionString = settings.database_url ?? (await embedded(dataDir, closers));
  const db = openDatabase({ connectionString, maxConnections: 4, onIdleError: () => undefined });
  closers.add(() => db.close());
  await reachable(db);
  return db;
}

async function embedded(dataDir: string, closers: Closing): Promise<string> {
  if (!existsSync(join(dataDir, "postgres")))
    throw new AgentError("database_unavailable", `There is no database in ${dataDir} yet; \`npm start\` makes one.`);
  const postgres = await openPostgres({ dataDir, log: createLog({ level: "fatal" }), join: true });
  closers.add(() => postgres.stop());
  return postgres.connectionString;
}

/** A server that answers but cannot be used is for another check to tell. */
async function reachable(db: Database): Promise<void> {
  try {
    await checkServer(db);
  } catch (error) {
    if (!(error instanceof AgentError) || error.code !== "database_unusable") throw error;
  }
}
