// Who is this address? Identity (for uniqueness and suppression) is not delivery: what was typed is what mail is delivered to.
import { domainToASCII } from "node:url";

/** RFC 5321 §4.5.3.1: local part 64 octets, path 256 with its brackets. */
const MAX_LOCAL = 64;
const MAX_ADDRESS = 254;
/** RFC 5322 §3.2.3 dot-atom, plus letters beyond ASCII (RFC 6532). Quoted local parts are legal but unknown among real leads; they are refused. */
const LOCAL = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
/** What stands in no host name. `domainToASCII` reads a URL: of `x.example/a`, `x.example?a` and `x%2eexample` it would keep `x.example`. */
const NO_HOST = /[^a-z0-9.\u0080-\u{10ffff}-]/iu;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

export interface EmailAddress {
  /** As typed, trimmed: where mail is delivered. */
  readonly address: string;
  /** Lower-case, NFC, domain as A-label: who it is. */
  readonly identityKey: string;
  /** The domain of the identity key. */
  readonly domain: string;
}

/**
 * Reads one bare address. Null when it is none that we could write to.
 *
 * Lower-cases the whole address for identity, although RFC 5321 §2.4 lets a mailbox tell `Ann` from `ann`: an opt-out must not be dodged by case.
 */
export function parseEmailAddress(typed: string): EmailAddress | null {
  const address = typed.trim().normalize("NFC");
  const at = address.lastIndexOf("@");
  if (at < 1 || address.length > MAX_ADDRESS) return null;
  const local = address.slice(0, at);
  const written = address.slice(at + 1);
  const domain = NO_HOST.test(written) ? "" : domainToASCII(written.toLowerCase());
  if (local.length > MAX_LOCAL || !LOCAL.test(local) || !isHostName(domain)) return null;
  return { address, identityKey: `${local.toLowerCase()}@${domain}`, domain };
}

/** A name with at least two labels and a top level that is not a number: `localhost` and `10.0.0.1` are no mail domains of a lead. */
function isHostName(domain: string): boolean {
  const labels = domain.split(".");
  return domain.length <= 253 && labels.length >= 2 && labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? "");
}
