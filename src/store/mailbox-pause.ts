// Why does a mailbox rest, and is it read meanwhile?

/** Why a mailbox does not send until a person has looked at it. */
export type MailboxPause =
  | "smtp_auth"
  | "imap_auth"
  /** Its owner, or an administrator, took back what was granted; or it ran out. */
  | "grant_revoked"
  /** The provider does not accept the installation's own client id and secret. */
  | "oauth_client"
  | "sender_refused"
  | "daily_limit"
  | "tls"
  /** Its mail should be signed, and cannot be. */
  | "unsigned"
  /** DNS says that receivers must take its mail for forged. */
  | "domain"
  | "person";

/** A mailbox is not read while it is paused for one of these: it cannot log in, or a person does not want it. */
const UNREAD: ReadonlySet<MailboxPause> = new Set(["imap_auth", "grant_revoked", "oauth_client", "person"]);
/** The same for SQL. */
export const UNREAD_PAUSES = "('imap_auth', 'grant_revoked', 'oauth_client', 'person')";

export function mayBeRead(pauseReason: MailboxPause | null): boolean {
  return pauseReason === null || !UNREAD.has(pauseReason);
}
