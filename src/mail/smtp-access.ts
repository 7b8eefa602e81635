// What is needed to log in to an SMTP server, and how patiently.
import type { Login } from "./login.ts";

export interface SmtpAccess {
  readonly host: string;
  readonly port: number;
  /** `tls` from the first byte; `starttls` or nothing: a server without it is refused; `none`: in the clear, and with a login only within private networks. */
  readonly security: "tls" | "starttls" | "none";
  /** Null: the server takes mail without one. */
  readonly login: Login | null;
  /** For the connection, and again for the greeting and the TLS handshake, milliseconds. */
  readonly connectTimeoutMs: number;
  /** For each reply, milliseconds. */
  readonly replyTimeoutMs: number;
  readonly allowPrivateHosts: boolean;
}
