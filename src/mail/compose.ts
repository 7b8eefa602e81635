// The bytes of a mail: RFC 5322 and MIME from what the mail says. The same fields have the same bytes, so an attempt can be repeated exactly.
// nodemailer's composer is asynchronous and took most of the time of a mail; of it only the encoders of headers that are not plain ASCII are used.
// A signature over the bytes goes in front of them (RFC 6376 §3.5): whoever signs gets what composeMime gives.
import { hash } from "node:crypto";
import { encodeWord } from "nodemailer/lib/mime-funcs";
import MimeNode from "nodemailer/lib/mime-node";
import type { OutgoingFields } from "../core/outgoing-message.ts";
import { quotedPrintable } from "./quoted-printable.ts";

const CRLF = "\r\n";
/** RFC 2045 §6.7 and §6.8. */
const LINE = 76;
/** Beyond this part of bytes outside ASCII, quoted-printable (three characters each) is longer than base64. */
const MOSTLY_ASCII = 1 / 6;

/** The whole mail, with CRLF line ends and 7-bit bodies; headers are ASCII unless an address itself is not (SMTPUTF8). No dot is doubled. */
export function composeMime(fields: OutgoingFields): Buffer {
  const header = headerLines(fields);
  const plain = part("text/plain", fields.text);
  if (fields.html === null) return bytesOf([...header, ...plain]);
  const boundary = boundaryOf(fields);
  return bytesOf([
    ...header,
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    "",
    `--${boundary}`,
    ...plain,
    `--${boundary}`,
    ...part("text/html", fields.html),
    `--${boundary}--`,
  ]);
}

function bytesOf(lines: readonly string[]): Buffer {
  return Buffer.from(lines.join(CRLF) + CRLF, "utf8");
}

function headerLines(fields: OutgoingFields): string[] {
  const { from, replyTo, to, inReplyTo, references } = fields;
  return [
    addressLine("From", from.address, from.name ?? ""),
    ...(replyTo === null ? [] : [addressLine("Reply-To", replyTo, "")]),
    addressLine("To", to, ""),
    line("Subject", subjectText(fields.subject)),
    line("Date", fields.date.toUTCString().replace("GMT", "+0000")),
    line("Message-ID", idText(fields.messageId)),
    ...(inReplyTo === null ? [] : [line("In-Reply-To", idText(inReplyTo))]),
    ...(references.length === 0 ? [] : [line("References", references.map(idText).join(" "))]),
    ...fields.headers.map(([name, value]) => line(capitalized(name), isPlain(value) ? value : MimeNode.encodeHeaderValue(name, value))),
    "MIME-Version: 1.0",
  ];
}

/** Addresses and names that need neither quotes, nor an encoded word, nor an A-label. */
const BARE_ADDRESS = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9.-]+$/;
const BARE_NAME = /^[A-Za-z0-9]+(?: [A-Za-z0-9]+)*$/;

/** Domains become A-labels; names are quoted or encoded. */
function addressLine(name: string, address: string, displayName: string): string {
  if (BARE_ADDRESS.test(address)) {
    if (displayName === "") return line(name, address);
    if (BARE_NAME.test(displayName)) return line(name, `${displayName} <${address}>`);
  }
  return line(name, MimeNode.encodeHeaderValue(name, { address, name: displayName }));
}

/** Printable ASCII, and nothing that looks like an encoded word. */
function isPlain(value: string): boolean {
  return /^[ -~]*$/.test(value) && !value.includes("=?");
}

/** What looks like an encoded word would be decoded, though somebody wrote it so: it is encoded too. */
function subjectText(subject: string): string {
  if (isPlain(subject)) return subject;
  return subject.includes("=?") ? encodeWord(subject, "Q", 52) : MimeNode.encodeHeaderValue("Subject", subject);
}

function idText(id: string): string {
  return /^[!-~]*$/.test(id) ? id : id.replace(/\s|\p{Cc}/gu, "");
}

function capitalized(name: string): string {
  return name.replace(/[^\w-]/g, "").replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
}

/** Folded between words (RFC 5322 §2.2.3), never before the first: some readers look for it on the line of the name. */
function line(name: string, encoded: string): string {
  if (name.length + 2 + encoded.length <= LINE && !/\s\s|[^\S ]|^\s|\s$/.test(encoded)) return `${name}: ${encoded}`;
  const lines: string[] = [];
  let last = `${name}:`;
  for (const word of encoded.split(/\s+/)) {
    if (last.length + 1 + word.length > LINE && last !== `${name}:`) {
      lines.push(last);
      last = "";
    }
    last += ` ${word}`;
  }
  return [...lines, last].join(CRLF);
}

function part(type: string, text: string): string[] {
  const isBase64 = !isMostlyAscii(text);
  const body = isBase64 ? base64(text.replace(/\r\n?|\n/g, CRLF)) : quotedPrintable(text);
  const encoding = isBase64 ? "base64" : "quoted-printable";
  return [`Content-Type: ${type}; charset=utf-8`, `Content-Transfer-Encoding: ${encoding}`, "", body];
}

function isMostlyAscii(text: string): boolean {
  const bytes = Buffer.byteLength(text);
  if (bytes === text.length) return true;
  const ascii = text.replace(/[^\p{ASCII}]/gu, "").length;
  return bytes - ascii <= bytes * MOSTLY_ASCII;
}

function base64(text: string): string {
  return (
    Buffer.from(text, "utf8")
      .toString("base64")
      .match(/.{1,76}/g) ?? []
  ).join(CRLF);
}

/** `=_` stands in neither encoding (RFC 2045 §6.7), so no text can hold it. */
function boundaryOf({ messageId }: OutgoingFields): string {
  return `=_${hash("sha256", messageId).slice(0, 24)}`;
}
