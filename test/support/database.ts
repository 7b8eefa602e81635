// A database of its own for a test file: a clone of the migrated template, made in some tens of milliseconds.
import { randomBytes } from "node:crypto";
import { afterAll, inject } from "vitest";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { onServer, urlOf } from "./postgres-cluster.ts";

export interface TestDatabase {
  readonly db: Database;
  /** For what opens connections of its own: the job engine, a child process. */
  readonly connectionString: string;
  /** Closes `db` and removes the database, whoever is still connected to it. */
  drop(): Promise<void>;
}

/** Migrated, unless the test is about migrations. */
export async function createTestDatabase({ migrated = true } = {}): Promise<TestDatabase> {
  const { adminUrl, template } = inject("postgres");
  const name = `${template}_${randomBytes(6).toString("hex")}`;
  // half the work of writing every page to the log, which is PostgreSQL's default
  await onServer(adminUrl, [`create database ${name} template ${migrated ? template : "template0"} strategy file_copy`]);
  const connectionString = urlOf(adminUrl, name);
  const db = openDatabase({ connectionString, maxConnections: 10, onIdleError: () => undefined });
  return { db, connectionString, drop: () => drop(db, adminUrl, name) };
}

/** For all tests of the file that asks at its top; dropped after the last of them. */
export async function databaseForTests(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  afterAll(() => database.drop());
  return database;
}

async function drop(db: Database, adminUrl: string, name: string): Promise<void> {
  await db.close();
  await onServer(adminUrl, [`drop database ${name} with (force)`]);
}
