// What is needed to log in to an SMTP server, and how patiently.

export interface SmtpAccess {
  readonly host: string;
  readonly port: number;
  /** `tls` from the first byte; `starttls` or nothing: a server without it is refused; `none`: in the clear, and with a password only within private networks. */
  readonly security: "tls" | "starttls" | "none";
  /** Null: no login. */
  readonly username: string | null;
  readonly password: string | null;
  /** For the connection, and again for the greeting and the TLS handshake, milliseconds. */
  readonly connectTimeoutMs: number;
  /** For each reply, milliseconds. */
  readonly replyTimeoutMs: number;
  readonly allowPrivateHosts: boolean;
}
