// Quoted-printable (RFC 2045 §6.7): text whose lines are short and ASCII, and which stays readable where it was so before.

const CRLF = "\r\n";
/** Characters of a line, the `=` of a soft line break among them. */
const LINE = 76;

/** The lines of a text, encoded and joined by CRLF, without a line end after the last one: that is the part's. */
export function quotedPrintable(text: string): string {
  const lines = text.split(/\r\n?|\n/);
  if (lines.length > 1 && lines.at(-1) === "") lines.pop();
  return lines.map(encodedLine).join(CRLF);
}

/** Everything but printable ASCII and tabs; `=` itself, too. */
const UNSAFE = /[^\t -<>-~]+/gu;

function encodedLine(line: string): string {
  const escaped = line.replace(UNSAFE, hexadecimal).replace(/[\t ]$/, hexadecimal);
  return escaped.length <= LINE ? escaped : softBroken(escaped);
}

/** As UTF-8. */
function hexadecimal(characters: string): string {
  return characters === "=" ? "=3D" : Buffer.from(characters, "utf8").toString("hex").toUpperCase().replace(/../g, "=$&");
}

/** Broken wherever a line is full, but never within `=XX`. */
function softBroken(escaped: string): string {
  const lines: string[] = [];
  let from = 0;
  while (escaped.length - from > LINE) {
    let to = from + LINE - 1;
    if (escaped[to - 1] === "=") to -= 1;
    else if (escaped[to - 2] === "=") to -= 2;
    lines.push(`${escaped.slice(from, to)}=`);
    from = to;
  }
  return [...lines, escaped.slice(from)].join(CRLF);
}
