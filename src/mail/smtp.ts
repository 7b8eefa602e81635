// Puts a mail onto the wire and says exactly how far it came. Which stage was reached is read from the server's last reply, never from error
// codes: a connection lost before DATA and one lost after the final dot look the same to those (measured, nodemailer 10.6).
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { AgentError, type ErrorCode } from "../core/errors.ts";
import type { SmtpOutcome, SmtpReply, SmtpStage } from "../core/smtp-verdict.ts";
import { resolveHost } from "./host-check.ts";

export interface SmtpAccess {
  readonly host: string;
  readonly port: number;
  /** `starttls` refuses a server that does not offer it: nothing is ever sent in the clear instead. */
  readonly security: "tls" | "starttls" | "none";
  /** Null: no login. */
  readonly username: string | null;
  readonly password: string | null;
  readonly connectTimeoutMs: number;
  readonly replyTimeoutMs: number;
  readonly allowPrivateHosts: boolean;
}

export interface SmtpSession {
  /** False once the connection is gone. */
  readonly usable: boolean;
  /** Sends one mail to one recipient. Never throws: what happened is the outcome. */
  transmit(envelope: { readonly from: string; readonly to: string }, raw: Buffer): Promise<SmtpOutcome>;
  /** Says goodbye. Never throws: a QUIT that fails changes nothing about what was accepted. */
  close(): Promise<void>;
}

/** Connected and logged in. Throws smtp_unreachable (retryable), smtp_tls, smtp_auth (retryable when temporary) or smtp_rejected. */
export async function openSmtp(access: SmtpAccess): Promise<SmtpSession> {
  const resolved = await resolveHost(access.host, access.allowPrivateHosts);
  if (resolved.kind === "unknown") throw unreachable(access, resolved.cause);
  if (resolved.kind === "private") {
    throw new AgentError("smtp_rejected", `${access.host} leads to ${resolved.address}, which is no address of the public internet.`);
  }
  const [first] = resolved.addresses;
  const connection = new SMTPConnection({
    host: first?.address ?? access.host,
    port: access.port,
    secure: access.security === "tls",
    requireTLS: access.security === "starttls",
    ignoreTLS: access.security === "none",
    ...(resolved.servername ? { servername: resolved.servername } : {}),
    tls: { ...(resolved.servername ? { servername: resolved.servername } : {}) },
    connectionTimeout: access.connectTimeoutMs,
    greetingTimeout: access.connectTimeoutMs,
    socketTimeout: access.replyTimeoutMs,
    logger: false,
  });
  const session = new Session(connection);
  try {
    await session.connect();
    if (access.username !== null) await session.login(access.username, access.password ?? "");
    return session;
  } catch (error) {
    connection.close();
    throw asSmtpError(error, access);
  }
}

interface SmtpFailure extends Error {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

class Session implements SmtpSession {
  usable = true;
  readonly #connection: SMTPConnection;
  #failed: (error: Error) => void = () => undefined;

  constructor(connection: SMTPConnection) {
    this.#connection = connection;
    const end = (error?: Error) => {
      this.usable = false;
      this.#failed(error ?? new Error("The connection was closed."));
    };
    connection.on("error", end);
    connection.once("end", () => end());
  }

  connect(): Promise<void> {
    return this.#asked((done) => this.#connection.connect(done));
  }

  login(user: string, pass: string): Promise<void> {
    return this.#asked((done) => this.#connection.login({ credentials: { user, pass } }, done));
  }

  async transmit(envelope: { from: string; to: string }, raw: Buffer): Promise<SmtpOutcome> {
    if (!this.usable) return { kind: "lost", stage: "before_data" };
    let response = "";
    try {
      await this.#asked((done) =>
        this.#connection.send({ from: envelope.from, to: [envelope.to] }, raw, (error, info) => {
          response = info?.response ?? "";
          done(error);
        }),
      );
      return { kind: "accepted", reply: replyOf(250, response) };
    } catch (error) {
      return await this.#outcomeOf(error as SmtpFailure);
    }
  }

  async close(): Promise<void> {
    if (!this.usable) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 2_000);
      this.#connection.once("end", () => {
        clearTimeout(timer);
        resolve();
      });
      this.#connection.quit();
    });
    this.usable = false;
    this.#connection.close();
  }

  /** A reply that refuses leaves the connection usable after RSET; without one, the server's last reply says whether it had asked for the mail. */
  async #outcomeOf(error: SmtpFailure): Promise<SmtpOutcome> {
    const last = this.#connection.lastServerResponse;
    const said = typeof last === "string" ? last : "";
    if (error.responseCode === undefined || error.responseCode < 400) {
      this.usable = false;
      this.#connection.close();
      return /^354/.test(said) ? { kind: "uncertain", response: said } : { kind: "lost", stage: "before_data" };
    }
    const reply = replyOf(error.responseCode, error.response ?? said);
    if (error.responseCode === 421) this.usable = false;
    else await this.#reset();
    return { kind: "refused", stage: stageOf(error), reply };
  }

  async #reset(): Promise<void> {
    if (!this.usable) return;
    await this.#asked((done) => this.#connection.reset(done)).catch(() => {
      this.usable = false;
    });
  }

  /** One command: settled by its callback, or by the connection's end, whichever comes first. */
  #asked(command: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#failed = reject;
      command((error) => (error ? reject(error) : resolve()));
    });
  }
}

/** The command that was refused: a refusal after the mail's last dot is told under DATA, too. */
function stageOf({ command, code }: SmtpFailure): SmtpStage {
  if (command === "MAIL FROM") return "mail";
  if (command === "RCPT TO") return "rcpt";
  return code === "EMESSAGE" ? "dot" : "data";
}

function replyOf(code: number, response: string): SmtpReply {
  const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})(?!\d)/.exec(response)?.[1] ?? null;
  return { code, enhanced, response: response.slice(0, 2_000) };
}

function unreachable({ host, port }: SmtpAccess, cause: unknown): AgentError {
  return new AgentError("smtp_unreachable", `${host}:${port} does not answer SMTP. Check host and port, and whether this network lets port ${port} out.`, {
    cause,
    retryable: true,
    detail: { host, port },
  });
}

/** What kept a connection from being opened: by the reply's code, else by TLS, else nobody answered. */
function asSmtpError(error: unknown, access: SmtpAccess): AgentError {
  const failure = error as SmtpFailure;
  const { host, port } = access;
  const detail = { host, port, code: failure.responseCode, response: failure.response };
  const of = (code: ErrorCode, message: string, retryable: boolean) => new AgentError(code, message, { cause: error, retryable, detail });
  const said = failure.response ? ` It said: ${failure.response}` : "";
  const temporary = failure.responseCode !== undefined && failure.responseCode < 500;
  if (isTlsTrouble(failure)) {
    return of("smtp_tls", `${host}:${port} offers no TLS, or a certificate that cannot be trusted. Check host, port and security.${said}`, false);
  }
  if (isLoginTrouble(failure)) {
    return of("smtp_auth", `${host} refused the user name or password. Gmail and Microsoft 365 want an app password, not the account's own.${said}`, temporary);
  }
  if (failure.responseCode === undefined) return unreachable(access, error);
  return of(temporary ? "smtp_unreachable" : "smtp_rejected", `${host} refused the connection.${said}`, temporary);
}

const LOGIN_REPLIES = new Set([530, 534, 535, 538]);

function isLoginTrouble({ command, code, responseCode }: SmtpFailure): boolean {
  return (command?.startsWith("AUTH") ?? false) || code === "EAUTH" || (responseCode !== undefined && LOGIN_REPLIES.has(responseCode));
}

function isTlsTrouble({ code, command, responseCode }: SmtpFailure): boolean {
  if (code === "ETLS" || command === "STARTTLS") return true;
  return responseCode === undefined && code !== undefined && /SSL|TLS|CERT|SELF_SIGNED|UNABLE_TO/.test(code);
}
