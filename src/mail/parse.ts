// What does a raw mail say? Bytes from anybody to an InboundMail: never throws, costs at most what 6 MB of mail cost, and holds no text that the
// database could not keep.
import { compile } from "html-to-text";
import PostalMime, { addressParser, decodeWords } from "postal-mime";
import { unfoldFlowed } from "../core/flowed-text.ts";
import { readFieldGroups, readFields } from "../core/header-fields.ts";
import { type Fields, type InboundMail, type MailAddress, type MailPart, messageIdsIn } from "../core/inbound-mail.ts";
import type { Instant } from "../core/instant.ts";
import { withoutAttachedData } from "./attached-data.ts";

/** What stands behind this is attachment: people's words, reports and headers come first. */
const MAX_RAW = 6 * 1024 * 1024;
/** 6 MB of base64 have 80,000 lines. A mail of only short lines, or only of part boundaries, costs 10 µs a line (measured: 33 s for 8 MB). */
const MAX_LINES = 90_000;
const MAX_BOUNDARIES = 4_000;
const MAX_HEADERS = 512 * 1024;
const MAX_NESTING = 64;
const MAX_PARTS = 200;
/** Characters of text read of one part, and of the whole mail. */
const MAX_TEXT = 512 * 1024;
const MAX_HTML = 512 * 1024;
/** Elements within elements. Every one that is open makes the next tag dearer for htmlparser2 (measured: 0.8 s for 80,000, and nothing else runs meanwhile). */
const MAX_OPEN_TAGS = 2_000;
const MAX_ADDRESSES = 200;
const MAX_IDS = 200;
const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;

/**
 * What postal-mime 4.0.0 builds while it parses and marks internal. Its public result joins the text of all parts and drops charsets and report
 * parts' order, so the tree is read instead; the version is pinned, and parse.test.ts fails if the tree changes.
 */
interface Node {
  readonly childNodes: readonly Node[];
  readonly contentType: {
    readonly parsed: { readonly value: string; readonly params: Readonly<Record<string, string>> };
    readonly multipart: string | false;
  };
  readonly contentDisposition: { readonly parsed: { readonly value: string } };
  readonly headers: readonly { readonly key: string; readonly value: string }[];
  readonly content: ArrayBuffer | null;
  getTextContent(): string;
}

/** Parses one mail. Never throws: what cannot be read as MIME is read as a header block and plain text. */
export async function parseMail(raw: Uint8Array): Promise<InboundMail> {
  const bytes = tidied(raw);
  const root = await treeOf(bytes);
  if (root) return mailOf(root, bodyText(root));
  const end = headerEnd(bytes);
  return mailOf(await treeOf(bytes.subarray(0, end)), decode(bytes.subarray(end, end + MAX_TEXT)).trimStart());
}

async function treeOf(bytes: Uint8Array): Promise<Node | null> {
  try {
    const parser = new PostalMime({ forceRfc822Attachments: true, maxNestingDepth: MAX_NESTING, maxHeadersSize: MAX_HEADERS });
    await parser.parse(bytes);
    return (parser as unknown as { readonly root: Node }).root;
  } catch {
    return null; // nested too deeply, or headers beyond the limit
  }
}

/**
 * Cut to size, without leading blank lines (they would end the header) and the data of attachments, and with line feeds where an old archive has bare
 * carriage returns.
 */
function tidied(raw: Uint8Array): Uint8Array {
  let start = 0;
  while (start < raw.length && (raw[start] === LF || raw[start] === CR)) start++;
  const cut = raw.subarray(start, start + MAX_RAW);
  const lines = cut.includes(LF) || !cut.includes(CR) ? cut : cut.map((byte) => (byte === CR ? LF : byte));
  const read = withoutAttachedData(lines);
  return read.subarray(0, affordableLength(read));
}

function affordableLength(bytes: Uint8Array): number {
  let boundaries = 0;
  let at = 0;
  for (let lines = 0; lines < MAX_LINES; lines++) {
    if (bytes[at] === DASH && bytes[at + 1] === DASH && ++boundaries > MAX_BOUNDARIES) return at;
    const end = bytes.indexOf(LF, at);
    if (end < 0) return bytes.length;
    at = end + 1;
  }
  return at;
}

function headerEnd(bytes: Uint8Array): number {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, MAX_HEADERS / 2));
  const blank = [head.indexOf("\n\n"), head.indexOf("\n\r\n")].filter((at) => at >= 0);
  return blank.length === 0 ? head.length : Math.min(...blank) + 1;
}

function mailOf(root: Node | null, text: string): InboundMail {
  const headers = fieldsOf(root?.headers ?? []);
  const leaves = root ? leavesOf(root) : [];
  const html = leaves.filter((leaf) => isBody(leaf, "text/html")).map((leaf) => cutText(leaf, MAX_HTML));
  return {
    messageId: idsOf(headers, "message-id")[0] ?? null,
    inReplyTo: idsOf(headers, "in-reply-to"),
    references: idsOf(headers, "references"),
    from: addressesOf(headers, "from")[0] ?? null,
    sender: addressesOf(headers, "sender")[0] ?? null,
    replyTo: addressesOf(headers, "reply-to"),
    to: addressesOf(headers, "to"),
    cc: addressesOf(headers, "cc"),
    deliveredTo: deliveredTo(headers),
    returnPath: returnPath(headers),
    subject: cut(decodedWords(headers.get("subject")?.[0] ?? ""), 2_000),
    date: dateOf(headers.get("date")?.[0] ?? ""),
    headers,
    text: cut(text, MAX_TEXT),
    html: html.length === 0 ? null : cut(html.join("\n"), MAX_HTML),
    parts: leaves.map(partOf),
  };
}

function fieldsOf(headers: Node["headers"]): Fields {
  const fields = new Map<string, string[]>();
  for (const { key, value } of headers) {
    const values = fields.get(key);
    const kept = cut(value, MAX_HEADERS);
    if (values) values.push(kept);
    else fields.set(key, [kept]);
  }
  return fields;
}

function idsOf(headers: Fields, name: string): readonly string[] {
  return (headers.get(name) ?? []).flatMap(messageIdsIn).slice(-MAX_IDS);
}

function addressesOf(headers: Fields, name: string): readonly MailAddress[] {
  return (headers.get(name) ?? []).flatMap(readAddresses).slice(0, MAX_ADDRESSES);
}

function readAddresses(value: string): readonly MailAddress[] {
  try {
    return addressParser(value.slice(0, 32_768), { flatten: true }).flatMap((found) =>
      found.address ? [{ address: found.address.trim(), name: decodedWords(found.name) }] : [],
    );
  } catch {
    return [];
  }
}

const ENVELOPE_RECIPIENT = ["delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "x-rcpt-to"];

function deliveredTo(headers: Fields): readonly string[] {
  return [...new Set(ENVELOPE_RECIPIENT.flatMap((name) => addressesOf(headers, name)).map((found) => found.address))];
}

function returnPath(headers: Fields): string | null {
  const value = headers.get("return-path")?.[0];
  if (value === undefined) return null;
  return readAddresses(value)[0]?.address ?? "";
}

function decodedWords(value: string): string {
  try {
    return cut(decodeWords(value.slice(0, 65_536)), 65_536);
  } catch {
    return cut(value, 65_536);
  }
}

function dateOf(value: string): Instant | null {
  const date = new Date(value.slice(0, 100));
  const year = date.getUTCFullYear();
  return year >= 1970 && year <= 9999 ? date : null;
}

function leavesOf(root: Node): readonly Node[] {
  const leaves: Node[] = [];
  const waiting: Node[] = [root];
  for (let node = waiting.pop(); node && leaves.length < MAX_PARTS; node = waiting.pop()) {
    if (node.childNodes.length === 0) leaves.push(node);
    else waiting.push(...node.childNodes.slice(0, MAX_PARTS).toReversed());
  }
  return leaves;
}

function isBody(node: Node, type: string): boolean {
  return node.contentType.parsed.value === type && node.contentDisposition.parsed.value !== "attachment";
}

/**
 * The words of the mail: of alternatives the plain one, else the HTML; of other containers every text in order (Apple Mail splits one letter
 * around its pictures). Depth is bounded by MAX_NESTING.
 */
function bodyText(node: Node): string {
  if (node.childNodes.length === 0) {
    if (isBody(node, "text/plain")) return cutText(node, MAX_TEXT);
    return isBody(node, "text/html") ? htmlToText(cutText(node, MAX_HTML)) : "";
  }
  const children = node.childNodes.slice(0, MAX_PARTS);
  if (node.contentType.multipart !== "alternative") return children.map(bodyText).filter(Boolean).join("\n");
  const plain = children.filter((child) => child.contentType.parsed.value === "text/plain").map(bodyText);
  return plain.find((text) => text.trim() !== "") ?? children.map(bodyText).find((text) => text.trim() !== "") ?? "";
}

const compiled = compile({
  wordwrap: false,
  limits: { maxInputLength: MAX_HTML, maxDepth: 200, maxChildNodes: 20_000 },
  selectors: [
    { selector: "a", options: { ignoreHref: true } },
    { selector: "img", format: "skip" },
    ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({ selector, options: { uppercase: false } })),
    { selector: "table", format: "block" },
    { selector: "tr", format: "block" },
    { selector: "blockquote", options: { trimEmptyLines: true } },
  ],
});

function htmlToText(html: string): string {
  try {
    return compiled(html.slice(0, affordableDepth(html)));
  } catch {
    return "";
  }
}

const NEVER_OPEN = "area|base|br|col|hr|img|input|link|meta|wbr|p|li|td|th|tr|dt|dd|option";
const TAG = new RegExp(String.raw`<(/)?(?!(?:${NEVER_OPEN})\b)[a-z][a-z0-9]*`, "gi");

/** How much of it nests no deeper than a person's mail ever does: what closes itself is not counted. */
function affordableDepth(html: string): number {
  let open = 0;
  for (const { index, 1: closes } of html.matchAll(TAG)) {
    open = Math.max(0, open + (closes ? -1 : 1));
    if (open > MAX_OPEN_TAGS) return index;
  }
  return html.length;
}

function partOf(node: Node): MailPart {
  const contentType = node.contentType.parsed.value || "text/plain";
  const text = /^(?:text|message)\//.test(contentType) ? cutText(node, MAX_TEXT) : null;
  return {
    contentType,
    parameters: new Map(Object.entries(node.contentType.parsed.params)),
    disposition: node.contentDisposition.parsed.value || null,
    text,
    fieldGroups: text === null ? [] : fieldGroupsOf(contentType, text),
  };
}

function fieldGroupsOf(contentType: string, text: string): readonly Fields[] {
  if (/^message\/(?:global-)?delivery-status$|^message\/feedback-report$/.test(contentType)) return readFieldGroups(text);
  if (/^(?:message|text)\/(?:rfc822|global)(?:-headers)?$/.test(contentType)) return [readFields(text)];
  return [];
}

function cutText(node: Node, limit: number): string {
  try {
    return cut(isFlowed(node) ? flowedText(node) : node.getTextContent(), limit);
  } catch {
    return node.content ? cut(decode(new Uint8Array(node.content).subarray(0, limit)), limit) : "";
  }
}

function isFlowed(node: Node): boolean {
  return node.contentType.parsed.params["format"]?.toLowerCase() === "flowed";
}

/** postal-mime joins a quoted line with the line below it whatever its depth, so it is asked for the text as if it were not flowed. */
function flowedText(node: Node): string {
  const { parsed } = node.contentType;
  const { format: _, delsp, ...params } = parsed.params;
  const asFixed: Node = Object.create(node, { contentType: { value: { ...node.contentType, parsed: { ...parsed, params } } } });
  return unfoldFlowed(asFixed.getTextContent(), delsp?.toLowerCase() === "yes");
}

/**
 * The beginning, without what PostgreSQL keeps neither as text nor in JSON: NUL characters, and the half of a surrogate pair that cutting leaves. An
 * opt-out that holds one would be refused by the database as often as it is tried.
 */
function cut(text: string, limit: number): string {
  return text.slice(0, limit).replaceAll("\0", "").toWellFormed();
}

/** Bytes in no known charset: UTF-8, with a mark where they are not. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder("utf-8").decode(bytes);
}
