// Which message of ours does a mail answer? Candidates in order of authority; the store says which of them are ours.
import { embeddedHeaders, fieldOf, type InboundMail, messageIdsIn } from "./inbound-mail.ts";
import { anyOf } from "./phrases.ts";
import { plusTokenOf } from "./reply-address.ts";

export interface AnsweredCandidate {
  readonly method: "in_reply_to" | "references" | "plus_address" | "quoted_original";
  /** A Message-ID with its brackets; for plus_address the token; for our own header its value as written. */
  readonly value: string;
}

/** Names a message of ours even where a relay replaced its Message-ID. */
export const OWN_MESSAGE_HEADER = "x-marketing-agent-message";

/** More candidates than this are an attack or a mailing list's history. */
const MAX_CANDIDATES = 100;

/**
 * What the mail claims to answer: In-Reply-To, References newest first, the plus-token of the address it was delivered to, the original that it
 * embeds. Without doubles; the first method that names a value keeps it.
 *
 * @param options.ownDomains lower case; when given, plus-addresses at other domains are not ours and are left out
 */
export function answeredCandidates(
  mail: InboundMail,
  options: { readonly ownDomains?: ReadonlySet<string> } = {},
): readonly AnsweredCandidate[] {
  const all: readonly AnsweredCandidate[] = [
    ...mail.inReplyTo.map((value) => ({ method: "in_reply_to" as const, value })),
    ...mail.references.toReversed().map((value) => ({ method: "references" as const, value })),
    ...plusTokens(mail, options.ownDomains).map((value) => ({ method: "plus_address" as const, value })),
    ...embeddedIds(mail).map((value) => ({ method: "quoted_original" as const, value })),
  ];
  const first = new Map<string, AnsweredCandidate>();
  for (const candidate of all) if (!first.has(candidate.value)) first.set(candidate.value, candidate);
  return [...first.values()].slice(0, MAX_CANDIDATES);
}

function plusTokens(mail: InboundMail, ownDomains: ReadonlySet<string> | undefined): readonly string[] {
  return recipientsOf(mail).flatMap((address) => plusTokenOf(address, ownDomains) ?? []);
}

/** Every address that it names as its own recipient: where it was delivered, To and Cc. */
export function recipientsOf(mail: InboundMail): readonly string[] {
  return [...mail.deliveredTo, ...[...mail.to, ...mail.cc].map((found) => found.address)];
}

function embeddedIds(mail: InboundMail): readonly string[] {
  return embeddedHeaders(mail).flatMap((fields) => [
    ...messageIdsIn(fieldOf(fields, "message-id") ?? ""),
    ...[fieldOf(fields, OWN_MESSAGE_HEADER)?.trim() ?? ""].filter((value) => value !== ""),
  ]);
}

/** Reply and forward marks of mail programs around the world, with an optional counter: "Re[2]:", "RE :", "回复：". */
const MARK = anyOf(
  String.raw`
    re|r|ref|fw|fwd|res|resp
    aw|antw|antwort|wg|wtr
    sv|vs|vb|vl|svar|vast|atb|ats|fs|bls|trs
    tr|rv|rép|ré|rif|i|rinviato|enc|odp|pd|vá|továbbítás|továb|ynt|yan|ilt|doorst|hl
    απ|σχετ|πρθ|ответ|отв|пересл|на|השב|העבר|رد|تحويل
    转发|轉寄|转寄|轉發|回复|回覆|答复|答覆|返信|転送|회신|전달
  `,
  "",
);
const PREFIX = new RegExp(
  String.raw`^[\s\u200b\ufeff]*${MARK.source}\s{0,3}(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3}|\*\d{1,3}|\d{1,2})?\s{0,3}[:：]`,
  "iu",
);
const MAX_PREFIXES = 30;

/** The subject without reply and forward prefixes, in lower case with single spaces: equal for all mails of one conversation. "" for none. */
export function normalizeSubject(subject: string): string {
  let rest = subject.slice(0, 1_000).normalize("NFC");
  for (let count = 0; count < MAX_PREFIXES; count++) {
    const prefix = PREFIX.exec(rest)?.[0];
    if (!prefix) break;
    rest = rest.slice(prefix.length);
  }
  return rest.replace(/\s+/g, " ").trim().toLowerCase();
}
