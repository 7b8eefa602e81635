// IMAP servers that lie, never end, or say what nobody asked for: bounded in time and memory, said in the log, and no other mail is lost for it.
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runJob } from "../../src/automations/run-job.ts";
import { createInboxPool } from "../../src/mail/inbox-pool.ts";
import { type LiveMailbox, LiveOutreach } from "../support/live-outreach.ts";
import { PATIENCE } from "../support/patience.ts";
import { startUnrulyImap, told, type UnrulyImap } from "../support/unruly-imap.ts";

const TIMEOUT = 0.5;
const MIB = 1024 * 1024;

let team: LiveOutreach;
let anna: LiveMailbox;
let imap: UnrulyImap;
let log: { event?: string; uid?: number }[];

beforeEach(async () => {
  team = await LiveOutreach.begin({
    settings: { receiving: { timeout_seconds: TIMEOUT, command_timeout_seconds: 4 * TIMEOUT, batch: 10 } },
  });
  anna = await team.addMailbox("anna@team.example");
  imap = await startUnrulyImap();
  log = [];
  const write = (line: string) => void log.push(JSON.parse(line) as (typeof log)[number]);
  const inboxes = createInboxPool({ log: pino({ level: "silent" }), idle: false, reconnect: { firstMs: 1, factor: 1, maxMs: 1 } });
  Object.assign(team.agent, { log: pino({ level: "warn" }, { write }), inboxes });
  await team.db.query("update mailbox set imap_port = $2 where id = $1", [anna.id, imap.port]);
  await team.db.query("delete from inbox_cursor where mailbox_id = $1", [anna.id]);
  await sync();
});
afterEach(async () => {
  await team.end();
  await imap.stop();
});

async function sync(): Promise<Record<string, number>> {
  await sleep(5); // past the wait between two attempts
  const began = performance.now();
  const counts = await runJob(team.agent, "sync-inbox", { workspaceId: team.workspaceId, mailboxId: anna.id });
  expect(performance.now() - began).toBeLessThan(10_000);
  return counts;
}

function add(...uids: readonly number[]): void {
  imap.mails.push(
    ...uids.map((uid) => ({ uid, raw: `From: kim@bakery.example\r\nMessage-ID: <${uid}@bakery.example>\r\n\r\nMail ${uid}.\r\n` })),
  );
}

/** UIDs that were stored, in the order of the transactions in which they were. */
async function stored(): Promise<number[]> {
  const { rows } = await team.db.query<{ uid: number }>(
    "select uid from inbound_message where mailbox_id = $1 order by xmin::text::bigint, uid",
    [anna.id],
  );
  return rows.map((row) => row.uid);
}

describe("a server that says too much", () => {
  test("tells mails twice, in any order, and others that nobody asked for: each is stored once, by ascending UID", async () => {
    add(3, 5, 9, 12);
    imap.order = (mails) => [...mails, ...mails].toReversed();
    imap.chatter = "* 1 FETCH (FLAGS (\\Seen))\r\n* 9 EXISTS\r\n* 0 RECENT\r\n* 77 FETCH (UID 4000 FLAGS ())\r\n* OK [ALERT] full moon\r\n";
    expect(await sync()).toMatchObject({ seen: 4, stored: 4, failed: 0 });
    expect(await stored()).toEqual([3, 5, 9, 12]);
    expect(await sync()).toMatchObject({ seen: 0, failed: 0 });
  });

  test("another UIDVALIDITY for every question: nothing is read by a wrong cursor, and reading goes on when it has decided", async () => {
    add(3);
    imap.opensWith = 8;
    await team.agent.inboxes.forget(anna.id); // of an open folder only the one question is asked
    expect(await sync()).toMatchObject({ stored: 0, failed: 1 });
    expect(log.map((line) => line.event)).toContain("inbox.folder_not_read");
    Object.assign(imap, { uidValidity: 8, opensWith: null });
    expect(await sync()).toMatchObject({ stored: 1, failed: 0 });
  });
});

describe("a folder that is told to be as it was", () => {
  beforeEach(async () => {
    add(3);
    await sync();
    // who listens keeps the connection, and what is known of it
    await team.agent.inboxes.close();
    Object.assign(team.agent, { inboxes: createInboxPool({ log: pino({ level: "silent" }) }) });
    await sync();
    await sync();
    imap.fetches = 0;
  });

  test("is not asked for mails, and what comes in then is read", async () => {
    expect(await sync()).toMatchObject({ seen: 0, failed: 0 });
    expect(imap.fetches).toBe(0);
    add(5);
    expect(await sync()).toMatchObject({ seen: 1, failed: 0 });
  });

  test("is read all the same now and then: its UIDNEXT may stand still", async () => {
    imap.uidNext = 4;
    add(5);
    for (let poll = 0; poll < 15 && (await stored()).length < 2; poll += 1) await sync();
    expect(await stored()).toEqual([3, 5]);
  });

  test("is read again by whoever takes its cursor back", async () => {
    await team.db.query("update inbox_cursor set last_uid = 0 where mailbox_id = $1", [anna.id]);
    await team.db.query("delete from inbound_message where mailbox_id = $1", [anna.id]);
    expect(await sync()).toMatchObject({ seen: 1, stored: 1 });
  });
});

describe("a greeting that never ends", () => {
  test.each<[string, (socket: Socket) => void]>([
    ["in one line, as fast as it is read", flood],
    ["a byte now and then", (socket) => again(socket, () => socket.write("*"))],
    ["in lines", (socket) => again(socket, () => socket.write("* what?\r\n"))],
  ])("%s: the mailbox is not read, and is read when the server is well", async (_how, greet) => {
    add(3);
    imap.greet = greet;
    await team.agent.inboxes.forget(anna.id);
    const before = process.memoryUsage().rss;
    expect(await sync()).toMatchObject({ stored: 0, failed: 1 });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * MIB);
    imap.greet = null;
    await expect.poll(sync, PATIENCE).toMatchObject({ stored: 1 });
  });
});

describe("one mail that breaks the connection whenever it is fetched", () => {
  test.each<[string, UnrulyImap["tell"]]>([
    [
      "a literal that is shorter than announced",
      lie((socket, mail, place) => socket.write(told(mail.uid, place, mail.raw, mail.raw.length + 50))),
    ],
    ["a literal that is longer than announced", lie((socket, mail, place) => socket.write(told(mail.uid, place, mail.raw, 10)))],
    ["200 MB, whatever part is asked for", lie((socket) => flood(socket, `* 2 FETCH (UID 5 BODY[]<0> {${200 * MIB}}\r\n`))],
    ["a hang-up", lie((socket) => socket.destroy())],
  ])("%s: those before it and behind it are read, and it is passed over, loudly", { timeout: 60_000 }, async (_what, tell) => {
    add(3, 5, 9);
    imap.tell = tell;
    const before = process.memoryUsage().rss;
    await expect.poll(async () => (await sync(), stored()), { timeout: 40_000, interval: 10 }).toEqual([3, 9]);
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * MIB);
    expect(log.filter((line) => line.event === "inbox.message_skipped")).toMatchObject([{ uid: 5 }]);
    add(11);
    expect(await sync()).toMatchObject({ stored: 1, failed: 0 });
  });

  test("a moment of trouble loses none", async () => {
    add(3, 5, 9);
    let troubles = 2;
    imap.tell = lie((socket) => (troubles-- > 0 ? socket.destroy() : undefined));
    await expect.poll(async () => (await sync(), stored()), { ...PATIENCE, interval: 10 }).toEqual([3, 5, 9]);
  });
});

describe("a connection that listens", () => {
  const arrives = (id: number) =>
    team.deliver(`From: kim@bakery.example\r\nTo: anna@team.example\r\nMessage-ID: <${id}@bakery.example>\r\n\r\nHello ${id}.\r\n`);

  test("and is forgotten on the way without a word is replaced by the next poll, which reads what came in; then news is heard again", async () => {
    const reconnect = { firstMs: 1, factor: 1, maxMs: 1 };
    Object.assign(team.agent, { inboxes: createInboxPool({ log: pino({ level: "silent" }), reconnect }) });
    await team.db.query("update mailbox set imap_port = $2 where id = $1", [anna.id, anna.gate.port]);
    anna.gate.silentFrom = /IDLE/i;
    await sync();
    await expect.poll(() => anna.gate.silenced, PATIENCE).toBe(1);
    anna.gate.silentFrom = null;
    arrives(1);
    expect(await sync()).toMatchObject({ stored: 1, failed: 0 });
    arrives(2);
    await expect.poll(() => team.runJobs(team.agent).then(stored), PATIENCE).toHaveLength(2);
  });
});

/** About UID 5 alone. What says nothing is not said: the mail is told as it is. */
function lie(say: (socket: Socket, mail: UnrulyImap["mails"][number], place: number) => unknown): UnrulyImap["tell"] {
  return (socket, mail, place) => mail.uid === 5 && say(socket, mail, place) !== undefined;
}

const CHUNK = Buffer.alloc(64 * 1024, "x");

function flood(socket: Socket, first = "* OK "): boolean {
  socket.write(first);
  const on = () => {
    while (!socket.destroyed && socket.write(CHUNK));
    socket.once("drain", on);
  };
  on();
  return true;
}

function again(socket: Socket, say: () => void): void {
  const timer = setInterval(say, 20);
  socket.once("close", () => clearInterval(timer));
}
