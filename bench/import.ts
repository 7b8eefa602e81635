// What does an import cost? A CSV of leads through importLeads, beside a bare COPY of the same rows into an equal table, in the same run.
import { chmodSync, createReadStream, mkdtempSync, rmSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import { openPostgres } from "../src/app/embedded-postgres.ts";
import { importLeads } from "../src/automations/import-leads.ts";
import { type Database, openDatabase } from "../src/store/database.ts";
import { migrate } from "../src/store/migrate.ts";
import { ensureWorkspace } from "../src/store/workspace.ts";
import { testAgent } from "../test/support/agent.ts";
import { machine, peakMemory, timed } from "./machine.ts";

const LEADS = Number(process.argv[2] ?? 1_000_000);
const START = new Date("2026-03-04T09:00:00Z");
const PIECE = 1_000;

/** The file, made while it is read, so that it is in nobody's memory. */
function* csv(): Generator<Buffer> {
  yield Buffer.from("email,first_name,company,city\n");
  for (let lead = 0; lead < LEADS; lead += PIECE) {
    const rows = Array.from({ length: Math.min(PIECE, LEADS - lead) }, (_, at) => lead + at);
    yield Buffer.from(rows.map((row) => `lead${row}@bakery${row % 997}.example,Kim${row},Bakery ${row},Berlin\n`).join(""));
  }
}

/** The least: the server reads the same rows from a file into a table with two keys. */
async function bareCopy(db: Database, file: string): Promise<void> {
  await db.query(
    "create table bare_lead (id uuid primary key default new_id(), email text not null unique, first_name text, company text, city text)",
  );
  await db.query(`copy bare_lead (email, first_name, company, city) from '${file}' with (format csv, header)`);
}

async function run(db: Database, directory: string): Promise<void> {
  await migrate(db);
  const agent = testAgent({ db, clock: { now: () => START } });
  const workspaceId = await ensureWorkspace(db, "bench");
  const file = join(directory, "leads.csv");
  await writeFile(file, csv());
  await chmod(file, 0o644);
  const copied = await timed(() => bareCopy(db, file));
  const request = { workspaceId, fileName: "leads.csv", content: createReadStream(file), list: null, onDuplicate: "fill" as const };
  const imported = await timed(async () => (await importLeads(agent, request)).counts.created);
  if (imported.result !== LEADS) throw new Error(`${imported.result} of ${LEADS} leads came in.`);
  console.table({
    "bare COPY": { seconds: copied.seconds.toFixed(2), "per second": Math.round(LEADS / copied.seconds) },
    importLeads: { seconds: imported.seconds.toFixed(2), "per second": Math.round(LEADS / imported.seconds) },
  });
  console.log(
    `${(imported.seconds / copied.seconds).toFixed(2)} times the bare COPY; CPU without database ${imported.cpuSeconds.toFixed(2)} s`,
  );
}

const directory = mkdtempSync("/tmp/agent-bench-");
chmodSync(directory, 0o711); // as root, PostgreSQL runs as another user, who must get in
const postgres = await openPostgres({ dataDir: join(directory, "data"), log: pino({ level: "silent" }) });
const db = openDatabase({ connectionString: postgres.connectionString, maxConnections: 10, onIdleError: () => undefined });
try {
  console.log(machine());
  await run(db, directory);
  console.log(peakMemory());
} finally {
  await db.close();
  await postgres.stop();
  rmSync(directory, { recursive: true, force: true });
}
