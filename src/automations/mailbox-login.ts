// How will a mailbox log in: by passwords that are given now or were given before, or by what its owner granted?
import type { EmailAddress } from "../core/email-address.ts";
import { sealSecret } from "../core/encrypted-secret.ts";
import { AgentError } from "../core/errors.ts";
import { MAILBOX_PRESETS, type ServerAddress, usualSecurity } from "../core/mailbox-presets.ts";
import type { OAuthProvider } from "../core/oauth-provider.ts";
import type { ImapAccess } from "../mail/imap.ts";
import type { Login } from "../mail/login.ts";
import type { Granted } from "../mail/openid.ts";
import type { SmtpAccess } from "../mail/smtp.ts";
import type { Tx } from "../store/database.ts";
import type { Mailbox } from "../store/mailbox.ts";
import { forgetGrant, saveGrant } from "../store/mailbox-grant.ts";
import { loginByOAuth, loginByPassword } from "../store/mailbox-login.ts";
import type { Agent } from "./agent.ts";
import { imapAccess, imapAccessTo, secretBinding, smtpAccess, smtpAccessTo } from "./mailbox-access.ts";
import type { CheckedRequest } from "./mailbox-request.ts";
import { sealTokens } from "./mailbox-tokens.ts";
import type { MailboxRef } from "./send-batch.ts";

/** What its owner has just granted at their provider: it logs in by that instead of a password. */
export interface NewGrant extends Granted {
  readonly provider: OAuthProvider;
  /** As whom they signed in there. */
  readonly account: string | null;
}

export interface Access {
  readonly smtp: SmtpAccess;
  readonly imap: ImapAccess | null;
}

/** The logins as they will be. Where nobody logs in with them now, no provider is asked for an access token: a cap can be lowered while it is down. */
export async function accessOf(
  agent: Agent,
  request: CheckedRequest,
  { address }: EmailAddress,
  known: Mailbox | null,
  { grant, logsIn }: { readonly grant: NewGrant | null; readonly logsIn: boolean },
): Promise<Access> {
  const { smtp, imap } = serversOf(request, known);
  if (imap && request.replyMailbox) {
    throw new AgentError("invalid_input", "A mailbox that is read itself gets its own answers; only a relay has a reply mailbox.");
  }
  const access = (sending: Login | null, reading: Login): Access => ({
    smtp: smtpAccessTo(agent, smtp, sending),
    imap: imap && imapAccessTo(agent, imap, reading),
  });
  if (grant) {
    const login = { kind: "oauth", username: request.username ?? address, accessToken: grant.accessToken } as const;
    return access(login, login);
  }
  const stored = request.password === undefined ? await storedLogin(agent, known, { smtp, imap }, logsIn) : null;
  if (stored?.kind === "oauth") {
    if (request.imapPassword)
      throw new AgentError("invalid_input", "A mailbox that logs in by OAuth has no password; give it one for both.");
    const login = { ...stored, username: request.username ?? stored.username };
    return access(login, login);
  }
  const password = request.password === undefined ? (stored?.password ?? null) : request.password;
  const sending = password === null ? null : passwordLogin(request.username ?? usernameOf(known?.smtp) ?? address, password);
  const imapPassword = request.imapPassword ?? request.password ?? (await storedImapPassword(agent, known)) ?? password ?? "";
  return access(sending, passwordLogin(request.username ?? usernameOf(known?.imap) ?? address, imapPassword));
}

function passwordLogin(username: string, password: string): Extract<Login, { kind: "password" }> {
  return { kind: "password", username, password };
}

function usernameOf(server: Mailbox["imap"] | undefined): string | null {
  return !server || server.login.kind === "none" ? null : server.login.username;
}

async function storedImapPassword(agent: Agent, known: Mailbox | null): Promise<string | null> {
  if (known?.imap?.login.kind !== "password") return null;
  const { login } = await imapAccess(agent, known);
  return login.kind === "password" ? login.password : null;
}

/** A stored login is only ever shown to the servers that it was given for: else whoever may change a mailbox could have it sent to themselves. */
async function storedLogin(agent: Agent, known: Mailbox | null, { smtp, imap }: Servers, logsIn: boolean): Promise<Login | null> {
  if (!known) throw new AgentError("invalid_input", "A new mailbox needs its password, or none where its server wants no login.");
  const elsewhere = smtp.host !== known.smtp.host || (imap !== null && imap.host !== (known.imap ?? known.smtp).host);
  const kinds = [known.smtp, known.imap ?? known.smtp].map((server) => server.login.kind);
  if (elsewhere && kinds.includes("oauth"))
    throw new AgentError("invalid_input", "For another server, the mailbox must be connected anew.");
  if (elsewhere && kinds.includes("password")) throw new AgentError("invalid_input", "Another server needs the password anew.");
  const { login } = known.smtp;
  if (login.kind === "oauth" && !logsIn) return { kind: "oauth", username: login.username, accessToken: "" };
  return (await smtpAccess(agent, known)).login;
}

interface Servers {
  readonly smtp: ServerAddress;
  readonly imap: ServerAddress | null;
}

function serversOf(request: CheckedRequest, known: Mailbox | null): Servers {
  const preset = request.provider === undefined || request.provider === "custom" ? null : MAILBOX_PRESETS[request.provider];
  const written = (given: CheckedRequest["smtp"]) => given && { ...given, security: given.security ?? usualSecurity(given.port) };
  const smtp = written(request.smtp) ?? preset?.smtp ?? known?.smtp;
  if (!smtp) throw new AgentError("invalid_input", "Without a provider, the SMTP server's host and port are needed.");
  return { smtp, imap: request.imap === null ? null : (written(request.imap) ?? preset?.imap ?? known?.imap ?? null) };
}

/** Keeps the login with the mailbox that was saved; what a grant was given for before stays as it is. */
export async function storeLogin(agent: Agent, tx: Tx, ref: MailboxRef, access: Access, grant: NewGrant | null): Promise<void> {
  if (grant) await storeGrant(agent, tx, ref, grant);
  else if (access.smtp.login?.kind !== "oauth") await storePasswords(agent, tx, ref, access);
}

async function storeGrant(agent: Agent, tx: Tx, ref: MailboxRef, grant: NewGrant): Promise<void> {
  await loginByOAuth(tx, ref.workspaceId, ref.mailboxId, grant.provider);
  await saveGrant(
    tx,
    { ...ref, subject: grant.subject, account: grant.account },
    sealTokens(agent, ref.mailboxId, grant),
    agent.clock.now(),
  );
}

async function storePasswords({ keys }: Agent, tx: Tx, { workspaceId, mailboxId }: MailboxRef, { smtp, imap }: Access): Promise<void> {
  const seal = (login: Login | null, column: "smtp_secret" | "imap_secret") =>
    login?.kind === "password" && login.password ? sealSecret(keys.credentials, login.password, secretBinding(mailboxId, column)) : null;
  await loginByPassword(tx, workspaceId, mailboxId, {
    smtp: seal(smtp.login, "smtp_secret"),
    imap: seal(imap?.login ?? null, "imap_secret"),
  });
  await forgetGrant(tx, workspaceId, mailboxId);
}
