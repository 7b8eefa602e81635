// Shows an SMTP server an access token: XOAUTH2 (Google's and Microsoft's), or OAUTHBEARER (RFC 7628). nodemailer's own XOAUTH2 asks for another
// token by itself and knows no OAUTHBEARER; which token is shown is decided elsewhere (automations/mailbox-access.ts).
import type { SMTPConnectionAuth, SMTPConnectionCustomAuthHandler, SMTPConnectionCustomAuthResponse } from "nodemailer/lib/smtp-connection";
import type { Login } from "./login.ts";
import type { SmtpAccess } from "./smtp-access.ts";

type TokenLogin = Extract<Login, { kind: "oauth" }>;
type Mechanism = "XOAUTH2" | "OAUTHBEARER";

const MECHANISMS: readonly Mechanism[] = ["XOAUTH2", "OAUTHBEARER"];

/** The mechanism that the server's answer to EHLO offers; null when it offers none. */
export function tokenMechanism(ehloReply: string): Mechanism | null {
  const offered = [...ehloReply.matchAll(/^250[ -]AUTH[ =](.*)$/gim)].flatMap(([, names = ""]) =>
    names.trim().toUpperCase().split(/[ =]+/),
  );
  return MECHANISMS.find((name) => offered.includes(name)) ?? null;
}

/**
 * For nodemailer's `login`. The method has a name of ours: of one called XOAUTH2 nodemailer (10.6.1) makes the first that the server offers, and
 * would send the token as the password of PLAIN.
 */
export function tokenAuth(mechanism: Mechanism, login: TokenLogin, server: Pick<SmtpAccess, "host" | "port">): SMTPConnectionAuth {
  return { method: METHOD, user: login.username, mechanism, response: tokenResponse(mechanism, login, server) };
}

const METHOD = "TOKEN";

/** What goes over the wire, base64. A control character would end a field early; no address or token holds one (RFC 6750 §2.1). */
export function tokenResponse(mechanism: Mechanism, login: TokenLogin, { host, port }: Pick<SmtpAccess, "host" | "port">): string {
  const username = login.username.replaceAll(/\p{Cc}/gu, "");
  const bearer = `auth=Bearer ${login.accessToken.replaceAll(/\p{Cc}/gu, "")}`;
  const fields =
    mechanism === "XOAUTH2"
      ? [`user=${username}`, bearer]
      : [`n,a=${username.replaceAll("=", "=3D").replaceAll(",", "=2C")},`, `host=${host}`, `port=${port}`, bearer];
  return Buffer.from([...fields, "", ""].join("\x01")).toString("base64");
}

/** A command line may have 512 octets (RFC 5321 §4.5.3.1.4); a longer token, such as Microsoft's, is sent when asked for (RFC 4954 §4). */
const LONGEST_LINE = 512 - "\r\n".length;

const showToken: SMTPConnectionCustomAuthHandler = async (exchange) => {
  const sendCommand = (command: string) => exchange.sendCommand(command);
  const [method, response] = [String(exchange.auth["mechanism"]), String(exchange.auth["response"])];
  const inOneLine = `AUTH ${method} ${response}`;
  let reply: SMTPConnectionCustomAuthResponse;
  if (inOneLine.length <= LONGEST_LINE) {
    reply = await sendCommand(inOneLine);
  } else {
    reply = await sendCommand(`AUTH ${method}`);
    if (reply.status === 334) reply = await sendCommand(response);
  }
  // A refusal comes as a challenge that says why; the server waits for an answer before it says 535: an empty line, or 0x01 (RFC 7628 §3.2.3).
  if (reply.status === 334) reply = await sendCommand(method === "XOAUTH2" ? "" : "AQ==");
  if (reply.status !== 235) throw new Error("the access token was refused");
};

export const TOKEN_LOGINS = { [METHOD]: showToken };
