// Signs the bytes of a mail (DKIM, RFC 6376, rsa-sha256, relaxed/relaxed): a DKIM-Signature in front, and not a byte changed behind it.
// nodemailer's signer works while everybody waits, and leaves a mail unsigned when its key is of no use; mailauth's parses the key for every mail.
import { createHash, type KeyObject, sign } from "node:crypto";
import { promisify } from "node:util";
import { AgentError } from "../core/errors.ts";

export interface DkimSigner {
  /** A-label: d=. */
  readonly domain: string;
  /** Names the record with the public key: `selector._domainkey.domain`. */
  readonly selector: string;
  /** Parsed once: from PEM it costs 800 µs for each mail. */
  readonly key: KeyObject;
}

/** What the signature covers of a mail, as far as it is there. RFC 8058 §4 wants both unsubscribe fields in it, Gmail the Feedback-ID. */
const SIGNED_FIELDS = [
  "from",
  "reply-to",
  "to",
  "cc",
  "subject",
  "date",
  "message-id",
  "in-reply-to",
  "references",
  "mime-version",
  "content-type",
  "content-transfer-encoding",
  "list-unsubscribe",
  "list-unsubscribe-post",
  "feedback-id",
] as const;

/** Named once more than they are there: whoever puts a second one in front breaks the signature (RFC 6376 §8.15). */
const NEVER_ADDED: ReadonlySet<string> = new Set(["from", "reply-to", "to", "cc", "subject", "date"]);

const CRLF = "\r\n";
const LINE = 76;
/** In a thread of libuv's pool: signing (0.2 ms, RSA-2048) keeps nobody waiting. */
const signInPool = promisify<string, Uint8Array, KeyObject, Buffer>(sign);

/**
 * The same mail with its signature. The same bytes, signer and moment give the same signature.
 *
 * @param raw with CRLF line ends, as mail/compose.ts makes it
 *
 * Throws `dkim_signing_failed`; never gives a mail back unsigned.
 */
export async function signMail(raw: Buffer, signer: DkimSigner, at: Date): Promise<Buffer> {
  // one character a byte
  const mail = raw.toString("latin1");
  const end = mail.indexOf(CRLF + CRLF);
  if (end < 0) throw unsigned(signer, new Error("the mail has no body"));
  const chosen = signedFields(mail.slice(0, end + CRLF.length));
  const header = unsignedHeader(signer, at, chosen.names, bodyHash(mail.slice(end + 2 * CRLF.length)));
  const signed = chosen.fields.map((field) => relaxedField(field) + CRLF).join("") + relaxedField(header);
  try {
    const signature = await signInPool("sha256", Buffer.from(signed, "latin1"), signer.key);
    return Buffer.concat([Buffer.from(`${header}${folded(signature.toString("base64"))}${CRLF}`, "latin1"), raw]);
  } catch (cause) {
    throw unsigned(signer, cause);
  }
}

/** Whether these bytes begin with a signature of that signer: asserted of every mail before it is kept. */
export function isSignedBy(raw: Buffer, { domain, selector }: Pick<DkimSigner, "domain" | "selector">): boolean {
  const start = raw.subarray(0, 1_000).toString("latin1");
  return start.startsWith("DKIM-Signature:") && start.includes(`d=${domain}; s=${selector};`) && /\bb=[A-Za-z0-9+/]{20}/.test(start);
}

function unsigned({ domain, selector }: DkimSigner, cause: unknown): AgentError {
  return new AgentError(
    "dkim_signing_failed",
    `A mail could not be signed with the key ${selector} of ${domain}, and was not sent; give the domain another key (\`domain add\`).`,
    { cause },
  );
}

/** With their names as in h=. Of a field that is there several times the last counts first (RFC 6376 §5.4.2). */
function signedFields(header: string): { names: string[]; fields: string[] } {
  const all = header.split(/\r\n(?![ \t])/).filter((field) => field !== "");
  const byName = Map.groupBy(all, (field) => field.slice(0, field.indexOf(":")).trim().toLowerCase());
  const fields = SIGNED_FIELDS.flatMap((name) => byName.get(name)?.toReversed() ?? []);
  const names = SIGNED_FIELDS.flatMap((name) => [...(byName.get(name) ?? []).map(() => name), ...(NEVER_ADDED.has(name) ? [name] : [])]);
  return { names, fields };
}

/** Everything but the signature itself. */
function unsignedHeader({ domain, selector }: DkimSigner, at: Date, names: readonly string[], hash: string): string {
  const seconds = Math.floor(at.getTime() / 1_000);
  return [
    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;",
    ` d=${domain}; s=${selector}; t=${seconds};`,
    ` h=${foldedNames(names)};`,
    ` bh=${hash};`,
    " b=",
  ].join(CRLF);
}

function foldedNames(names: readonly string[]): string {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + name.length < LINE - 4) lines[lines.length - 1] = `${last}:${name}`;
    else lines.push(last === undefined ? name : `:${name}`);
  }
  return lines.join(`${CRLF} `);
}

function folded(base64: string): string {
  return (base64.match(/.{1,72}/g) ?? []).join(`${CRLF} `);
}

/** RFC 6376 §3.4.2. */
function relaxedField(field: string): string {
  const colon = field.indexOf(":");
  const value = field
    .slice(colon + 1)
    .replaceAll(CRLF, "")
    .replace(/[ \t]+/g, " ")
    // not trim(): it takes 0xA0 for a blank, with which UTF-8 ends many a letter ("à")
    .replace(/^ | $/g, "");
  return `${field.slice(0, colon).trim().toLowerCase()}:${value}`;
}

/** RFC 6376 §3.4.4: runs of spaces become one, those at line ends go, and so do empty lines at the end. */
function bodyHash(body: string): string {
  const lines = body.replace(/[ \t]+/g, " ").replaceAll(` ${CRLF}`, CRLF);
  let end = lines.length;
  if (lines.endsWith(" ")) end -= 1;
  while (lines.startsWith(CRLF, end - CRLF.length) && end > 0) end -= CRLF.length;
  const relaxed = end === 0 ? "" : lines.slice(0, end) + CRLF;
  return createHash("sha256").update(relaxed, "latin1").digest("base64");
}
