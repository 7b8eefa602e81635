// What does the schema look like now? Tables with the columns that hold what was written, parents before those that refer to them.
import type { Queryable } from "./database.ts";
import { PARTITIONED, type Partitioned } from "./partition.ts";

export interface TableShape {
  readonly name: string;
  /** Without generated ones, which the database fills itself. */
  readonly columns: readonly string[];
}

/** Tables of ours, each after all that it refers to; partitions belong to their table. */
export async function tableShapes(q: Queryable): Promise<TableShape[]> {
  const { rows } = await q.query<TableShape & { refersTo: readonly string[] }>(
    `select t.relname as name,
       array(select a.attname::text from pg_attribute a
         where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
       array(select distinct referred.relname::text from pg_constraint key join pg_class referred on referred.oid = key.confrelid
         where key.conrelid = t.oid and key.contype = 'f' and key.confrelid <> t.oid) as "refersTo"
     from pg_class t where t.relnamespace = current_schema()::regnamespace and t.relkind in ('r', 'p') and not t.relispartition
     order by t.relname`,
  );
  return inOrder(rows).map(({ name, columns }) => ({ name, columns }));
}

function inOrder<Table extends { name: string; refersTo: readonly string[] }>(tables: readonly Table[]): Table[] {
  const ordered = new Set<Table>();
  const place = (table: Table, above: readonly string[]): void => {
    if (ordered.has(table) || above.includes(table.name)) return;
    for (const parent of table.refersTo) {
      const found = tables.find((one) => one.name === parent);
      if (found) place(found, [...above, table.name]);
    }
    ordered.add(table);
  };
  for (const table of tables) place(table, []);
  return [...ordered];
}

export interface Partition {
  readonly table: Partitioned;
  /** The first day of its month, and of the next: `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
}

/** The monthly partitions that there are (store/partition.ts names them). */
export async function monthlyPartitions(q: Queryable): Promise<Partition[]> {
  const { rows } = await q.query<Partition>(
    `select "table", month::text as "from", (month + interval '1 month')::date::text as "to" from (
       select parent.relname as "table", to_date(right(child.relname, 7), 'YYYY_MM') as month
       from pg_inherits join pg_class child on child.oid = inhrelid join pg_class parent on parent.oid = inhparent
       where parent.relnamespace = current_schema()::regnamespace and parent.relname = any($1) and child.relkind = 'r'
         and child.relname ~ ('^' || parent.relname || '_[0-9]{4}_[0-9]{2}$')) monthly
     order by 1, 2`,
    [PARTITIONED],
  );
  return rows;
}

export interface SequenceState {
  readonly name: string;
  /** Null: not used yet. */
  readonly lastValue: number | null;
}

/** Sequences and identity columns: where they stand is no row of a table. */
export async function sequenceStates(q: Queryable): Promise<SequenceState[]> {
  const { rows } = await q.query<SequenceState>(
    `select sequencename as name, last_value as "lastValue" from pg_sequences where schemaname = current_schema() order by sequencename`,
  );
  return rows;
}

export async function setSequence(q: Queryable, { name, lastValue }: SequenceState): Promise<void> {
  await q.query("select setval(format('%I', $1::text)::regclass, $2) where $2::bigint is not null", [name, lastValue]);
}

/** The server that the rows are read from, for whoever reads the backup later. */
export async function serverVersion(q: Queryable): Promise<string> {
  const { rows } = await q.query<{ version: string }>("select current_setting('server_version') as version");
  return rows[0]?.version ?? "";
}
