// From a stored mailbox to what opens its servers: the password is decrypted here, at the last moment, and kept nowhere.
import { openSecret } from "../core/encrypted-secret.ts";
import { AgentError } from "../core/errors.ts";
import type { MailboxId } from "../core/ids.ts";
import { SECOND } from "../core/instant.ts";
import type { ImapAccess } from "../mail/imap.ts";
import type { SmtpAccess } from "../mail/smtp.ts";
import type { Mailbox } from "../store/mailbox.ts";
import type { Agent } from "./agent.ts";

type Opener = Pick<Agent, "keys" | "settings">;

/** What a sealed password is bound to: copied into another row or column, it cannot be opened. */
export function secretBinding(id: MailboxId, column: "smtp_secret" | "imap_secret"): string {
  return `mailbox:${id}:${column}`;
}

export function smtpAccess({ keys, settings }: Opener, { id, smtp }: Mailbox): SmtpAccess {
  return {
    host: smtp.host,
    port: smtp.port,
    security: smtp.security,
    username: smtp.username,
    password: smtp.secret && openSecret(keys.credentials, smtp.secret, secretBinding(id, "smtp_secret")),
    connectTimeoutMs: settings.sending.connect_timeout_seconds * SECOND,
    replyTimeoutMs: settings.sending.reply_timeout_seconds * SECOND,
    allowPrivateHosts: settings.mailboxes.allow_private_hosts,
  };
}

export function imapAccess({ keys, settings }: Opener, { id, email, imap }: Mailbox): ImapAccess {
  if (!imap) throw new AgentError("invalid_input", `${email} only sends; there is no inbox to read.`);
  return {
    host: imap.host,
    port: imap.port,
    security: imap.security,
    username: imap.username ?? email,
    password: imap.secret ? openSecret(keys.credentials, imap.secret, secretBinding(id, "imap_secret")) : "",
    timeoutMs: settings.receiving.timeout_seconds * SECOND,
    allowPrivateHosts: settings.mailboxes.allow_private_hosts,
  };
}
