// Commands on a sandbox's data directory live by the sandbox's time.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { DAY } from "../core/instant.ts";
import { announceSandbox, sandboxOn } from "./sandbox-time.ts";

const dataDir = mkdtempSync(join(tmpdir(), "agent-sandbox-time-"));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

test("a directory that is no sandbox's has no time of its own", () => {
  expect(sandboxOn(dataDir)).toBeNull();
});

test("another process reads the sandbox's clock and settings", () => {
  const start = new Date("2026-03-03T08:00:00Z");
  const before = Date.now();
  announceSandbox(dataDir, start, 1_000, { "receiving.stale_after_seconds": 43_200 });
  const sandbox = sandboxOn(dataDir);
  const passed = (sandbox?.clock.now().getTime() ?? 0) - start.getTime();
  expect(passed).toBeGreaterThanOrEqual(0);
  expect(passed).toBeLessThanOrEqual((Date.now() - before + 1) * 1_000);
  expect(passed).toBeLessThan(DAY);
  expect(sandbox?.settings).toEqual({ "receiving.stale_after_seconds": 43_200 });
});

test("a file that is damaged is an error, not the wall clock", () => {
  writeFileSync(join(dataDir, "sandbox.json"), '{"start":"yesterday"}');
  expect(() => sandboxOn(dataDir)).toThrow("start the sandbox again");
});
