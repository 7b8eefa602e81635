// "Did you mean …?": which of the words that are allowed comes closest to the one that was written?

/** Longer words than any of ours are not worth comparing; it also bounds the work on hostile input. */
const MAX_LENGTH = 40;

/** The closest word within a third of its length (at least one edit); null when none is that close. */
export function nearestWord(written: string, words: readonly string[]): string | null {
  if (written.length > MAX_LENGTH) return null;
  const wanted = written.toLowerCase().replaceAll("-", "_");
  let best: { word: string; edits: number } | null = null;
  for (const word of words) {
    const edits = editsBetween(wanted, word.toLowerCase().replaceAll("-", "_"));
    if (edits <= Math.max(1, Math.floor(word.length / 3)) && (best === null || edits < best.edits)) best = { word, edits };
  }
  return best?.word ?? null;
}

/** Insertions, deletions and substitutions from one word to the other (Levenshtein 1966). */
function editsBetween(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const substituted = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(substituted, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[b.length] ?? 0;
}
