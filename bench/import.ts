// What does an import cost? A CSV of leads through importLeads, beside bare COPYs of the same rows, in the same database and in every round: of the file
// into a table without keys, into one with two, and of the finished leads into the table of leads itself.
import { createReadStream } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { importLeads } from "../src/automations/import-leads.ts";
import { type Database, only } from "../src/store/database.ts";
import { tableShapes } from "../src/store/table-shape.ts";
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
      const finished = join(stage.directory, "finished.copy");
      for (const one of [file, finished]) {
        await writeFile(one, "");
        await chmod(one, 0o666); // the server writes it, so that it is in nobody's memory, and reads it
      }
      await stage.db.query(`copy (${rowsOf(rows)}) to '${file}' with (format csv, header)`);
      return await measured(stage.db, { file, finished }, rows, rounds);
    } finally {
      await stage.close();
    }
  },
};

interface Files {
  readonly file: string;
  readonly finished: string;
}

async function measured(db: Database, { file, finished }: Files, rows: number, rounds: number): Promise<Figure[]> {
  const [copies, keyed, leads, imports]: [number[], number[], number[], number[]] = [[], [], [], []];
  let cpuSeconds = 0;
  for (let round = 0; round < rounds; round += 1) {
    copies.push(rows / (await timed(() => copy(db, file, "city text"))).seconds);
    keyed.push(rows / (await timed(() => copy(db, file, "city text, id uuid primary key default new_id(), unique (email)"))).seconds);
    const taken = await timed(() => importInto(db, `team ${round}`, file));
    if (taken.result !== rows) throw new Error(`${taken.result} of ${rows} leads came in.`);
    imports.push(rows / taken.seconds);
    leads.push(rows / (await copyFinished(db, `team ${round}`, finished)));
    cpuSeconds += taken.cpuSeconds / rounds;
  }
  const bare: Figure = { what: "a bare COPY of the same rows", rounds: copies };
  const intoLeads: Figure = { what: "a bare COPY of the finished rows into the table of leads", rounds: leads, beside: bare };
  const memory = `${Math.round(process.resourceUsage().maxRSS / 1_024)} MB at most`;
  return [
    bare,
    { what: "a COPY into a table with two keys", rounds: keyed, beside: bare },
    intoLeads,
    { what: "importLeads", rounds: imports, beside: intoLeads, more: { "CPU without database": `${cpuSeconds.toFixed(1)} s`, memory } },
  ];
}

/** The least: the server itself reads the file. */
async function copy(db: Database, file: string, last: string): Promise<void> {
  await db.query(`create table bare_lead (email text not null, first_name text, company text, ${last})`);
  await db.query(`copy bare_lead (email, first_name, company, city) from '${file}' with (format csv, header)`);
  await db.query("drop table bare_lead");
}

/** What an import cannot do without: the rows as they stand after it, copied back as another team's. Gives the seconds. */
async function copyFinished(db: Database, team: string, file: string): Promise<number> {
  const columns = only((await tableShapes(db)).filter(({ name }) => name === "lead")).columns;
  const [from, to] = [await ensureWorkspace(db, team), await ensureWorkspace(db, `${team}, copied`)];
  const values = columns.map((column) => ({ workspace_id: `'${to}'`, id: "new_id()" })[column] ?? column);
  await db.query(`copy (select ${values.join(", ")} from lead where workspace_id = '${from}') to '${file}'`);
  return (await timed(() => db.query(`copy lead (${columns.join(", ")}) from '${file}'`))).seconds;
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
