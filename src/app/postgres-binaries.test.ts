// Programs in folders that the database's user may not enter, and packages whose install script did not run.
import { chmodSync, mkdirSync, mkdtempSync, readlinkSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { closedFolder, linkLibraries, usableBinaries } from "./postgres-binaries.ts";

const STRANGER = { uid: 54_321, gid: 54_321 };
let directory: string;
let installed: string;
let dataDir: string;

beforeEach(() => {
  directory = realpathSync(mkdtempSync("/tmp/agent-binaries-"));
  chmodSync(directory, 0o755);
  dataDir = join(directory, "data");
  installed = join(directory, "home/package/native");
  for (const folder of [dataDir, join(installed, "bin"), join(installed, "lib/pkgconfig")]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(installed, "../package.json"), JSON.stringify({ version: "18.4.0" }));
  writeFileSync(
    join(installed, "pg-symlinks.json"),
    JSON.stringify([{ source: "native/lib/libpq.so.5.18", target: "native/lib/libpq.so.5" }]),
  );
  for (const file of ["bin/postgres", "lib/libpq.so.5.18", "lib/libpq.a"]) writeFileSync(join(installed, file), "");
});

afterEach(() => rmSync(directory, { recursive: true }));

test("programs that the user can reach are used where they are", () => {
  expect(usableBinaries(dataDir, STRANGER, installed)).toBe(installed);
});

test("library links that the install script did not make are made", () => {
  usableBinaries(dataDir, undefined, installed);
  expect(readlinkSync(join(installed, "lib/libpq.so.5"))).toBe("libpq.so.5.18");
});

test("links that exist are left alone", () => {
  expect([linkLibraries(installed), linkLibraries(installed)]).toEqual([true, true]);
});

test("programs in a folder closed to the user are copied, with their links, once", () => {
  chmodSync(join(directory, "home"), 0o700);
  const copy = usableBinaries(dataDir, STRANGER, installed);
  expect(copy).toBe(join(dataDir, "programs-18.4.0"));
  expect(closedFolder(copy, STRANGER)).toBeUndefined();
  expect(readlinkSync(join(copy, "lib/libpq.so.5"))).toBe("libpq.so.5.18");
  rmSync(installed.replace("native", "native/bin"), { recursive: true });
  expect(usableBinaries(dataDir, STRANGER, installed)).toBe(copy);
});

test("the outermost closed folder is named; its owner may pass", () => {
  chmodSync(join(directory, "home"), 0o700);
  expect(closedFolder(installed, STRANGER)).toBe(join(directory, "home"));
  expect(closedFolder(installed, { uid: process.getuid?.() ?? 0, gid: 0 })).toBeUndefined();
});
