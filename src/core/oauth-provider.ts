// Whom does a mailbox's owner grant access, what is asked for, and how does the provider want to be asked?
import type { Provider } from "./mailbox-presets.ts";
import type { Settings } from "./settings.ts";

export type OAuthProvider = "google" | "microsoft" | "custom";

export interface OAuthFacts {
  /** Where its description is found: `<issuer>/.well-known/openid-configuration`. */
  readonly issuer: string;
  readonly scopes: readonly string[];
  /** Of these, what the mailbox cannot do without, and its owner may untick. */
  readonly needed: readonly string[];
  /** Beside what every authorization request has. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Whose mail servers the mailbox has (core/mailbox-presets.ts). */
  readonly servers: Provider;
  /** As what the loopback address must be written in a redirect (RFC 8252 §7.3): Entra's pages take no 127.0.0.1. */
  readonly loopback: "127.0.0.1" | "localhost";
}

/** The installation's own registration at the provider. */
export interface OAuthClient {
  readonly clientId: string;
  /** Null: a public client, which has none. */
  readonly clientSecret: string | null;
}

export function oauthFacts(provider: OAuthProvider, { oauth }: Pick<Settings, "oauth">): OAuthFacts | null {
  switch (provider) {
    case "google":
      return GOOGLE;
    case "microsoft":
      return { ...MICROSOFT, issuer: `https://login.microsoftonline.com/${encodeURIComponent(oauth.microsoft.tenant)}/v2.0` };
    case "custom":
      return oauth.custom.issuer ? { ...CUSTOM, issuer: oauth.custom.issuer, scopes: oauth.custom.scopes.trim().split(/\s+/) } : null;
    default:
      return provider satisfies never;
  }
}

/** Null where the operator has registered none. */
export function oauthClient(provider: OAuthProvider, { oauth }: Pick<Settings, "oauth">): OAuthClient | null {
  const { client_id: clientId, client_secret: clientSecret } = oauth[provider];
  return clientId ? { clientId, clientSecret: clientSecret ?? null } : null;
}

const GOOGLE: OAuthFacts = {
  issuer: "https://accounts.google.com",
  scopes: ["openid", "email", "https://mail.google.com/"],
  needed: ["https://mail.google.com/"],
  // Google hands out a refresh token only to who asks for offline access, and again only with a new consent.
  parameters: { access_type: "offline", prompt: "consent" },
  servers: "gmail",
  loopback: "127.0.0.1",
};

const MICROSOFT: Omit<OAuthFacts, "issuer"> = {
  scopes: [
    "openid",
    "email",
    "profile",
    "offline_access",
    "https://outlook.office.com/SMTP.Send",
    "https://outlook.office.com/IMAP.AccessAsUser.All",
  ],
  needed: [],
  // Who is signed in with another account in this browser gets to choose.
  parameters: { prompt: "select_account" },
  servers: "microsoft365",
  loopback: "localhost",
};

const CUSTOM: Omit<OAuthFacts, "issuer" | "scopes"> = {
  needed: [],
  // OpenID Connect Core §11: without it, offline_access is ignored
  parameters: { prompt: "consent" },
  servers: "custom",
  loopback: "127.0.0.1",
};
