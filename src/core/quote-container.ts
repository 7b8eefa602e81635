// Which lines of a mail's text does its HTML mark as the head of the quoted mail? Helps where the words are in a language we do not know.
import type { QuoteHeader } from "./quote-header.ts";

/** Elements that hold nothing but what is quoted, or its introduction: by class or id, as the programs write them. */
const CONTAINERS = [
  { mark: "gmail_attr", kind: "attribution" }, // Gmail
  { mark: "moz-cite-prefix", kind: "attribution" }, // Thunderbird
  { mark: "divRplyFwdMsg", kind: "old_mail" }, // Outlook on the web
  { mark: "mail-editor-reference-message-container", kind: "old_mail" }, // Outlook for Mac
  { mark: "OLK_SRC_BODY_SECTION", kind: "old_mail" }, // Outlook for Mac 2011
  { mark: "OutlookMessageHeader", kind: "old_mail" }, // Outlook 2003
  { mark: "yahoo_quoted", kind: "old_mail" }, // Yahoo
  { mark: "protonmail_quote", kind: "old_mail" }, // Proton
  { mark: "tutanota_quote", kind: "old_mail" }, // Tuta
  { mark: "zmail_extra", kind: "old_mail" }, // Zoho
] as const;
/** HTML that is searched for the first words of a container, and letters that must agree. */
const LOOKED_AT = 3_000;
const MIN_LETTERS = 10;
const MAX_LETTERS = 24;
const MAX_PLACES = 20;

/** Line number → what begins there. Empty without HTML, or where the text says something else than the HTML. */
export function quoteStarts(lines: readonly string[], html: string | null): ReadonlyMap<number, QuoteHeader> {
  const starts = new Map<number, QuoteHeader>();
  for (const { words, kind } of containersIn(html ?? "")) {
    const at = lines.findIndex((line) => agree(lettersOf(line.slice(0, 300)), words));
    if (at >= 0) starts.set(at, { kind, lines: 1, before: "" });
  }
  return starts;
}

/** Of each kind the first container: later ones stand inside the quote. */
function containersIn(html: string): readonly { readonly words: string; readonly kind: QuoteHeader["kind"] }[] {
  return CONTAINERS.map(({ mark, kind }) => ({ words: wordsIn(html, placeOf(html, mark)), kind })).filter(
    ({ words }) => words.length >= MIN_LETTERS,
  );
}

/** Where the attribute stands in a tag, -1 when nowhere: the word may also be in a style sheet or in somebody's text. */
function placeOf(html: string, mark: string): number {
  let at = html.indexOf(mark);
  for (let tries = 0; at >= 0 && tries < MAX_PLACES; tries++) {
    if (/<(?:div|span|blockquote|p|table) [^<>]{0,300}(?:class|id)=["']?[^<>"']{0,100}$/i.test(html.slice(Math.max(0, at - 450), at)))
      return at;
    at = html.indexOf(mark, at + mark.length);
  }
  return -1;
}

/** The first letters that a reader sees behind the tag in whose middle `at` is. */
function wordsIn(html: string, at: number): string {
  if (at < 0) return "";
  const stretch = html.slice(at, at + LOOKED_AT);
  const text = stretch
    .slice(stretch.indexOf(">") + 1)
    .replaceAll(/<[^<>]{0,1000}>/g, " ")
    .replaceAll(/&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,10});/gi, " ");
  return lettersOf(text).slice(0, MAX_LETTERS);
}

function lettersOf(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}]/gu, "");
}

/** Whether the line begins with the container's first words; a short line, such as the first header, may be all of it that stands there. */
function agree(line: string, words: string): boolean {
  return line.length >= MIN_LETTERS && (line.startsWith(words) || words.startsWith(line));
}
