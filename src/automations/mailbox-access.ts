// From a stored mailbox to what opens its servers: the password is decrypted here, at the last moment, and kept nowhere.
import { openSecret } from "../core/encrypted-secret.ts";
import { AgentError } from "../core/errors.ts";
import type { MailboxId } from "../core/ids.ts";
import { SECOND } from "../core/instant.ts";
import type { ServerAddress } from "../core/mailbox-presets.ts";
import type { ImapAccess } from "../mail/imap.ts";
import type { SmtpAccess } from "../mail/smtp.ts";
import type { Mailbox } from "../store/mailbox.ts";
import type { Agent } from "./agent.ts";

type Opener = Pick<Agent, "keys" | "settings">;

/** What a sealed password is bound to: copied into another row or column, it cannot be opened. */
export function secretBinding(id: MailboxId, column: "smtp_secret" | "imap_secret"): string {
  return `mailbox:${id}:${column}`;
}

export function smtpAccess(opener: Opener, { id, smtp }: Mailbox): SmtpAccess {
  const password = smtp.secret && openSecret(opener.keys.credentials, smtp.secret, secretBinding(id, "smtp_secret"));
  return smtpAccessTo(opener, smtp, { username: smtp.username, password });
}

export function imapAccess(opener: Opener, { id, email, imap }: Mailbox): ImapAccess {
  if (!imap) throw new AgentError("invalid_input", `${email} only sends; there is no inbox to read.`);
  const password = imap.secret ? openSecret(opener.keys.credentials, imap.secret, secretBinding(id, "imap_secret")) : "";
  return imapAccessTo(opener, imap, { username: imap.username ?? email, password });
}

export function smtpAccessTo({ settings }: Opener, server: ServerAddress, login: Pick<SmtpAccess, "username" | "password">): SmtpAccess {
  return {
    host: server.host,
    port: server.port,
    security: server.security,
    ...login,
    connectTimeoutMs: settings.sending.connect_timeout_seconds * SECOND,
    replyTimeoutMs: settings.sending.reply_timeout_seconds * SECOND,
    allowPrivateHosts: settings.mailboxes.allow_private_hosts,
  };
}

export function imapAccessTo({ settings }: Opener, server: ServerAddress, login: Pick<ImapAccess, "username" | "password">): ImapAccess {
  return {
    host: server.host,
    port: server.port,
    security: server.security,
    ...login,
    timeoutMs: settings.receiving.timeout_seconds * SECOND,
    commandTimeoutMs: settings.receiving.command_timeout_seconds * SECOND,
    allowPrivateHosts: settings.mailboxes.allow_private_hosts,
  };
}
