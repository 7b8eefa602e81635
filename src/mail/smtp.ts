// Opens an SMTP connection: encrypted as asked, and logged in. nodemailer's connection does the greeting, EHLO, STARTTLS and AUTH, without its pool; then
// its socket is ours, and mails go over it by smtp-exchange.ts.
import { connect, type LookupFunction, type Socket } from "node:net";
import SMTPConnection, { type SMTPConnectionAuth } from "nodemailer/lib/smtp-connection";
import { type HostAddress, resolveHost } from "./host-check.ts";
import type { SmtpAccess } from "./smtp-access.ts";
import { extensionsOf } from "./smtp-commands.ts";
import { clearPassword, noLoginOffered, openingFailed, privateHost, type SmtpFailure, unknownHost } from "./smtp-errors.ts";
import { PATIENCE, SmtpExchange, type SmtpSession } from "./smtp-exchange.ts";
import { MAX_REPLY_BYTES } from "./smtp-reply.ts";
import { TOKEN_LOGINS, tokenAuth, tokenMechanism } from "./smtp-token-login.ts";
import { within } from "./time-limit.ts";

export type { SmtpAccess } from "./smtp-access.ts";
export type { SmtpSession } from "./smtp-exchange.ts";

/** With IPv6 and IPv4 addresses at hand, each gets this long before the next one is tried, too. */
const NEXT_ADDRESS_MS = 1_000;

/**
 * A connection that is encrypted as asked and logged in.
 *
 * Throws AgentError `smtp_unreachable`, `smtp_tls`, `smtp_auth` or `smtp_rejected`; `retryable` says whether waiting can help, `detail` what the
 * server said.
 */
export async function openSmtp(access: SmtpAccess): Promise<SmtpSession> {
  try {
    return await logIn(access, await dial(access));
  } catch (error) {
    throw openingFailed(error as SmtpFailure, access);
  }
}

/** Throws where the server may not be connected to, or its name is not known. */
export async function checkSmtpHost(access: SmtpAccess): Promise<void> {
  try {
    await addressesOf(access);
  } catch (error) {
    throw openingFailed(error as SmtpFailure, access);
  }
}

/** Connects to an address that was checked. The name stays what the certificate must bear. */
async function dial(access: SmtpAccess): Promise<Socket> {
  return connected(access, await addressesOf(access));
}

async function addressesOf(access: SmtpAccess): Promise<readonly HostAddress[]> {
  const allowPublicHosts = access.security !== "none" || access.login === null;
  const reach = { allowPrivateHosts: access.allowPrivateHosts, allowPublicHosts };
  const resolved = await within(access.connectTimeoutMs, resolveHost(access.host, reach));
  switch (resolved.kind) {
    case "found":
      return resolved.addresses;
    case "unknown":
      throw unknownHost(access, resolved.cause);
    case "private":
      throw privateHost(access, resolved.address);
    case "public":
      throw clearPassword(access);
    default:
      return resolved satisfies never;
  }
}

async function connected({ host, port, connectTimeoutMs }: SmtpAccess, addresses: readonly HostAddress[]): Promise<Socket> {
  const socket = connect({ host, port, lookup: answering(addresses), autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once("connect", resolve);
  // Stays: nodemailer listens for errors only while it uses the socket.
  socket.on("error", reject);
  try {
    await within(connectTimeoutMs, promise);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function answering(addresses: readonly HostAddress[]): LookupFunction {
  const [first] = addresses;
  return (_host, { all }, done) => (all ? done(null, [...addresses]) : done(null, first?.address ?? "", first?.family));
}

async function logIn(access: SmtpAccess, socket: Socket): Promise<SmtpSession> {
  const connection = new SMTPConnection({
    connection: socket,
    host: access.host,
    port: access.port,
    secure: access.security === "tls",
    requireTLS: access.security === "starttls",
    ignoreTLS: access.security === "none",
    connectionTimeout: access.connectTimeoutMs,
    greetingTimeout: access.connectTimeoutMs,
    socketTimeout: access.replyTimeoutMs,
    socketCloseTimeout: 0,
    maxResponseSize: MAX_REPLY_BYTES,
    customAuth: TOKEN_LOGINS,
  });
  connection.on("error", ignore); // whatever waits is told by `step`; without a listener the process would end
  const patience = access.connectTimeoutMs + access.replyTimeoutMs * PATIENCE;
  try {
    await step(connection, patience, (done) => connection.connect(done));
    const ehloReply = connection.lastServerResponse || "";
    const auth = authOf(access, connection);
    if (auth !== null) await step(connection, patience, (done) => connection.login(auth, done));
    return new SmtpExchange(takenFrom(connection), extensionsOf(ehloReply), access.replyTimeoutMs);
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Null: no login. A server that offers none is shown nothing. */
function authOf(access: SmtpAccess, { allowsAuth, lastServerResponse }: SMTPConnection): SMTPConnectionAuth | null {
  const { login } = access;
  if (login === null) return null;
  if (login.kind === "password") {
    if (!allowsAuth) throw noLoginOffered(access);
    return { user: login.username, pass: login.password };
  }
  const mechanism = tokenMechanism(lastServerResponse || "");
  if (mechanism === null) throw noLoginOffered(access);
  return tokenAuth(mechanism, login, access);
}

function ignore(): void {}

type Done = (error?: Error | null) => void;

/** One step of the way in. It ends with the connection, too: nodemailer tells nothing to a login whose socket was destroyed. */
function step(connection: SMTPConnection, patienceMs: number, start: (done: Done) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const ended = () => setImmediate(() => reject(new Error("the connection was closed")));
  const timer = setTimeout(() => connection.close(), patienceMs);
  connection.once("error", reject);
  connection.once("end", ended);
  start((error) => (error ? reject(error) : resolve()));
  return promise.finally(() => {
    clearTimeout(timer);
    connection.removeListener("error", reject);
    connection.removeListener("end", ended);
  });
}

/**
 * nodemailer (10.6.1) reads nothing more from the socket. It goes on watching it: words that came with the last reply of the login make it destroy the
 * socket, as its end does.
 */
function takenFrom({ _socket: socket }: SMTPConnection): Socket {
  if (!socket) throw new Error("the connection was closed");
  return socket.removeAllListeners("data");
}
