import { ImapFlow } from "imapflow";
import { afterEach, expect, test } from "vitest";
import { type ImapOptions, type ImapServer, startImapServer } from "./hoodiecrow.ts";

const AT = new Date("2026-03-03T08:00:00Z");
const USER = { address: "anna@team.example", password: 'p w"1' };
let server: ImapServer;
let client: ImapFlow;

async function open(options: Partial<ImapOptions> = {}): Promise<void> {
  const folders = [{ path: "Sent", specialUse: "\\Sent" }, { path: "Clients/Old mail" }] as const;
  server = await startImapServer({ ...USER, folders, clock: { now: () => AT }, ...options });
  client = await login(USER.password);
}

async function login(pass: string): Promise<ImapFlow> {
  const { host, port } = server;
  const flow = new ImapFlow({ host, port, secure: false, auth: { user: USER.address, pass }, logger: false });
  flow.on("error", () => undefined);
  await flow.connect();
  return flow;
}

const mail = (id: number, body = "Grüße") =>
  Buffer.from(`From: a@b.example\r\nMessage-ID: <${id}@b.example>\r\nSubject: ${id}\r\n\r\n${body}\r\n`);

afterEach(async () => {
  client.close();
  await server.stop();
});

test("folders, their roles and their counts are told", async () => {
  await open();
  server.append(mail(1), AT);
  const folders = await client.list();
  expect(folders.map(({ path, specialUse }) => [path, specialUse ?? null])).toEqual([
    ["INBOX", "\\Inbox"],
    ["Sent", "\\Sent"],
    ["Clients", null],
    ["Clients/Old mail", null],
  ]);
  const counts = { messages: true, uidNext: true, uidValidity: true, highestModseq: true };
  expect(await client.status("INBOX", counts)).toMatchObject({ messages: 1, uidNext: 2 });
  expect(await client.status("Clients/Old mail", counts)).toMatchObject({ messages: 0, uidNext: 1 });
  const validities = await Promise.all(folders.map(async ({ path }) => (await client.mailboxOpen(path)).uidValidity));
  expect(new Set(validities).size).toBe(3); // a folder and its parent, made together, share one
});

test("reading leaves no mark, byte for byte", async () => {
  await open();
  server.append(mail(1), AT);
  await client.mailboxOpen("INBOX");
  const [read] = await client.fetchAll("1:*", { source: true, internalDate: true, envelope: true }, { uid: true });
  expect(read?.source).toEqual(mail(1));
  expect(read?.internalDate).toEqual(AT);
  expect(server.messages()).toMatchObject([{ uid: 1, flags: [], raw: mail(1) }]);
});

test("the beginnings of several mails can be fetched at once", async () => {
  await open();
  for (const id of [1, 2, 3]) server.append(mail(id, "x".repeat(id === 2 ? 5_000 : 10)), AT);
  await client.mailboxOpen("INBOX");
  const parts = await client.fetchAll("1:*", { source: { start: 0, maxLength: 1_000 } }, { uid: true });
  expect(parts.map(({ source }) => source?.length)).toEqual([mail(1, "x".repeat(10)).length, 1_000, mail(3, "x".repeat(10)).length]);
});

test("UID ranges behave as RFC 3501 says: an open one holds the last mail", async () => {
  await open();
  for (const id of [1, 2, 3]) server.append(mail(id), AT);
  await client.mailboxOpen("INBOX");
  const uids = async (range: string) => (await client.fetchAll(range, { uid: true }, { uid: true })).map(({ uid }) => uid);
  expect(await uids("2:*")).toEqual([2, 3]);
  expect(await uids("1,3")).toEqual([1, 3]);
  expect(await uids("4:*")).toEqual([3]);
  expect(await client.search({ header: { "message-id": "<2@b.example>" } }, { uid: true })).toEqual([2]);
});

test("only what changed since is listed, and nothing when nothing did", async () => {
  await open();
  for (const id of [1, 2, 3]) server.append(mail(id), AT);
  const { highestModseq: since = 0n } = await client.mailboxOpen("INBOX");
  expect(await client.fetchAll("1:*", { flags: true }, { uid: true, changedSince: since })).toEqual([]);
  server.append(mail(4), AT);
  expect(await client.fetchAll("1:*", { flags: true }, { uid: true, changedSince: since })).toMatchObject([{ uid: 4 }]);
});

test("a mail that is deleted takes its UID with it", async () => {
  await open();
  for (const id of [1, 2, 3]) server.append(mail(id), AT);
  await client.mailboxOpen("INBOX");
  const expunged = new Promise((resolve) => client.once("expunge", resolve));
  await client.messageDelete("2", { uid: true });
  expect(await expunged).toMatchObject({ seq: 2 });
  expect(server.messages().map(({ uid }) => uid)).toEqual([1, 3]);
  expect(server.append(mail(4), AT)).toBe(4);
});

test("a copy of a sent mail is kept with its flags, dated by the clock", async () => {
  await open();
  expect(await client.append("Sent", mail(1), ["\\Seen"])).toMatchObject({ destination: "Sent", uid: 1 });
  await client.mailboxOpen("Sent");
  expect(await client.fetchOne("1", { internalDate: true })).toMatchObject({ internalDate: AT });
  expect(server.messages("Sent")).toMatchObject([{ flags: ["\\Seen"], raw: mail(1) }]);
});

test("extensions can be left out, and folders can share a UIDVALIDITY", async () => {
  const folders = [{ path: "Sent", uidValidity: 7 }];
  await open({ without: ["IDLE", "CONDSTORE", "SPECIAL-USE"], folders, inboxUidValidity: 7 });
  expect(client.capabilities.has("IDLE")).toBe(false);
  expect(client.capabilities.has("CONDSTORE")).toBe(false);
  expect((await client.mailboxOpen("INBOX")).uidValidity).toBe(7n);
  expect((await client.mailboxOpen("Sent")).uidValidity).toBe(7n);
  server.setUidValidity("INBOX", 8);
  expect((await client.mailboxOpen("INBOX")).uidValidity).toBe(8n);
});

test("passwords change, connections break", async () => {
  await open();
  server.setPassword("new");
  await expect(login(USER.password)).rejects.toMatchObject({ authenticationFailed: true });
  const broken = new Promise((resolve) => client.once("close", resolve));
  server.dropConnections();
  await broken;
  client = await login("new");
});
