import { expect, test } from "vitest";
import { deriveMessageId, feedbackId } from "./outgoing-message.ts";
import { intentsOf, readFeedbackId } from "./sent-intent.ts";

const key = new Uint8Array(32).fill(1);

test("a mail is told by its Message-ID, also in a sub-sequence that was entered since", () => {
  const intent = { enrollmentId: "e2", visit: 3, lineage: "call" };
  const found = new Map(
    intentsOf(
      key,
      [
        { id: "e1", visit: 1 },
        { id: "e2", visit: 1 },
      ],
      ["a", "call"],
      "team.example",
    ),
  );
  expect(found.get(deriveMessageId(key, intent, "team.example"))).toEqual(intent);
  expect(found.get(deriveMessageId(new Uint8Array(32), intent, "team.example"))).toBeUndefined();
});

test("a Feedback-ID of ours is read back, any other is not", () => {
  const [campaign, step, sender] = ["0123456789ab", "ba9876543210", "abcdefabcdef"];
  expect(readFeedbackId(feedbackId(campaign, step, "step", sender))).toEqual({ campaign, step, kind: "step" });
  expect(readFeedbackId("newsletter:42:bulk:mailer")).toBeNull();
});
