// Credentials as they stand in the database: AES-256-GCM, bound to their row and column, so that no one can move a password to another mailbox.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { AgentError } from "./errors.ts";
import { keyFingerprint } from "./keys.ts";

// version 1 | fingerprint of the key 4 | nonce 12 | tag 16 | ciphertext
const VERSION = 1;
const KEY_AT = 1;
const NONCE_AT = 5;
const TAG_AT = 17;
const TEXT_AT = 33;

/**
 * Encrypts a secret under a random nonce (2^32 secrets per key are safe, NIST SP 800-38D §8.3).
 *
 * @param boundTo names workspace, row and column, e.g. `mailbox:<workspace>:<id>:smtp`; only the same opens it again
 */
export function sealSecret(key: Uint8Array, plain: string, boundTo: string): Buffer {
  const head = Buffer.concat([Buffer.of(VERSION), keyFingerprint(key)]);
  const nonce = randomBytes(TAG_AT - NONCE_AT);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(boundData(head, boundTo));
  const text = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  return Buffer.concat([head, nonce, cipher.getAuthTag(), text]);
}

/** Throws `secret_key_missing` when the key is another one, or when the bytes were changed or belong to another row. */
export function openSecret(key: Uint8Array, sealed: Uint8Array, boundTo: string): string {
  const bytes = Buffer.from(sealed);
  if (bytes.length < TEXT_AT || bytes[0] !== VERSION) throw unreadable("A stored credential is damaged. Enter it again.");
  if (!bytes.subarray(KEY_AT, NONCE_AT).equals(keyFingerprint(key))) {
    throw unreadable("A stored credential was encrypted with another key. Restore that key, or enter the credential again.");
  }
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(NONCE_AT, TAG_AT), { authTagLength: TEXT_AT - TAG_AT })
    .setAAD(boundData(bytes.subarray(0, NONCE_AT), boundTo))
    .setAuthTag(bytes.subarray(TAG_AT, TEXT_AT));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(TEXT_AT)), decipher.final()]).toString("utf8");
  } catch (cause) {
    throw unreadable("A stored credential was changed, or belongs to something else. Enter it again.", cause);
  }
}

function boundData(head: Uint8Array, boundTo: string): Buffer {
  return Buffer.concat([head, Buffer.from(boundTo, "utf8")]);
}

function unreadable(message: string, cause?: unknown): AgentError {
  return new AgentError("secret_key_missing", message, { cause });
}
