// backup, restore and keys as a shell has them, between the embedded database and a PostgreSQL server, both ways.
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inShell } from "../support/command-line.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { quickDisk } from "../support/quick-disk.ts";

const directory = mkdtempSync(join(quickDisk(), "agent-backup-"));
// the database's user must pass through
chmodSync(directory, 0o711);
let server: TestDatabase;

beforeAll(async () => {
  server = await createTestDatabase({ migrated: false });
});
afterAll(async () => {
  await server.drop();
  rmSync(directory, { recursive: true, force: true });
});

const path = (name: string) => join(directory, name);

let passphraseTold = "";

/** On the embedded database of a data directory, unless a server's URL is given. */
const agent = (dataDir: string, url: string | null, ...words: readonly string[]) => {
  const env = { MARKETING_AGENT_DATA_DIR: path(dataDir), PASSPHRASE: passphraseTold, ...(url === null ? {} : { DATABASE_URL: url }) };
  return inShell(words, { cwd: directory, env });
};

test("embedded → server → embedded: with the key, and only with it", { timeout: 240_000 }, async () => {
  writeFileSync(path("leads.csv"), "email,company\nkim@bakery.example,Käsekuchen\nlee@bakery.example,Lee & Co\n");
  expect(await agent("first", null, "leads", "import", "leads.csv")).toMatchObject({ code: 0 });
  const backup = await agent("first", null, "--json", "backup");
  expect(backup).toMatchObject({ code: 0, err: "" });
  const { file, key } = JSON.parse(backup.out) as { file: string; key: string };
  expect(readdirSync(path("first/backups"))).toHaveLength(1);
  expect(statSync(path("first/backups")).mode & 0o777).toBe(0o700);
  expect((await agent("first", null, "keys", "fingerprint")).out.trim()).toBe(key);
  expect((await agent("first", null, "keys", "export", path("key"))).out).toContain(key);
  expect(statSync(path("key")).mode & 0o777).toBe(0o600);
  expect(readFileSync(path("key"), "utf8")).toBe(readFileSync(path("first/secret.key"), "utf8"));

  const url = server.connectionString;
  const without = await agent("second", url, "restore", file);
  expect(without).toMatchObject({
    code: 3,
    err: expect.stringContaining(`The backup needs the secret key ${key}; give it with --secret-key FILE`),
  });
  expect(existsSync(path("second/secret.key"))).toBe(false);
  // a new installation that was looked at already has a key of its own
  expect(await agent("second", url, "status")).toMatchObject({ code: 0 });
  const restored = await agent("second", url, "restore", file, "--secret-key", path("key"));
  expect(restored).toMatchObject({ code: 0, err: "" });
  expect(restored.out).toContain("The key that this installation had stands in");
  expect((await agent("second", url, "leads", "list")).out).toContain("lee@bakery.example");
  expect((await agent("second", url, "keys", "fingerprint")).out.trim()).toBe(key);
  expect(await agent("second", url, "restore", file)).toMatchObject({ code: 3, err: expect.stringContaining("installation_not_empty") });

  expect(await agent("second", url, "backup", path("back.tar.gz"))).toMatchObject({ code: 0 });
  expect(await agent("third", null, "restore", path("back.tar.gz"), "--secret-key", path("key"))).toMatchObject({ code: 0, err: "" });
  expect((await agent("third", null, "leads", "list")).out).toContain("kim@bakery.example");
  const sound = await agent("third", null, "--json", "doctor");
  expect(sound).toMatchObject({ code: 0, err: "" });
  expect(JSON.parse(sound.out)).toMatchObject({
    healthy: true,
    checks: expect.arrayContaining([expect.objectContaining({ id: "disk-space" })]),
  });
});

test("a workspace goes from one installation to another, under another name", { timeout: 120_000 }, async () => {
  const url = server.connectionString;
  const passphrase = ["--passphrase-env", "PASSPHRASE"];
  passphraseTold = "short";
  expect(await agent("second", url, "workspace", "export", path("w.tar.gz"), ...passphrase)).toMatchObject({ code: 2 });
  passphraseTold = "a long and winding road";
  expect(await agent("second", url, "workspace", "export", path("w.tar.gz"), ...passphrase)).toMatchObject({ code: 0, err: "" });
  expect(statSync(path("w.tar.gz")).mode & 0o777).toBe(0o600);
  expect(await agent("second", url, "workspace", "import", path("w.tar.gz"))).toMatchObject({
    code: 2,
    err: expect.stringContaining("is in this installation already"),
  });
  const imported = await agent("fifth", null, "workspace", "import", path("w.tar.gz"), ...passphrase, "--as", "moved");
  expect(imported).toMatchObject({ code: 0, err: "", out: expect.stringContaining('The workspace "moved" is here: ') });
  expect((await agent("fifth", null, "--workspace", "moved", "leads", "list")).out).toContain("kim@bakery.example");
  expect((await agent("fifth", null, "leads", "list")).out).not.toContain("kim@bakery.example");
});

test("doctor works where no database does, and makes none", { timeout: 60_000 }, async () => {
  const away = await agent("fourth", "postgres://agent:hush@127.0.0.1:1/mail", "doctor");
  expect(away.code).toBe(1);
  expect(away.out).toMatch(/FAILURE {2}database-reachable: The database server does not answer \(ECONNREFUSED\)/);
  expect(away.out + away.err).not.toContain("hush");
  expect((await agent("fourth", null, "doctor")).out).toContain("There is no database in");
  expect(existsSync(path("fourth"))).toBe(false);
});
