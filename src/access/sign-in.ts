// Signing in and out. What is wrong is never said: an address without an account, a wrong password and a locked account answer alike.

import { parseEmailAddress } from "../core/email-address.ts";
import { AgentError } from "../core/errors.ts";
import type { UserId } from "../core/ids.ts";
import { after, DAY, type Instant, MINUTE } from "../core/instant.ts";
import { insertAccountEntries } from "../store/audit.ts";
import type { Database, Queryable } from "../store/database.ts";
import {
  type Credentials,
  clearFailedSignIns,
  countFailedSignIn,
  credentialsByAddress,
  credentialsById,
  setPassword,
} from "../store/user-account.ts";
import {
  endOtherSessions,
  endSession,
  insertSession,
  type LiveSession,
  liveSession,
  removeExpiredSessions,
  touchSession,
} from "../store/user-session.ts";
import { hashPassword, isPassword } from "./password.ts";
import { isSecondFactor } from "./second-factor.ts";
import { hashToken, newToken } from "./token.ts";

export const SESSION_LASTS = 30 * DAY;
/** A session that nobody used for this long is over. */
export const SESSION_IDLE = 14 * DAY;
/** `last_seen_at` is written at most this often. */
const TOUCH_EVERY = 5 * MINUTE;

export interface Client {
  readonly ip: string | null;
  readonly userAgent: string | null;
}

export interface SignIn extends Client {
  readonly email: string;
  readonly password: string;
  /** Of the authenticator app, or a recovery code. */
  readonly code: string | null;
}

/** The token of the new session. AgentError `sign_in_refused`, or `second_factor_required` once the password was right. */
export async function signIn(db: Database, key: Uint8Array, request: SignIn, now: Instant): Promise<string> {
  const address = parseEmailAddress(request.email);
  const user = address && (await credentialsByAddress(db, address.identityKey));
  const known = user && !isLocked(user, now) ? user : null;
  const right = await isPassword(known?.passwordHash ?? null, request.password);
  if (!known || !right) {
    if (user) await countFailedSignIn(db, user.id, now);
    throw refused();
  }
  await checkSecondFactor(db, key, known, request.code, now);
  return db.transaction(async (tx) => {
    await clearFailedSignIns(tx, known.id);
    await insertAccountEntries(tx, known.id, { action: "account.signIn", ip: request.ip, at: now });
    return openSession(tx, known.id, request, now);
  });
}

function isLocked(user: Credentials, now: Instant): boolean {
  return user.lockedUntil !== null && user.lockedUntil > now;
}

async function checkSecondFactor(db: Database, key: Uint8Array, user: Credentials, code: string | null, now: Instant): Promise<void> {
  if (!user.hasSecondFactor) return;
  if (code === null) throw new AgentError("second_factor_required", "Enter the code of your authenticator app.");
  if (await isSecondFactor(db, key, user, code, now)) return;
  await countFailedSignIn(db, user.id, now);
  throw refused();
}

export async function openSession(q: Queryable, userId: UserId, { ip, userAgent }: Client, now: Instant): Promise<string> {
  await removeExpiredSessions(q, now, after(now, -SESSION_IDLE));
  const { token, hash } = newToken("mas_");
  await insertSession(q, { tokenHash: hash, userId, ip, userAgent, at: now, expiresAt: after(now, SESSION_LASTS) });
  return token;
}

/** Whose session it is; null when it is over, or never was. */
export async function sessionOf(q: Queryable, token: string, now: Instant): Promise<LiveSession | null> {
  const hash = hashToken(token);
  const session = await liveSession(q, hash, now, after(now, -SESSION_IDLE));
  if (session && session.lastSeenAt < after(now, -TOUCH_EVERY)) await touchSession(q, hash, now);
  return session;
}

export async function signOut(q: Queryable, token: string): Promise<void> {
  await endSession(q, hashToken(token));
}

/** Ends every session of the person but the one that asked: whoever knew the old password is out. */
export async function changePassword(
  db: Database,
  userId: UserId,
  change: { readonly current: string; readonly next: string; readonly session: string; readonly ip: string },
  now: Instant,
): Promise<void> {
  const user = await verifyPassword(db, userId, change.current, now);
  const passwordHash = await hashPassword(change.next, user.email);
  await db.transaction(async (tx) => {
    await setPassword(tx, userId, passwordHash, now);
    await endOtherSessions(tx, userId, hashToken(change.session));
    await insertAccountEntries(tx, userId, { action: "account.changePassword", ip: change.ip, at: now });
  });
}

/** AgentError `sign_in_refused` when it is not the person's password; wrong ones count as at signing in. */
export async function verifyPassword(db: Database, userId: UserId, password: string, now: Instant): Promise<Credentials> {
  const user = await credentialsById(db, userId);
  const known = user && !isLocked(user, now) ? user : null;
  if (known && (await isPassword(known.passwordHash, password))) return known;
  if (user) await countFailedSignIn(db, userId, now);
  throw new AgentError("sign_in_refused", "The password is not right.");
}

function refused(): AgentError {
  return new AgentError(
    "sign_in_refused",
    "The address, the password or the code is not right. After ten wrong tries in a row the account waits.",
  );
}
