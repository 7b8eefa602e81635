// Opens IMAP connections, and says in one sentence what is wrong when a server does not let us in.
import type { LookupFunction } from "node:net";
import { ImapFlow, type ImapFlowError } from "imapflow";
import { AgentError } from "../core/errors.ts";
import { certificateAdvice } from "./certificate-advice.ts";
import { resolveHost } from "./host-check.ts";
import { type Login, loginHint } from "./login.ts";
import { LONGEST_WAIT, within } from "./time-limit.ts";

export interface ImapAccess {
  readonly host: string;
  readonly port: number;
  /** `starttls` refuses a server that does not offer it: nothing is ever sent in the clear instead. `none` only within private networks. */
  readonly security: "tls" | "starttls" | "none";
  readonly login: Login;
  /** For the connection, for the greeting, and for each silence of the server. */
  readonly timeoutMs: number;
  /** For one command with all of its answer, however busy the server seems: half an hour by default. */
  readonly commandTimeoutMs?: number;
  /** Default true. */
  readonly allowPrivateHosts?: boolean;
}

/** A server that always says something, but never lets us in, is given up after this many time-outs. */
const PATIENCE = 3;
const COMMAND_TIMEOUT_MS = 30 * 60_000;
const GOODBYE_MS = 2_000;
const MIB = 1024 * 1024;

/**
 * A connection that is logged in. With `idleAfterMs` it listens for news (IDLE) once it was left alone for so long with a folder open.
 *
 * Throws `imap_unreachable`, `imap_tls`, `imap_auth` or `imap_failed`.
 */
export async function openImap(access: ImapAccess, idleAfterMs: number | null = null): Promise<ImapFlow> {
  let client: ImapFlow | undefined;
  try {
    const lookup = await checkedLookup(access);
    const opened = clientFor(access, lookup, idleAfterMs);
    client = opened;
    await withinPatience(access, () => opened.connect());
    return opened;
  } catch (error) {
    client?.close();
    throw takesNoToken(client, access) ?? imapError(error, access);
  }
}

/** imapflow says so in words only. */
function takesNoToken(client: ImapFlow | undefined, { login, host, port }: ImapAccess): AgentError | null {
  if (login.kind !== "oauth" || !client?.capabilities.size) return null;
  if (["AUTH=XOAUTH2", "AUTH=OAUTHBEARER"].some((capability) => client.capabilities.has(capability))) return null;
  return new AgentError("imap_auth", `The IMAP server ${host}:${port} takes no login by OAuth; does its provider want a password?`);
}

/** Throws where the server may not be connected to, or its name is not known. */
export async function checkImapHost(access: ImapAccess): Promise<void> {
  try {
    await checkedLookup(access);
  } catch (error) {
    throw imapError(error, access);
  }
}

/** Says good-bye; a server that does not answer it is left all the same. */
export async function closeImap(client: ImapFlow): Promise<void> {
  if (client.usable) await within(GOODBYE_MS, client.logout()).catch(() => undefined);
  client.close();
}

function clientFor(access: ImapAccess, lookup: LookupFunction, idleAfterMs: number | null): ImapFlow {
  const client = new ImapFlow({
    host: access.host,
    port: access.port,
    secure: access.security === "tls",
    ...(access.security === "tls" ? {} : { doSTARTTLS: access.security === "starttls" }),
    auth: authOf(access.login),
    tls: { lookup },
    connectionTimeout: access.timeoutMs,
    greetingTimeout: access.timeoutMs,
    socketTimeout: access.timeoutMs,
    clientInfo: { name: "Marketing Agent" },
    logger: false,
    disableAutoIdle: idleAfterMs === null,
    autoIdleDelay: idleAfterMs ?? undefined,
    disableCompression: true,
    idHashAlgorithm: "sha256", // the default is MD5, which OpenSSL in FIPS mode does not have
    maxLineLength: 16 * MIB,
    maxLiteralSize: 128 * MIB,
    maxResponseSize: 160 * MIB,
  });
  client.on("error", () => undefined); // whatever was waiting for the server rejects with it; without a listener the process would end
  return client;
}

/** imapflow shows a token by OAUTHBEARER (RFC 7628) where it is offered, else by XOAUTH2. */
function authOf(login: Login): { user: string; pass: string } | { user: string; accessToken: string } {
  return login.kind === "oauth" ? { user: login.username, accessToken: login.accessToken } : { user: login.username, pass: login.password };
}

/** The name is resolved once and checked; Node then tries the addresses found, IPv6 and IPv4 side by side. */
async function checkedLookup({ host, port, security, timeoutMs, allowPrivateHosts = true }: ImapAccess): Promise<LookupFunction> {
  const resolved = await within(timeoutMs, resolveHost(host, { allowPrivateHosts, allowPublicHosts: security !== "none" }));
  switch (resolved.kind) {
    case "found": {
      const [first] = resolved.addresses;
      return (_host, options, done) =>
        options.all ? done(null, [...resolved.addresses]) : done(null, first?.address ?? "", first?.family);
    }
    case "unknown":
      throw new AgentError("imap_unreachable", `The IMAP server's name ${host} is not known; check its spelling.`, {
        cause: resolved.cause,
        retryable: true,
      });
    case "private":
      throw new AgentError(
        "imap_unreachable",
        `The IMAP server ${host} stands in a private network; an operator can allow that (mailboxes.allow_private_hosts).`,
      );
    case "public":
      throw new AgentError("imap_tls", `A password is not sent to ${host}:${port} unencrypted; choose security tls or starttls.`);
    default:
      return resolved satisfies never;
  }
}

/** For commands whose answer is short. */
export function withinPatience<Result>({ timeoutMs }: ImapAccess, work: () => Promise<Result>): Promise<Result> {
  return within(timeoutMs * PATIENCE, work());
}

/** For commands that may bring megabytes. A server that trickles bytes never trips the timer of silence: its connection is closed. */
export async function withinCommandTimeout<Result>(
  client: ImapFlow,
  { commandTimeoutMs = COMMAND_TIMEOUT_MS }: ImapAccess,
  work: () => Promise<Result>,
): Promise<Result> {
  const timer = setTimeout(() => client.close(), Math.min(commandTimeoutMs, LONGEST_WAIT)); // ends what waits on it
  try {
    return await within(commandTimeoutMs + GOODBYE_MS, work());
  } finally {
    clearTimeout(timer);
  }
}

/** What an error of the connection or of the server means for the mailbox, with a sentence that says what to do. */
export function imapError(error: unknown, access: ImapAccess): AgentError {
  if (error instanceof AgentError) return error;
  const failure = (error instanceof Error ? error : new Error(String(error))) as ImapFlowError;
  const at = `${access.host}:${access.port}`;
  const options = { cause: error, detail: { host: access.host, port: access.port, code: failure.code, answer: answerOf(failure) } };
  if (needsTls(failure)) {
    const advice = "the server takes no password on an unencrypted connection; choose security tls or starttls";
    return new AgentError("imap_tls", `Logging in at ${at} was refused: ${advice}.`, options);
  }
  if (failure.authenticationFailed) return loginRefused(failure, access, at, options);
  if (isTlsFailure(failure)) return new AgentError("imap_tls", tlsAdvice(failure, access, at), options);
  if (isLostConnection(failure))
    return new AgentError("imap_unreachable", reachAdvice(failure, access, at), { ...options, retryable: true });
  const answer = answerOf(failure) ?? failure.message;
  return new AgentError("imap_failed", `The IMAP server ${at} answered with an error: ${answer}`, {
    ...options,
    retryable: failure.mailboxMissing !== true && failure.code !== "NotFound",
  });
}

function answerOf({ response, responseText }: ImapFlowError): string | undefined {
  return (responseText ?? (typeof response === "string" ? response : undefined))?.slice(0, 300);
}

function needsTls(failure: ImapFlowError): boolean {
  return failure.serverResponseCode === "PRIVACYREQUIRED" || failure.message === "Login is disabled";
}

/** RFC 5530 §3: the server has a problem of its own, whatever the password. */
const PASSING = new Set(["UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "OVERQUOTA"]);
/** Gmail, Yahoo and Exchange refuse logins in these words for reasons that pass; a pause for a wrong password would be wrong. */
const PASSING_WORDS =
  /too many (?:simultaneous )?connections|temporar|try (?:again )?later|is authenticated but not connected|rate limit|throttl/i;

function loginRefused(failure: ImapFlowError, access: ImapAccess, at: string, options: object): AgentError {
  const answer = answerOf(failure);
  if (PASSING.has(failure.serverResponseCode ?? "") || PASSING_WORDS.test(answer ?? "")) {
    return new AgentError("imap_failed", `The IMAP server ${at} lets nobody in right now: ${answer}`, { ...options, retryable: true });
  }
  const said = answer === undefined ? "" : ` (it said: ${answer})`;
  const { kind, username } = access.login;
  const shown = kind === "oauth" ? "access token" : "user name or password";
  const message = `The IMAP server ${at} refused the ${shown} of ${username}${said}. ${loginHint(access.host, access.login)}`;
  return new AgentError("imap_auth", message, options);
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ALTNAME/;
const HANDSHAKE = /^(?:ERR_SSL_|ERR_TLS_|EPROTO$|STARTTLS_INJECTION$)/;

function isTlsFailure({ code = "", tlsFailed }: ImapFlowError): boolean {
  return tlsFailed === true || CERTIFICATE.test(code) || HANDSHAKE.test(code);
}

function tlsAdvice({ code = "", message }: ImapFlowError, { security }: ImapAccess, at: string): string {
  if (CERTIFICATE.test(code)) return `The certificate of the IMAP server ${at} is refused (${message}): ${certificateAdvice(code)}.`;
  if (security === "starttls")
    return `The IMAP server ${at} does not offer STARTTLS, or failed at it; choose security tls (mostly port 993).`;
  return `The IMAP server ${at} does not speak TLS on this port; check the port (mostly 993), or choose security starttls (mostly 143).`;
}

const LOST =
  /^(?:E(?:CONN[A-Z]+|TIMEDOUT|TIMEOUT|PIPE|NOTFOUND|AI_AGAIN|HOSTUNREACH|HOSTDOWN|NETUNREACH|NETDOWN|ADDRNOTAVAIL|ConnectionClosed)|NoConnection|StateLogout|ClosedAfterConnect(?:Text|TLS)|(?:CONNECT|GREETING|UPGRADE)_TIMEOUT)$/;

function isLostConnection({ code = "" }: ImapFlowError): boolean {
  return LOST.test(code);
}

function reachAdvice({ code, message }: ImapFlowError, { security, timeoutMs }: ImapAccess, at: string): string {
  if (code === "GREETING_TIMEOUT") {
    const advice = security === "tls" ? "it is busy" : "it is busy, or the port wants security tls";
    return `The IMAP server ${at} took the connection and said nothing for ${timeoutMs / 1_000} s; ${advice}.`;
  }
  if (code === "ECONNREFUSED") return `Nothing answers at ${at}; check the host and port of the IMAP server.`;
  return `The IMAP server ${at} does not answer (${message}); it is tried again.`;
}
