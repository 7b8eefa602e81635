// The master key: from the settings, else from a file that only its owner may read, made on the first start. Never in the database.
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { AgentError } from "../core/errors.ts";
import { createWhole, openDataDirectory, orUnusable } from "./data-directory.ts";

const BYTES = 32;

/** 32 bytes. AgentError secret_key_missing when what is configured is no key. */
export function masterKey(configured: string | undefined, dataDir: string): Uint8Array {
  return decode(configured ?? fromFile(openDataDirectory(dataDir)));
}

function fromFile(dataDir: string): string {
  const path = join(dataDir, "secret.key");
  // Of two first starts one makes the key and the other reads it.
  const made = orUnusable(dataDir, () => !existsSync(path) && createWhole(path, randomBytes(BYTES).toString("base64"), 0o600));
  if (!made && (statSync(path).mode & 0o077) !== 0)
    throw new AgentError("secret_key_missing", `${path} can be read by others; run chmod 600 ${path}.`);
  return readFileSync(path, "utf8");
}

function decode(text: string): Uint8Array {
  const trimmed = text.trim();
  const key = /^[0-9a-f]{64}$/i.test(trimmed) ? Buffer.from(trimmed, "hex") : Buffer.from(trimmed, "base64");
  if (key.length !== BYTES) throw new AgentError("secret_key_missing", "The secret key must be 32 bytes, written in base64 or hex.");
  return key;
}
