import fc from "fast-check";
import { expect, test } from "vitest";
import { openSecret, sealSecret } from "./encrypted-secret.ts";

const key = Buffer.alloc(32, 1);
const row = "mailbox:w1:m1:smtp";
const refused = expect.objectContaining({ code: "secret_key_missing" });

test("a secret comes back as it was, and never looks the same twice", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string(), (secret, boundTo) => {
      const sealed = sealSecret(key, secret, boundTo);
      expect(openSecret(key, new Uint8Array(sealed), boundTo)).toBe(secret);
      expect(sealSecret(key, secret, boundTo)).not.toEqual(sealed);
    }),
  );
});

test("any changed, missing or added byte is noticed", () => {
  const sealed = sealSecret(key, "hunter2", row);
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => openSecret(key, changed, row)).toThrow(refused);
    expect(() => openSecret(key, sealed.subarray(0, at), row)).toThrow(refused);
  }
  expect(() => openSecret(key, Buffer.concat([sealed, Buffer.of(0)]), row)).toThrow(refused);
});

test("a secret does not open in another row or column", () => {
  const sealed = sealSecret(key, "hunter2", row);
  expect(() => openSecret(key, sealed, "mailbox:w1:m2:smtp")).toThrow(refused);
  expect(() => openSecret(key, sealed, "mailbox:w1:m1:imap")).toThrow(refused);
});

test("another key is named as the reason, and no message holds the secret", () => {
  const sealed = sealSecret(key, "hunter2", row);
  expect(sealed.includes("hunter2")).toBe(false);
  expect(() => openSecret(Buffer.alloc(32, 2), sealed, row)).toThrow(/another key/);
});
