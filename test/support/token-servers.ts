// Mail servers that let in whoever shows an access token of the provider: SMTP by XOAUTH2 (smtp-server), IMAP (hoodiecrow).
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { type ImapServer, startImapServer } from "./mail-servers.ts";
import type { OpenIdProvider } from "./openid-provider.ts";

interface Server {
  readonly host: string;
  readonly port: number;
  readonly security: "none";
}

export interface TokenServers {
  readonly smtp: Server;
  readonly imap: Server;
  readonly inbox: ImapServer;
  /** What SMTP clients showed: "XOAUTH2 user token". */
  readonly shown: readonly string[];
  /** Recipients of what was sent. */
  readonly recipients: readonly string[];
  stop(): Promise<void>;
}

const HOST = "127.0.0.1";

export async function startTokenServers(provider: OpenIdProvider, address: string): Promise<TokenServers> {
  const shown: string[] = [];
  const recipients: string[] = [];
  const knows = (username: string, token: string) => username === address && provider.latestToken(address) === token;
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    authMethods: ["XOAUTH2"],
    disableReverseLookup: true,
    closeTimeout: 100,
    onAuth({ username = "", method, accessToken = "" }, _session, reply) {
      shown.push(`${method} ${username} ${accessToken}`);
      reply(null, knows(username, accessToken) ? { user: username } : REFUSAL);
    },
    onRcptTo({ address: recipient }, _session, done) {
      recipients.push(recipient);
      done();
    },
    onData(stream, _session, done) {
      stream.resume().on("end", done);
    },
  });
  server.on("error", () => undefined);
  const listener = server.listen(0, HOST);
  await once(listener, "listening");
  const inbox = await startImapServer({ address, password: "nobody's", accessToken: () => provider.latestToken(address) });
  return {
    smtp: { host: HOST, port: (listener.address() as AddressInfo).port, security: "none" },
    imap: { host: HOST, port: inbox.port, security: "none" },
    inbox,
    shown,
    recipients,
    stop: async () => {
      await Promise.all([new Promise<void>((stopped) => server.close(() => stopped())), inbox.stop()]);
    },
  };
}

/** RFC 7628 §3.2.2, and Google's words for it. */
const REFUSAL = { data: { status: "400", schemes: "Bearer", scope: "https://mail.test/" } };
