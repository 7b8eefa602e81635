// A sandbox that was killed leaves a database that runs; the next one clears it away, and nothing else.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { claimDataDirectory } from "./data-directory.ts";
import { processIdentity } from "./process-identity.ts";
import { removeAbandonedSandboxes } from "./sandbox-directory.ts";

// Not os.tmpdir(): the server runs as another user when the tests run as root, and must reach it.
const parent = mkdtempSync("/tmp/agent-sandboxes-");
chmodSync(parent, 0o755);
afterAll(() => rmSync(parent, { recursive: true, force: true }));

/** Opens a database there in a process of its own, and kills that. Returns the number of the server, which outlives it. */
async function killedOn(dataDir: string): Promise<number> {
  const module = JSON.stringify(new URL("embedded-postgres.ts", import.meta.url).href);
  const code = `const { openPostgres } = await import(${module}); const { pino } = await import("pino");
    await openPostgres({ dataDir: ${JSON.stringify(dataDir)}, log: pino({ level: "silent" }) }); console.log("open"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout ?? child, "data");
  child.kill("SIGKILL");
  await once(child, "exit");
  return Number(readFileSync(join(dataDir, "postgres/postmaster.pid"), "utf8").split("\n")[0]);
}

test("only what a killed sandbox left is stopped and removed", async () => {
  const [killed, running, fresh, own, other] = ["killed", "running", "fresh", "own"]
    .map((name) => join(parent, `marketing-agent-sandbox-${name}`))
    .concat(join(parent, "something-else")) as [string, string, string, string, string];
  for (const directory of [running, fresh, own, other]) mkdirSync(directory);
  const server = await killedOn(killed);
  const claim = await claimDataDirectory(running);
  expect(processIdentity(server)).toBeDefined();
  await removeAbandonedSandboxes(own, parent);
  claim.release();
  expect(existsSync(killed)).toBe(false);
  expect(processIdentity(server)).toBeUndefined();
  expect([running, fresh, own, other].map((directory) => existsSync(directory))).toEqual([true, true, true, true]);
});
