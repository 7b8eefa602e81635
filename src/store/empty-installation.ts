// Is this database still untouched, and how does it give way to a backup? A restore replaces nothing that anybody made.
import type { Queryable, Tx } from "./database.ts";
import { TABLES } from "./tables.ts";

/** The tables that hold what somebody made; none in a database that was never migrated. */
export async function filledTables(q: Queryable, names: readonly string[]): Promise<string[]> {
  const filled: string[] = [];
  for (const name of names) {
    if (TABLES[name]?.beginsFilled) continue;
    const { rowCount } = await q.query(`select from "${name.replaceAll('"', '""')}" limit 1`);
    if (rowCount) filled.push(name);
  }
  return filled;
}

/** Rows that a migration wrote give way to those of the backup. */
export async function emptyTables(tx: Tx, names: readonly string[]): Promise<void> {
  for (const name of names.toReversed()) await tx.query(`delete from "${name.replaceAll('"', '""')}"`);
}

/** Processes of the product that work on this database, other than this one. */
export async function otherProcesses(q: Queryable): Promise<number> {
  const { rows } = await q.query<{ processes: number }>(
    `select count(distinct client_port)::integer as processes from pg_stat_activity
     where datname = current_database() and application_name = 'marketing-agent-jobs'`,
  );
  return rows[0]?.processes ?? 0;
}

/** Removes these tables and the functions that their defaults and triggers use: what the migrations made, and nothing else of the schema. */
export async function dropTables(tx: Tx, names: readonly string[]): Promise<void> {
  const functions = await functionsOf(tx, names);
  for (const name of names) await tx.query(`drop table "${name.replaceAll('"', '""')}" cascade`);
  for (const signature of functions) await tx.query(`drop function ${signature}`);
}

async function functionsOf(tx: Tx, names: readonly string[]): Promise<string[]> {
  const { rows } = await tx.query<{ signature: string }>(
    `with ours as (
       select oid from pg_class where relnamespace = current_schema()::regnamespace and relname = any($1)),
     users as (
       select 'pg_trigger'::regclass as class, oid from pg_trigger where tgrelid in (select oid from ours)
       union all
       select 'pg_attrdef'::regclass, oid from pg_attrdef where adrelid in (select oid from ours))
     select distinct p.oid::regprocedure::text as signature from users
     join pg_depend d on d.classid = users.class and d.objid = users.oid and d.refclassid = 'pg_proc'::regclass
     join pg_proc p on p.oid = d.refobjid and p.pronamespace = current_schema()::regnamespace`,
    [names],
  );
  return rows.map((row) => row.signature);
}
