// What does a mail that came in hold, once parsed? Everything in it was written by strangers: hostile text, bounded by the parser.
import type { Instant } from "./instant.ts";

/** Fields of a header block: lower-case name → values in order, unfolded, not yet decoded (RFC 2047). */
export type Fields = ReadonlyMap<string, readonly string[]>;

export interface MailAddress {
  /** As written: not checked to be an address that we could write to. */
  readonly address: string;
  /** Decoded display name, "" when there is none. */
  readonly name: string;
}

/** A part without children. `message/…` parts count as leaves, so what they embed never mixes with what the sender wrote. */
export interface MailPart {
  /** Lower-case type/subtype. */
  readonly contentType: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly disposition: string | null;
  /** Decoded text of text/… and message/… parts (capped); null for everything else. */
  readonly text: string | null;
  /**
   * Header fields inside the part: one group for an embedded mail or its headers, one group per blank-line block of a delivery status or
   * feedback report, none for other parts.
   */
  readonly fieldGroups: readonly Fields[];
}

export interface InboundMail {
  /** With its angle brackets. */
  readonly messageId: string | null;
  readonly inReplyTo: readonly string[];
  /** Oldest first. */
  readonly references: readonly string[];
  readonly from: MailAddress | null;
  readonly sender: MailAddress | null;
  readonly replyTo: readonly MailAddress[];
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  /** Delivered-To, X-Original-To, Envelope-To and the like: where it really went. */
  readonly deliveredTo: readonly string[];
  /** Null when the header is absent, "" for the null path `<>`. */
  readonly returnPath: string | null;
  /** Decoded; "" when there is none. */
  readonly subject: string;
  /** The sender's claim. Our receive time is the one that counts. */
  readonly date: Instant | null;
  readonly headers: Fields;
  /** The plain text, or text made of the HTML where there is none. */
  readonly text: string;
  readonly html: string | null;
  readonly parts: readonly MailPart[];
}

/** The first value of a header, "" when it is there but empty, null when it is not there. `name` in lower case. */
export function headerOf(mail: { readonly headers: Fields }, name: string): string | null {
  return mail.headers.get(name)?.[0] ?? null;
}

/** The first value of a field in a group. `name` in lower case. */
export function fieldOf(fields: Fields, name: string): string | null {
  return fields.get(name)?.[0] ?? null;
}

/** Parts of one of the content types (lower case), in whatever container they stand. */
export function partsOfType(mail: InboundMail, types: readonly string[]): readonly MailPart[] {
  return mail.parts.filter((part) => types.includes(part.contentType));
}

const EMBEDDED_MAIL = [
  "message/rfc822",
  "text/rfc822-headers",
  "message/rfc822-headers",
  "message/global",
  "message/global-headers",
  "text/rfc822",
];

/** The header fields of mails that this one embeds: what a bounce or complaint is about. */
export function embeddedHeaders(mail: InboundMail): readonly Fields[] {
  return partsOfType(mail, EMBEDDED_MAIL).flatMap((part) => part.fieldGroups.filter((fields) => fields.size > 0));
}

/** Message ids in a header value (its last 64 KB), with their brackets, in order. An id that stands alone without brackets counts too. */
export function messageIdsIn(value: string): readonly string[] {
  const bracketed = value.slice(-65_536).match(/<[^<>\s]{1,990}>/g);
  if (bracketed) return bracketed.filter((id) => id.includes("@"));
  const bare = value.trim();
  return /^[^\s<>@]{1,500}@[^\s<>@]{1,500}$/.test(bare) ? [`<${bare}>`] : [];
}
