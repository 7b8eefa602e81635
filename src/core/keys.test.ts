import { expect, test } from "vitest";
import { deriveKeys, keyFingerprint } from "./keys.ts";

const master = Buffer.alloc(32, 7);
const hex = (key: Uint8Array) => Buffer.from(key).toString("hex");

test("one master key always has the same keys, another for each purpose", () => {
  const keys = deriveKeys(master);
  expect(deriveKeys(Uint8Array.from(master))).toEqual(keys);
  expect(new Set(Object.values(keys).map(hex)).size).toBe(5);
  expect(Object.values(keys).every((key) => key.length === 32)).toBe(true);
});

test("the keys of a master key never change: links in sent mails and stored passwords depend on them", () => {
  expect(Object.values(deriveKeys(master)).map((key) => hex(key).slice(0, 16))).toMatchInlineSnapshot(`
    [
      "2da92ddf5c0389ac",
      "95f3528fbca227e0",
      "22adfe1647401678",
      "2f3b06ad784e5cb2",
      "6b569466ecbddde0",
    ]
  `);
});

test("a short key is refused", () => {
  expect(() => deriveKeys(Buffer.alloc(31))).toThrow(expect.objectContaining({ code: "secret_key_missing" }));
});

test("a fingerprint tells keys apart and is no part of the key", () => {
  const { optOut, credentials } = deriveKeys(master);
  expect(keyFingerprint(optOut)).not.toEqual(keyFingerprint(credentials));
  expect(hex(optOut)).not.toContain(hex(keyFingerprint(optOut)));
});
