// One master key, one key for each purpose: who learns one learns nothing about the others, and no key is used for two things.
import { hkdfSync } from "node:crypto";
import { AgentError } from "./errors.ts";
import { keyedHash } from "./keyed-hash.ts";

/** Shorter than this, the master key could be guessed. */
const LEAST_BYTES = 32;
const KEY_BYTES = 32;

export interface PurposeKeys {
  /** Derives Message-IDs. */
  readonly messageId: Uint8Array;
  /** Signs opt-out links. */
  readonly optOut: Uint8Array;
  /** Encrypts the passwords of mailboxes. */
  readonly credentials: Uint8Array;
  /** Makes the tokens of plus-addresses in Reply-To. */
  readonly replyAddress: Uint8Array;
  /** Seals backups. */
  readonly backup: Uint8Array;
}

/** HKDF-SHA256 (RFC 5869). The names never change: other keys would break links in mails that were sent, and lose every stored password. */
export function deriveKeys(master: Uint8Array): PurposeKeys {
  if (master.length < LEAST_BYTES) throw new AgentError("secret_key_missing", `The secret key has fewer than ${LEAST_BYTES} bytes.`);
  const derive = (purpose: string) => new Uint8Array(hkdfSync("sha256", master, "", `marketing-agent/${purpose}/1`, KEY_BYTES));
  return {
    messageId: derive("message-id"),
    optOut: derive("opt-out"),
    credentials: derive("credentials"),
    replyAddress: derive("reply-address"),
    backup: derive("backup"),
  };
}

/** Says which key it was, without saying anything about the key: a wrong one is told apart from damaged data. */
export function keyFingerprint(key: Uint8Array): Buffer {
  return keyedHash(key, "fingerprint").subarray(0, 4);
}

/** By which people and backups name the master key that these were derived from. */
export function secretKeyFingerprint({ backup }: Pick<PurposeKeys, "backup">): string {
  return keyFingerprint(backup).toString("hex");
}
