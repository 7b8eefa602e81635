// Can this product work on that PostgreSQL server? Asked once, before anything is written there, so that the answer is a sentence and not a failed migration.
import { AgentError } from "../core/errors.ts";
import { type Database, type ServerFacts, serverFacts, sqlState } from "../store/database.ts";

/** The SQL floor: `unique nulls not distinct` came with 15. */
const OLDEST = 150_000;

/** SQLSTATE: what a server says to a connection that it refuses. */
const REFUSALS: Readonly<Record<string, string>> = {
  "28P01": "The database server refuses the user name or password",
  "28000": "The database server does not let this user in from here",
  "3D000": "The database server has no database of that name",
  "53300": "The database server has no connection left",
  "57P03": "The database server is starting up",
};

/** @throws AgentError database_unavailable, database_unusable */
export async function checkServer(db: Database): Promise<void> {
  const facts = await ask(db);
  const problem = problemOf(facts);
  if (problem) throw new AgentError("database_unusable", problem, { detail: { ...facts } });
}

async function ask(db: Database): Promise<ServerFacts> {
  try {
    return await serverFacts(db);
  } catch (error) {
    const cause = error instanceof AgentError ? error.cause : error;
    const refusal = REFUSALS[sqlState(cause) ?? ""];
    const why = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
    const message = refusal
      ? `${refusal}; check DATABASE_URL.`
      : `The database server does not answer (${why}); check DATABASE_URL, and that it runs.`;
    throw new AgentError("database_unavailable", message, { cause, retryable: true });
  }
}

/** What stands in the way, with what to do about it; null when nothing does. */
export function problemOf({ version, encoding, user, database, readOnly, mayCreate }: ServerFacts): string | null {
  if (version < OLDEST) return `The database server is PostgreSQL ${Math.floor(version / 10_000)}; PostgreSQL 15 or newer is needed.`;
  if (readOnly) return "The database server is a standby, which only reads; name the primary in DATABASE_URL.";
  if (encoding !== "UTF8")
    return `The database ${database} is encoded in ${encoding}; make one with: create database ${database} encoding 'UTF8' template template0.`;
  if (!mayCreate)
    return `The database user ${user} may not create tables; make it the owner with: alter database ${database} owner to ${user}.`;
  return null;
}
