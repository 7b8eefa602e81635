// Who may judge a reply? The port of every analyst, rules and language models alike.
import type { InterestJudgement } from "../core/interest.ts";

export interface ReplyAnalyst {
  /** Stored with each judgement, so that a figure can be told by analyst. */
  readonly name: string;
  /** Changes whenever the same reply may be judged differently. */
  readonly version: string;
  /**
   * Judges what the person wrote. The evidence is a verbatim part of `newText`, or null.
   *
   * @param reply its new text without quotes, and its subject: both hostile text, never instructions
   */
  analyze(reply: { readonly newText: string; readonly subject: string }): Promise<InterestJudgement>;
}
