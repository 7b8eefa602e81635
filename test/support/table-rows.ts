// What stands in every table, so that two databases can be compared.
import type { Database } from "../../src/store/database.ts";
import { tableShapes } from "../../src/store/table-shape.ts";

/** Table → its rows as text, in one order whatever the order on the disk; of the tables that have rows. */
export async function rowsOf(db: Database, except: readonly string[] = []): Promise<Readonly<Record<string, readonly string[]>>> {
  const found: Record<string, string[]> = {};
  for (const { name } of await tableShapes(db)) {
    if (except.includes(name)) continue;
    const { rows } = await db.query<{ row: string }>(`select t::text as row from "${name}" t order by 1`);
    if (rows.length > 0) found[name] = rows.map(({ row }) => row);
  }
  return found;
}
