// What does it mean that an SMTP connection could not be opened, and what should a person do about it?

import { AgentError, type ErrorCode } from "../core/errors.ts";
import type { SmtpReply } from "../core/smtp-verdict.ts";
import { certificateAdvice } from "./certificate-advice.ts";
import { loginHint } from "./login.ts";
import type { SmtpAccess } from "./smtp-access.ts";
import { readReply } from "./smtp-reply.ts";
import { tokenResponse } from "./smtp-token-login.ts";

/** What nodemailer (10.6.1) writes into its errors, as far as it is needed here. */
export interface SmtpFailure extends Error {
  readonly code?: string;
  /** The code of the system or of OpenSSL, where nodemailer put its own into `code`. */
  readonly originalCode?: string;
  /** The command that was answered: "STARTTLS", "AUTH PLAIN" …; "CONN" when it was none. */
  readonly command?: string;
  /** The server's reply. Absent when the connection broke. */
  readonly response?: string;
  readonly timeoutType?: string;
}

export function unknownHost({ host }: SmtpAccess, cause: unknown): AgentError {
  return new AgentError("smtp_unreachable", `The SMTP server's name ${host} is not known; check its spelling.`, { cause, retryable: true });
}

export function privateHost({ host }: SmtpAccess, address: string): AgentError {
  const advice = "an operator can allow that (mailboxes.allow_private_hosts)";
  return new AgentError("smtp_unreachable", `The SMTP server ${host} stands in a private network; ${advice}.`, { detail: { address } });
}

/** Without encryption anybody on the way could read the password. */
export function clearPassword(access: SmtpAccess): AgentError {
  return new AgentError("smtp_tls", `${nameOf(access)} is not sent to ${at(access)} unencrypted; choose security tls or starttls.`);
}

export function noLoginOffered(access: SmtpAccess): AgentError {
  const advice = access.security === "none" ? "choose security starttls or tls" : "check the port (mostly 465 or 587)";
  const what = access.login?.kind === "oauth" ? "login by OAuth" : "user name and password";
  return new AgentError("smtp_auth", `The SMTP server ${at(access)} takes no ${what} here; ${advice}.`);
}

function nameOf({ login }: SmtpAccess): string {
  return login?.kind === "oauth" ? "An access token" : "A password";
}

/** What made `openSmtp` fail, as an error with a code, a sentence and advice. */
export function openingFailed(failure: SmtpFailure, access: SmtpAccess): AgentError {
  if (failure instanceof AgentError) return failure;
  if (failure.response !== undefined) return refused(failure.command ?? "", readReply(withoutSecrets(failure.response, access)), access);
  const osCode = failure.originalCode ?? failure.code ?? "";
  const detail = { host: access.host, port: access.port, cause: failure.timeoutType ?? osCode };
  if (CERTIFICATE.test(osCode)) {
    const message = `The certificate of the SMTP server ${at(access)} is refused (${failure.message}): ${certificateAdvice(osCode)}.`;
    return new AgentError("smtp_tls", message, { cause: failure, detail });
  }
  if (HANDSHAKE.test(osCode) || failure.code === "ETLS") {
    return new AgentError("smtp_tls", handshakeAdvice(access), { cause: failure, detail, retryable: true });
  }
  return new AgentError("smtp_unreachable", reachAdvice(failure, osCode, access), { cause: failure, detail, retryable: true });
}

/** Node's names for what OpenSSL finds wrong with a certificate. Waiting does not mend it, and nothing is sent without it. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME|HOSTNAME|INVALID_CA|PATH_LENGTH/;
const HANDSHAKE = /^(?:ERR_SSL_|ERR_TLS_|EPROTO$)/;

function at({ host, port }: SmtpAccess): string {
  return `${host}:${port}`;
}

/**
 * The server said no. Only 5xx is a lasting no, whatever it is about (454 4.7.0 to a login: it cannot check passwords just now); what is no SMTP at
 * all, such as another program's answer on the port, passes or is seen to by whoever runs the server, and needs no new password.
 */
function refused(command: string, reply: SmtpReply, access: SmtpAccess): AgentError {
  const retryable = reply.code < 500 || reply.code > 599;
  const said = `it said: ${reply.response}`;
  const error = (code: ErrorCode, message: string) =>
    new AgentError(code, message, { detail: { host: access.host, port: access.port, ...reply }, retryable });
  if (command === "STARTTLS") return error("smtp_tls", `${handshakeAdvice(access)} (${said})`);
  if (reply.code < 400 || reply.code > 599) {
    return error("smtp_unreachable", `What answers at ${at(access)} makes no sense as an SMTP server (${said}); it is tried again.`);
  }
  if (command.startsWith("AUTH")) {
    if (retryable) return error("smtp_auth", `The SMTP server ${at(access)} cannot check passwords just now (${said}); it is tried again.`);
    const shown = access.login?.kind === "oauth" ? "access token" : "user name or password";
    const refusal = `The SMTP server ${at(access)} refused the ${shown} of ${access.login?.username ?? "nobody"} (${said}).`;
    return error("smtp_auth", `${refusal} ${loginHint(access.host, access.login)}`);
  }
  if (retryable) return error("smtp_rejected", `The SMTP server ${at(access)} is busy (${said}); it is tried again.`);
  return error("smtp_rejected", `The SMTP server ${at(access)} does not want our connection (${said}); ask its operator why.`);
}

function handshakeAdvice(access: SmtpAccess): string {
  if (access.security === "starttls") {
    return `The SMTP server ${at(access)} does not offer STARTTLS, or failed at it; choose security tls (mostly port 465). Nothing is sent unencrypted.`;
  }
  return `The SMTP server ${at(access)} does not speak TLS on this port; check the port (mostly 465), or choose security starttls (mostly 587).`;
}

function reachAdvice({ message, timeoutType }: SmtpFailure, osCode: string, access: SmtpAccess): string {
  if (osCode === "ECONNREFUSED") return `Nothing answers at ${at(access)}; check the host and port of the SMTP server.`;
  if (timeoutType === "GREETING_TIMEOUT") {
    const advice = access.security === "tls" ? "it is busy" : "it is busy, or the port wants security tls";
    return `The SMTP server ${at(access)} took the connection and said nothing for ${access.connectTimeoutMs / 1_000} s; ${advice}.`;
  }
  return `The SMTP server ${at(access)} does not answer (${message}); it is tried again.`;
}

/** Some servers repeat a command they do not understand, and ours held the password. */
function withoutSecrets(response: string, access: SmtpAccess): string {
  return secretsOf(access).reduce((text, secret) => text.replaceAll(secret, "***"), response);
}

function secretsOf(access: SmtpAccess): string[] {
  const { login } = access;
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  if (login?.kind === "oauth") {
    return [tokenResponse("XOAUTH2", login, access), tokenResponse("OAUTHBEARER", login, access), login.accessToken];
  }
  if (!login?.password) return [];
  return [base64(`\0${login.username}\0${login.password}`), base64(login.password), login.password];
}
