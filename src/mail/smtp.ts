// Sends mails over one SMTP connection, and says how far each of them came: accepted, refused at which command, surely not accepted, or unknown.
// nodemailer's connection is used without its pool: nothing here is ever sent twice by itself.
import { isAscii } from "node:buffer";
import { connect, type LookupFunction, type Socket } from "node:net";
import { Readable } from "node:stream";
import { domainToASCII } from "node:url";
import SMTPConnection, { type SMTPConnectionAuth, type SMTPConnectionSendInfo, type SMTPEnvelope } from "nodemailer/lib/smtp-connection";
import type { SmtpOutcome, SmtpStage } from "../core/smtp-verdict.ts";
import { type HostAddress, resolveHost } from "./host-check.ts";
import type { SmtpAccess } from "./smtp-access.ts";
import { clearPassword, noLoginOffered, openingFailed, privateHost, readReply, type SmtpFailure, unknownHost } from "./smtp-errors.ts";
import { TOKEN_LOGINS, tokenAuth, tokenMechanism } from "./smtp-token-login.ts";
import { within } from "./time-limit.ts";

export type { SmtpOutcome } from "../core/smtp-verdict.ts";
export type { SmtpAccess } from "./smtp-access.ts";

export interface SmtpEnvelope {
  readonly from: string;
  readonly to: string;
}

export interface SmtpSession {
  /** Sends one mail; one at a time. Never throws for what a server or a network does. */
  transmit(envelope: SmtpEnvelope, raw: Buffer): Promise<SmtpOutcome>;
  /** Says good-bye. Never throws: a QUIT that fails after an accepted mail changes nothing. */
  close(): Promise<void>;
  /** False once the connection is gone. */
  readonly usable: boolean;
}

const MAX_REPLY_BYTES = 64 * 1024;
/** A server that trickles bytes never trips the timer of silence: an exchange of a few replies ends after this many reply timeouts. */
const PATIENCE = 5;
const GOODBYE_MS = 3_000;
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
    socketCloseTimeout: 1_000,
    maxResponseSize: MAX_REPLY_BYTES,
    customAuth: TOKEN_LOGINS,
  });
  connection.on("error", ignore); // whatever waits is told by `exchange`; without a listener the process would end
  const patience = access.connectTimeoutMs + access.replyTimeoutMs * PATIENCE;
  try {
    await exchange<void>(connection, patience, (done) => connection.connect(done));
    const auth = authOf(access, connection);
    if (auth !== null) await exchange(connection, patience, (done) => connection.login(auth, done));
    return new Session(connection, access.replyTimeoutMs);
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

type Done<Result> = (error?: Error | null, result?: Result) => void;

/**
 * One exchange with the server. It ends with the connection, too: nodemailer tells nothing to a login, a RSET, or a mail whose next command met
 * a destroyed socket.
 */
function exchange<Result>(connection: SMTPConnection, patienceMs: number, start: (done: Done<Result>) => void): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  // A mail that a 421 ended is told so right after "end".
  const ended = () => setImmediate(() => reject(new Error("the connection was closed")));
  const timer = setTimeout(() => connection.close(), patienceMs);
  connection.once("error", reject);
  connection.once("end", ended);
  start((error, result) => (error ? reject(error) : resolve(result as Result)));
  return promise.finally(() => {
    clearTimeout(timer);
    connection.removeListener("error", reject);
    connection.removeListener("end", ended);
  });
}

class Session implements SmtpSession {
  readonly #connection: SMTPConnection;
  readonly #replyTimeoutMs: number;
  /** A refused mail leaves the transaction open; the next MAIL FROM would be "nested" (RFC 5321 §4.1.4). */
  #openTransaction = false;

  constructor(connection: SMTPConnection, replyTimeoutMs: number) {
    this.#connection = connection;
    this.#replyTimeoutMs = replyTimeoutMs;
  }

  get usable(): boolean {
    const { destroyed, _socket: socket } = this.#connection;
    return !destroyed && socket !== false && socket !== null && socket.writable;
  }

  async transmit(envelope: SmtpEnvelope, raw: Buffer): Promise<SmtpOutcome> {
    const { _socket: socket } = this.#connection;
    if (!socket) return { kind: "lost", stage: "before_data" };
    const body = new Body(raw, socket);
    const sending: WatchedEnvelope = {
      from: onTheWire(envelope.from),
      to: [onTheWire(envelope.to)],
      size: raw.length,
      use8BitMime: !isAscii(raw),
    };
    try {
      const { response } = await this.#send(sending, body);
      return { kind: "accepted", reply: readReply(response) };
    } catch (error) {
      const outcome = this.#outcomeOf(error as SmtpFailure, sending, body);
      if (outcome.kind === "refused") this.#openTransaction = true;
      else this.#connection.close();
      return outcome;
    }
  }

  async #send(sending: WatchedEnvelope, body: Body): Promise<SMTPConnectionSendInfo> {
    const patience = this.#replyTimeoutMs * PATIENCE;
    if (this.#openTransaction) await exchange(this.#connection, patience, (done) => this.#connection.reset(done));
    this.#openTransaction = false;
    return exchange(this.#connection, patience, (done) => this.#connection.send(sending, body, done));
  }

  #outcomeOf(error: SmtpFailure, sending: WatchedEnvelope, body: Body): SmtpOutcome {
    // With PIPELINING nodemailer reports a refusal only with the reply to DATA; a server that hangs up before that has refused all the same.
    const told = error.response === undefined ? (sending.mailError ?? sending.rejectedErrors?.at(-1) ?? error) : error;
    const reply = readReply(told.response ?? "");
    const stage = body.askedFor ? "dot" : stageOf(told.command, reply.code);
    if (stage !== null && reply.code >= 400 && reply.code < 600) return { kind: "refused", stage, reply };
    if (body.askedFor) return { kind: "uncertain", response: readReply(this.#connection.lastServerResponse || "").response || null };
    if (told.response === undefined && told.command === "MAIL FROM") return TOO_LARGE;
    return { kind: "lost", stage: "before_data" };
  }

  async close(): Promise<void> {
    if (this.usable) await exchange(this.#connection, GOODBYE_MS, () => this.#connection.quit()).catch(ignore);
    this.#connection.close();
  }
}

/** The envelope as nodemailer (10.6.1) leaves it: it writes refusals into the very object it was given. */
type WatchedEnvelope = SMTPEnvelope & { readonly mailError?: SmtpFailure; readonly rejectedErrors?: readonly SmtpFailure[] };

const STAGES: Readonly<Record<string, SmtpStage>> = { "MAIL FROM": "mail", "RCPT TO": "rcpt", DATA: "data" };

/** Which command a reply answered. "CONN" is none; a 421 may come at any time (RFC 5321 §3.8). */
function stageOf(command: string | undefined, code: number): SmtpStage | null {
  return STAGES[command ?? ""] ?? (code === 421 ? "mail" : null);
}

/** nodemailer does not even try a mail that is larger than the SIZE of the server's EHLO (RFC 1870 §5). */
const TOO_LARGE: SmtpOutcome = {
  kind: "refused",
  stage: "mail",
  reply: { code: 552, enhanced: "5.3.4", response: "The mail is larger than the server announced that it takes." },
};

/**
 * The bytes of a mail, and whether the server has asked for them (354): nodemailer connects the stream to the socket then, and only then. Up to
 * that moment the server cannot have accepted the mail; from then on only its reply tells. `lastServerResponse` beginning with 354 says nearly
 * the same, but not after a 250 to DATA, which nodemailer takes for a 354, nor after a final reply that was cut off before its line end.
 */
class Body extends Readable {
  askedFor = false;
  readonly #raw: Buffer;
  readonly #socket: Socket;

  constructor(raw: Buffer, socket: Socket) {
    super();
    this.#raw = raw;
    this.#socket = socket;
  }

  override _read(): void {}

  override pipe<Destination extends NodeJS.WritableStream>(destination: Destination): Destination {
    this.askedFor = true;
    this.#untilEndOf(destination);
    destination.end(this.#raw);
    return destination;
  }

  /** A small mail and its last dot leave together. A big one must not wait for its end: the socket would be full before. */
  #untilEndOf(destination: NodeJS.WritableStream): void {
    if (this.#raw.length > this.#socket.writableHighWaterMark / 2) return;
    this.#socket.cork();
    destination.once("end", () => this.#socket.uncork());
  }
}

/** The domain as every server understands it; a local part beyond ASCII needs SMTPUTF8, which nodemailer asks for. */
function onTheWire(address: string): string {
  const split = address.lastIndexOf("@") + 1;
  return address.slice(0, split) + (domainToASCII(address.slice(split)) || address.slice(split));
}
