// Two processes that both read a mailbox kept two connections to it for ever. One of them listens; when it goes or dies, another does.
import { connect, createServer, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Agent } from "../../src/automations/agent.ts";
import { runJob } from "../../src/automations/run-job.ts";
import { createInboxPool } from "../../src/mail/inbox-pool.ts";
import { acquireLease } from "../../src/store/lease.ts";
import { listening } from "../support/listening.ts";
import { type LiveMailbox, LiveOutreach } from "../support/live-outreach.ts";
import { PATIENCE } from "../support/patience.ts";

let team: LiveOutreach;
let anna: LiveMailbox;
let counter: Awaited<ReturnType<typeof startCounter>>;
/** Which process enqueued what. */
let news: string[];

beforeEach(async () => {
  team = await LiveOutreach.begin();
  anna = await team.addMailbox("anna@team.example");
  counter = await startCounter(anna.imap.port);
  await team.db.query("update mailbox set imap_port = $2 where id = $1", [anna.id, counter.port]);
  news = [];
});
afterEach(async () => {
  await team.end();
  await counter.stop();
});

/** Stands before the IMAP server and counts who is connected. */
async function startCounter(behindPort: number) {
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client.once("close", () => clients.delete(client)));
    const behind = connect(behindPort, "127.0.0.1");
    for (const [from, to] of [
      [client, behind],
      [behind, client],
    ] as const) {
      from.on("error", () => from.destroy()).on("close", () => to.destroy());
      from.pipe(to);
    }
  });
  return { ...(await listening(server)), connected: () => clients.size };
}

/** @param leaseSeconds how long a process may be silent */
function addProcess(processId: string, leaseSeconds = 30): Agent {
  const agent = team.addProcess(processId, {
    inboxes: createInboxPool({ log: team.agent.log }),
    jobs: {
      enqueue: (_tx, name) => {
        news.push(`${processId}: ${name}`);
        return Promise.resolve();
      },
    },
  });
  return Object.assign(agent, { settings: { ...agent.settings, sending: { ...agent.settings.sending, lease_seconds: leaseSeconds } } });
}

const sync = (agent: Agent) => runJob(agent, "sync-inbox", { workspaceId: team.workspaceId, mailboxId: anna.id });
const listens = (agent: Agent) => agent.inboxes.watcherOf(anna.id) !== null;

function deliver(): void {
  team.deliver(`From: kim@bakery.example\r\nTo: anna@team.example\r\nMessage-ID: <${Math.random()}@bakery.example>\r\n\r\nHello.\r\n`);
}

test("only one process stays connected, and all of them can read", async () => {
  const [one, two] = [addProcess("one"), addProcess("two")];
  await sync(one);
  await sync(two);
  await sync(two);
  expect([listens(one), listens(two)]).toEqual([true, false]);
  await vi.waitFor(() => expect(counter.connected()).toBe(1), PATIENCE);
  deliver();
  await vi.waitFor(() => expect(news).toEqual(["one: sync-inbox"]), PATIENCE);
  expect(await sync(two)).toMatchObject({ seen: 1, failed: 0 });
  expect(await sync(one)).toMatchObject({ seen: 0, failed: 0 });
});

test("a process that stops hands the mailbox over at once", async () => {
  const [one, two] = [addProcess("one"), addProcess("two")];
  await sync(one);
  await one.inboxes.close();
  await sync(two);
  expect(listens(two)).toBe(true);
  await vi.waitFor(() => expect(counter.connected()).toBe(1), PATIENCE);
  await vi.waitFor(
    () => {
      deliver();
      expect(news).toContain("two: sync-inbox");
    },
    { ...PATIENCE, interval: 300 },
  );
});

test("a process that dies loses the mailbox when its lease runs out", async () => {
  const dead = { workspaceId: team.workspaceId, mailboxId: anna.id, purpose: "watch", holder: "dead process", seconds: 1 } as const;
  await acquireLease(team.db, dead);
  const two = addProcess("two");
  await sync(two);
  expect(listens(two)).toBe(false);
  await vi.waitFor(
    async () => {
      await sync(two);
      expect(listens(two)).toBe(true);
    },
    { ...PATIENCE, interval: 200 },
  );
});

test("a process that slept through its lease stops listening", async () => {
  const one = addProcess("one", 0.6);
  await sync(one);
  expect(listens(one)).toBe(true);
  await team.db.query("update mailbox_lease set fence = fence + 1, holder = 'two' where mailbox_id = $1 and purpose = 'watch'", [anna.id]);
  await vi.waitFor(() => expect([listens(one), counter.connected()]).toEqual([false, 0]), PATIENCE);
});
