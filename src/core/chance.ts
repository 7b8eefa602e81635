// Chance that can be asked twice: a number drawn by hashing what it is for, so a printed plan is what will happen.
import { hash } from "node:crypto";

/** A number in [0, 1) that depends on nothing but its arguments: 48 bits of SHA-256. */
export function drawn(...what: readonly (string | number)[]): number {
  return hash("sha256", JSON.stringify(what), "buffer").readUIntBE(0, 6) / 2 ** 48;
}
