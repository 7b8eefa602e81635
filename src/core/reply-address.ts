// Which mail does an answer to `anna+token@team.example` belong to? The token in the Reply-To names it, where a mail program drops the thread headers.
import { keyedHash } from "./keyed-hash.ts";

/** 80 bits: nobody guesses one, and the address stays short. Hex, because servers may change the case of an address. */
const TOKEN_LENGTH = 20;
const PLUS_ADDRESS = /^[^+@\s]{1,64}\+([0-9a-f]{20})@([^@\s]{1,255})$/i;
/** RFC 5321 §4.5.3.1.1, in octets. */
const MAX_LOCAL = 64;

/** The token of a message: the same one whenever it is asked for. Without the key nobody can make one. `messageId` is the Message-ID with its brackets. */
export function plusAddressToken(key: Uint8Array, messageId: string): string {
  return keyedHash(key, messageId).toString("hex").slice(0, TOKEN_LENGTH);
}

/** The address with the token; null where it would be longer than an address may be, or has a plus already. */
export function plusAddress(address: string, token: string): string | null {
  const at = address.lastIndexOf("@");
  const local = `${address.slice(0, at)}+${token}`;
  if (at < 1 || address.slice(0, at).includes("+") || Buffer.byteLength(local) > MAX_LOCAL) return null;
  return `${local}${address.slice(at)}`;
}

/**
 * The token that an address carries, in lower case; null for an address without one. Whether it is one of ours only the ledger or the key can tell.
 *
 * @param ownDomains lower case; when given, addresses at other domains are not ours
 */
export function plusTokenOf(address: string, ownDomains?: ReadonlySet<string>): string | null {
  const [, token, domain] = PLUS_ADDRESS.exec(address.trim()) ?? [];
  return token && domain && (ownDomains?.has(domain.toLowerCase()) ?? true) ? token.toLowerCase() : null;
}

/** Which of these messages of ours one of the addresses names; null for none. `messageIds` are Message-IDs with their brackets. */
export function matchPlusAddress(key: Uint8Array, addresses: readonly string[], messageIds: readonly string[]): string | null {
  const tokens = new Set(addresses.flatMap((address) => plusTokenOf(address) ?? []));
  return messageIds.find((messageId) => tokens.has(plusAddressToken(key, messageId))) ?? null;
}
