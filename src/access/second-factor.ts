// The second factor: six digits that change every 30 seconds (TOTP, RFC 6238), and recovery codes for who has lost them.
import { randomBytes } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import { openSecret, sealSecret } from "../core/encrypted-secret.ts";
import { AgentError } from "../core/errors.ts";
import type { UserId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { insertAccountEntries } from "../store/audit.ts";
import type { Database, Queryable, Tx } from "../store/database.ts";
import {
  type Credentials,
  confirmSecondFactor,
  credentialsById,
  offerSecondFactor,
  removeSecondFactor,
  replaceRecoveryCodes,
  useRecoveryCode,
  useTotpStep,
} from "../store/user-account.ts";
import { hashToken } from "./token.ts";

const PERIOD_SECONDS = 30;
/** A code of the step before or after is taken, for clocks that are off and people who type slowly. */
const WINDOW = 1;
const SECRET_BYTES = 20;
const RECOVERY_CODES = 10;

/** A secret to put into an authenticator app; it counts once `confirmTotp` has seen a code of it. */
export async function offerTotp(
  q: Queryable,
  key: Uint8Array,
  user: { id: UserId; email: string },
  at: Instant,
): Promise<{ secret: string; uri: string }> {
  const secret = new Secret({ buffer: new Uint8Array(randomBytes(SECRET_BYTES)).buffer });
  const offered = await offerSecondFactor(q, user.id, sealSecret(key, secret.base32, boundTo(user.id)), at);
  if (!offered) throw new AgentError("already_exists", "There is a second factor already; remove it first.");
  return { secret: secret.base32, uri: new TOTP({ issuer: "Marketing Agent", label: user.email, secret }).toString() };
}

/** From now on signing in asks for a code. Returns the recovery codes: the only time that they are shown. */
export async function confirmTotp(
  db: Database,
  key: Uint8Array,
  { userId, code, ip }: { readonly userId: UserId; readonly code: string; readonly ip: string },
  at: Instant,
): Promise<string[]> {
  const user = await credentialsById(db, userId);
  if (!user?.totpSecret) throw new AgentError("not_found", "No second factor was offered yet.");
  if (!(await isTotp(db, key, user, code, at)))
    throw new AgentError("second_factor_wrong", "This code is not right; check the clock of the device.");
  return db.transaction(async (tx) => {
    if (!(await confirmSecondFactor(tx, userId, at))) throw new AgentError("already_exists", "There is a second factor already.");
    await insertAccountEntries(tx, userId, { action: "account.confirmSecondFactor", ip, at });
    return newRecoveryCodes(tx, userId);
  });
}

async function newRecoveryCodes(tx: Tx, userId: UserId): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, () => (randomBytes(10).toString("hex").match(/.{5}/g) ?? []).join("-"));
  await replaceRecoveryCodes(tx, userId, codes.map(hashToken));
  return codes;
}

export async function removeTotp(
  db: Database,
  { userId, ip }: { readonly userId: UserId; readonly ip: string },
  at: Instant,
): Promise<void> {
  await db.transaction(async (tx) => {
    await removeSecondFactor(tx, userId, at);
    await insertAccountEntries(tx, userId, { action: "account.removeSecondFactor", ip, at });
  });
}

/** A code of the app, or one of the recovery codes: each is taken once. */
export async function isSecondFactor(q: Queryable, key: Uint8Array, user: Credentials, code: string, at: Instant): Promise<boolean> {
  const written = code.trim().toLowerCase();
  if (/^\d{6}$/.test(written.replaceAll(" ", ""))) return isTotp(q, key, user, written.replaceAll(" ", ""), at);
  return useRecoveryCode(q, user.id, hashToken(written), at);
}

async function isTotp(q: Queryable, key: Uint8Array, user: Credentials, code: string, at: Instant): Promise<boolean> {
  if (!user.totpSecret) return false;
  const secret = Secret.fromBase32(openSecret(key, user.totpSecret, boundTo(user.id)));
  const timestamp = at.getTime();
  const delta = TOTP.validate({ token: code, secret, timestamp, window: WINDOW, period: PERIOD_SECONDS });
  if (delta === null) return false;
  return useTotpStep(q, user.id, Math.floor(timestamp / 1_000 / PERIOD_SECONDS) + delta);
}

function boundTo(userId: UserId): string {
  return `user_account:${userId}:totp`;
}
