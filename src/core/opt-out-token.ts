// Who opts out with this link? A signed token that names rows, never a person, so it holds for years and after the lead is gone.
import { timingSafeEqual } from "node:crypto";
import { domainToASCII } from "node:url";
import { AgentError } from "./errors.ts";
import type { CampaignId, MessageId, WorkspaceId } from "./ids.ts";
import { keyedHash } from "./keyed-hash.ts";
import { keyFingerprint } from "./keys.ts";

export interface OptOutClaim {
  readonly workspaceId: WorkspaceId;
  /** The row of the mail that carries the link: it is never deleted, and holds whom it went to. */
  readonly messageId: MessageId;
  /** Null for mail outside a campaign. */
  readonly campaignId: CampaignId | null;
}

// version 1 | id of the key 1 | workspace 16 | message 16 | campaign 16 | MAC 16. 66 bytes are 88 characters of base64url without a spare bit,
// so a token has one spelling.
const VERSION = 1;
const UUID_BYTES = 16;
const HEAD_BYTES = 2;
const SIGNED_BYTES = HEAD_BYTES + 3 * UUID_BYTES;
const MAC_BYTES = 16;
const TOKEN = /^[A-Za-z0-9_-]{88}$/;
const NO_CAMPAIGN = "00000000-0000-0000-0000-000000000000";

/** The token that opts out of what `claim` names. The same claim has the same token. */
export function signOptOut(key: Uint8Array, claim: OptOutClaim): string {
  const ids = [claim.workspaceId, claim.messageId, claim.campaignId ?? NO_CAMPAIGN].map(bytesOf);
  const signed = Buffer.concat([Buffer.of(VERSION, keyId(key)), ...ids]);
  return Buffer.concat([signed, macOf(key, signed)]).toString("base64url");
}

/** What a token claims, or null when this key did not sign it. Compares in constant time. */
export function readOptOut(key: Uint8Array, token: string): OptOutClaim | null {
  if (!TOKEN.test(token)) return null;
  const bytes = Buffer.from(token, "base64url");
  const signed = bytes.subarray(0, SIGNED_BYTES);
  if (!timingSafeEqual(macOf(key, signed), bytes.subarray(SIGNED_BYTES))) return null;
  if (bytes[0] !== VERSION || bytes[1] !== keyId(key)) return null;
  const [workspaceId, messageId, campaignId] = [0, 1, 2].map((index) => uuidAt(bytes, HEAD_BYTES + index * UUID_BYTES));
  return {
    workspaceId: workspaceId as WorkspaceId,
    messageId: messageId as MessageId,
    campaignId: campaignId === NO_CAMPAIGN ? null : (campaignId as CampaignId),
  };
}

/**
 * The address that opts out by mail (RFC 2369 §3.2), readable by whoever reads the mailbox. The token stands in the subject: not every provider
 * takes mail for `anna+token@`. The domain as A-label: a header that is not ASCII would be encoded, and no program finds an address in it.
 */
export function optOutMailto(mailbox: string, token: string): string {
  const at = mailbox.lastIndexOf("@");
  return `mailto:${encodeURIComponent(mailbox.slice(0, at))}@${domainToASCII(mailbox.slice(at + 1))}?subject=unsubscribe%20${token}`;
}

function macOf(key: Uint8Array, signed: Uint8Array): Buffer {
  return keyedHash(key, signed).subarray(0, MAC_BYTES);
}

const KEY_IDS = new WeakMap<Uint8Array, number>();

function keyId(key: Uint8Array): number {
  let id = KEY_IDS.get(key);
  if (id === undefined) KEY_IDS.set(key, (id = keyFingerprint(key).readUInt8()));
  return id;
}

function bytesOf(uuid: string): Buffer {
  const bytes = Buffer.from(uuid.replaceAll("-", ""), "hex");
  if (bytes.length !== UUID_BYTES) throw new AgentError("internal", "An opt-out link needs ids that are UUIDs.");
  return bytes;
}

function uuidAt(bytes: Buffer, at: number): string {
  return bytes.toString("hex", at, at + UUID_BYTES).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
