// How is a tag written? One way only, so that `VIP` and ` vip ` are one tag.

export const LONGEST_TAG = 100;

/** Null for what is no tag: nothing to see, or too long. */
export function readTag(written: string): string | null {
  const tag = written
    .toWellFormed()
    .normalize("NFC")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .toLowerCase()
    .trim();
  return /[^\s\p{C}]/u.test(tag) && tag.length <= LONGEST_TAG ? tag : null;
}
