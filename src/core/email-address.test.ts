import { expect, test } from "vitest";
import { parseEmailAddress } from "./email-address.ts";

test("what was typed is what mail is delivered to; the identity is one for all spellings", () => {
  expect(parseEmailAddress(" Ann@BÜCHER.example ")).toEqual({
    address: "Ann@BÜCHER.example",
    identityKey: "ann@xn--bcher-kva.example",
    domain: "xn--bcher-kva.example",
  });
});

test.each([
  "ann",
  "@bakery.example",
  "ann@localhost",
  "ann@10.0.0.1",
  "ann@bakery.example.",
  "ann@ba kery.example",
  "ann@bakery.example, bob@bakery.example",
  "ann..b@bakery.example",
  `${"a".repeat(65)}@bakery.example`,
  "ann@bakery.example:25",
  "ann@bakery.example/shop",
  "ann@bakery.example?x",
  "ann@bakery.example#x",
  "ann@bakery.example\\x",
  "ann@bakery%2eexample",
])("%s is no address that we could write to", (typed) => {
  expect(parseEmailAddress(typed)).toBeNull();
});
