import fc from "fast-check";
import { expect, test } from "vitest";
import type { CampaignId, MessageId, WorkspaceId } from "./ids.ts";
import { type OptOutClaim, optOutMailto, readOptOut, signOptOut } from "./opt-out-token.ts";

const key = Buffer.alloc(32, 1);
const claims = fc.record({
  workspaceId: fc.uuid(),
  messageId: fc.uuid(),
  campaignId: fc.option(fc.uuid()),
}) as unknown as fc.Arbitrary<OptOutClaim>;
const claim: OptOutClaim = {
  workspaceId: "0198c0de-0000-7000-8000-000000000001" as WorkspaceId,
  messageId: "0198c0de-0000-7000-8000-000000000002" as MessageId,
  campaignId: "0198c0de-0000-7000-8000-000000000003" as CampaignId,
};

test("a token says what was signed, and fits into a path and a subject as it is", () => {
  fc.assert(
    fc.property(claims, (signed) => {
      const token = signOptOut(key, signed);
      expect(readOptOut(key, token)).toEqual(signed);
      expect(token).toMatch(/^[A-Za-z0-9_-]{88}$/);
      expect(signOptOut(key, signed)).toBe(token);
    }),
  );
});

test("tokens of mails that were sent stay valid: their form never changes", () => {
  expect(signOptOut(key, claim)).toMatchInlineSnapshot(
    `"AdABmMDeAABwAIAAAAAAAAABAZjA3gAAcACAAAAAAAAAAgGYwN4AAHAAgAAAAAAAAAM8OvN_LXCxDTwpsH_PCgkJ"`,
  );
});

test("a token has one spelling: whatever character changes, it is worthless", () => {
  const token = signOptOut(key, claim);
  for (let at = 0; at < token.length; at += 1) {
    const other = token[at] === "A" ? "B" : "A";
    expect(readOptOut(key, token.slice(0, at) + other + token.slice(at + 1))).toBeNull();
  }
});

test("what nobody signed, or another key did, is null", () => {
  const token = signOptOut(key, claim);
  expect(readOptOut(Buffer.alloc(32, 2), token)).toBeNull();
  for (const wrong of ["", "preview", token.slice(1), `${token}A`, `${token}=`, ` ${token}`, `${token}\n`, token.toLowerCase()]) {
    expect(readOptOut(key, wrong)).toBeNull();
  }
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => readOptOut(key, text) === null));
});

test("an address to write to stands whole in a mailto, whatever its characters", () => {
  expect(optOutMailto("anna@team.example", "TOKEN")).toBe("mailto:anna@team.example?subject=unsubscribe%20TOKEN");
  expect(optOutMailto("anna@bücher.example", "T")).toBe("mailto:anna@xn--bcher-kva.example?subject=unsubscribe%20T");
  expect(optOutMailto("a+b?c&d@team.example", "T")).toBe("mailto:a%2Bb%3Fc%26d@team.example?subject=unsubscribe%20T");
});
