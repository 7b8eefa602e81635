// How interested is the person who wrote this? Rules that read the new words, know negation, and rather ask a person than guess.
import { type Clause, type Sentence, sentencesIn } from "./clauses.ts";
import {
  AGREES,
  ASKS_FOR_INFO,
  BUT,
  DOUBTING_QUESTION,
  FOR_THE_MOMENT,
  HARMLESS_NEGATION,
  INSTRUCTS,
  INTERESTED,
  MOCKS,
  NEGATED_AFTER,
  NEGATOR,
  NEUTRAL,
  NOT_NOW,
  OBJECTS,
  REFERS,
  REFUSES,
  SOMEBODY_ELSES,
  UNSURE,
  WRONG_PERSON,
  YOUR_INTEREST,
} from "./interest-cues.ts";
import { unsubscribeRequest } from "./unsubscribe-request.ts";
import type { InterestLevel } from "./words.ts";

export interface InterestJudgement {
  readonly level: InterestLevel | "needs_review";
  /** 0 to 1; 0 when a person should judge. Ordered, not calibrated: .9 is surer than .7, and neither is a frequency. */
  readonly confidence: number;
  /** The words that decided, as they stand in the text. */
  readonly evidence: string | null;
  readonly why: readonly string[];
}

type Signal = Exclude<InterestLevel, "unsubscribe"> | "interested" | "unsure";
interface Hit {
  readonly signal: Signal;
  readonly evidence: string;
}
type Found = ReadonlyMap<Signal, string>;

/** How sure the level is when nothing else was said. */
const SURE: Readonly<Record<Exclude<InterestLevel, "unsubscribe">, number>> = {
  negative: 0.9,
  wrong_person: 0.85,
  referral: 0.85,
  requested_info: 0.85,
  positive: 0.85,
  not_now: 0.8,
  objection: 0.8,
  neutral: 0.7,
};
const SURE_OF_REQUEST = 0.98;
/** What a second thing said in the same reply takes away. */
const MIXED = 0.15;

/**
 * Judges a reply by its words alone.
 *
 * An opt-out outranks everything. Mixed messages are read with caution: a level that stops or waits wins over one that goes on, and a yes next to
 * a no is left to a person.
 *
 * @param newText what the person wrote, without the mail it answers
 */
export function judgeInterest(newText: string): InterestJudgement {
  const request = unsubscribeRequest({ newText, subject: "" });
  if (request) return { level: "unsubscribe", confidence: SURE_OF_REQUEST, evidence: request.evidence, why: [`opt-out (${request.rule})`] };
  if (!/\p{L}{2}/u.test(newText)) return review(null, "no words");
  const sentences = withoutCourtesies(sentencesIn(newText));
  const strange = sentences.find(({ words }) => MOCKS.test(words) || INSTRUCTS.test(words));
  if (strange) return review(strange.source, "mockery, or words for a machine");
  const found = signalsOf(withTheRightPerson(sentences, sentences.flatMap(hitsIn)));
  const words = sentences.reduce((count, sentence) => count + sentence.words.split(" ").length, 0);
  if (words < 2 && found.has("positive")) return review(newText.trim(), "one word");
  return resolve(found);
}

/** From "Best regards" on nothing is said. */
function withoutCourtesies(sentences: readonly Sentence[]): readonly Sentence[] {
  const end = sentences.findIndex(({ words }, at) => at > 0 && words.length < 120 && CLOSING.test(words));
  return end < 0 ? sentences : sentences.slice(0, end);
}
const CLOSING =
  /^(?:(?:best|kind|warm|many|with|my)? ?(?:best |kind |warm )?(?:regards|wishes)|(?:cheers|sincerely|yours|mfg|lg|vg)(?![\p{L}\d])(?! for| is| are| look| sound)|mit (?:freundlichen|besten|vielen|lieben) gruss|(?:viele|beste|liebe|schone|freundliche) gruss|(?:bien )?cordialement|bien a vous|(?:un )?(?:cordial )?saludos?|atentamente|atenciosamente|(?:com os )?(?:melhores )?cumprimentos|abracos?|(?:cordiali|distinti) saluti|saluti|(?:met )?(?:vriendelijke )?groet)/iu;

function hitsIn(sentence: Sentence): readonly Hit[] {
  const hits = sentence.clauses.flatMap((clause, at) => hitsInClause(clause, sentence.isQuestion && at === sentence.clauses.length - 1));
  const refused = hits.some(({ signal }) => signal === "negative");
  return refused && FOR_THE_MOMENT.test(sentence.words) ? [...hits, { signal: "not_now", evidence: sentence.source }] : hits;
}

/** "I don't look after this, Tom Reuter does": a bare name refers to somebody once the writer has said that it is not their task. */
function withTheRightPerson(sentences: readonly Sentence[], hits: readonly Hit[]): readonly Hit[] {
  if (!hits.some(({ signal }) => signal === "wrong_person")) return hits;
  const named = sentences.flatMap(({ clauses }) => clauses).find(({ words }) => SOMEBODY_ELSES.test(words));
  return named ? [...hits, { signal: "referral", evidence: named.source }] : hits;
}

function hitsInClause(clause: Clause, isQuestion: boolean): readonly Hit[] {
  const { words, source: evidence } = clause;
  const told = (signal: Signal, cue: RegExp): readonly Hit[] => (cue.test(words) ? [{ signal, evidence }] : []);
  const hits = [
    ...told("negative", REFUSES).map((hit) => (deniedRefusal(words) ? { signal: "unsure" as const, evidence } : hit)),
    ...told("unsure", UNSURE),
    ...told("wrong_person", WRONG_PERSON),
    ...unlessDenied("referral", REFERS, clause),
    ...told("not_now", NOT_NOW),
    ...unlessDenied("objection", OBJECTS, clause),
    ...unlessDenied("requested_info", ASKS_FOR_INFO, clause),
    ...(isQuestion && DOUBTING_QUESTION.test(words) ? [] : unlessDenied("positive", AGREES, clause)),
    ...told("neutral", NEUTRAL),
    ...interestIn(clause, isQuestion),
  ];
  return hits.length === 0 && BUT.test(words) ? [{ signal: "unsure", evidence }] : hits;
}

/** "Interested": a no when denied, unclear when asked or said of somebody else. */
function interestIn({ words, source: evidence }: Clause, isQuestion: boolean): readonly Hit[] {
  const match = INTERESTED.exec(words);
  if (match === null || YOUR_INTEREST.test(words)) return [];
  const times = negations(words, match);
  if (times === 1) return [{ signal: "negative", evidence }];
  return [{ signal: times > 1 || isQuestion ? "unsure" : "interested", evidence }];
}

const HARMLESS_NEGATIONS = new RegExp(HARMLESS_NEGATION, "giu");

/** A cue that a negation stands before says something else, and we do not know what. */
function unlessDenied(signal: Signal, cue: RegExp, { words, source: evidence }: Clause): readonly Hit[] {
  const match = cue.exec(words);
  if (match === null) return [];
  const denied = negations(words, match) > 0 || (signal === "positive" && holdsNegation(match[0]));
  return [{ signal: denied ? "unsure" : signal, evidence }];
}

/** How often the words that the cue matched are denied: within six words before it, or three behind it. */
function negations(words: string, match: RegExpExecArray): number {
  const before = /(?:\S{1,40} ){0,6}$/u.exec(words.slice(Math.max(0, match.index - 260), match.index))?.[0] ?? "";
  const denied = before.replaceAll(HARMLESS_NEGATIONS, " ").match(NEGATOR)?.length ?? 0;
  return denied + (NEGATED_AFTER.test(words.slice(match.index + match[0].length)) ? 1 : 0);
}

/** "I am not available": the cue lets a word stand in its middle. */
function holdsNegation(matched: string): boolean {
  return (matched.replaceAll(HARMLESS_NEGATIONS, " ").match(NEGATOR)?.length ?? 0) > 0;
}

/** "It is not that we are not interested", "I would not say no". */
function deniedRefusal(words: string): boolean {
  return /(?:not (?:that|because|to say|saying)|wouldn't say|not say|isn't that|nicht[ ,]{1,2}dass|nicht sagen|pas que|pas dire|no es que|nao e que|non e che|niet dat)(?![\p{L}])/iu.test(
    words,
  );
}

function signalsOf(hits: readonly Hit[]): Found {
  const found = new Map<Signal, string>();
  for (const { signal, evidence } of hits) if (!found.has(signal)) found.set(signal, evidence);
  return found;
}

/** The one level of a reply that may say several things; the order of the lines is the order of caution. */
function resolve(found: Found): InterestJudgement {
  const has = (...signals: readonly Signal[]) => signals.some((signal) => found.has(signal));
  const yes = has("positive", "interested");
  if (has("referral") && !yes) return level("referral", found);
  if (has("wrong_person")) return yes ? mixed(found) : level("wrong_person", found);
  if (has("negative") && (yes || has("requested_info", "referral"))) return mixed(found);
  if (has("referral")) return mixed(found);
  if (has("not_now")) return has("requested_info") ? mixed(found) : level("not_now", found);
  if (has("negative")) return level("negative", found);
  if (has("objection")) return yes ? mixed(found) : level("objection", found);
  if (has("unsure")) return has("requested_info") && !yes ? level("requested_info", found) : mixed(found);
  if (has("requested_info") && !has("positive")) return level("requested_info", found);
  if (yes) return level("positive", found);
  return has("neutral") ? level("neutral", found) : review(null, "says nothing that the rules know");
}

function level(name: Exclude<InterestLevel, "unsubscribe">, found: Found): InterestJudgement {
  const evidence = found.get(name) ?? found.get("interested") ?? null;
  const others = [...found.keys()].filter(
    (signal) => signal !== name && signal !== "neutral" && !(name === "positive" && signal === "interested"),
  );
  const confidence = Math.round((SURE[name] - (others.length > 0 ? MIXED : 0)) * 100) / 100;
  return { level: name, confidence, evidence, why: [...found.keys()].map((signal) => `says ${signal}`) };
}

function mixed(found: Found): InterestJudgement {
  return { ...review([...found.values()][0] ?? null, "unclear"), why: ["unclear", ...[...found.keys()].map((signal) => `says ${signal}`)] };
}

function review(evidence: string | null, why: string): InterestJudgement {
  return { level: "needs_review", confidence: 0, evidence, why: [why] };
}
