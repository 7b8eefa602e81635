// Passwords of people: argon2id with the parameters of OWASP's Password Storage Cheat Sheet (19 MiB, 2 passes).
import { hash, verify } from "@node-rs/argon2";
import { AgentError } from "../core/errors.ts";

/** The algorithm is the package's default, argon2id; a CHECK of the database holds it. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** NIST SP 800-63B-4 §3.1.1: length counts, rules about characters do not. */
export const LEAST_PASSWORD = 12;
export const LONGEST_PASSWORD = 256;

/** A hash that no password has, for accounts that do not exist: answering for them must take as long. */
let nobody: Promise<string> | undefined;

/** AgentError `password_weak` when it is too short, or just the address or one character. */
export async function hashPassword(password: string, email: string): Promise<string> {
  const plain = password.normalize("NFKC");
  if (plain.length < LEAST_PASSWORD) throw weak(`A password has at least ${LEAST_PASSWORD} characters.`);
  if (plain.length > LONGEST_PASSWORD) throw weak(`A password has at most ${LONGEST_PASSWORD} characters.`);
  if (new Set(plain).size < 4 || plain.toLowerCase() === email.toLowerCase()) throw weak("This password is too easy to guess.");
  return hash(plain, OPTIONS);
}

/** False for a null hash, after the same time as for a wrong password. */
export async function isPassword(passwordHash: string | null, password: string): Promise<boolean> {
  nobody ??= hash("nobody has this password", OPTIONS);
  const matches = await verify(passwordHash ?? (await nobody), password.normalize("NFKC").slice(0, LONGEST_PASSWORD + 1));
  return passwordHash !== null && matches;
}

function weak(message: string): AgentError {
  return new AgentError("password_weak", message);
}
