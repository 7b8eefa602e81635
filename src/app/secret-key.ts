// The master key: from the settings, else from a file that only its owner may read, made on the first start. Never in the database.
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AgentError } from "../core/errors.ts";
import { createWhole, openDataDirectory, orUnusable } from "./data-directory.ts";

const BYTES = 32;
const FILE = "secret.key";

/** 32 bytes; made on the first start where none is configured. AgentError secret_key_missing when what is configured is no key. */
export function masterKey(configured: string | undefined, dataDir: string): Uint8Array {
  if (configured !== undefined) return decode(configured);
  const path = fileIn(dataDir);
  // Of two first starts one makes the key and the other reads it.
  if (!existsSync(path)) orUnusable(dataDir, () => createWhole(path, randomBytes(BYTES).toString("base64"), 0o600));
  return readKeyFile(path);
}

/** The same, without making one: null where there is none yet. */
export function knownMasterKey(configured: string | undefined, dataDir: string): Uint8Array | null {
  if (configured !== undefined) return decode(configured);
  const path = join(dataDir, FILE);
  return existsSync(path) ? readKeyFile(path) : null;
}

/** @throws AgentError secret_key_missing where there is no key, or one that others can read */
export function readKeyFile(path: string): Uint8Array {
  if (!existsSync(path)) throw new AgentError("secret_key_missing", `There is no key file ${path}.`);
  if ((statSync(path).mode & 0o077) !== 0)
    throw new AgentError("secret_key_missing", `${path} can be read by others; run chmod 600 ${path}.`);
  return decode(readFileSync(path, "utf8"));
}

/** Into a file that only its owner may read. False where there is a file already: it stays as it is. */
export function writeKey(path: string, key: Uint8Array): boolean {
  try {
    writeFileSync(path, Buffer.from(key).toString("base64"), { mode: 0o600, flag: "wx", flush: true });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new AgentError("data_directory_unusable", `The key file ${path} cannot be written.`, { cause });
  }
}

/** The key of a data directory from now on. One that stood there is kept beside it, under the name that is returned; null: there was none. */
export function replaceKey(dataDir: string, key: Uint8Array): string | null {
  const path = fileIn(dataDir);
  const kept = `${path}.until-${new Date().toISOString().replaceAll(/[:.]/g, "-")}`;
  const replaced = existsSync(path);
  if (replaced) renameSync(path, kept);
  writeKey(path, key);
  return replaced ? kept : null;
}

function fileIn(dataDir: string): string {
  return join(openDataDirectory(dataDir), FILE);
}

function decode(text: string): Uint8Array {
  const trimmed = text.trim();
  const key = /^[0-9a-f]{64}$/i.test(trimmed) ? Buffer.from(trimmed, "hex") : Buffer.from(trimmed, "base64");
  if (key.length !== BYTES) throw new AgentError("secret_key_missing", "The secret key must be 32 bytes, written in base64 or hex.");
  return key;
}
