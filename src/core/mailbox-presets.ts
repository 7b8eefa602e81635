// Where do the big providers' mail servers stand, and what does a person need to know before logging in there?

export type Provider = "gmail" | "microsoft365" | "hostinger" | "custom";
export type Security = "tls" | "starttls" | "none";

/** Who puts copies of what was sent into the Sent folder. */
export type SentCopies = "provider" | "agent" | "nobody";

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly security: Security;
}

export interface MailboxPreset {
  readonly smtp: ServerAddress;
  readonly imap: ServerAddress;
  /** The term by which SPF names its servers. */
  readonly spf: string;
  /** Where its own DKIM keys usually stand; an administrator may have chosen others. */
  readonly dkimSelectors: readonly string[];
  /** Null where it is not known: the first mail shows it. */
  readonly sentCopies: SentCopies | null;
  readonly hint: string;
}

export const MAILBOX_PRESETS: Readonly<Record<Exclude<Provider, "custom">, MailboxPreset>> = {
  gmail: {
    smtp: { host: "smtp.gmail.com", port: 465, security: "tls" },
    imap: { host: "imap.gmail.com", port: 993, security: "tls" },
    spf: "include:_spf.google.com",
    dkimSelectors: ["google"],
    sentCopies: "provider",
    hint: "Gmail wants an app password: Google account → Security → 2-step verification → App passwords.",
  },
  microsoft365: {
    smtp: { host: "smtp.office365.com", port: 587, security: "starttls" },
    imap: { host: "outlook.office365.com", port: 993, security: "tls" },
    spf: "include:spf.protection.outlook.com",
    dkimSelectors: ["selector1", "selector2"],
    sentCopies: "provider",
    hint: "Microsoft 365 wants an app password, and SMTP AUTH switched on for this mailbox by its administrator.",
  },
  hostinger: {
    smtp: { host: "smtp.hostinger.com", port: 465, security: "tls" },
    imap: { host: "imap.hostinger.com", port: 993, security: "tls" },
    spf: "include:_spf.mail.hostinger.com",
    dkimSelectors: ["hostingermail-a", "hostingermail-b", "hostingermail-c"],
    sentCopies: null,
    hint: "Hostinger takes the password of the email account, not of the hosting account.",
  },
};

/** What a port stands for by convention (RFC 8314 §3.3, RFC 6409, RFC 5321): 465 and 993 TLS, everything else STARTTLS. */
export function usualSecurity(port: number): Security {
  return port === 465 || port === 993 ? "tls" : "starttls";
}

/** Domains of the providers' servers, whatever stands before them, and what their logins want. */
const HINTS: readonly (readonly [servers: RegExp, hint: string])[] = [
  [/(?:^|\.)(?:gmail|google|googlemail)\.com$/i, MAILBOX_PRESETS.gmail.hint],
  [/(?:^|\.)(?:office365|outlook|hotmail|live)\.com$/i, MAILBOX_PRESETS.microsoft365.hint],
  [/(?:^|\.)hostinger\.com$/i, MAILBOX_PRESETS.hostinger.hint],
  [
    /(?:^|\.)(?:yahoo|aol|icloud|me|fastmail|zoho)\.(?:com|net|eu)$/i,
    "This provider wants an app password, made in the security settings of the account.",
  ],
];

/** What to tell somebody whose password was refused by the server of that name. */
export function passwordHint(host: string): string {
  const [, hint] = HINTS.find(([servers]) => servers.test(host)) ?? [];
  return hint ?? "Enter them again; a provider with two-factor login wants an app password.";
}
