// The analyst that is always there: phrases and negation in seven languages, no network, the same answer every time.
import { judgeInterest } from "../core/interest.ts";
import type { ReplyAnalyst } from "./reply-analysis.ts";

/** Judges by the rules of core/interest.ts. The subject is ours, and says nothing about the lead. */
export function ruleAnalyst(): ReplyAnalyst {
  return { name: "rules", version: "3", analyze: ({ newText }) => Promise.resolve(judgeInterest(newText)) };
}
