// Brings a database to the schema of this version: migrations/NNNN-*.sql in order, forward only, each once, never edited after it ran.
// Not Kysely's Migrator: it records names only, so an edited migration would pass unseen, and it runs all that is pending as one transaction.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { AgentError } from "../core/errors.ts";
import type { Database, Queryable, Tx } from "./database.ts";

const MIGRATIONS = new URL("../../migrations/", import.meta.url);
const FILE_NAME = /^(\d{4})-[a-z0-9-]+\.sql$/;
/** Any number that nothing else in the database locks by; these are the bytes of "mark". */
const LOCK = 0x6d61726b;

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

/**
 * Applies what is pending and names it, in order. Any number of processes may call this at once: each migration runs in one of them.
 * AgentError migration_changed: an applied file has other content now. migration_unknown: a newer version migrated this database.
 */
export async function migrate(db: Database, directory: URL = MIGRATIONS): Promise<{ applied: string[] }> {
  const migrations = await readMigrations(directory);
  const pending = await db.transaction(async (tx) => {
    await waitForTurn(tx);
    await createRecord(tx);
    return findPending(migrations, await recordedMigrations(tx));
  });
  const applied: string[] = [];
  for (const migration of pending) {
    if (await applyOnce(db, migration)) applied.push(migration.name);
  }
  return { applied };
}

/** The migrations of the directory, in order; what is no numbered SQL file is a mistake, not something to skip. */
async function readMigrations(directory: URL): Promise<Migration[]> {
  const names = (await readdir(directory)).toSorted();
  const numbers = names.map((name) => FILE_NAME.exec(name)?.[1]);
  const wrong = names.filter((_, index) => numbers[index] === undefined || numbers.indexOf(numbers[index]) !== index);
  if (wrong.length > 0) throw new AgentError("internal", `Not a migration, or its number is taken: ${wrong.join(", ")}.`);
  return Promise.all(names.map((name) => readMigration(directory, name)));
}

/** A checkout with CRLF line ends is the same migration. */
async function readMigration(directory: URL, name: string): Promise<Migration> {
  const sql = (await readFile(new URL(name, directory), "utf8")).replaceAll("\r\n", "\n");
  return { name, sql, sha256: createHash("sha256").update(sql).digest("hex") };
}

/** Held to the end of the transaction, so a process that dies lets go of it. */
async function waitForTurn(tx: Tx): Promise<void> {
  await tx.query("select pg_advisory_xact_lock($1)", [LOCK]);
}

async function createRecord(tx: Tx): Promise<void> {
  await tx.query(
    `create table if not exists applied_migration (
       name text primary key,
       sha256 text not null,
       applied_at timestamptz not null default clock_timestamp()
     )`,
  );
}

/** Name → SHA-256 of the migrations that ran, in order. */
export async function recordedMigrations(q: Queryable): Promise<ReadonlyMap<string, string>> {
  const { rows } = await q.query<{ name: string; sha256: string }>("select name, sha256 from applied_migration order by name");
  return new Map(rows.map((row) => [row.name, row.sha256]));
}

function findPending(migrations: readonly Migration[], applied: ReadonlyMap<string, string>): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration.sha256]));
  for (const [name, sha256] of applied) {
    const now = known.get(name);
    if (now === undefined) {
      throw new AgentError(
        "migration_unknown",
        `The database has the migration ${name}, which this version lacks; run the newer version.`,
        {
          detail: { migration: name },
        },
      );
    }
    if (now !== sha256) {
      throw new AgentError("migration_changed", `The migration ${name} was edited after it ran; restore it and add a new one instead.`, {
        detail: { migration: name },
      });
    }
  }
  return migrations.filter((migration) => !applied.has(migration.name));
}

/** False when another process applied it while this one waited. */
async function applyOnce(db: Database, migration: Migration): Promise<boolean> {
  try {
    return await db.transaction(async (tx) => {
      await waitForTurn(tx);
      if ((await recordedMigrations(tx)).has(migration.name)) return false;
      await apply(tx, migration);
      return true;
    });
  } catch (cause) {
    if (cause instanceof AgentError) throw cause;
    throw new AgentError("internal", `The migration ${migration.name} failed; the database stays as it was before it.`, { cause });
  }
}

async function apply(tx: Tx, { name, sql, sha256 }: Migration): Promise<void> {
  await tx.query(sql);
  await tx.query("insert into applied_migration (name, sha256) values ($1, $2)", [name, sha256]);
}

/**
 * The same within a transaction that does more: all of it stands or falls together.
 *
 * @param wanted names of those to apply; null for all
 */
export async function migrateWithin(tx: Tx, wanted: ReadonlySet<string> | null, directory: URL = MIGRATIONS): Promise<void> {
  await waitForTurn(tx);
  await createRecord(tx);
  for (const migration of findPending(await readMigrations(directory), await recordedMigrations(tx))) {
    if (wanted === null || wanted.has(migration.name)) await apply(tx, migration);
  }
}

/** Whether this version knows the migrations that ran elsewhere. @throws AgentError migration_unknown, migration_changed */
export async function checkMigrations(applied: ReadonlyMap<string, string>, directory: URL = MIGRATIONS): Promise<void> {
  findPending(await readMigrations(directory), applied);
}

/** The names of those that have still to run here. @throws AgentError migration_unknown, migration_changed */
export async function pendingMigrations(q: Queryable): Promise<string[]> {
  return findPending(await readMigrations(MIGRATIONS), await recordedMigrations(q)).map((migration) => migration.name);
}
