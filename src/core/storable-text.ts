// What can the database not keep as text? A NUL character, and half of a surrogate pair; both arrive only from programs and from hostile files.

/** The paths of all texts (and keys) in plain JSON values that cannot be stored, in order; at most `most`. */
export function unstorableTexts(values: unknown, most: number): (readonly (string | number)[])[] {
  const found: (readonly (string | number)[])[] = [];
  const seen = new Set<unknown>();
  const walk = (value: unknown, path: readonly (string | number)[]): void => {
    if (found.length >= most) return;
    if (typeof value === "string" && !isStorable(value)) found.push(path);
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    // What an alias stands for is not walked again.
    seen.add(value);
    if (Array.isArray(value)) for (const [index, item] of value.entries()) walk(item, [...path, index]);
    else
      for (const [key, item] of Object.entries(value)) {
        if (isStorable(key)) walk(item, [...path, key]);
        else found.push(path);
      }
  };
  walk(values, []);
  return found;
}

export function isStorable(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}
