// Where a sandbox keeps its database: a directory of its own that goes with it, and if it was killed, with the next one.
import { chmodSync, existsSync, lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { claimDataDirectory } from "./data-directory.ts";
import { findPostmaster, stopPostmaster } from "./postmaster.ts";

const PREFIX = "marketing-agent-sandbox-";

/** A name that nobody could make before us. */
export function makeSandboxDirectory(): string {
  const dataDir = mkdtempSync(join(tmpdir(), PREFIX));
  // The database does not run as root and must pass through.
  if (process.getuid?.() === 0) chmodSync(dataDir, 0o711);
  return dataDir;
}

/** Stops the databases of sandboxes that were killed, and removes their directories. Those of others, and of sandboxes that run, are left alone. */
export async function removeAbandonedSandboxes(own: string, parent = tmpdir()): Promise<void> {
  for (const name of readdirSync(parent)) {
    const dataDir = join(parent, name);
    if (name.startsWith(PREFIX) && dataDir !== own && isOurs(dataDir)) await removeAbandoned(dataDir);
  }
}

function isOurs(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.isDirectory() && found.uid === process.getuid?.();
}

async function removeAbandoned(dataDir: string): Promise<void> {
  // One that was made a moment ago has no owner yet, but will.
  if (!existsSync(join(dataDir, "owner.json"))) return;
  const claim = await claimDataDirectory(dataDir).catch(() => null);
  if (!claim) return;
  const postmaster = findPostmaster({ dataDir, files: join(dataDir, "postgres") });
  if (postmaster) await stopPostmaster(postmaster);
  rmSync(dataDir, { recursive: true, force: true });
  claim.release();
}
