// Inboxes are read over real sockets into a real database; only what is done with each mail is a recording.
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Agent } from "../../src/automations/agent.ts";
import type { InboxHandlers } from "../../src/automations/hand-on-mails.ts";
import { secretBinding } from "../../src/automations/mailbox-access.ts";
import { syncInbox } from "../../src/automations/sync-inbox.ts";
import { syncInboxes } from "../../src/automations/sync-inboxes.ts";
import { sealSecret } from "../../src/core/encrypted-secret.ts";
import type { MailboxId, WorkspaceId } from "../../src/core/ids.ts";
import { after, MINUTE, SECOND } from "../../src/core/instant.ts";
import { settingsSchema } from "../../src/core/settings.ts";
import type { ImapAccess } from "../../src/mail/imap.ts";
import { createInboxPool, type FetchedMessage, type InboxPool } from "../../src/mail/inbox-pool.ts";
import { tryInbox } from "../../src/mail/try-inbox.ts";
import { only } from "../../src/store/database.ts";
import { advanceCursor, cursorsOf, folderProgress, inboxReadToEndAt } from "../../src/store/inbox.ts";
import { acquireLease } from "../../src/store/lease.ts";
import { type Mailbox, mailboxById, resumeMailbox } from "../../src/store/mailbox.ts";
import { testAgent } from "../support/agent.ts";
import { databaseForTests } from "../support/database.ts";
import { type ImapOptions, type ImapServer, startImapServer } from "../support/mail-servers.ts";
import { PATIENCE } from "../support/patience.ts";

const ADDRESS = "anna@team.example";
const PASSWORD = "correct horse";
const TIMEOUT_SECONDS = 1;

const database = await databaseForTests();
const { db } = database;
let workspaceId: WorkspaceId;
let mailboxId: MailboxId;
let server: ImapServer;
let pool: InboxPool;
let agent: Agent;
let now = new Date("2026-03-02T08:00:00Z");
/** What was handed on, in order: folder and subject. */
let received: string[];
let contents: Set<string>;
/** Jobs that news brought about. */
let enqueued: string[];
/** Subjects that cannot be handled. */
let poisoned: Set<string>;
let log: { event?: string }[];

beforeEach(() => {
  received = [];
  contents = new Set();
  enqueued = [];
  poisoned = new Set();
  log = [];
  pool = newPool();
  agent = newAgent("first process", pool);
});
afterEach(async () => {
  await pool.close();
  await server?.stop();
});

function newPool(idle = true): InboxPool {
  return createInboxPool({ log: pino({ level: "silent" }), idle, reconnect: { firstMs: 20, factor: 2, maxMs: 200 } });
}

function newAgent(processId: string, inboxes: InboxPool): Agent {
  return testAgent({
    db,
    clock: { now: () => now },
    settings: settingsSchema.parse({ receiving: { timeout_seconds: TIMEOUT_SECONDS, batch: 3, max_message_bytes: 2_000 } }),
    log: pino({ level: "debug" }, { write: (line: string) => void log.push(JSON.parse(line) as { event?: string }) }),
    jobs: {
      enqueue: (_tx, name, _payload, key) => {
        enqueued.push(`${name} ${key}`);
        return Promise.resolve();
      },
    },
    inboxes,
    processId,
  });
}

/** A workspace with one mailbox, whose server has `before` in its INBOX already. */
async function connect(
  options: Partial<ImapOptions> & { before?: readonly string[]; extraFolders?: readonly string[] } = {},
): Promise<void> {
  const { before = [], extraFolders = [], ...imap } = options;
  server = await startImapServer({ address: ADDRESS, password: PASSWORD, ...imap });
  for (const subject of before) server.deliver(mail(subject));
  await addMailbox(server.port, extraFolders);
}

async function addMailbox(port: number, extraFolders: readonly string[] = []): Promise<void> {
  const workspaces = await db.query<{ id: WorkspaceId }>("insert into workspace (name) values ('team ' || new_id()) returning id");
  workspaceId = only(workspaces.rows).id;
  const mailboxes = await db.query<{ id: MailboxId }>(
    `insert into mailbox (workspace_id, email, identity_key, provider, smtp_host, smtp_port, smtp_security, imap_host, imap_port, imap_security,
       extra_folders, daily_cap, min_gap_seconds, created_at, updated_at)
     values ($1, $2, $2, 'custom', '127.0.0.1', 25, 'none', '127.0.0.1', $3, 'none', $4, 40, 90, $5, $5) returning id`,
    [workspaceId, ADDRESS, port, extraFolders, now],
  );
  mailboxId = only(mailboxes.rows).id;
  const secret = sealSecret(agent.keys.credentials, PASSWORD, secretBinding(mailboxId, "imap_secret"));
  await db.query("update mailbox set imap_secret = $2 where id = $1", [mailboxId, secret]);
}

function mail(subject: string, size = 0): string {
  return `From: lead@bakery.example\r\nTo: ${ADDRESS}\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@bakery.example>\r\n\r\n${"x".repeat(size)}\r\n`;
}

function subjectOf({ raw }: FetchedMessage): string {
  return /^Subject: (.*)$/m.exec(Buffer.from(raw).toString())?.[1]?.trim() ?? "";
}

interface Examined {
  readonly mailbox: Mailbox;
  readonly messages: readonly FetchedMessage[];
}

/** Like receive-messages: a known content is a duplicate, and the cursor moves in the transaction that handles the mails, here all of them. */
const handlers: InboxHandlers<Examined> = {
  examine: (_agent, mailbox, messages) => Promise.resolve({ mailbox, messages }),
  receive: async function* ({ mailbox: { workspaceId: of, id }, messages }) {
    const told = messages.map((message) => {
      const content = Buffer.from(message.raw).toString();
      return { name: `${message.folder} ${subjectOf(message)}`, content, stored: !contents.has(content), message };
    });
    await db.transaction(async (tx) => {
      for (const { message, stored } of told) {
        if (poisoned.has(subjectOf(message))) throw new Error(`Cannot read ${subjectOf(message)}.`);
        const { folder, uidValidity, uid } = message;
        await advanceCursor(tx, { workspaceId: of, mailboxId: id, folder, uidValidity, uid, seen: 1, stored: stored ? 1 : 0 });
      }
    });
    for (const { name, content } of told) {
      received.push(name);
      contents.add(content);
    }
    yield told;
  },
};

const sync = (by = agent) => syncInbox(by, { workspaceId, mailboxId }, handlers);
const accessTo = (more: Partial<ImapAccess> = {}): ImapAccess => ({
  host: "127.0.0.1",
  port: server.port,
  security: "none",
  login: { kind: "password", username: ADDRESS, password: PASSWORD },
  timeoutMs: TIMEOUT_SECONDS * SECOND,
  ...more,
});
const events = () => log.map((line) => line.event);
const readToEndAt = () => inboxReadToEndAt(db, workspaceId, mailboxId);

function later(): void {
  now = after(now, MINUTE);
}

describe("reading", () => {
  test("begins when the mailbox is connected: older mail is left alone", async () => {
    await connect({ before: ["old 1", "old 2"] });
    expect(await sync()).toEqual({ folders: 3, seen: 0, stored: 0, duplicates: 0, failed: 0 });
    server.deliver(mail("new"));
    expect(await sync()).toEqual({ folders: 3, seen: 1, stored: 1, duplicates: 0, failed: 0 });
    expect(received).toEqual(["INBOX new"]);
  });

  test("hands each new mail on once, in order, over more than one batch, and marks none as read", async () => {
    await connect({ before: ["old"] });
    await sync();
    const subjects = Array.from({ length: 8 }, (_, index) => `mail ${index + 1}`);
    for (const subject of subjects) server.deliver(mail(subject));
    expect(await sync()).toMatchObject({ seen: 8, stored: 8 });
    expect(await sync()).toMatchObject({ seen: 0, failed: 0 });
    expect(received).toEqual(subjects.map((subject) => `INBOX ${subject}`));
    expect(server.messages().flatMap((message) => message.flags)).toEqual([]);
  });

  test("takes Sent before INBOX before Junk, nested folders, and others only where they were chosen", async () => {
    const folders = [
      { path: "Mail/Spam" },
      { path: "Mail/Sent", specialUse: "\\Sent" },
      { path: "Customers/North" },
      { path: "Private" },
    ] as const;
    await connect({ folders, extraFolders: ["Customers/North"] });
    await sync();
    for (const folder of ["Private", "Customers/North", "Mail/Spam", "INBOX", "Mail/Sent"]) server.deliver(mail(`in ${folder}`), folder);
    await sync();
    expect(received).toEqual(["Mail/Sent in Mail/Sent", "INBOX in INBOX", "Mail/Spam in Mail/Spam", "Customers/North in Customers/North"]);
  });

  test("knows folders apart that share a UIDVALIDITY", async () => {
    await connect({ uidValidity: 1 });
    await sync();
    for (const folder of ["INBOX", "Junk", "Sent"]) server.deliver(mail(`in ${folder}`), folder);
    await sync();
    server.deliver(mail("another"), "Junk");
    await sync();
    expect(received).toEqual(["Sent in Sent", "INBOX in INBOX", "Junk in Junk", "Junk another"]);
  });

  test.each([["IDLE"], ["CONDSTORE"], ["SPECIAL-USE"], ["NAMESPACE"]] as const)("works without %s", async (extension) => {
    await connect({ without: [extension], before: ["old"] });
    await sync();
    server.deliver(mail("new"));
    server.deliver(mail("spam"), "Junk");
    await sync();
    expect(received).toEqual(["INBOX new", "Junk spam"]);
  });

  test("cuts a mail that is too long, and reads the next one whole", async () => {
    await connect();
    await sync();
    server.deliver(mail("long", 5_000));
    server.deliver(mail("short"));
    const messages: FetchedMessage[] = [];
    await syncInbox(
      agent,
      { workspaceId, mailboxId },
      {
        ...handlers,
        receive: (examined) => {
          messages.push(...examined.messages);
          return handlers.receive(examined);
        },
      },
    );
    expect(messages.map(({ raw, truncated }) => [raw.length, truncated])).toEqual([
      [2_000, true],
      [mail("short").length, false],
    ]);
    expect(messages[0]?.internalDate).toBeInstanceOf(Date);
  });

  test("reads a rebuilt folder anew, and goes on from there", async () => {
    await connect({ before: ["old"] });
    await sync();
    server.deliver(mail("known"));
    await sync();
    server.setUidValidity("INBOX", 4_000_000_000);
    server.deliver(mail("new"));
    later();
    expect(await sync()).toMatchObject({ seen: 3, stored: 2, duplicates: 1 });
    expect(received).toEqual(["INBOX known", "INBOX old", "INBOX known", "INBOX new"]);
    expect(await sync()).toMatchObject({ seen: 0 });
    expect((await cursorsOf(db, workspaceId, mailboxId)).get("INBOX")).toMatchObject({ uidValidity: 4_000_000_000, lastUid: 3 });
  });

  test("finds its old place again when the server returns to an earlier UIDVALIDITY", async () => {
    await connect();
    const before = 1_000_000_000;
    server.setUidValidity("INBOX", before);
    await sync();
    server.deliver(mail("one"));
    await sync();
    server.setUidValidity("INBOX", 4_000_000_000);
    later();
    await sync();
    server.setUidValidity("INBOX", before);
    later();
    expect(await sync()).toMatchObject({ seen: 0 });
    expect(await sync()).toMatchObject({ seen: 0 });
    expect(await readToEndAt()).toEqual(now);
  });
});

describe("read to the end", () => {
  test("is said with the moment at which the listing began, and only when every folder was read", async () => {
    await connect();
    await sync();
    const first = now;
    expect(await readToEndAt()).toEqual(first);
    later();
    poisoned.add("poison");
    server.deliver(mail("poison"));
    await sync();
    expect(await readToEndAt()).toEqual(first);
    poisoned.clear();
    await sync();
    expect(await readToEndAt()).toEqual(now);
  });

  test("does not wait for a folder that is gone; one that appears later is read from its beginning", async () => {
    await connect({ folders: [{ path: "Junk" }], extraFolders: ["Customers"] });
    await sync();
    await server.stop();
    server = await startImapServer({ address: ADDRESS, password: PASSWORD, folders: [{ path: "Spam" }, { path: "Customers" }] });
    await db.query("update mailbox set imap_port = $2 where id = $1", [mailboxId, server.port]);
    server.deliver(mail("an answer"), "Spam");
    server.deliver(mail("sorted by a rule"), "Customers");
    later();
    await sync();
    expect(received).toEqual(["Spam an answer", "Customers sorted by a rule"]);
    expect(await readToEndAt()).toEqual(now);
  });
});

describe("a mail that cannot be handled", () => {
  test("is tried again, before those behind it, and does not hold up other folders", async () => {
    await connect();
    await sync();
    for (const subject of ["one", "poison", "three"]) server.deliver(mail(subject));
    server.deliver(mail("spam"), "Junk");
    poisoned.add("poison");
    expect(await sync()).toEqual({ folders: 3, seen: 3, stored: 2, duplicates: 0, failed: 1 });
    expect(received).toEqual(["INBOX one", "Junk spam"]);
    poisoned.clear();
    await sync();
    expect(received).toEqual(["INBOX one", "Junk spam", "INBOX poison", "INBOX three"]);
  });

  test("is passed over, loudly, when it failed three times in a row", async () => {
    await connect();
    await sync();
    for (const subject of ["poison", "next"]) server.deliver(mail(subject));
    poisoned.add("poison");
    await sync();
    await sync();
    expect(received).toEqual([]);
    expect(await sync()).toMatchObject({ seen: 2, stored: 1, failed: 1 });
    expect(received).toEqual(["INBOX next"]);
    expect(events()).toContain("inbox.message_skipped");
    expect(await folderProgress(db, workspaceId, mailboxId)).toContainEqual(
      expect.objectContaining({ folder: "INBOX", seen: 2, stored: 1 }),
    );
  });
});

describe("news", () => {
  test("that IDLE reports has the inbox read soon", async () => {
    await connect();
    await sync();
    await vi.waitFor(() => expect(server.deliver(mail("news")) && enqueued).toContain(`sync-inbox ${mailboxId}`), {
      ...PATIENCE,
      interval: 300,
    });
  });

  test("that came in between reading INBOX and listening is not missed", async () => {
    await connect();
    await sync();
    await syncInbox(agent, { workspaceId, mailboxId }, handlers);
    server.deliver(mail("first"));
    await syncInbox(
      agent,
      { workspaceId, mailboxId },
      {
        ...handlers,
        receive: (...all) => {
          server.deliver(mail("meanwhile"));
          return handlers.receive(...all);
        },
      },
    );
    expect(received).toEqual(["INBOX first"]);
    await vi.waitFor(() => expect(enqueued).toContain(`sync-inbox ${mailboxId}`), PATIENCE);
  });

  test("is heard again after the server dropped the connection", async () => {
    await connect();
    await sync();
    server.dropConnections();
    server.deliver(mail("while away"));
    await vi.waitFor(() => expect(enqueued).toContain(`sync-inbox ${mailboxId}`), PATIENCE);
    await sync();
    expect(received).toEqual(["INBOX while away"]);
    enqueued = [];
    await vi.waitFor(() => expect(server.deliver(mail("news")) && enqueued).not.toEqual([]), { ...PATIENCE, interval: 300 });
  });

  test("is not waited for where a server has no IDLE: the poll reads it", async () => {
    await connect({ without: ["IDLE"] });
    await sync();
    server.deliver(mail("news"));
    await syncInboxes(agent);
    expect(enqueued).toContain(`sync-inbox ${mailboxId}`);
    await sync();
    expect(received).toEqual(["INBOX news"]);
  });
});

describe("a server that fails", () => {
  test("in the middle of reading is read on at the next poll, nothing twice", async () => {
    await connect();
    await sync();
    for (const subject of ["1", "2", "3", "4", "5"]) server.deliver(mail(subject));
    const counts = await syncInbox(
      agent,
      { workspaceId, mailboxId },
      {
        ...handlers,
        receive: (examined) => {
          if (examined.messages.some((message) => subjectOf(message) === "2")) server.dropConnections();
          return handlers.receive(examined);
        },
      },
    );
    expect(counts.failed).toBe(1);
    await vi.waitFor(async () => expect(await sync()).toMatchObject({ failed: 0 }), PATIENCE);
    expect(received).toEqual(["1", "2", "3", "4", "5"].map((subject) => `INBOX ${subject}`));
  });

  test("to accept the password pauses the mailbox, and nothing tries on until a person has looked", async () => {
    await connect();
    await sync();
    server.setPassword("changed");
    server.dropConnections();
    await vi.waitFor(async () => {
      await sync();
      expect(await mailboxById(db, workspaceId, mailboxId)).toMatchObject({ state: "paused", pauseReason: "imap_auth" });
    }, PATIENCE);
    expect((await mailboxById(db, workspaceId, mailboxId))?.pauseDetail).toMatch(/refused the user name or password.*app password/s);
    server.setPassword(PASSWORD);
    expect(await sync()).toMatchObject({ folders: 0 });
    await resumeMailbox(db, workspaceId, mailboxId, now);
    expect(await sync()).toMatchObject({ folders: 3, failed: 0 });
  });

  test("to answer is counted, and the mailbox stays active", async () => {
    await connect();
    const { port } = server;
    await server.stop();
    expect(await sync()).toMatchObject({ failed: 1 });
    expect(events()).toContain("inbox.not_read");
    expect(await mailboxById(db, workspaceId, mailboxId)).toMatchObject({ state: "active" });
    expect(await tryInbox(accessTo({ port })).catch((error: unknown) => error)).toMatchObject({
      code: "imap_unreachable",
      retryable: true,
    });
  });
});

describe("two processes", () => {
  test("never read a mailbox at the same time", async () => {
    await connect();
    await sync();
    for (const subject of ["1", "2", "3", "4", "5"]) server.deliver(mail(subject));
    const otherPool = newPool();
    const counts = await Promise.all([sync(), sync(newAgent("second process", otherPool))]);
    await otherPool.close();
    expect(counts.map(({ seen }) => seen).toSorted((a, b) => a - b)).toEqual([0, 5]);
    expect(received).toHaveLength(5);
  });

  test("take turns: a lease that another holds is respected, and ours is given back", async () => {
    await connect();
    const wanted = { workspaceId, mailboxId, purpose: "read", holder: "another", seconds: 1 } as const;
    await acquireLease(db, wanted);
    expect(await sync()).toMatchObject({ folders: 0 });
    await vi.waitFor(async () => expect(await sync()).toMatchObject({ folders: 3 }), PATIENCE);
    expect(await acquireLease(db, wanted)).not.toBeNull();
  });
});

describe("the pool", () => {
  test("puts copies into Sent, finds them by their Message-ID, and leaves INBOX as it was", async () => {
    await connect({ before: ["unread"] });
    const found = await pool.withInbox(mailboxId, accessTo(), async (inbox) => {
      await inbox.append("Sent", Buffer.from(mail("copy")), ["\\Seen"], new Date("2026-03-02T09:00:00Z"));
      return [await inbox.search("Sent", "<copy@bakery.example>"), await inbox.search("Sent", "<other@bakery.example>")];
    });
    expect(found).toEqual([[1], []]);
    expect(server.messages("Sent")).toMatchObject([{ flags: ["\\Seen"] }]);
    expect(server.messages()).toMatchObject([{ flags: [] }]);
  });

  test("serves one at a time, and works on after one that failed", async () => {
    await connect();
    const order: string[] = [];
    const use = (name: string, fails = false) =>
      pool.withInbox(mailboxId, accessTo(), async (inbox) => {
        order.push(`${name} begins`);
        await inbox.folders();
        order.push(`${name} ends`);
        if (fails) throw new Error("failed");
      });
    const results = await Promise.allSettled([use("a"), use("b", true), use("c")]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(order).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  });

  test("does not knock at a closed door again and again", async () => {
    await connect();
    await server.stop();
    const failing = () => pool.withInbox(mailboxId, accessTo(), () => Promise.resolve()).catch((error: unknown) => error);
    const [first, second] = [await failing(), await failing()];
    expect(first).toMatchObject({ code: "imap_unreachable" });
    expect(second).toBe(first);
  });
});

describe("a connection test", () => {
  test("lists the folders with their roles", async () => {
    await connect();
    expect((await tryInbox(accessTo())).folders).toEqual([
      { path: "INBOX", role: "inbox" },
      { path: "Sent", role: "sent" },
      { path: "Junk", role: "junk" },
    ]);
  });

  test.each([
    ["STARTTLS that the server does not offer", { security: "starttls" }, "imap_tls"],
    ["TLS on a port without it", { security: "tls" }, "imap_tls"],
    ["a wrong password", { login: { kind: "password", username: ADDRESS, password: "wrong" } }, "imap_auth"],
    ["no password", { login: { kind: "password", username: ADDRESS, password: "" } }, "imap_auth"],
    ["a private address where only public ones may be used", { allowPrivateHosts: false }, "imap_unreachable"],
    ["an unknown name", { host: "mail.invalid" }, "imap_unreachable"],
  ] as const)("refuses %s", async (_what, access, code) => {
    await connect();
    expect(await tryInbox(accessTo(access)).catch((error: unknown) => error)).toMatchObject({ code });
  });

  test.each([
    ["says nothing", () => undefined],
    ["greets and says nothing more", (socket: Socket) => socket.write("* OK ready\r\n")],
  ])("is over in time when the server %s", async (_what, greet) => {
    await connect();
    const silent = await startSilentServer(greet);
    const began = performance.now();
    const error = await tryInbox(accessTo({ port: (silent.address() as AddressInfo).port })).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "imap_unreachable", retryable: true });
    expect(performance.now() - began).toBeLessThan(3 * TIMEOUT_SECONDS * SECOND);
    silent.close();
  });
});

async function startSilentServer(greet: (socket: Socket) => void): Promise<Server> {
  const silent = createServer((socket) => {
    socket.on("error", () => undefined);
    greet(socket);
  });
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  return silent;
}
