// How does a letter fall into sentences and clauses? Each keeps its words as written, for evidence, and folded, for comparison with phrases.

export interface Clause {
  /** As it stands in the text. */
  readonly source: string;
  /** One blank between words, straight apostrophes, no accents ("más" → "mas", "ß" → "ss"): people leave them out. No punctuation at the end but "?". */
  readonly words: string;
}

export interface Sentence extends Clause {
  readonly isQuestion: boolean;
  readonly clauses: readonly Clause[];
}

/** Longer letters are cut: what somebody wants from us stands at the top. */
const MAX_TEXT = 8_000;
/** A shorter line that ends before a capital letter was not wrapped by a program. */
const WRAPPED_LINE = 50;
const SENTENCE_END = /[.!?;。！？…]{1,20}(?=\s|$|["')\]*_])|[。！？]|\n[ \t]{0,20}\n|\n(?=[ \t]{0,8}(?:[-*•]|\d{1,2}[.)]) )/gu;
/** "Mais" is "but" in French and "more" in Portuguese. */
const CLAUSE_END =
  /[,:](?=\s|$)|\s[-–—]{1,3}\s|[()–—]|(?:^|\s)(?=(?:but|however|aber|jedoch|allerdings|mais\s(?:je|j'|nous|pas|c'|ce|il|cela|ça|on|notre|vous|non|malheureusement)|cependant|pero|porém|però|maar)(?:\s|(?<=')))/giu;

/** The sentences of a text in order. */
export function sentencesIn(text: string): readonly Sentence[] {
  return cutAt(text.slice(0, MAX_TEXT), SENTENCE_END)
    .flatMap(brokenLines)
    .filter((piece) => piece.trim() !== "")
    .map((piece) => ({ ...clauseOf(piece), isQuestion: /[?？]["')\]*_]{0,3}\s{0,20}$/.test(piece), clauses: clausesOf(piece) }));
}

/** Folds a text for comparison with phrases that are written without accents. */
export function folded(text: string): string {
  return text
    .normalize("NFD")
    .replaceAll(/\p{Mn}/gu, "")
    .replaceAll("ß", "ss")
    .replaceAll(/[‘’ʼ´`]/g, "'")
    .replaceAll(/[\s*_\u00ad\u200b\ufeff]{1,}/gu, " ")
    .trim();
}

function clauseOf(source: string): Clause {
  return { source: source.trim(), words: folded(source).replace(/[\s.!…;:,]{1,40}$/u, "") };
}

/** A comma after a single word ends nothing: "No, thanks", "Yes, let's talk". */
function clausesOf(sentence: string): readonly Clause[] {
  const clauses: string[] = [];
  for (const piece of cutAt(sentence, CLAUSE_END)) {
    const last = clauses.at(-1);
    if (last !== undefined && !/\S\s{1,20}\S/.test(last.trim())) clauses[clauses.length - 1] = last + piece;
    else clauses.push(piece);
  }
  return clauses.map(clauseOf).filter(({ words }) => words !== "");
}

/** The pieces between the matches; what matched stays with the piece before it. Together they are the text. */
function cutAt(text: string, ends: RegExp): readonly string[] {
  const pieces: string[] = [];
  let start = 0;
  for (const match of text.matchAll(ends)) {
    const end = match.index + match[0].length;
    if (end > start) pieces.push(text.slice(start, end));
    start = Math.max(start, end);
  }
  return [...pieces, text.slice(start)];
}

/** A line break ends a sentence only where no program wrapped the line: "We are not⏎interested" is one sentence. */
function brokenLines(piece: string): readonly string[] {
  const sentences: string[] = [];
  let last = "";
  for (const line of piece.split(/(?<=\n)/)) {
    const goesOn = /^\s{0,20}\p{Ll}/u.test(line) || last.trimEnd().length >= WRAPPED_LINE;
    if (last !== "" && goesOn) sentences[sentences.length - 1] = `${sentences.at(-1) ?? ""}${line}`;
    else sentences.push(line);
    last = line;
  }
  return sentences;
}
