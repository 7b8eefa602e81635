// What did the person write? The new words of a reply, without the mail it answers, the signature and the disclaimers.
import { trimmed, withoutFooter } from "./mail-footer.ts";
import { quoteHeaderAt } from "./quote-header.ts";

const QUOTED = /^\s{0,8}(?:[A-Z]{1,2}|\[)?>/;

/** The new text that the person wrote, "" when there is none. Never throws; time grows with the length of the text, whatever it holds. */
export function visibleReply(mail: { readonly text: string; readonly html: string | null }): string {
  const lines = mail.text.replaceAll("\0", "").split(/\r\n|[\n\r\u2028\u2029]/);
  const own = withoutQuotes(lines);
  return withoutFooter(own)
    .map((line) => line.trimEnd())
    .join("\n")
    .trim();
}

/** The lines that are the person's own: above, below and between what is quoted. */
function withoutQuotes(lines: readonly string[]): readonly string[] {
  const own: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    if (QUOTED.test(line)) {
      at = quoteEnd(lines, at);
      continue;
    }
    const header = quoteHeaderAt(lines, at);
    if (header === null) {
      own.push(line);
      at++;
      continue;
    }
    if (header.before !== "") own.push(header.before);
    at += header.lines;
    if (header.kind === "old_mail" || !quoteFollows(lines, at)) break;
  }
  return trimmed(own);
}

/** Behind the quoted lines that begin here. A line that was wrapped out of the quote belongs to it. */
function quoteEnd(lines: readonly string[], at: number): number {
  let end = at + 1;
  while (end < lines.length && (QUOTED.test(lines[end] ?? "") || isWrapped(lines, end))) end++;
  return end;
}

/** The end of a long quoted line that a program broke: begins in the middle of a sentence, and the quote goes on below. */
function isWrapped(lines: readonly string[], at: number): boolean {
  const before = lines[at - 1] ?? "";
  return before.length >= 55 && QUOTED.test(before) && /^\p{Ll}/u.test(lines[at] ?? "") && QUOTED.test(lines[at + 1] ?? "");
}

function quoteFollows(lines: readonly string[], at: number): boolean {
  let next = at;
  while (next < lines.length && next < at + 8 && (lines[next] ?? "").trim() === "") next++;
  return QUOTED.test(lines[next] ?? "");
}
