// People with a login: who they are, their password, their second factor. They belong to workspaces by membership (member.ts).
import type { UserId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { only, type Queryable, type Tx } from "./database.ts";

export interface UserAccount {
  readonly id: UserId;
  readonly email: string;
  readonly name: string;
  readonly createdAt: Instant;
  readonly hasSecondFactor: boolean;
}

/** What signing in is decided by; never leaves the process. */
export interface Credentials extends UserAccount {
  /** PHC string. */
  readonly passwordHash: string;
  readonly totpSecret: Buffer | null;
  readonly totpLastStep: number | null;
  readonly failedSignIns: number;
  readonly lockedUntil: Instant | null;
}

const COLUMNS = `id, email, name, created_at as "createdAt", totp_confirmed_at is not null as "hasSecondFactor"`;
const CREDENTIALS = `${COLUMNS}, password_hash as "passwordHash", totp_secret as "totpSecret", totp_last_step as "totpLastStep",
  failed_sign_ins as "failedSignIns", locked_until as "lockedUntil"`;

export async function anyAccount(q: Queryable): Promise<boolean> {
  const { rows } = await q.query<{ found: boolean }>("select exists (select from user_account) as found");
  return only(rows).found;
}

/** Null when the address has an account already. */
export async function insertAccount(
  q: Queryable,
  account: { readonly email: string; readonly identityKey: string; readonly name: string; readonly passwordHash: string },
  at: Instant,
): Promise<UserId | null> {
  const { rows } = await q.query<{ id: UserId }>(
    `insert into user_account (email, identity_key, name, password_hash, created_at, updated_at) values ($1, $2, btrim($3), $4, $5, $5)
     on conflict (identity_key) do nothing returning id`,
    [account.email, account.identityKey, account.name, account.passwordHash, at],
  );
  return rows[0]?.id ?? null;
}

export async function accountById(q: Queryable, id: UserId): Promise<UserAccount | null> {
  const { rows } = await q.query<UserAccount>(`select ${COLUMNS} from user_account where id = $1`, [id]);
  return rows[0] ?? null;
}

export async function credentialsByAddress(q: Queryable, identityKey: string): Promise<Credentials | null> {
  const { rows } = await q.query<Credentials>(`select ${CREDENTIALS} from user_account where identity_key = $1`, [identityKey]);
  return rows[0] ?? null;
}

export async function credentialsById(q: Queryable, id: UserId): Promise<Credentials | null> {
  const { rows } = await q.query<Credentials>(`select ${CREDENTIALS} from user_account where id = $1`, [id]);
  return rows[0] ?? null;
}

/** Counts a wrong password or code; from the tenth in a row on the account waits, twice as long each time, 15 minutes at most. */
export async function countFailedSignIn(q: Queryable, id: UserId, at: Instant): Promise<void> {
  await q.query(
    `update user_account set failed_sign_ins = failed_sign_ins + 1,
       locked_until = case when failed_sign_ins >= 9 then $2::timestamptz + least(power(2, least(failed_sign_ins - 9, 4)), 15) * interval '1 minute' end
     where id = $1`,
    [id, at],
  );
}

export async function clearFailedSignIns(q: Queryable, id: UserId): Promise<void> {
  await q.query("update user_account set failed_sign_ins = 0, locked_until = null where id = $1 and failed_sign_ins > 0", [id]);
}

export async function setPassword(tx: Tx, id: UserId, passwordHash: string, at: Instant): Promise<void> {
  await tx.query("update user_account set password_hash = $2, failed_sign_ins = 0, locked_until = null, updated_at = $3 where id = $1", [
    id,
    passwordHash,
    at,
  ]);
}

export async function renameAccount(q: Queryable, id: UserId, name: string, at: Instant): Promise<void> {
  await q.query("update user_account set name = btrim($2), updated_at = $3 where id = $1", [id, name, at]);
}

/** Offers a second factor; it counts once a code of it was entered. False when one counts already. */
export async function offerSecondFactor(q: Queryable, id: UserId, sealedSecret: Buffer, at: Instant): Promise<boolean> {
  const { rowCount } = await q.query(
    "update user_account set totp_secret = $2, totp_last_step = null, updated_at = $3 where id = $1 and totp_confirmed_at is null",
    [id, sealedSecret, at],
  );
  return rowCount === 1;
}

export async function confirmSecondFactor(tx: Tx, id: UserId, at: Instant): Promise<boolean> {
  const { rowCount } = await tx.query(
    "update user_account set totp_confirmed_at = $2, updated_at = $2 where id = $1 and totp_secret is not null and totp_confirmed_at is null",
    [id, at],
  );
  return rowCount === 1;
}

/** Uses a time step up; false when it, or a later one, was used before: of two requests with one code only one gets in. */
export async function useTotpStep(q: Queryable, id: UserId, step: number): Promise<boolean> {
  const { rowCount } = await q.query(
    "update user_account set totp_last_step = $2 where id = $1 and (totp_last_step is null or totp_last_step < $2)",
    [id, step],
  );
  return rowCount === 1;
}

export async function removeSecondFactor(tx: Tx, id: UserId, at: Instant): Promise<void> {
  await tx.query("delete from recovery_code where user_id = $1", [id]);
  await tx.query(
    "update user_account set totp_secret = null, totp_confirmed_at = null, totp_last_step = null, updated_at = $2 where id = $1",
    [id, at],
  );
}

/** These codes instead of any before. */
export async function replaceRecoveryCodes(tx: Tx, id: UserId, hashes: readonly Buffer[]): Promise<void> {
  await tx.query("delete from recovery_code where user_id = $1", [id]);
  await tx.query("insert into recovery_code (user_id, code_hash) select $1, unnest($2::bytea[])", [id, hashes]);
}

export async function useRecoveryCode(q: Queryable, id: UserId, hash: Buffer, at: Instant): Promise<boolean> {
  const { rowCount } = await q.query("update recovery_code set used_at = $3 where user_id = $1 and code_hash = $2 and used_at is null", [
    id,
    hash,
    at,
  ]);
  return rowCount === 1;
}
