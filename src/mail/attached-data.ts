// Attachments are never read, only named: their data is left out before a mail is parsed, which costs 7 ms for every 100 KB of base64 (measured).

/** More parts in base64 than this keep their data. */
const MAX_PARTS = 200;
/** Header blocks of parts are short; how far one is looked for on both sides, bounded for mails that consist of nothing else. */
const MAX_HEADER = 8 * 1024;
const LF = 0x0a;
const ENCODED = /^content-transfer-encoding:[ \t]*base64[ \t]*$/gim;
const CONTENT_TYPE = /^content-type:\s*([a-z0-9.+-]+)\//gim;
/** Their content is read. */
const READ = /^(?:text|message|multipart)$/i;

const IS_DATA = new Uint8Array(256);
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n") IS_DATA[character.charCodeAt(0)] = 1;

/**
 * The mail without the base64 of its attachments. Only whole lines are left out that hold nothing but base64 and stand directly below the header of a
 * part that says so and is no text: a boundary, or a word of a person, ends them.
 */
export function withoutAttachedData(mail: Uint8Array): Uint8Array {
  const text = Buffer.from(mail.buffer, mail.byteOffset, mail.length).toString("latin1");
  const kept: Uint8Array[] = [];
  let from = 0;
  ENCODED.lastIndex = 0;
  for (let [part, found] = [1, ENCODED.exec(text)]; found && part <= MAX_PARTS; [part, found] = [part + 1, ENCODED.exec(text)]) {
    const begin = dataBelow(text, found.index);
    if (begin === null) continue;
    const end = dataEnd(mail, begin);
    kept.push(mail.subarray(from, begin));
    from = end;
    ENCODED.lastIndex = end;
  }
  return kept.length === 0 ? mail : Buffer.concat([...kept, mail.subarray(from)]);
}

/** Where the content of the part begins whose header stands at `at`; null when it is read, or when the header cannot be told. */
function dataBelow(text: string, at: number): number | null {
  const above = text.slice(Math.max(0, at - MAX_HEADER), at);
  const below = text.slice(at, at + MAX_HEADER);
  const first = Math.max(above.lastIndexOf("\n\n"), above.lastIndexOf("\n\r\n"), above.lastIndexOf("\n--"));
  const blank = /\n\r?\n/.exec(below);
  if (!blank || (first < 0 && at > MAX_HEADER)) return null;
  const types = [...(above.slice(Math.max(0, first)) + below.slice(0, blank.index)).matchAll(CONTENT_TYPE)];
  const [type = "text"] = types.map((found) => found[1]);
  return types.length !== 1 || READ.test(type) ? null : at + blank.index + blank[0].length;
}

/** Behind the last line that is whole. */
function dataEnd(mail: Uint8Array, begin: number): number {
  let end = begin;
  while (end < mail.length && IS_DATA[mail[end] ?? 0] === 1) end += 1;
  if (end === mail.length) return end;
  while (end > begin && mail[end - 1] !== LF) end -= 1;
  return end;
}
