// What did the writer of format=flowed text write? Soft line breaks are undone, quotes keep their depth (RFC 3676 §4).

interface Line {
  readonly depth: number;
  readonly text: string;
}

const SIGNATURE = "-- ";

/**
 * Joins each flowed line (it ends in a space) with the next one of the same quote depth. Lines of another depth never join (§4.5): the person
 * who answers below a quoted line would be read as a part of it. An empty line and the signature's "-- " stand for themselves.
 * `deleteSpace` is the parameter DelSp=yes: the space is the break's, not the text's.
 */
export function unfoldFlowed(text: string, deleteSpace: boolean): string {
  const paragraphs: string[] = [];
  let pieces: string[] = [];
  let before: Line | null = null;
  for (const line of text.split(/\r?\n/).map(readLine)) {
    if (before && flowsInto(before, line)) {
      if (deleteSpace) pieces.push(pieces.pop()?.slice(0, -1) ?? "");
    } else {
      if (before) paragraphs.push(pieces.join(""));
      pieces = line.depth === 0 ? [] : [`${">".repeat(line.depth)} `];
    }
    pieces.push(line.text);
    before = line;
  }
  paragraphs.push(pieces.join(""));
  return paragraphs.join("\n");
}

/** Quote marks first, then one stuffed space (§4.4, §4.5). */
function readLine(line: string): Line {
  let depth = 0;
  while (line[depth] === ">") depth += 1;
  return { depth, text: line[depth] === " " ? line.slice(depth + 1) : line.slice(depth) };
}

function flowsInto(before: Line, line: Line): boolean {
  if (!before.text.endsWith(" ") || before.depth !== line.depth) return false;
  return before.text !== SIGNATURE && line.text !== SIGNATURE && line.text !== "";
}
