// One mail could stop the agent for hours: phrases that a long word, or a phrase said over and over, matches in exponentially many ways.
import { expect, test } from "vitest";
import { judgeInterest } from "../../src/core/interest.ts";
import { unsubscribeRequest } from "../../src/core/unsubscribe-request.ts";
import { processorTime } from "../support/processor-time.ts";

test("a word of hundreds of letters after `contact` costs little", () => {
  const sentence = `Neem contact op met ${"a".repeat(300)}.\n\n`;
  judgeInterest("Neem contact op met Jan."); // compiles the phrases
  const spent = processorTime();
  judgeInterest(sentence.repeat(20));
  expect(spent()).toBeLessThan(1_000);
});

test("the end of `do not email me` said over and over costs little", () => {
  const ask = (newText: string) => unsubscribeRequest({ newText, subject: "" });
  ask("Do not email me.");
  const spent = processorTime();
  ask(`Do not email me${" with this".repeat(28)} ${"x".repeat(40)}`);
  expect(spent()).toBeLessThan(1_000);
  expect(ask("Do not email me with this kind of offer again.")).not.toBeNull();
});
