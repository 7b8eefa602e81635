import { expect, test } from "vitest";
import { ruleAnalyst } from "./rule-analyst.ts";

test("the rules read the new text and never our own subject", async () => {
  const analyst = ruleAnalyst();
  expect(await analyst.analyze({ newText: "Not interested.", subject: "Re: Yes, let's talk" })).toMatchObject({
    level: "negative",
    evidence: "Not interested.",
  });
  expect(await analyst.analyze({ newText: "", subject: "unsubscribe" })).toMatchObject({ level: "needs_review", evidence: null });
  expect(analyst).toMatchObject({ name: "rules", version: "3" });
});
