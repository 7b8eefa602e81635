// What is known of an address before anybody writes to it: by its own form, and by what a verification service said of it.
import { type EmailAddress, parseEmailAddress } from "./email-address.ts";

export interface AddressQuality {
  readonly quality: "good" | "doubtful" | "invalid";
  readonly reason: "verification" | "disposable" | "no_reply" | "role" | "no_mail_server" | "syntax";
}

type Said = AddressQuality["quality"] | null;

/** Words of the verification services, without case, blanks and punctuation. What else they say (`unknown`) is nothing. */
const SAID: ReadonlyMap<string, Said> = new Map(
  Object.entries({
    good: "valid deliverable verified ok good safe passed true",
    doubtful:
      "risky catchall acceptall acceptallunverifiable validcatchall role rolebased roleaccount guessed guess extrapolated lowquality",
    invalid: `invalid undeliverable bad bounce bounced hardbounce donotmail donotsend spamtrap abuse disposable nonexistent rejected failed false
      mailboxnotfound doesnotexist unavailable nomx syntaxerror`,
  }).flatMap(([said, words]) => words.split(/\s+/).map((word) => [word, said as Said] as const)),
);

/** Nobody reads what comes in there. */
const NO_REPLY = /^(?:no-?reply|do-?not-?reply|dont-?reply|noresponse|mailer-daemon|postmaster|bounces?|abuse)$/;
/** Several people, or a machine, read it (RFC 2142 and habit): it may be written to, but nobody asked for it by name. */
const ROLES = new Set(
  `info sales contact office hello support help admin administrator webmaster marketing team mail service services accounts accounting billing
   finance hr jobs careers press media news newsletter security hostmaster root kontakt buero vertrieb verkauf bewerbung rechnung buchhaltung
   contacto ventas commercial contato vendas ufficio`.split(/\s+/),
);

/** Null: nothing is known. What a service found out goes before what the address looks like, except that nothing makes a disposable one good. */
export function addressQuality(address: EmailAddress, said: string, isDisposable: (domain: string) => boolean): AddressQuality | null {
  const local = address.identityKey.slice(0, address.identityKey.lastIndexOf("@")).replace(/[._]/g, "-");
  const verified = SAID.get(said.toLowerCase().replace(/[^a-z]/g, "")) ?? null;
  if (verified === "invalid") return { quality: "invalid", reason: "verification" };
  if (withParents(address.domain).some(isDisposable)) return { quality: "invalid", reason: "disposable" };
  if (NO_REPLY.test(local)) return { quality: "invalid", reason: "no_reply" };
  if (verified === "doubtful") return { quality: "doubtful", reason: "verification" };
  if (ROLES.has(local)) return { quality: "doubtful", reason: "role" };
  return verified === "good" ? { quality: "good", reason: "verification" } : null;
}

/** As a verification service would say what it said before. */
const SAID_BEFORE = { good: "valid", doubtful: "risky", invalid: "invalid" } as const satisfies Record<AddressQuality["quality"], string>;

/**
 * What is known of a lead's address when it is looked at again. What a service said stands until it says otherwise. `takesMail`: what DNS says of its
 * domain; null when it does not say, which leaves things as they are.
 */
export function checkedQuality(
  lead: { readonly email: string; readonly before: AddressQuality | null; readonly takesMail: boolean | null },
  isDisposable: (domain: string) => boolean,
): AddressQuality | null {
  const { email, before, takesMail } = lead;
  const address = parseEmailAddress(email);
  if (!address) return { quality: "invalid", reason: "syntax" };
  const known = addressQuality(address, before?.reason === "verification" ? SAID_BEFORE[before.quality] : "", isDisposable);
  if (known?.quality === "invalid") return known;
  const isDead = takesMail === false || (takesMail === null && before?.reason === "no_mail_server");
  return isDead ? { quality: "invalid", reason: "no_mail_server" } : known;
}

/** Services give out subdomains, too. */
function withParents(domain: string): string[] {
  const labels = domain.split(".");
  return labels.slice(0, -1).map((_, at) => labels.slice(at).join("."));
}
