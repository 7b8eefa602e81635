// From a stored mailbox to what opens its servers: secrets are decrypted here, at the last moment, and kept nowhere.
import { openSecret } from "../core/encrypted-secret.ts";
import { AgentError } from "../core/errors.ts";
import type { MailboxId } from "../core/ids.ts";
import { SECOND } from "../core/instant.ts";
import type { ServerAddress } from "../core/mailbox-presets.ts";
import type { ImapAccess } from "../mail/imap.ts";
import type { Login } from "../mail/login.ts";
import type { SmtpAccess } from "../mail/smtp.ts";
import type { Mailbox, MailServer } from "../store/mailbox.ts";
import type { Agent } from "./agent.ts";
import { accessToken } from "./mailbox-tokens.ts";

type Opener = Pick<Agent, "db" | "clock" | "settings" | "keys" | "log" | "processId">;

/** What a sealed password is bound to: copied into another row or column, it cannot be opened. */
export function secretBinding(id: MailboxId, column: "smtp_secret" | "imap_secret"): string {
  return `mailbox:${id}:${column}`;
}

/** May ask the mailbox's provider for another access token: see mailbox-tokens.ts for what it throws then. */
export async function smtpAccess(opener: Opener, mailbox: Mailbox, refused: string | null = null): Promise<SmtpAccess> {
  return smtpAccessTo(opener, mailbox.smtp, await loginTo(opener, mailbox, mailbox.smtp, "smtp_secret", refused));
}

export async function imapAccess(opener: Opener, mailbox: Mailbox, refused: string | null = null): Promise<ImapAccess> {
  const { imap, email } = mailbox;
  if (!imap) throw new AgentError("invalid_input", `${email} only sends; there is no inbox to read.`);
  const login = await loginTo(opener, mailbox, imap, "imap_secret", refused);
  return imapAccessTo(opener, imap, login ?? { kind: "password", username: email, password: "" });
}

async function loginTo(
  opener: Opener,
  mailbox: Mailbox,
  { login }: MailServer,
  column: "smtp_secret" | "imap_secret",
  refused: string | null,
): Promise<Login | null> {
  switch (login.kind) {
    case "none":
      return null;
    case "password": {
      const password = openSecret(opener.keys.credentials, login.secret, secretBinding(mailbox.id, column));
      return { kind: "password", username: login.username, password };
    }
    case "oauth": {
      const token = await accessToken(opener, { ...mailbox, provider: login.provider }, refused);
      return { kind: "oauth", username: login.username, accessToken: token };
    }
    default:
      return login satisfies never;
  }
}

/** Gives what opens a server now: another token where one was refused, if there is another. */
export type AccessNow<Access> = (refused: string | null) => Promise<Access>;

/** Opens a server. Where it refuses the access token, which may have been withdrawn before its time, it is shown another one: once. */
export async function withLogin<Access extends { readonly login: Login | null }, Result>(
  access: AccessNow<Access>,
  open: (access: Access) => Promise<Result>,
): Promise<Result> {
  const first = await access(null);
  try {
    return await open(first);
  } catch (error) {
    if (first.login?.kind !== "oauth" || !isRefusal(error)) throw error;
    const second = await access(first.login.accessToken);
    if (second.login?.kind === "oauth" && second.login.accessToken === first.login.accessToken) throw error;
    return open(second);
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof AgentError && (error.code === "smtp_auth" || error.code === "imap_auth") && !error.retryable;
}

export function smtpAccessTo({ settings }: Pick<Agent, "settings">, server: ServerAddress, login: Login | null): SmtpAccess {
  return {
    host: server.host,
    port: server.port,
    security: server.security,
    login,
    connectTimeoutMs: settings.sending.connect_timeout_seconds * SECOND,
    replyTimeoutMs: settings.sending.reply_timeout_seconds * SECOND,
    allowPrivateHosts: settings.mailboxes.allow_private_hosts,
  };
}

export function imapAccessTo({ settings }: Pick<Agent, "settings">, server: ServerAddress, login: Login): ImapAccess {
  return {
    host: server.host,
    port: server.port,
    security: server.security,
    login,
    timeoutMs: settings.receiving.timeout_seconds * SECOND,
    commandTimeoutMs: settings.receiving.command_timeout_seconds * SECOND,
    allowPrivateHosts: settings.mailboxes.allow_private_hosts,
  };
}
