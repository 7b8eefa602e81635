// Keys that sign mail: made here or brought along, and proven on a sample before anything depends on them.
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { AgentError } from "../core/errors.ts";
import { composeMime } from "./compose.ts";
import { type DkimSigner, signMail } from "./dkim.ts";

/** RFC 8301 §3.2: signers should use 2048 bits at least; verifiers need not handle more than 4096. */
const MADE_BITS = 2_048;
const LEAST_BITS = 1_024;
const MOST_BITS = 4_096;

export async function makeSigningKey(): Promise<KeyObject> {
  return (await promisify(generateKeyPair)("rsa", { modulusLength: MADE_BITS })).privateKey;
}

/** Throws `dkim_key_invalid` for anything but an RSA key that verifiers take; Ed25519 (RFC 8463) is not known to the big providers. */
export function readSigningKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, format: "pem" });
  } catch (cause) {
    throw invalid("The signing key cannot be read: it must be an RSA private key in PEM without a passphrase.", cause);
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== "rsa") throw invalid(`A signing key must be an RSA key, not ${key.asymmetricKeyType}.`);
  if (bits < LEAST_BITS || bits > MOST_BITS) throw invalid(`A signing key must have ${LEAST_BITS} to ${MOST_BITS} bits, not ${bits}.`);
  return key;
}

export function pemOf(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

/** What stands behind `p=` in the DNS record (RFC 6376 §3.6.1): the SubjectPublicKeyInfo, base64. */
export function publicKeyOf(key: KeyObject): string {
  return createPublicKey(key).export({ type: "spki", format: "der" }).toString("base64");
}

export function dkimRecordValue(publicKey: string): string {
  return `v=DKIM1; k=rsa; p=${publicKey}`;
}

/** Signs a sample mail, and lets another implementation verify it. Throws `dkim_key_invalid`. */
export async function proveSigningKey(signer: DkimSigner, at: Date): Promise<void> {
  const signed = await signMail(sampleMail(signer, at), signer, at);
  // Half a second to load, and needed nowhere else.
  const { dkimVerify } = await import("mailauth");
  const record = dkimRecordValue(publicKeyOf(signer.key));
  const { results } = await dkimVerify(signed, { resolver: () => Promise.resolve([[record]]) });
  const [first] = results;
  if (results.length === 1 && first?.status.result === "pass" && first.signingDomain === signer.domain) return;
  throw invalid(
    `A sample that was signed with this key does not verify (${first?.status.comment || first?.status.result || "no signature"}).`,
  );
}

function sampleMail({ domain }: DkimSigner, date: Date): Buffer {
  return composeMime({
    messageId: `<sample@${domain}>`,
    date,
    from: { name: "Sämple", address: `sample@${domain}` },
    replyTo: null,
    to: `sample@${domain}`,
    subject: "A sample",
    inReplyTo: null,
    references: [],
    headers: [
      ["List-Unsubscribe", `<https://${domain}/u/sample>, <mailto:sample@${domain}>`],
      ["List-Unsubscribe-Post", "List-Unsubscribe=One-Click"],
      ["Feedback-ID", "campaign:sequence:step:sender"],
    ],
    text: "Two  spaces, a dot:\n.\nand an empty line.\n\n",
    html: "<p>Sämple</p>",
  });
}

function invalid(message: string, cause?: unknown): AgentError {
  return new AgentError("dkim_key_invalid", message, { cause });
}
