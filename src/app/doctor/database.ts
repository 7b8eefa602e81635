// The database: is it there, is it the right one, would it keep what it has said to have stored?
import { keyFingerprint } from "../../core/keys.ts";
import { serverFacts } from "../../store/database.ts";
import { databaseHealth, sealingKeys } from "../../store/installation-health.ts";
import { databaseClock } from "../../store/lease.ts";
import { pendingMigrations } from "../../store/migrate.ts";
import { problemOf } from "../database-server.ts";
import { type Check, failure, ok, unknown, warning, withDatabase } from "./check.ts";

const SECOND = 1_000;

export const DATABASE_CHECKS: readonly Check[] = [
  {
    id: "database-reachable",
    looksAt: "Whether the embedded database runs or can be started, or the server of DATABASE_URL lets us in.",
    fix: "Start the product; look into `postgres.log` in the data directory, or check DATABASE_URL and the server.",
    run: ({ db, databaseProblem }) => (db ? ok("It answers.") : failure(databaseProblem ?? "It does not answer.")),
  },
  {
    id: "database-version",
    looksAt: "Whether the server is PostgreSQL 15 or newer, in UTF-8, not a standby, and lets us make tables.",
    fix: "Use another server or database, as the sentence says.",
    run: withDatabase(async (db) => {
      const facts = await serverFacts(db);
      const problem = problemOf(facts);
      return problem ? failure(problem) : ok(`PostgreSQL ${Math.floor(facts.version / 10_000)}.`);
    }),
  },
  {
    id: "database-migrations",
    looksAt: "Whether the schema is that of this version.",
    fix: "Run `migrate`, or start the product. For a database of a newer version, install that version.",
    run: withDatabase(async (db) => {
      const pending = await pendingMigrations(db);
      return pending.length === 0 ? ok("The schema is up to date.") : warning(`Still to be applied: ${pending.join(", ")}.`);
    }),
  },
  {
    id: "database-durability",
    looksAt: "Settings of the server that keep what was stored through a power cut: fsync, full_page_writes, synchronous_commit.",
    fix: "Switch them on in postgresql.conf: a lost record of a sent mail sends it twice.",
    run: withDatabase(async (db) => {
      const { fsync, fullPageWrites, synchronousCommit } = await databaseHealth(db);
      const off = Object.entries({ fsync, full_page_writes: fullPageWrites, synchronous_commit: synchronousCommit });
      const names = off.flatMap(([name, value]) => (value === "off" ? [name] : []));
      return names.length === 0 ? ok("What is stored stays.") : failure(`Switched off: ${names.join(", ")}.`);
    }),
  },
  {
    id: "database-autovacuum",
    looksAt: "Whether the server clears away old versions of rows by itself.",
    fix: "Set autovacuum = on in postgresql.conf; without it every query becomes slower, until the database stops.",
    run: withDatabase(async (db) => {
      const { autovacuum } = await databaseHealth(db);
      return autovacuum === "on" ? ok("Autovacuum is on.") : failure("Autovacuum is off.");
    }),
  },
  {
    id: "database-clock",
    looksAt:
      "How far the clocks of this machine and of the database's machine are apart: a warning from 5 seconds, a failure from a minute.",
    fix: "Let both machines keep their time by NTP.",
    run: withDatabase(async (db) => {
      const before = Date.now();
      const clock = await databaseClock(db);
      const apart = Math.max(0, before - clock.getTime(), clock.getTime() - Date.now());
      const says = `The clocks are ${(apart / SECOND).toFixed(1)} s apart.`;
      return apart >= 60 * SECOND ? failure(says) : apart >= 5 * SECOND ? warning(says) : ok(says);
    }),
  },
  {
    id: "secret-key-matches",
    looksAt: "Whether the passwords and grants of mailboxes were encrypted with the secret key that is here.",
    fix: "Put the key back that they were encrypted with, or enter the passwords again with `mailbox add` and connect the others again.",
    run: withDatabase(async (db, { keys }) => {
      if (!keys) return unknown("There is no key to compare with.");
      const own = keyFingerprint(keys.credentials).toString("hex");
      const used = await sealingKeys(db);
      if (used.length === 0) return ok("No password is stored yet.");
      const others = used.filter((one) => one.key !== own).reduce((total, one) => total + one.secrets, 0);
      return others === 0 ? ok("Every password can be read.") : failure(`${others} stored passwords or grants need another key.`);
    }),
  },
];
