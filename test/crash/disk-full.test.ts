// The disk that holds the data is full while mails go out: the errors have a code, nothing is lost or doubled, and everything goes on when there is
// space again. The disk is a small one in memory, which takes root.
import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { joinRunning } from "../../src/app/embedded-postgres.ts";
import { masterKey } from "../../src/app/secret-key.ts";
import { Installation } from "../system/product-process.ts";
import { type AcceptingServer, startAcceptingServer } from "./accepting-server.ts";
import { allDone, compare } from "./campaign-under-fire.ts";
import { endDatabase, onDatabase, prepareEmbedded } from "./embedded-campaign.ts";
import { Children } from "./sending-child.ts";

const LEADS = process.env["CRASH_FORM"] === "short" ? 120 : 300;
const DISK = "160m";
const CHUNK = Buffer.alloc(64 * 1024, "x");
/** Elsewhere nobody but root may mount a disk; where CI runs the tests are root. */
const mayMount = process.getuid?.() === 0 && process.platform === "linux";

let server: AcceptingServer;
let children: Children;
let disk: string;

beforeEach(async () => {
  server = await startAcceptingServer(40);
  children = new Children();
  disk = join(children.directory, "disk");
  mkdirSync(disk);
  if (mayMount) execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK},mode=755`, "tmpfs", disk]);
});
afterEach(async () => {
  await children.killAll();
  if (mayMount) {
    rmSync(join(disk, "ballast"), { force: true });
    await endDatabase(join(disk, "data"));
    execFileSync("umount", ["--lazy", disk]);
  }
  await children.end();
  await server.stop();
});

/** To the last byte. Gives back what makes room again. */
function fill(): () => void {
  const ballast = join(disk, "ballast");
  const file = openSync(ballast, "w");
  try {
    for (let size = CHUNK.length; size >= 1; size = size > 1 ? Math.floor(size / 2) : 0) {
      try {
        for (;;) if (writeSync(file, CHUNK, 0, size) < size) break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      }
    }
  } finally {
    closeSync(file);
  }
  return () => rmSync(ballast);
}

describe.runIf(mayMount)("a disk that is full", () => {
  test.each<[string, boolean]>([
    ["for tables", false],
    ["for the write-ahead log, too: the database itself ends", true],
  ])("%s: sending waits for room, and goes on by itself", { timeout: 300_000 }, async (_for, withLog) => {
    const dataDir = join(disk, "data");
    await prepareEmbedded(dataDir, { leads: LEADS, smtpPort: server.port });
    const child = children.start({}, dataDir);
    await child.until(() => server.accepted.length > 20);

    const makeRoom = fill();
    if (withLog) await exhaustLog(dataDir);
    await child.until(() => child.log.includes(`"code":"${withLog ? "database_unavailable" : "database_full"}"`));
    const accepted = server.accepted.length;
    expect(accepted).toBeLessThan(LEADS);
    if (!withLog) await expectImportRefused(dataDir);
    makeRoom();

    await child.until(() => server.accepted.length > accepted, 120_000);
    const found = await onDatabase((await joinRunning(dataDir)) ?? "", async (db) => {
      await child.until(() => allDone(db), 120_000);
      return compare(db, server);
    });
    console.log("disk full", { withLog, accepted, ...found });
    expect(found).toMatchObject({ messages: LEADS, vanished: 0, doubled: 0, lost: 0, unknown: 0, neitherSentNorUncertain: 0 });
    expect(found.uncertainButAccepted).toBe(0);
    expect(await child.stop()).toBe(0);
  });
});

describe.runIf(mayMount)("a first start on a full disk", () => {
  test("fails with a code, and leaves nothing that the next one would take for a key", () => {
    const dataDir = join(disk, "data");
    mkdirSync(dataDir);
    const makeRoom = fill();
    expect(() => masterKey(undefined, dataDir)).toThrow(expect.objectContaining({ code: "data_directory_unusable" }));
    expect(readdirSync(dataDir)).toEqual([]);
    makeRoom();
    const key = masterKey(undefined, dataDir);
    expect(key).toHaveLength(32);
    expect(masterKey(undefined, dataDir)).toEqual(key);
    expect(statSync(join(dataDir, "secret.key")).mode & 0o777).toBe(0o600);
  });
});

/** Writes log until PostgreSQL cannot: then it ends all its processes, and cannot start before there is room. */
async function exhaustLog(dataDir: string): Promise<void> {
  const url = (await joinRunning(dataDir)) ?? "";
  await onDatabase(url, async (db) => {
    for (let megabytes = 0; megabytes < 200; megabytes += 1)
      await db.query("select pg_logical_emit_message(true, 'fill', repeat(md5(random()::text), 32768))");
  }).catch(() => undefined);
}

/** An import into the full disk says why it cannot be. */
async function expectImportRefused(dataDir: string): Promise<void> {
  const installation = new Installation(null, {
    MARKETING_AGENT_DATA_DIR: dataDir,
    MARKETING_AGENT_SECRET_KEY: Buffer.alloc(32).toString("base64"),
  });
  const rows = Array.from({ length: 5_000 }, (_, index) => `new${index}@bakery.example,${"x".repeat(500)}`);
  const file = installation.write("leads.csv", `email,notes\n${rows.join("\n")}\n`);
  const [team] = await onDatabase(
    (await joinRunning(dataDir)) ?? "",
    async (db) => (await db.query<{ name: string }>("select name from workspace")).rows,
  );
  const refused = await installation.run(["--workspace", team?.name ?? "", "leads", "import", file]).then(
    () => ({ code: 0, stderr: "" }),
    (error: { code: number; stderr: string }) => error,
  );
  installation.remove();
  expect(refused.stderr).toContain("[database_full]");
  expect(refused.code).toBe(4);
}
