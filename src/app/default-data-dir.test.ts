import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { defaultDataDir } from "./default-data-dir.ts";

// Not os.tmpdir(), which may itself be closed.
const parent = mkdtempSync("/tmp/agent-default-data-");
const checkout = join(parent, "checkout");
const somebody = { uid: 54_321, gid: 54_321 };
afterAll(() => rmSync(parent, { recursive: true, force: true }));
beforeEach(() => {
  chmodSync(parent, 0o755);
  rmSync(checkout, { recursive: true, force: true });
  mkdirSync(checkout, { mode: 0o755 });
});

test("data stands beside the checkout where the database's user can get there, or is whoever we are", () => {
  expect(defaultDataDir(checkout, somebody)).toBe("data");
  chmodSync(parent, 0o700);
  expect(defaultDataDir(checkout, undefined)).toBe("data");
});

test("in a folder that is closed to that user, each checkout has a directory of its own elsewhere, always the same", () => {
  chmodSync(parent, 0o700);
  const first = defaultDataDir(checkout, somebody, "/state");
  expect(first).toMatch(/^\/state\/checkout-[0-9a-f]{8}$/);
  expect(defaultDataDir(checkout, somebody, "/state")).toBe(first);
  mkdirSync(join(parent, "other"));
  expect(defaultDataDir(join(parent, "other"), somebody, "/state")).not.toBe(first);
});

test("a database that is there already is not left behind", () => {
  chmodSync(parent, 0o700);
  mkdirSync(join(checkout, "data/postgres"), { recursive: true });
  expect(defaultDataDir(checkout, somebody)).toBe("data");
});
