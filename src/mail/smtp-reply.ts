// What does an SMTP server say? Its replies (RFC 5321 §4.2), out of whatever pieces they arrive in, and in a form that can be stored.
import type { SmtpReply } from "../core/smtp-verdict.ts";

export interface Reply {
  /** 0: what came is no reply, or too long for one. Nothing that follows it can be understood. */
  readonly code: number;
  /** As it came, lines joined by LF: UTF-8, or Latin-1 where it is not. Hostile text. */
  readonly text: string;
}

/** Of one reply. Real ones are of a few hundred bytes; a server that never ends its reply must not fill our memory. */
export const MAX_REPLY_BYTES = 64 * 1024;
const MAX_STORED = 1_000;

/** The code, then a hyphen where another line follows. */
const LINE = /^(\d{3})(?!\d)(-?)/;
const LF = 0x0a;

/** Lines may end with LF alone, and empty ones between replies count for nothing: both are met, and neither can be taken for something else. */
export class ReplyReader {
  /** Bytes as characters: pieces may part in the middle of one. */
  #unread = "";
  /** Unread bytes are looked through once they hold a line end, so that a line that comes byte by byte costs no more than another. */
  #hasLine = false;
  /** Of a reply of which more is to come. */
  #lines: string[] = [];
  #size = 0;
  #isBroken = false;

  add(chunk: Buffer): void {
    if (this.#isBroken) return;
    this.#unread += chunk.toString("latin1");
    this.#hasLine ||= chunk.includes(LF);
  }

  /** The next whole reply; null until there is one. After a code of 0 there is none. */
  next(): Reply | null {
    while (this.#hasLine) {
      const end = this.#unread.indexOf("\n");
      if (end < 0) {
        this.#hasLine = false;
        break;
      }
      const line = this.#unread.slice(0, this.#unread[end - 1] === "\r" ? end - 1 : end);
      this.#unread = this.#unread.slice(end + 1);
      this.#size += end + 1;
      const reply = this.#read(line);
      if (reply) return reply;
    }
    return this.#size + this.#unread.length > MAX_REPLY_BYTES ? this.#broken() : null;
  }

  #read(line: string): Reply | null {
    if (this.#size > MAX_REPLY_BYTES) return this.#broken(line);
    if (this.#lines.length === 0 && line.trim() === "") {
      this.#size = 0;
      return null;
    }
    const [, code, hyphen] = LINE.exec(line) ?? [];
    if (code === undefined || (this.#lines.length > 0 && !this.#lines[0]?.startsWith(code))) return this.#broken(line);
    this.#lines.push(line);
    return hyphen === "-" ? null : { code: Number(code), text: this.#taken() };
  }

  #broken(line = ""): Reply {
    this.#isBroken = true;
    this.#lines.push(line || this.#unread);
    this.#unread = "";
    this.#hasLine = false;
    return { code: 0, text: this.#taken() };
  }

  #taken(): string {
    const text = decoded(this.#lines.join("\n"));
    this.#lines = [];
    this.#size = 0;
    return text;
  }

  /** More came than the replies that were read. */
  get hasMore(): boolean {
    return this.#lines.length > 0 || this.#unread.trim() !== "";
  }

  /** A line whose end has not come. */
  get unfinished(): string {
    return this.#hasLine ? "" : decoded(this.#unread.trim());
  }
}

function decoded(bytes: string): string {
  if (!/[\x80-\xff]/.test(bytes)) return bytes;
  const text = Buffer.from(bytes, "latin1").toString("utf8");
  return text.includes("\ufffd") ? bytes : text;
}

/** Reads a reply: its code, its enhanced code (in its place, or `(#5.1.1)` as qmail writes it) and its text, fit to be stored. */
export function readReply(response: string): SmtpReply {
  // A database text cannot hold NUL, and a log should hold no escape sequences.
  const text = response.replace(/\r?\n/g, " ").replace(/\p{Cc}/gu, "");
  const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(text) ?? /\(#([245]\.\d{1,3}\.\d{1,3})\)/.exec(text);
  const code = Number(/^\d{3}(?!\d)/.exec(text)?.[0] ?? 0);
  return { code, enhanced: enhanced?.[1] ?? null, response: text.slice(0, MAX_STORED).trim().toWellFormed() };
}
