// HMAC-SHA256 under one of our keys. Node makes an object of the key for every call, which costs twice what the hash does: it is kept.
import { createHmac, createSecretKey, type KeyObject } from "node:crypto";

const KEPT = new WeakMap<Uint8Array, KeyObject>();

export function keyedHash(key: Uint8Array, message: string | Uint8Array): Buffer {
  let object = KEPT.get(key);
  if (!object) KEPT.set(key, (object = createSecretKey(key)));
  return createHmac("sha256", object).update(message).digest();
}
