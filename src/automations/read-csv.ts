// The bytes of a CSV file, piece by piece, into records: which encoding, which delimiter. Nothing is asked of the person who exported it.
import iconv from "iconv-lite";
import { type CsvReader, type CsvRecord, csvReader, delimiterOf } from "../core/csv-records.ts";

/** Bytes looked at before the encoding is decided. */
const SNIFFED = 4_096;
/** Characters looked at before the delimiter is decided; a header is shorter. */
const HEAD = 64 * 1_024;

/** Pieces of records, in order, each with how many bytes of the file were read up to it. */
export async function* readCsv(content: AsyncIterable<Uint8Array>): AsyncGenerator<{ records: CsvRecord[]; bytes: number }> {
  let reader: CsvReader | null = null;
  let head = "";
  let bytes = 0;
  for await (const piece of decode(content)) {
    bytes = piece.bytes;
    head += reader ? "" : piece.text;
    if (reader) yield { records: reader.push(piece.text), bytes };
    else if (head.length >= HEAD) {
      const { delimiter, begin } = delimiterOf(head);
      reader = csvReader(delimiter);
      yield { records: reader.push(head.slice(begin)), bytes };
    }
  }
  if (reader) yield { records: reader.end(), bytes };
  else {
    const { delimiter, begin } = delimiterOf(head);
    const whole = csvReader(delimiter);
    yield { records: [...whole.push(head.slice(begin)), ...whole.end()], bytes };
  }
}

type TextEncoding = "utf8" | "utf16le" | "utf16be" | "windows1252";

/** ASCII reads the same in UTF-8 and Windows-1252, so the choice is put off until the first byte that tells them apart, be it the last of the file. */
async function* decode(content: AsyncIterable<Uint8Array>): AsyncGenerator<{ text: string; bytes: number }> {
  let decoder: iconv.DecoderStream | null = null;
  let held: Buffer = Buffer.alloc(0);
  let isStart = true;
  let bytes = 0;
  for await (const chunk of content) {
    const piece = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    bytes += piece.length;
    if (decoder) {
      yield { text: decoder.write(piece), bytes };
      continue;
    }
    held = held.length === 0 ? piece : Buffer.concat([held, piece]);
    if (held.length < SNIFFED) continue;
    const marked = isStart ? markedEncoding(held) : null;
    const ascii = marked ? 0 : asciiLength(held);
    if (ascii > 0) yield { text: held.toString("latin1", 0, ascii), bytes };
    held = Buffer.from(held.subarray(ascii));
    isStart = false;
    if (!marked && held.length < SNIFFED) continue;
    decoder = iconv.getDecoder(marked ?? likelyEncoding(held, false));
    yield { text: decoder.write(held), bytes };
  }
  if (!decoder) {
    decoder = iconv.getDecoder((isStart ? markedEncoding(held) : null) ?? likelyEncoding(held, true));
    yield { text: decoder.write(held), bytes };
  }
  yield { text: decoder.end() ?? "", bytes };
}

/** By its byte order mark; or UTF-16 without one, in which every other byte of Latin text is zero, and addresses are Latin. */
function markedEncoding(start: Buffer): TextEncoding | null {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return "utf8";
  if (start[0] === 0xff && start[1] === 0xfe) return "utf16le";
  if (start[0] === 0xfe && start[1] === 0xff) return "utf16be";
  const zeros = [0, 0];
  for (const [index, byte] of start.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (Math.max(even, odd) < start.length / 4) return null;
  if (odd > 10 * even) return "utf16le";
  return even > 10 * odd ? "utf16be" : null;
}

function asciiLength(bytes: Buffer): number {
  const high = bytes.findIndex((byte) => byte >= 0x80);
  return high < 0 ? bytes.length : high;
}

/** In UTF-8 bytes beyond ASCII come in sequences that text in another encoding does not make by chance. A few broken ones are a damaged file, not another encoding. */
function likelyEncoding(bytes: Buffer, isEnd: boolean): TextEncoding {
  const beyondAscii = new TextDecoder().decode(bytes, { stream: !isEnd }).match(/\P{ASCII}/gu) ?? [];
  const lost = beyondAscii.filter((character) => character === "\uFFFD").length;
  return lost * 2 < beyondAscii.length || lost === 0 ? "utf8" : "windows1252";
}
