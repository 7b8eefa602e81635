// Secrets that we hand out: sessions, API keys, invitations, the set-up link. Only their SHA-256 is stored; 256 random bits need no salt.
import { createHash, randomBytes } from "node:crypto";

export interface Token {
  readonly token: string;
  readonly hash: Buffer;
}

/** @param prefix by which people, and scanners for leaked secrets, know what it is */
export function newToken(prefix: string): Token {
  const token = prefix + randomBytes(32).toString("base64url");
  return { token, hash: hashToken(token) };
}

export function hashToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
