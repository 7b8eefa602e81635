// For who forgot the password: a link that sets a new one, made by whoever runs commands on the machine. Nothing is sent by mail, and nobody
// outside can ask for one.
import { parseEmailAddress } from "../core/email-address.ts";
import { AgentError } from "../core/errors.ts";
import { after, HOUR, type Instant } from "../core/instant.ts";
import { type Actor, insertAccountEntries, insertAuditEntry } from "../store/audit.ts";
import type { Database } from "../store/database.ts";
import { membershipsOf } from "../store/member.ts";
import { type PersonOfReset, personOfReset, replacePasswordReset, usePasswordReset } from "../store/password-reset.ts";
import { credentialsByAddress, removeSecondFactor, setPassword } from "../store/user-account.ts";
import { endOtherSessions } from "../store/user-session.ts";
import { hashPassword } from "./password.ts";
import { hashToken, newToken } from "./token.ts";

const LINK_LASTS = 24 * HOUR;

export interface ResetRequest {
  readonly address: string;
  /** For who has lost it, and the recovery codes, too. It goes when the link is used, not before: until then it still guards the old password. */
  readonly removesSecondFactor: boolean;
  readonly by: Actor;
}

/** The token of the link. It stands in the audit log of the person's workspaces. AgentError `not_found`. */
export async function newResetToken(db: Database, { address, removesSecondFactor, by }: ResetRequest, now: Instant): Promise<string> {
  const key = parseEmailAddress(address)?.identityKey;
  const user = key === undefined ? null : await credentialsByAddress(db, key);
  if (!user) throw new AgentError("not_found", `There is no account of ${address}.`);
  const { token, hash } = newToken("mar_");
  await db.transaction(async (tx) => {
    await replacePasswordReset(tx, { userId: user.id, tokenHash: hash, removesSecondFactor, at: now, expiresAt: after(now, LINK_LASTS) });
    const detail = { removesSecondFactor };
    const entry = { actor: by, action: "account.offerReset", target: { userId: user.id }, detail, ip: null, at: now };
    for (const { workspaceId } of await membershipsOf(tx, user.id)) await insertAuditEntry(tx, workspaceId, entry);
  });
  return token;
}

/** What the link does, and for whom; null when it does not work (any more). */
export function resetBehind(db: Database, token: string, now: Instant): Promise<PersonOfReset | null> {
  return personOfReset(db, hashToken(token), now);
}

/** Ends every session of the person; the second factor stays unless the link says otherwise. AgentError `link_invalid`, `password_weak`. */
export async function resetPassword(
  db: Database,
  request: { readonly token: string; readonly password: string; readonly ip: string | null },
  now: Instant,
): Promise<void> {
  const hash = hashToken(request.token);
  const person = await personOfReset(db, hash, now);
  if (!person) throw invalid();
  const passwordHash = await hashPassword(request.password, person.email);
  await db.transaction(async (tx) => {
    if (!(await usePasswordReset(tx, hash, now))) throw invalid();
    await setPassword(tx, person.id, passwordHash, now);
    await endOtherSessions(tx, person.id, null);
    await insertAccountEntries(tx, person.id, { action: "account.resetPassword", ip: request.ip, at: now });
    if (!person.removesSecondFactor) return;
    await removeSecondFactor(tx, person.id, now);
    await insertAccountEntries(tx, person.id, { action: "account.removeSecondFactor", ip: request.ip, at: now });
  });
}

function invalid(): AgentError {
  return new AgentError("link_invalid", "This link does not work any more; ask for a new one.");
}
