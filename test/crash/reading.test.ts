// A reader that is killed again and again while it takes in a backlog: no mail is lost, and none has its consequences twice.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { only } from "../../src/store/database.ts";
import { folderProgress } from "../../src/store/inbox.ts";
import { type LiveMailbox, LiveOutreach } from "../support/live-outreach.ts";
import { reply } from "../support/mails.ts";

const PROGRAM = fileURLToPath(new URL("reading-process.ts", import.meta.url));
const LEADS = 20;
const MAILS = 300;
const KILLS = 6;

let team: LiveOutreach;
let anna: LiveMailbox;

beforeEach(async () => {
  team = await LiveOutreach.begin();
  anna = await team.addMailbox("anna@team.example");
});
afterEach(() => team.end());

function startReader() {
  const env = { DATABASE_URL: team.connectionString, WORKSPACE: team.workspaceId, MAILBOX: anna.id, NOW: team.now.toISOString() };
  return fork(PROGRAM, { env: { ...process.env, ...env }, execArgv: [], stdio: ["ignore", "inherit", "inherit", "ipc"] });
}

const stored = async () =>
  only((await team.db.query<{ n: number }>("select count(*)::integer as n from inbound_message where mailbox_id = $1", [anna.id])).rows).n;

/** Every fifteenth answers a lead's mail; the others are nobody's. */
async function deliverBacklog(): Promise<void> {
  for (let nth = 0; nth < MAILS; nth += 1) {
    const lead = `lead${String(nth / 15 + 1).padStart(2, "0")}@bakery.example`;
    const news = `From: news@shop.example\r\nTo: ${anna.email}\r\nMessage-ID: <${nth}@shop.example>\r\nSubject: Offers\r\n\r\nOffer ${nth}.\r\n`;
    team.deliver(nth % 15 === 0 ? reply({ to: await team.lastOurs(lead), from: lead }) : news);
  }
}

test("every mail of a backlog is taken in once, wherever its readers were killed", { timeout: 240_000 }, async () => {
  await team.addLeads(LEADS);
  await team.start(team.campaign({ steps: { a: "0 minutes", b: "9 days" } }));
  await team.pass();
  expect(team.accepted()).toHaveLength(LEADS);
  await deliverBacklog();
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const reader = startReader();
    const ended = once(reader, "exit");
    await expect.poll(stored, { timeout: 60_000, interval: 1 }).toBeGreaterThanOrEqual((kill * MAILS) / (KILLS + 1));
    reader.kill("SIGKILL");
    await ended;
  }
  expect(await stored()).toBeLessThan(MAILS);
  expect(await once(startReader(), "exit")).toEqual([0, null]);
  expect(await stored()).toBe(MAILS);
  const inbox = (await folderProgress(team.db, team.workspaceId, anna.id)).filter((one) => one.folder === "INBOX");
  expect(inbox).toMatchObject([{ seen: MAILS, stored: MAILS, duplicates: 0 }]);
  expect(new Set(Object.values(await team.standings()))).toEqual(new Set(["replied: replied"]));
  const events = await team.db.query<{ kind: string; n: number }>(
    "select kind, count(*)::integer as n from engagement_event where workspace_id = $1 group by kind",
    [team.workspaceId],
  );
  expect(events.rows).toEqual([{ kind: "reply", n: LEADS }]);
});
