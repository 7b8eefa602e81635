// What does an import cost? A CSV of leads through importLeads, beside a bare COPY of the same rows, in the same database and in every round.
import { createReadStream } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { importLeads } from "../src/automations/import-leads.ts";
import type { Database } from "../src/store/database.ts";
import { ensureWorkspace } from "../src/store/workspace.ts";
import { testAgent } from "../test/support/agent.ts";
import { type Bench, type Figure, wholeNumber } from "./bench.ts";
import { timed } from "./machine.ts";
import { openStage, START } from "./stage.ts";

export const imported: Bench = {
  title: "a CSV of new leads, from the file into the table",
  options: { rows: { type: "string" }, rounds: { type: "string" } },
  async run(options) {
    const [rows, rounds] = [wholeNumber(options, "rows", 1_000_000), wholeNumber(options, "rounds", 1)];
    const stage = await openStage();
    try {
      const file = join(stage.directory, "leads.csv");
      await writeFile(file, "");
      await chmod(file, 0o666); // the server writes it, so that it is in nobody's memory, and reads it
      await stage.db.query(`copy (${rowsOf(rows)}) to '${file}' with (format csv, header)`);
      return await measured(stage.db, file, rows, rounds);
    } finally {
      await stage.close();
    }
  },
};

async function measured(db: Database, file: string, rows: number, rounds: number): Promise<Figure[]> {
  const [copies, keyed, imports]: [number[], number[], number[]] = [[], [], []];
  let cpuSeconds = 0;
  for (let round = 0; round < rounds; round += 1) {
    copies.push(rows / (await timed(() => copy(db, file, "city text"))).seconds);
    keyed.push(rows / (await timed(() => copy(db, file, "city text, id uuid primary key default new_id(), unique (email)"))).seconds);
    const taken = await timed(() => importInto(db, `team ${round}`, file));
    if (taken.result !== rows) throw new Error(`${taken.result} of ${rows} leads came in.`);
    imports.push(rows / taken.seconds);
    cpuSeconds += taken.cpuSeconds / rounds;
  }
  const bare: Figure = { what: "a bare COPY of the same rows", rounds: copies };
  const memory = `${Math.round(process.resourceUsage().maxRSS / 1_024)} MB at most`;
  return [
    bare,
    { what: "a COPY into a table with two keys", rounds: keyed, beside: bare },
    { what: "importLeads", rounds: imports, beside: bare, more: { "CPU without database": `${cpuSeconds.toFixed(1)} s`, memory } },
  ];
}

/** The least: the server itself reads the file. */
async function copy(db: Database, file: string, last: string): Promise<void> {
  await db.query(`create table bare_lead (email text not null, first_name text, company text, ${last})`);
  await db.query(`copy bare_lead (email, first_name, company, city) from '${file}' with (format csv, header)`);
  await db.query("drop table bare_lead");
}

async function importInto(db: Database, team: string, file: string): Promise<number> {
  const agent = testAgent({ db, clock: { now: () => START } });
  const workspaceId = await ensureWorkspace(db, team);
  const request = { workspaceId, fileName: "leads.csv", content: createReadStream(file), list: null, onDuplicate: "fill" as const };
  return (await importLeads(agent, request)).counts.created;
}

function rowsOf(count: number): string {
  return `select 'lead' || row || '@bakery' || row % 997 || '.example' as email, 'Kim' || row as first_name, 'Bakery ' || row as company, 'Berlin' as city
    from generate_series(0, ${count - 1}) as row`;
}
