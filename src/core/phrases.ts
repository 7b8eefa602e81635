// Does a text hold one of many phrases? Phrase lists are data: one pattern a line, so that a new one is one line in a diff.

/**
 * One expression for all the lines of `list` (blank lines skipped, spaces around a line dropped).
 *
 * Every quantifier inside a line must be bounded, and no repeated group may match one text in several ways, as `(?:\S{1,60} ?){1,6}` does: the
 * texts are hostile, and six times sixty ways to cut a long word are 60⁶ attempts.
 *
 * @param before pattern that must stand before each of them, such as an anchor
 */
export function anyOf(list: string, flags: string, before = ""): RegExp {
  const lines = list.split("\n").map((line) => line.trim());
  return new RegExp(`${before}(?:${lines.filter((line) => line !== "").join("|")})`, flags);
}
