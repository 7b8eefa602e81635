// Whom a suppression is about, as a person writes it.
import { parseEmailAddress } from "./email-address.ts";
import { AgentError } from "./errors.ts";

/** `key`: the identity key of an address, or a domain as A-label. */
export interface SuppressionTarget {
  readonly kind: "address" | "domain";
  readonly key: string;
}

/** Reads `ann@x.example`, or a domain as `@x.example`. @throws AgentError invalid_input */
export function readTarget(written: string): SuppressionTarget {
  const text = written.trim();
  if (text.startsWith("@")) {
    // An address at it is an address, so it is a domain that mail can go to.
    const domain = parseEmailAddress(`x${text}`)?.domain;
    if (domain) return { kind: "domain", key: domain };
  } else {
    const key = parseEmailAddress(text)?.identityKey;
    if (key) return { kind: "address", key };
  }
  throw new AgentError("invalid_input", `${text} is neither an address nor a domain; write NAME@DOMAIN, or @DOMAIN for everybody there.`);
}
