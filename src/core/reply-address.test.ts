import fc from "fast-check";
import { expect, test } from "vitest";
import { matchPlusAddress, plusAddress, plusAddressToken, plusTokenOf } from "./reply-address.ts";

const key = Buffer.alloc(32, 1);
const ours = ["<0b1d@team.example>", "<77aa@team.example>"];
const token = plusAddressToken(key, "<77aa@team.example>");

test("a message always has the same token, another with another key", () => {
  expect(token).toMatch(/^[0-9a-f]{20}$/);
  expect(plusAddressToken(Buffer.alloc(32, 1), "<77aa@team.example>")).toBe(token);
  expect(plusAddressToken(Buffer.alloc(32, 2), "<77aa@team.example>")).not.toBe(token);
  expect(plusAddressToken(key, "<0b1d@team.example>")).not.toBe(token);
});

test("the tokens of a key never change: they stand in mails that were sent", () => {
  expect(token).toMatchInlineSnapshot(`"a49015df2f59f8cb5990"`);
});

test("an answer to the plus-address names the mail, whatever became of its case on the way", () => {
  const address = plusAddress("Anna@team.example", token) ?? "";
  expect(address).toBe(`Anna+${token}@team.example`);
  expect(matchPlusAddress(key, ["other@team.example", address], ours)).toBe("<77aa@team.example>");
  expect(matchPlusAddress(key, [address.toUpperCase()], ours)).toBe("<77aa@team.example>");
});

test("a token that another key made names nothing", () => {
  const forged = `anna+${plusAddressToken(Buffer.alloc(32, 9), "<77aa@team.example>")}@team.example`;
  expect(matchPlusAddress(key, [forged], ours)).toBeNull();
});

test.each(["anna@team.example", "anna+news@team.example", "anna+sales+0@team.example", "+@x", "", `anna+${"0".repeat(21)}@team.example`])(
  "%s carries no token",
  (address) => {
    expect(plusTokenOf(address)).toBeNull();
  },
);

test("only addresses at our own domains are ours, where those are known", () => {
  expect(plusTokenOf(`anna+${token}@Team.example`, new Set(["team.example"]))).toBe(token);
  expect(plusTokenOf(`anna+${token}@elsewhere.example`, new Set(["team.example"]))).toBeNull();
});

test("no token where the address would become too long, or has a plus of its own", () => {
  expect(plusAddress(`${"a".repeat(43)}@team.example`, token)).toBe(`${"a".repeat(43)}+${token}@team.example`);
  expect(plusAddress(`${"a".repeat(44)}@team.example`, token)).toBeNull();
  expect(plusAddress(`${"ü".repeat(30)}@team.example`, token)).toBeNull();
  expect(plusAddress("anna+work@team.example", token)).toBeNull();
});

test("what is written is read again, and hostile text never throws", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9._-]{1,43}$/), fc.string(), (local, hostile) => {
      expect(plusTokenOf(plusAddress(`${local}@team.example`, token) ?? "")).toBe(token);
      expect(matchPlusAddress(key, [hostile, `${hostile}@${hostile}`], ours)).toBeNull();
    }),
  );
});
