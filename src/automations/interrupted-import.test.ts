// What an import leaves behind whose process was killed, and what it does for campaigns that run.
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase } from "../../test/support/database.ts";
import { Outreach } from "../../test/support/outreach.ts";
import type { Database } from "../store/database.ts";
import { openDatabase } from "../store/database.ts";
import { importById, markInterrupted, startImport } from "../store/lead-import.ts";
import { type ImportResult, importLeads } from "./import-leads.ts";

const START = new Date("2026-03-04T09:00:00Z");

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let db: Database;
let team: Outreach;

beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
  team = await Outreach.begin(db, START);
});
afterAll(() => database.drop());

function importOf(content: AsyncIterable<Uint8Array>, agent = team.agent): Promise<ImportResult> {
  return importLeads(agent, { workspaceId: team.workspaceId, fileName: "leads.csv", content, list: null, onDuplicate: "fill" });
}

async function* one(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

test("an import whose process died is interrupted as soon as the next one begins", async () => {
  const { promise: started, resolve: begin } = Promise.withResolvers<string>();
  const { promise: gone, resolve: die } = Promise.withResolvers<void>();
  // Another process: it has a pool of its own, which goes with it.
  const elsewhere = openDatabase({ connectionString: database.connectionString, maxConnections: 2, onIdleError: () => undefined });
  const dying = elsewhere.hold(async (held) => {
    begin(await startImport(held, { workspaceId: team.workspaceId, fileName: "old.csv", onDuplicate: "fill" }, START));
    await gone;
    await held.query("select pg_terminate_backend(pg_backend_pid())");
  });
  const old = (await started) as never;
  const state = async () => (await importById(db, team.workspaceId, old))?.state;
  await importOf(one("email\na@bakery.example\n"));
  expect(await state()).toBe("running");
  die();
  await expect(dying).rejects.toMatchObject({ code: "database_unavailable" });
  await elsewhere.close();
  const { importId } = await importOf(one("email\nb@bakery.example\n"));
  expect(await state()).toBe("interrupted");
  expect((await importById(db, team.workspaceId, importId))?.state).toBe("completed");
});

test("one that goes on is not taken for dead", async () => {
  let during: number | undefined;
  const content = (async function* () {
    yield Buffer.from("email\nc@bakery.example\n");
    during = await markInterrupted(db, START);
  })();
  const { importId } = await importOf(content);
  expect(during).toBe(0);
  expect((await importById(db, team.workspaceId, importId))?.state).toBe("completed");
});

test("new leads are enrolled at once where a campaign runs, and nothing is done for a file that brought none", async () => {
  await team.addMailbox("anna@team.example");
  const campaignId = await team.addCampaign("Repair log", { a: "0 minutes" }, "mailboxes: [anna@team.example]");
  await team.start(campaignId);
  await team.addCampaign("A draft", { a: "0 minutes" }, "mailboxes: [anna@team.example]");
  const enqueued: unknown[] = [];
  const jobs = { enqueue: async (_tx: unknown, name: string, payload: object) => void enqueued.push([name, payload]) };
  const agent = { ...team.agent, jobs } as typeof team.agent;
  await importOf(one("email\nd@bakery.example\n"), agent);
  expect(enqueued).toEqual([["enroll-leads", { workspaceId: team.workspaceId, campaignId }]]);
  await importOf(one("email\nd@bakery.example\n"), agent);
  expect(enqueued).toHaveLength(1);
});
