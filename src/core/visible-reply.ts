// What did the person write? The new words of a reply, without the mail it answers, the signature and the disclaimers.
import { trimmed, withoutFooter } from "./mail-footer.ts";
import { quoteStarts } from "./quote-container.ts";
import { type QuoteHeader, quoteHeaderAt } from "./quote-header.ts";

/** `>` or a reader's initials before it. `>>> look here <<<` is decoration. */
const QUOTED = /^\s{0,8}[A-Z]{0,2}>(?!.{0,200}<<\s{0,8}$)/;

/** The new text that the person wrote, "" when there is none. Never throws; time grows with the length of the text, whatever it holds. */
export function visibleReply(mail: { readonly text: string; readonly html: string | null }): string {
  const lines = mail.text.split(/\r\n|[\n\r\u2028\u2029]/);
  const own = withoutQuotes(lines, quoteStarts(lines, mail.html));
  return withoutFooter(own)
    .map((line) => line.trimEnd())
    .join("\n")
    .trim();
}

/** The lines that are the person's own: above, below and between what is quoted. */
function withoutQuotes(lines: readonly string[], marked: ReadonlyMap<number, QuoteHeader>): readonly string[] {
  const own: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    if (QUOTED.test(line)) {
      at = quoteEnd(lines, at);
      continue;
    }
    const header = quoteHeaderAt(lines, at) ?? marked.get(at) ?? null;
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

/** The rest of a quoted line that a program broke: in the middle of a sentence or of a link, and the quote goes on below. */
function isWrapped(lines: readonly string[], at: number): boolean {
  const before = lines[at - 1] ?? "";
  const line = lines[at] ?? "";
  if (!QUOTED.test(before) || !QUOTED.test(lines[at + 1] ?? "")) return false;
  return (
    (before.length >= 55 && /^\p{Ll}/u.test(line)) ||
    /^[(<[]?https?:\/\//.test(line) ||
    /[(<]https?:\/\/[^\s)>]{0,900}$/.test(before.slice(-1_000))
  );
}

function quoteFollows(lines: readonly string[], at: number): boolean {
  let next = at;
  while (next < lines.length && next < at + 8 && (lines[next] ?? "").trim() === "") next++;
  return QUOTED.test(lines[next] ?? "");
}
