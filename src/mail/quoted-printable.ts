// Quoted-printable (RFC 2045 §6.7): text whose lines are short and ASCII, and which stays readable where it was so before.

const CRLF = "\r\n";
/** Characters of a line, the `=` of a soft line break among them. */
const LINE = 76;

/** The lines of a text, encoded and joined by CRLF, without a line end after the last one: that is the part's. */
export function quotedPrintable(text: string): string {
  const lines = text.replace(UNSAFE, hexadecimal).split(/\r\n?|\n/);
  if (lines.length > 1 && lines.at(-1) === "") lines.pop();
  return lines.map(encodedLine).join(CRLF);
}

/** Everything but line ends, tabs and printable ASCII; `=` itself, too. */
const UNSAFE = /[^\t\r\n -<>-~]+/g;

function encodedLine(line: string): string {
  const escaped = line.endsWith(" ") || line.endsWith("\t") ? line.slice(0, -1) + hexadecimal(line.slice(-1)) : line;
  return escaped.length <= LINE ? escaped : softBroken(escaped);
}

/** As UTF-8. */
function hexadecimal(characters: string): string {
  return characters === "=" ? "=3D" : Buffer.from(characters, "utf8").toString("hex").toUpperCase().replace(/../g, "=$&");
}

/** Broken wherever a line is full, but never within `=XX`. */
function softBroken(escaped: string): string {
  let [broken, from] = ["", 0];
  while (escaped.length - from > LINE) {
    let to = from + LINE - 1;
    if (escaped[to - 1] === "=") to -= 1;
    else if (escaped[to - 2] === "=") to -= 2;
    broken += `${escaped.slice(from, to)}=${CRLF}`;
    from = to;
  }
  return broken + escaped.slice(from);
}
